package httpd_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

// stepForms are forms that are in order, for somebody whose way has come to the step before.
var stepForms = map[party.StepKind]url.Values{
	party.Introduced:     {"on": {"10/09/2025"}, "union": {"Đoàn trường"}},
	party.Planned:        {"on": {"25/09/2025"}, "paper1_number": {"2-NQ/CB"}, "paper1_date": {"25-09-2025"}},
	party.MentorAssigned: {"on": {"2025-09-25"}, "name": {"Trần Văn Giúp"}},
	party.ClassResult:    {"on": {"15/3/2026"}, "class": {""}, "passed": {"yes"}, "paper1_date": {"20/03/2026"}},
	party.DossierComplete: {"on": {"05/05/2026"}, "applied_on": {"25/03/2026"}, "life_history_on": {"01/04/2026"},
		"verified_on": {"28/04/2026"}},
	party.CellResolution: {"on": {"15/05/2026"}, "official": {"9"}, "present": {"9"}, "in_favour": {"9"}, "adopted": {"yes"},
		"intro1_kind": {"member"}, "intro1_name": {"Trần Văn Giúp"}, "intro1_since": {"05/09/2024"}, "intro2_kind": {"youth_union"}},
	party.Endorsed: {"on": {"28/05/2026"}, "members": {"15"}, "in_favour": {"14"}},
	party.Decided:  {"on": {"10/06/2026"}, "decider": {"upper_standing_committee"}, "received_on": {"12/06/2026"}},
	party.Ceremony: {"on": {"19/06/2026"}, "place": {"Hội trường"}},
	party.RecognitionResolution: {"on": {"25/06/2027"}, "official": {"9"}, "present": {"9"}, "in_favour": {"9"},
		"adopted": {"yes"}},
	party.RecognitionDecision: {"on": {"10/07/2027"}, "decider": {"upper_standing_committee"}},
}

// with gives the form of a kind with some fields changed, a key and a version.
func with(kind party.StepKind, version int, changes ...string) url.Values {
	form := maps.Clone(stepForms[kind])
	form.Set("_key", uuid.NewString())
	form.Set("_version", strconv.Itoa(version))
	for i := 0; i+1 < len(changes); i += 2 {
		form[changes[i]] = []string{changes[i+1]}
	}
	return form
}

func versionOf(t *testing.T, s *server.Server, id int64) int {
	t.Helper()
	rec, err := s.People.Open(t.Context(), s.Viewer("vanphong"), id)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Version
}

func personAt(id int64, rest string) string { return fmt.Sprintf("/people/%d%s", id, rest) }

func TestTheWholeWayThroughTheForms(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.SetToday(party.MustDate("2027-07-20"))
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), "")
	browser := s.SignIn(t, "vanphong")
	for _, kind := range party.Path {
		path := personAt(id, "/steps/"+string(kind))
		if a := browser.Look(path); a.Status != http.StatusOK {
			t.Fatalf("form of %s: %d", kind, a.Status)
		}
		a := browser.Send(path, with(kind, versionOf(t, s, id)))
		if a.Status != http.StatusSeeOther || a.Location != personAt(id, "") {
			t.Fatalf("%s: %d %s", kind, a.Status, summary(a.Body))
		}
	}
	page := browser.Look(personAt(id, ""))
	if !page.Says("Đảng viên chính thức") || !page.Says("19/06/2027") || !page.Says("Đã ghi bước") {
		t.Errorf("at the end: %d", page.Status)
	}
}

var errorList = regexp.MustCompile(`(?s)<div class="error-summary".*?</ul>`)

// summary gives the summary of errors of a page.
func summary(body string) string { return errorList.FindString(body) }

// Each refused input gets the form again, with what was typed and why, and changes nothing.
func TestRefusedInputOfStepForms(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	at := map[party.StepKind]int64{}
	for i, kind := range party.Path[:9] {
		before := party.StepKind("")
		if i > 0 {
			before = party.Path[i-1]
		}
		at[kind] = s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Thị %d", i)), before)
	}
	for name, tt := range map[string]struct {
		kind    party.StepKind
		changes []string
		says    string
	}{
		"no day":                       {party.Planned, []string{"on", ""}, "Nhập ngày"},
		"a day that does not exist":    {party.Planned, []string{"on", "31/02/2026"}, "Nhập ngày có thật"},
		"a day of the future":          {party.Planned, []string{"on", "24/11/2026"}, "sau hôm nay"},
		"a day before birth":           {party.Planned, []string{"on", "01/01/2000"}, "trước ngày sinh"},
		"a paper of the future":        {party.Planned, []string{"paper1_date", "24/11/2026"}, "sau hôm nay"},
		"a paper without a real day":   {party.Planned, []string{"paper1_date", "hôm qua"}, "Nhập ngày có thật"},
		"too long a number of paper":   {party.Planned, []string{"paper1_number", strings.Repeat("9", 51)}, "dài quá 50"},
		"a mentor without a name":      {party.MentorAssigned, []string{"name", " "}, "chưa có nội dung"},
		"a mentor's name too long":     {party.MentorAssigned, []string{"name", strings.Repeat("ă", 101)}, "dài quá 100"},
		"a class that is not there":    {party.ClassResult, []string{"class", "999999"}, "Chọn một trong các mục"},
		"a class that is no number":    {party.ClassResult, []string{"class", "x"}, "Chọn một trong các mục"},
		"no answer whether passed":     {party.ClassResult, []string{"passed", ""}, "Chọn một trong các mục"},
		"life history before the form": {party.DossierComplete, []string{"verified_on", "06/05/2026"}, "Viết đơn trước"},
		"the step before on a later day": {party.DossierComplete, []string{"on", "01/09/2025", "applied_on", "", "life_history_on", "", "verified_on", ""},
			"sau ngày của bước này"},
		"votes that are no numbers":    {party.CellResolution, []string{"in_favour", "chín"}, "Nhập một số từ 0 đến"},
		"votes below nothing":          {party.CellResolution, []string{"in_favour", "-1"}, "Nhập một số từ 0 đến"},
		"no votes":                     {party.CellResolution, []string{"official", ""}, "chưa có nội dung"},
		"more in favour than present":  {party.CellResolution, []string{"present", "8"}, "lớn hơn số có mặt"},
		"19 of 29":                     {party.CellResolution, []string{"official", "29", "present", "29", "in_favour", "19"}, "cần ít nhất 20"},
		"an introducer without a kind": {party.CellResolution, []string{"intro3_name", "Lê Văn Ba"}, "Chọn loại người giới thiệu"},
		"a member without a name":      {party.CellResolution, []string{"intro1_name", ""}, "Nhập họ tên đảng viên"},
		"only one introducer":          {party.CellResolution, []string{"intro2_kind", ""}, "đảng viên chính thức giới thiệu"},
		"a committee's vote too large": {party.Endorsed, []string{"in_favour", "16"}, "lớn hơn số có mặt"},
		"a body that is none":          {party.Decided, []string{"decider", "king"}, "Chọn một trong các mục"},
		"received before issued":       {party.Decided, []string{"received_on", "09/06/2026"}, "không được trước ngày ký"},
		"a ceremony before receipt":    {party.Ceremony, []string{"on", "11/06/2026"}, "Ngày nhận quyết định"},
		"a key that is none":           {party.Planned, []string{"_key", "x"}, "Biểu mẫu này đã cũ"},
	} {
		t.Run(name, func(t *testing.T) {
			id := at[tt.kind]
			browser, version := s.SignIn(t, "vanphong"), versionOf(t, s, id)
			form := with(tt.kind, version, tt.changes...)
			form.Set("paper2_issuer", "Nơi đã gõ")
			a := browser.Send(personAt(id, "/steps/"+string(tt.kind)), form)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), tt.says) {
				t.Errorf("%d, not %q: %s", a.Status, tt.says, summary(a.Body))
			}
			if !a.Says("Nơi đã gõ") || !a.Says("<title>Lỗi:") {
				t.Error("what was typed is lost, or the title does not say that something is wrong")
			}
			if versionOf(t, s, id) != version {
				t.Error("the record has changed")
			}
		})
	}
}

func TestARefusalNamesDocumentAndClause(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	young := s.Fields("LTT", "Nguyễn Văn Trẻ")
	young.BirthDate = party.MustDate("2008-06-16")
	dossier := s.Enter(young, party.DossierComplete)
	joined := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	browser := s.SignIn(t, "vanphong")
	for name, tt := range map[string]struct {
		id      int64
		kind    party.StepKind
		changes []string
		says    []string
	}{
		"17 years and 11 months": {dossier, party.CellResolution, nil, []string{"Đủ 18 tuổi", "1.1.1"}},
		"a second ceremony":      {joined, party.Ceremony, []string{"on", "20/06/2026"}, []string{"không có lễ thứ hai"}},
		"probation not at its end": {joined, party.RecognitionResolution, []string{"on", "20/11/2026"},
			[]string{"19/06/2027", "Điều lệ Đảng"}},
	} {
		a := browser.Send(personAt(tt.id, "/steps/"+string(tt.kind)), with(tt.kind, versionOf(t, s, tt.id), tt.changes...))
		for _, words := range tt.says {
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), words) {
				t.Errorf("%s: %d, not %q: %s", name, a.Status, words, summary(a.Body))
			}
		}
	}
}

func TestALateStepIsRecordedWithANotice(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Decided)
	browser := s.SignIn(t, "bithu.ltt")
	a := browser.Send(personAt(id, "/steps/ceremony"), with(party.Ceremony, versionOf(t, s, id), "on", "01/10/2026"))
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, summary(a.Body))
	}
	if page := browser.Look(a.Location); !page.Says("Cần lưu ý") || !page.Says("chậm nhất") {
		t.Error("nothing is said of the ceremony being late")
	}
}

func TestAStaleStepFormKeepsWhatWasTypedAndSaysWhoSaved(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	version := versionOf(t, s, id)
	first, second := s.SignIn(t, "coso.gd"), s.SignIn(t, "bithu.ltt")
	if a := first.Send(personAt(id, "/steps/planned"), with(party.Planned, version)); a.Status != http.StatusSeeOther {
		t.Fatalf("the first: %d", a.Status)
	}
	a := second.Send(personAt(id, "/steps/mentor_assigned"), with(party.MentorAssigned, version))
	if a.Status != http.StatusConflict || !a.Says("Tài khoản coso.gd") || !a.Says("Trần Văn Giúp") {
		t.Fatalf("the second: %d %s", a.Status, summary(a.Body))
	}
	form := with(party.MentorAssigned, 0, "_version", hidden(a.Body, "_version"), "_key", hidden(a.Body, "_key"))
	if a := second.Send(personAt(id, "/steps/mentor_assigned"), form); a.Status != http.StatusSeeOther {
		t.Errorf("sent again from the page shown: %d %s", a.Status, summary(a.Body))
	}
}

// hidden gives the value of a hidden field.
func hidden(body, name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return m[1]
}

func TestADoubleClickRecordsOneStep(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	browser, form := s.SignIn(t, "bithu.ltt"), with(party.Planned, versionOf(t, s, id))
	for range 2 {
		if a := browser.Send(personAt(id, "/steps/planned"), form); a.Status != http.StatusSeeOther {
			t.Errorf("%d %s", a.Status, summary(a.Body))
		}
	}
	rec, err := s.People.Open(t.Context(), s.Viewer("bithu.ltt"), id)
	if err != nil || len(rec.Steps) != 2 {
		t.Errorf("%d steps, %v", len(rec.Steps), err)
	}
}

var requestID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// Somebody of another cell is told the same as about somebody who does not exist.
func TestOutOfScopeLooksLikeNobody(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	browser := s.SignIn(t, "bithu.nth")
	rec, err := s.People.Open(t.Context(), s.Viewer("vanphong"), id)
	if err != nil {
		t.Fatal(err)
	}
	step := strconv.FormatInt(rec.Steps[0].ID, 10)
	for _, rest := range []string{"", "/steps/mentor_assigned", "/steps/" + step + "/void", "/steps/" + step + "/correct"} {
		same := func(a server.Answer, id int64) string {
			return strings.ReplaceAll(requestID.ReplaceAllString(a.Body, ""), personAt(id, ""), "")
		}
		here, nowhere := browser.Look(personAt(id, rest)), browser.Look(personAt(id+100000, rest))
		if here.Status != http.StatusNotFound || nowhere.Status != http.StatusNotFound || same(here, id) != same(nowhere, id+100000) {
			t.Errorf("GET %q: %d and %d", rest, here.Status, nowhere.Status)
		}
		if rest == "" {
			continue
		}
		form := with(party.MentorAssigned, rec.Version, "reason", "Ghi nhầm")
		if a := browser.Send(personAt(id, rest), form); a.Status != http.StatusNotFound {
			t.Errorf("POST %q: %d", rest, a.Status)
		}
	}
}

func TestAddressesOfStepsThatAreNone(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	browser := s.SignIn(t, "vanphong")
	for path, status := range map[string]int{
		"/people/0": 404, "/people/x": 404, "/people/99999999999999999999": 404,
		personAt(id, "/steps/voided"):           404,
		personAt(id, "/steps/dance"):            404,
		personAt(id, "/steps/999999/void"):      404,
		personAt(id, "/steps/x/correct"):        404,
		personAt(id, "/steps/overridden"):       403,
		personAt(id, "?colour=red"):             200,
		personAt(id, "/steps/planned?on=%ff"):   400,
		personAt(id, "/steps/mentor_assigned"):  200,
		personAt(id, "/steps/planned?on=x&y=z"): 200,
	} {
		if a := browser.Look(path); a.Status != status {
			t.Errorf("%s: %d, not %d", path, a.Status, status)
		}
	}
	if a := browser.Look(personAt(id, "?colour=red")); !a.Says("colour") {
		t.Error("an unknown parameter is passed over in silence")
	}
	for name, tt := range map[string]struct {
		value  string
		status int
	}{"malformed text": {"\xff\xfe", 400}, "a NUL": {"a\x00b", 400}, "3 MB": {strings.Repeat("a", 3<<20), 413}} {
		if a := browser.Send(personAt(id, "/steps/mentor_assigned"), with(party.MentorAssigned, 1, "name", tt.value)); a.Status != tt.status {
			t.Errorf("%s: %d, not %d", name, a.Status, tt.status)
		}
	}
}

func TestVoidAndCorrectThroughTheForms(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.MentorAssigned)
	browser := s.SignIn(t, "bithu.ltt")
	rec, err := s.People.Open(t.Context(), s.Viewer("bithu.ltt"), id)
	if err != nil {
		t.Fatal(err)
	}
	mentor := personAt(id, fmt.Sprintf("/steps/%d", rec.State.Mentor.ID))
	page := browser.Look(mentor + "/correct")
	if page.Status != http.StatusOK || !page.Says(`value="Trần Văn Giúp"`) {
		t.Errorf("the form of a correction: %d", page.Status)
	}
	form := with(party.MentorAssigned, rec.Version, "name", "Lê Thị Hướng")
	if a := browser.Send(mentor+"/correct", form); a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), "Nêu lý do") || !a.Says("Lê Thị Hướng") {
		t.Errorf("without a reason: %d %s", a.Status, summary(a.Body))
	}
	form.Set("reason", "Ghi nhầm người giúp đỡ")
	if a := browser.Send(mentor+"/correct", form); a.Status != http.StatusSeeOther {
		t.Fatalf("correction: %d %s", a.Status, summary(a.Body))
	}
	if a := browser.Look(mentor + "/void"); a.Status != http.StatusConflict {
		t.Errorf("a step that was replaced is offered for voiding: %d", a.Status)
	}
	after, err := s.People.Open(t.Context(), s.Viewer("bithu.ltt"), id)
	if err != nil {
		t.Fatal(err)
	}
	voiding := url.Values{"_key": {uuid.NewString()}, "_version": {strconv.Itoa(after.Version)}, "reason": {"Chưa họp"},
		"paper0_number": {"7-CV/CB"}, "paper0_date": {"24/11/2026"}}
	path := personAt(id, fmt.Sprintf("/steps/%d/void", after.State.Mentor.ID))
	if a := browser.Send(path, voiding); a.Status != http.StatusUnprocessableEntity || !a.Says("7-CV/CB") {
		t.Errorf("by a paper of the future: %d", a.Status)
	}
	voiding.Set("paper0_date", "20/11/2026")
	if a := browser.Send(path, voiding); a.Status != http.StatusSeeOther {
		t.Fatalf("voiding: %d %s", a.Status, summary(a.Body))
	}
	history := browser.Look(personAt(id, ""))
	for _, words := range []string{"Ghi nhầm người giúp đỡ", "Chưa họp", "7-CV/CB", "Thay cho bước", "Lê Thị Hướng", "Trần Văn Giúp"} {
		if !history.Says(words) {
			t.Errorf("the history does not show %q", words)
		}
	}
}

func TestAStepTypedWhileTheSessionEndedIsOfferedAgain(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	a := s.SignIn(t, "").Send(personAt(id, "/steps/mentor_assigned"), with(party.MentorAssigned, 1))
	if a.Status == http.StatusOK || a.Status >= 500 || !a.Says("Trần Văn Giúp") || !a.Says("kept:name") {
		t.Errorf("%d: what was typed is lost", a.Status)
	}
}

// A step with more papers and introducers than a new form has room for loses none by a correction.
func TestACorrectionHasRoomForAllThatWasRecorded(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.DossierComplete)
	vote := s.Way("LTT")[5]
	facts := vote.Facts.(party.CellVoteFacts)
	for _, name := range []string{"Lê Thị Tư", "Lê Thị Năm"} {
		facts.Introducers = append(facts.Introducers, party.Introducer{Kind: party.ByMember, Name: name, Since: party.MustDate("2024-09-05")})
	}
	vote.PersonID, vote.Version, vote.Facts = id, versionOf(t, s, id), facts
	vote.Papers = []party.Paper{{Number: "1"}, {Number: "2"}, {Number: "3-NQ/CB"}}
	done, err := s.People.Record(t.Context(), s.Viewer("bithu.ltt"), vote)
	if err != nil {
		t.Fatal(err)
	}
	page := s.SignIn(t, "bithu.ltt").Look(personAt(id, fmt.Sprintf("/steps/%d/correct", done.StepID)))
	if !page.Says(`name="intro4_name" value="Lê Thị Năm"`) || !page.Says(`name="paper3_number" value="3-NQ/CB"`) {
		t.Error("the form has no room for the fourth introducer or the third paper")
	}
}
