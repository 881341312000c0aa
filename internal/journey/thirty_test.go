package journey

import (
	"fmt"
	"strings"
	"testing"

	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

// crowd is the hands through which thirty pupils of one school go together.
type crowd struct {
	*hands
	union *browsertest.Tab
}

// pupil names the nth of the thirty, by two letters so that no name begins another.
func pupil(n int) string { return fmt.Sprintf("Nguyễn Thị %c%c", 'A'+n/26, 'a'+n%26) }

func pupils(n int) []string {
	var names []string
	for i := range n {
		names = append(names, pupil(i))
	}
	return names
}

// Thirty are introduced with one resolution of the Union, and ten of them are admitted on one day: the
// Union, the secretary, the organiser, the grassroots committee and the committee's staff each do their
// part in the browser, and at every stage the figures and the names behind them agree.
func TestThirtyAreIntroducedAndTenAdmitted(t *testing.T) {
	t.Parallel()
	c := &crowd{hands: newHands(t, true)}
	c.union = signIn(t, c.s, "doan.ltt", true)
	c.introduce()
	c.agree(map[party.Stage]int{party.StageIntroduced: 29, party.StageDropped: 1}, map[string]int{"introduced": 30})
	c.review()
	c.agree(map[party.Stage]int{party.StageIntroduced: 4, party.StagePlanned: 25, party.StageDropped: 1}, map[string]int{"introduced": 30, "planned": 25})
	c.mentors()
	c.class()
	c.agree(map[party.Stage]int{party.StageIntroduced: 4, party.StagePlanned: 2, party.StageTrained: 23, party.StageDropped: 1}, map[string]int{"certified": 23})
	c.dossiers()
	c.agree(map[party.Stage]int{party.StagePlanned: 2, party.StageTrained: 13, party.StageDossier: 10}, map[string]int{"certified": 23, "proposed": 0})
	c.resolve()
	c.agree(map[party.Stage]int{party.StageTrained: 13, party.StageDossier: 0, party.StageProposed: 10}, map[string]int{"proposed": 10})
	c.sendUp()
	c.endorse()
	c.agree(map[party.Stage]int{party.StageProposed: 0, party.StageEndorsed: 10}, map[string]int{"proposed": 10, "admitted": 0})
	c.decide(pupils(10))
	c.agree(map[party.Stage]int{party.StageEndorsed: 0, party.StageDecided: 10}, map[string]int{"admitted": 0})
	c.plan()
	c.hold()
	c.agree(map[party.Stage]int{party.StageDecided: 0, party.StageProbationary: 10, party.StageTrained: 13, party.StagePlanned: 2}, map[string]int{"introduced": 30, "planned": 25, "certified": 23, "proposed": 10, "admitted": 10})
	c.leader.Open(c.s.URL + "/stalls")
	if n := c.leader.TextOf(`[aria-labelledby="cohorts"] a[href*="stage=probationary"]`); n != "10" {
		t.Errorf("of the class %s are admitted", n)
	}
	c.secretary.Open(c.s.URL + "/submissions?tab=closed")
	if n := strings.Count(c.secretary.Text(), "Đã có quyết định"); n != 10 {
		t.Errorf("%d dossiers are at their end", n)
	}
	if differ, err := c.s.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
}

// agree compares the page of stalls and the dashboard with the lists of names that their numbers open.
func (c *crowd) agree(stages map[party.Stage]int, figures map[string]int) {
	c.t.Helper()
	for stage, want := range stages {
		c.leader.Open(c.s.URL + "/people?stage=" + string(stage))
		c.leader.Sees(fmt.Sprintf("%d người", want))
		if want == 0 || stage.Member() || stage == party.StageDropped {
			continue
		}
		c.leader.Open(c.s.URL + "/stalls")
		if n := c.leader.TextOf(fmt.Sprintf(`[aria-labelledby="stages"] a[href*="stage=%s"]`, stage)); n != fmt.Sprint(want) {
			c.t.Errorf("%s wait at %s, not %d", n, stage, want)
		}
	}
	for figure, want := range figures {
		if n := c.figure(figure); n != fmt.Sprint(want) {
			c.t.Errorf("%s is %s, not %d", figure, n, want)
		}
		c.leader.Open(c.s.URL + "/dashboard/names?term=2025-2030&figure=" + figure)
		c.leader.Sees(fmt.Sprintf("%d người", want))
	}
}

func (c *crowd) introduce() {
	var list strings.Builder
	list.WriteString("Họ và tên\tNgày sinh\tGiới tính\tLớp\n")
	for i, name := range pupils(30) {
		fmt.Fprintf(&list, "%s\t%d/2/2007\tNữ\t12A1\n", name, i%28+1)
	}
	c.union.Open(c.s.URL + "/introductions/new")
	c.union.Fill("Tổ chức Đoàn", "Đoàn trường")
	c.union.Fill("Số nghị quyết", "12-NQ/ĐTN")
	c.union.Fill("Ngày nghị quyết", "10/09/2025")
	c.union.Fill("Danh sách", list.String())
	c.union.Press("Kiểm tra danh sách")
	c.union.Press("Ghi danh sách")
	c.union.Sees("30 chưa trả lời")
	c.secretary.Open(c.s.URL + "/introductions")
	c.secretary.Follow("12-NQ/ĐTN")
	c.secretary.Choose("Trả lời về "+pupil(29), "Không nhận")
	c.secretary.Fill("Lý do không nhận "+pupil(29), "Chưa đủ tiêu chuẩn học tập")
	c.secretary.Check("Nhận tất cả những người không chọn gì")
	c.secretary.Press("Ghi trả lời")
	c.secretary.Sees("29 nhận, 1 không nhận, 0 chưa trả lời")
}

func (c *crowd) review() {
	tab := c.secretary
	tab.Open(c.s.URL + "/reviews/new")
	for _, name := range pupils(25) {
		tab.Check("Đưa vào quy hoạch, " + name)
	}
	tab.Fill("Số biên bản", "12-BB/CB")
	tab.Fill("Số nghị quyết", "08-NQ/CB")
	tab.Check("Chi bộ đã họp và thống nhất các ý kiến trên")
	tab.Fill("Ngày họp chi bộ", "25/09/2025")
	tab.Press("Chốt rà soát")
	tab.Sees("đưa vào 25, đưa ra 0.")
}

func (c *crowd) mentors() {
	for _, name := range pupils(25) {
		c.open(c.secretary, name)
		c.step(c.secretary, party.MentorAssigned, "25/09/2025", "Ngày phân công", func() {
			c.secretary.Fill("Đảng viên được phân công giúp đỡ", "Trần Văn Giúp")
		})
		c.recorded(c.secretary, "Phân công giúp đỡ")
	}
	c.secretary.Open(c.s.URL + "/mentors?name=Trần+Văn+Giúp")
	c.secretary.Sees(pupil(0), pupil(24))
}

// open makes somebody the one whose steps follow.
func (c *crowd) open(tab *browsertest.Tab, name string) {
	tab.Open(c.s.URL + "/people?q=" + strings.ReplaceAll(name, " ", "+"))
	tab.Follow(name)
	c.person = strings.TrimPrefix(tab.URL(), c.s.URL)
}

// class runs the class of twenty-five of whom twenty-three pass.
func (c *crowd) class() {
	tab := c.organiser
	tab.Open(c.s.URL + "/classes/new")
	tab.Choose("Đơn vị mở lớp", "Đảng ủy K")
	tab.Fill("Số lớp", "02/2026")
	tab.Fill("Ngày khai giảng", "07/03/2026")
	tab.Fill("Ngày bế giảng", "08/03/2026")
	tab.Press("Ghi lớp")
	at := tab.URL()
	c.secretary.Open(at)
	c.secretary.Follow("Chi bộ cử người đi học")
	c.secretary.Follow("Chọn tất cả người đủ điều kiện")
	for _, name := range pupils(29)[25:] { // who is not planned yet may go as well, and here does not
		c.secretary.Uncheck(name)
	}
	c.secretary.Press("Cử đi học")
	c.secretary.Sees("Đã cử 25 người đi học.")
	tab.Open(at)
	tab.Follow("25 người chờ duyệt")
	tab.Follow("Chọn tất cả")
	tab.Press("Duyệt")
	for _, day := range []string{"07/03/2026", "08/03/2026"} {
		tab.Open(at)
		tab.Follow("Điểm danh (" + day + " cả ngày)")
		tab.Press("Lưu điểm danh")
	}
	tab.Open(at)
	tab.Follow("Nhập điểm thu hoạch")
	for i, name := range pupils(25) {
		mark := "8,5"
		if i >= 23 {
			mark = "4"
		}
		tab.Fill("Điểm, "+name, mark)
	}
	tab.Press("Lưu kết quả")
	tab.Follow("Cấp giấy chứng nhận")
	tab.Fill("Ngày cấp", "20/03/2026")
	tab.Press("Cấp và ghi kết quả")
	tab.Sees("Đã ghi 23 người hoàn thành, 2 người chưa đạt.", "Đã cấp số 001/2026-GCN đến 023/2026-GCN.")
}

// dossiers gathers the papers of ten, one of which will turn out not to be there.
func (c *crowd) dossiers() {
	tab := c.secretary
	for _, name := range pupils(10) {
		c.open(tab, name)
		c.step(tab, party.DossierComplete, "05/05/2026", "Ngày đủ hồ sơ", func() {
			tab.Fill("Ngày viết đơn xin vào Đảng", "25/03/2026")
			tab.Fill("Ngày viết lý lịch", "01/04/2026")
			tab.Fill("Ngày có kết quả thẩm tra lý lịch", "28/04/2026")
		})
		c.recorded(tab, "Đủ hồ sơ")
	}
}

func (c *crowd) resolve() {
	for _, name := range pupils(10) {
		c.open(c.secretary, name)
		c.step(c.secretary, party.CellResolution, "15/05/2026", "Ngày chi bộ họp", func() {
			fillVote(c.secretary, 29, 29, 28)
			fillIntroducers(c.secretary)
		})
		c.recorded(c.secretary, "Nghị quyết chi bộ")
	}
}

// sendUp hands the ten dossiers up; the grassroots committee returns one and names what is missing, the
// cell completes it, and the committee accepts all.
func (c *crowd) sendUp() {
	cell, base, committee := c.secretary, c.grassroots, c.clerk
	returned := pupil(4)
	cell.Open(c.s.URL + "/submissions/new")
	for _, name := range pupils(10) {
		cell.Check(name)
	}
	cell.Press("Trình lên")
	cell.Sees("Số hồ sơ đã trình: 10.")
	base.Open(c.s.URL + "/submissions")
	base.Follow("Mở hồ sơ trình (" + returned + ")")
	base.Check("1-KNĐ Đơn xin vào Đảng")
	base.Press("Trả lại chi bộ")
	base.Sees("Đã trả hồ sơ về chi bộ")
	c.handOn(append(pupils(4), pupils(10)[5:]...))
	cell.Open(c.s.URL + "/submissions?tab=returned")
	cell.Sees("thiếu 1-KNĐ")
	cell.Follow(returned)
	cell.Follow("Danh mục giấy tờ")
	cell.Choose("Tình trạng, 1-KNĐ", "Có")
	cell.Press("Lưu hồ sơ")
	cell.Open(c.s.URL + "/submissions?tab=returned")
	cell.Follow(returned)
	cell.Press("Trình lại")
	cell.Sees("Số hồ sơ đã trình: 1.")
	c.handOn([]string{returned})
	committee.Open(c.s.URL + "/submissions")
	for _, name := range pupils(10) {
		committee.Check(name)
	}
	committee.Press("Tiếp nhận")
	committee.Sees("Số hồ sơ đã tiếp nhận: 10.")
}

func (c *crowd) handOn(names []string) {
	c.grassroots.Open(c.s.URL + "/submissions")
	for _, name := range names {
		c.grassroots.Check(name)
	}
	c.grassroots.Press("Chuyển lên cấp trên")
	c.grassroots.Sees(fmt.Sprintf("Số hồ sơ đã chuyển lên cấp trên: %d.", len(names)))
}

func (c *crowd) endorse() {
	for _, name := range pupils(10) {
		c.open(c.grassroots, name)
		c.step(c.grassroots, party.Endorsed, "28/05/2026", "Ngày đảng ủy cơ sở họp", func() {
			c.grassroots.Fill("Tổng số ủy viên", "15")
			c.grassroots.Fill("Số tán thành", "14")
		})
		c.recorded(c.grassroots, "Nghị quyết đảng ủy cơ sở")
	}
}
