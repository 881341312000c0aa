package people_test

import (
	"context"
	"testing"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/achievement"
	"ketnap/internal/apptest"
	"ketnap/internal/assessment"
	"ketnap/internal/cell"
	"ketnap/internal/ceremony"
	"ketnap/internal/class"
	"ketnap/internal/decision"
	"ketnap/internal/departure"
	"ketnap/internal/document"
	"ketnap/internal/exemption"
	"ketnap/internal/graduation"
	"ketnap/internal/introduction"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/reorganisation"
	"ketnap/internal/review"
	"ketnap/internal/submission"
	"ketnap/internal/task"
	"ketnap/internal/transfer"
	"ketnap/internal/warning"
)

// walled are the tables on which row-level security stands, each with what counts the rows about
// people of one cell.
var walled = map[string]string{
	"people":              `select count(*) from people where org_id = $1`,
	"steps":               `select count(*) from steps where org_id = $1`,
	"person_states":       `select count(*) from person_states where org_id = $1`,
	"milestones":          `select count(*) from milestones where org_id = $1`,
	"stage_counts":        `select coalesce(sum(n), 0) from stage_counts where org_id = $1`,
	"decision_people":     `select count(*) from decision_people where $1::integer is not null`,
	"ceremony_people":     `select count(*) from ceremony_people where $1::integer is not null`,
	"introduction_people": `select count(*) from introduction_people where $1::integer is not null`,
	"person_mentors":      `select count(*) from person_mentors where org_id = $1`,
	"figure_counts":       `select coalesce(sum(n), 0) from figure_counts where org_id = $1`,
	"study_results":       `select count(*) from study_results r join people p on p.id = r.person_id where p.org_id = $1`,
	"titles":              `select count(*) from titles t join people p on p.id = t.person_id where p.org_id = $1`,
	"class_members":       `select count(*) from class_members where org_id = $1`,
	"class_attendance":    `select count(*) from class_attendance where $1::integer is not null`,
	"class_papers":        `select count(*) from class_papers where $1::integer is not null`,
	"review_people":       `select count(*) from review_people where org_id = $1`,

	"cell_attendance":   `select count(*) from cell_attendance where org_id = $1`,
	"dues":              `select count(*) from dues where org_id = $1`,
	"member_exemptions": `select count(*) from member_exemptions where $1::integer is not null`,

	"member_tasks":    `select count(*) from member_tasks where org_id = $1`,
	"warning_answers": `select count(*) from warning_answers where org_id = $1`,
	"member_warnings": `select count(*) from member_warnings where org_id = $1`,

	"person_documents":     `select count(*) from person_documents where $1::integer is not null`,
	"submissions":          `select count(*) from submissions where org_id = $1`,
	"verification_letters": `select count(*) from verification_letters where $1::integer is not null`,
	"departure_cases":      `select count(*) from departure_cases where org_id = $1`,

	"assessments": `select count(*) from assessments where org_id = $1`,
	"screenings":  `select count(*) from screenings where org_id = $1`,

	"graduations": `select count(*) from graduations where $1::integer is not null`,
	"transfers":   `select count(*) from transfers where org_id = $1`,

	"reorganisation_people": `select count(*) from reorganisation_people where to_org = $1`,
}

func rowsSeen(t *testing.T, h *apptest.House, v access.Viewer, table string, org int32) (n int) {
	t.Helper()
	err := h.DB.Read(t.Context(), v, func(ctx context.Context, tx *postgres.Tx) error {
		return tx.QueryRow(ctx, walled[table], org).Scan(&n)
	})
	if err != nil {
		t.Fatalf("%s as %s: %v", table, v.Username, err)
	}
	return n
}

// The second wall: whatever SQL the application's role runs, it sees only the viewer's people.
func TestTheDatabaseShowsOnlyTheViewersPeople(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	honour(t, h, h.Enter(h.Fields("CHUYEN", "Lê Thị Hoa"), party.Ceremony))
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	named := h.Enter(h.Fields("CHUYEN", "Trần Văn Chờ"), party.CellResolution)
	if _, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{People: []int64{named}, Fields: decision.Fields{OrgID: h.Org("K"),
		Kind: decision.Admission, IssuedOn: party.MustDate("2026-06-10")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Ceremonies.Plan(t.Context(), h.Viewer("vanphong"), ceremony.Planning{People: []int64{named},
		Fields: ceremony.Fields{OrgID: h.Org("CHUYEN"), PlannedOn: party.MustDate("2026-07-01")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Introductions.Enter(t.Context(), h.Viewer("bithu.chuyen"), introduction.Entry{Fields: introduction.Fields{OrgID: h.Org("CHUYEN"), Union: "Đoàn trường",
		Number: "9-NQ/ĐTN", On: party.MustDate("2026-10-01")}, Lines: []introduction.Line{{Name: "Hồ Thị Mới", Born: party.MustDate("2008-03-01")}}}); err != nil {
		t.Fatal(err)
	}
	reviewCell(t, h, "CHUYEN", named)
	silence(t, h, "CHUYEN")
	employ(t, h, "CHUYEN")
	teach(t, h, h.Enter(h.Fields("CHUYEN", "Vũ Thị Học"), party.Planned))
	gather(t, h, named)
	if _, err := h.Submissions.Send(t.Context(), h.Viewer("vanphong"), submission.Sending{CellID: h.Org("CHUYEN"), Kind: party.AdmissionDossier,
		People: []int64{h.Enter(h.Fields("CHUYEN", "Đỗ Thị Trình"), party.CellResolution)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Transfers.Issue(t.Context(), h.Viewer("vanphong"), transfer.Issue{From: h.Org("CHUYEN"), To: h.Org("SVCN"), IssuerID: h.Org("K"),
		On: party.MustDate("2026-09-01"), People: []int64{h.Enter(h.Fields("CHUYEN", "Lý Thị Đi"), party.Planned)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Departures.Open(t.Context(), h.Viewer("vanphong"), departure.Opening{PersonID: h.Enter(h.Fields("CHUYEN", "Cao Thị Rời"), party.Ceremony),
		Way: party.WayRemoved, Ground: party.RemoveProbationary, Reason: "Không đủ tư cách", On: party.MustDate("2026-09-01")}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Graduations.Save(t.Context(), h.Viewer("bithu.chuyen"), graduation.Entry{OrgID: h.Org("CHUYEN"), Rows: []graduation.Row{{PersonID: named, Wish: "Trường Y"}}}); err != nil {
		t.Fatal(err)
	}
	rate(t, h, "CHUYEN")
	receives := map[string]bool{"bithu.svcn": true, "coso.dh": true} // a transfer is seen from both its ends
	mergeInto(t, h, "CHUYEN")
	sees := map[string]bool{"vanphong": true, "lanhdao": true, "tuyengiao": true, "kiemtra": true, "coso.chuyen": true, "bithu.chuyen": true}
	for _, username := range h.Usernames() {
		if username == "doan.chuyen" {
			continue // sees whom it introduced; people.introduced_by has its own test
		}
		for table := range walled {
			n := rowsSeen(t, h, h.Viewer(username), table, h.Org("CHUYEN"))
			if (sees[username] || table == "transfers" && receives[username]) != (n > 0) {
				t.Errorf("%s sees %d rows of %s about the cell CHUYEN", username, n, table)
			}
		}
	}
	for table := range walled {
		if n := rowsSeen(t, h, access.System, table, h.Org("CHUYEN")); n != 0 {
			t.Errorf("the system's viewer sees %d rows of %s", n, table)
		}
	}
}

// mergeInto merges a cell with somebody in it into another one.
func mergeInto(t *testing.T, h *apptest.House, code string) {
	t.Helper()
	v := h.Viewer("vanphong")
	cell := h.Found(organisation.Details{Name: "Chi bộ cũ", Code: "CU", Kind: party.GrassrootsCell, ParentID: h.Org("K"), From: party.MustDate("2020-01-01")})
	fields := h.Fields(code, "Mai Thị Nhập")
	fields.OrgID = cell
	h.Enter(fields, "")
	if _, err := h.Reorganisations.Carry(t.Context(), v, reorganisation.Act{On: party.MustDate("2026-10-02"),
		Reorganisation: party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{cell}, Into: h.Org(code)},
		Decision:       reorganisation.Decision{Number: "7-QĐ/ĐU", On: party.MustDate("2026-10-01"), Issuer: "Đảng ủy Khối"}}); err != nil {
		t.Fatal(err)
	}
}

// honour gives somebody a study result and a title.
func honour(t *testing.T, h *apptest.House, id int64) {
	t.Helper()
	v := h.Viewer("vanphong")
	_, err := h.Achievements.SaveResult(t.Context(), v, achievement.ResultChange{PersonID: id, Result: party.StudyResult{Year: 2025, Study: party.RatingGood}})
	if err != nil {
		t.Fatal(err)
	}
	title := party.Title{Kind: party.ThreeGood, Year: 2025, Level: party.LevelSchool, AwardedOn: party.MustDate("2026-05-01")}
	if _, err := h.Achievements.SaveTitle(t.Context(), v, achievement.TitleChange{PersonID: id, Title: title}); err != nil {
		t.Fatal(err)
	}
}

// silence enters a month of a cell to which nobody came, and what was done about the first warning.
func silence(t *testing.T, h *apptest.House, code string) {
	t.Helper()
	secretary := h.Viewer("vanphong")
	_, err := h.Cells.Save(t.Context(), secretary, cell.Entry{OrgID: h.Org(code), Rest: cell.Said{Presence: party.Absent, Dues: party.DuesUnpaid},
		Meeting: cell.Meeting{Month: party.MustDate("2026-08-01"), Kind: party.RegularMeeting, HeldOn: party.MustDate("2026-08-05")}})
	if err != nil {
		t.Fatal(err)
	}
	told, err := h.Warnings.List(t.Context(), secretary, warning.Query{OrgID: h.Org(code), Kind: party.WarnInactive})
	if err != nil || len(told.Items) == 0 {
		t.Fatalf("nobody is warned of: %v", err)
	}
	w := told.Items[0]
	if err := h.Warnings.Answer(t.Context(), secretary, warning.Answer{PersonID: w.PersonID, Kind: w.Kind, Level: w.Level, From: w.From, Words: "Đã gặp"}); err != nil {
		t.Fatal(err)
	}
}

// employ gives the members of a cell a task, and exempts one of them.
func employ(t *testing.T, h *apptest.House, code string) {
	t.Helper()
	sheet, err := h.Tasks.Sheet(t.Context(), h.Viewer("vanphong"), h.Org(code))
	if err != nil {
		t.Fatal(err)
	}
	in := task.Entry{OrgID: h.Org(code), On: party.MustDate("2026-09-05")}
	for _, m := range sheet.Members {
		in.Given = append(in.Given, task.Task{PersonID: m.PersonID, What: "Trực phòng truyền thống"})
	}
	if _, err := h.Tasks.Save(t.Context(), h.Viewer("vanphong"), in); err != nil {
		t.Fatal(err)
	}
	err = h.Exemptions.Enter(t.Context(), h.Viewer("vanphong"), "", exemption.Exemption{PersonID: sheet.Members[0].PersonID, Number: "1-QĐ/ĐU", DecidedOn: in.On, Reason: "Đi học",
		ExemptionSpan: party.ExemptionSpan{Kind: party.Exempt, From: in.On}})
	if err != nil {
		t.Fatal(err)
	}
}

// rate puts a member of a cell on both sheets of a year.
func rate(t *testing.T, h *apptest.House, cell string) {
	t.Helper()
	id := h.Enter(h.Fields(cell, "Tạ Thị Xếp"), party.Ceremony)
	for kind, said := range map[assessment.Kind]assessment.Said{assessment.Rating: {Proposed: party.AssessedDone}, assessment.Screening: {Category: "tasks"}} {
		if _, err := h.Assessments.Save(t.Context(), h.Viewer("vanphong"), assessment.Entry{Which: assessment.Which{OrgID: h.Org(cell), Kind: kind, Year: 2026},
			MetOn: party.MustDate("2026-11-20"), Rows: map[int64]assessment.Said{id: said}}); err != nil {
			t.Fatal(err)
		}
	}
}

// reviewCell begins a review of a cell that speaks of somebody.
func reviewCell(t *testing.T, h *apptest.House, cell string, id int64) {
	t.Helper()
	_, err := h.Reviews.Save(t.Context(), h.Viewer("vanphong"), review.Save{Fields: review.Fields{OrgID: h.Org(cell), Year: 2026},
		Entries: []review.Entry{{PersonID: id, Outcome: party.ReviewKeep}}})
	if err != nil {
		t.Fatal(err)
	}
}

// gather puts a paper and a letter into somebody's dossier.
func gather(t *testing.T, h *apptest.House, id int64) {
	t.Helper()
	_, err := h.Documents.Save(t.Context(), h.Viewer("vanphong"), document.Change{PersonID: id, Stage: party.AdmissionDossier,
		Lines:   []document.LineChange{{Kind: party.DocApplication, Document: party.Document{State: party.DocumentPresent}}},
		Letters: []document.LetterChange{{Letter: party.Letter{To: "Đảng ủy xã", SentOn: party.MustDate("2026-04-01")}}}})
	if err != nil {
		t.Fatal(err)
	}
}

// teach takes somebody through a class to the certificate.
func teach(t *testing.T, h *apptest.House, id int64) {
	t.Helper()
	day, v := party.MustDate("2026-10-10"), h.Viewer("vanphong")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c, err := h.Classes.Create(t.Context(), v, class.Creation{Fields: class.Fields{OrgID: h.Org("K"), Number: "02/2026", Starts: day, Ends: day},
		Weekdays: []time.Weekday{day.Weekday()}, Part: party.ClassDay})
	must(err)
	_, err = h.Classes.Nominate(t.Context(), v, class.Nomination{ClassID: c, People: []int64{id}})
	must(err)
	_, err = h.Classes.Answer(t.Context(), v, class.Answer{ClassID: c, People: []int64{id}, Approve: true})
	must(err)
	opened, err := h.Classes.Get(t.Context(), v, c)
	must(err)
	_, err = h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: c, SessionID: opened.Sessions[0].ID, Version: 1, States: map[int64]class.Attended{id: class.Present}})
	must(err)
	_, err = h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: c, Rows: []class.MarkRow{{PersonID: id, Version: opened.Members[0].Version, Mark: 800, Marked: true}}})
	must(err)
	_, err = h.Classes.Issue(t.Context(), v, class.Run{ClassID: c, IssuedOn: day})
	must(err)
}

// Every table that tells about somebody has the second wall.
func TestEveryTableAboutPeopleHasTheWall(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	err := h.DB.ReadSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		rows, err := tx.Query(ctx, `
			select distinct c.relname, c.relrowsecurity
			  from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
			  join pg_attribute a on a.attrelid = c.oid
			 where c.relkind = 'r' and (a.attname = 'person_id' or c.relname in ('people', 'stage_counts', 'figure_counts'))`)
		if err != nil {
			return err
		}
		found := 0
		for rows.Next() {
			var table string
			var walls bool
			if err := rows.Scan(&table, &walls); err != nil {
				return err
			}
			found++
			if !walls || walled[table] == "" {
				t.Errorf("table %s: row-level security %v, walked %v", table, walls, walled[table] != "")
			}
		}
		if found != len(walled) {
			t.Errorf("%d tables about people, %d walked", found, len(walled))
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Nobody writes about people of another organisation, whatever the statement.
func TestTheDatabaseTakesNothingFromOutsideTheScope(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	foreign := h.Viewer("bithu.nth")
	for name, statement := range map[string]string{
		"step":    `insert into steps (person_id, kind, happened_on, org_id, recorded_by) select $1, 'planned', '2026-01-01', org_id, 1 from organisation_versions limit 1`,
		"rename":  `update people set full_name = 'X' where id = $1`,
		"stage":   `update person_states set stage = 'official' where person_id = $1`,
		"figures": `delete from milestones where person_id = $1`,
	} {
		var changed int64
		err := h.DB.Write(t.Context(), foreign, func(ctx context.Context, tx *postgres.Tx) error {
			tag, err := tx.Exec(ctx, statement, id)
			changed = tag.RowsAffected()
			return err
		})
		if err == nil && changed != 0 {
			t.Errorf("%s: a foreign secretary changed %d rows", name, changed)
		}
	}
	for _, statement := range []string{`update steps set facts = '{}'`, `delete from steps`, `delete from people`, `update stage_counts set n = 0`} {
		err := h.DB.Write(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Exec(ctx, statement)
			return err
		})
		if err == nil {
			t.Errorf("the application's role may run %q", statement)
		}
	}
}
