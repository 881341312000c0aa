package people_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// openings counts the entries of the audit about opened records.
func openings(t *testing.T, h *apptest.House) (n int) {
	t.Helper()
	err := h.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from audit_entries where action = 'open' and entity = 'person'`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Each view of a person's page leaves an entry; a form leaves one only for who comes to it without
// having seen the page.
func TestAFormOpenedFromThePageLeavesNoSecondEntry(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	one, other := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced), h.Enter(h.Fields("LTT", "Trần Văn Bình"), "")
	for i, tt := range []struct {
		username string
		again    bool
		id       int64
		want     int
	}{{"bithu.ltt", true, one, 1}, {"bithu.ltt", true, one, 1}, {"bithu.ltt", false, one, 2}, {"bithu.ltt", true, one, 2},
		{"bithu.ltt", true, other, 3}, {"vanphong", true, one, 4}, {"bithu.nth", true, one, 4}, {"bithu.nth", false, one, 4}} {
		open := h.People.Open
		if tt.again {
			open = h.People.OpenAgain
		}
		rec, err := open(t.Context(), h.Viewer(tt.username), tt.id)
		if out := tt.username == "bithu.nth"; out != (fault.KindOf(err) == fault.NotFound && err != nil) || !out && rec.Fields.FullName == "" {
			t.Errorf("opening %d: %+v %v", i, rec.Fields, err)
		}
		if n := openings(t, h); n != tt.want {
			t.Errorf("after opening %d there are %d entries, want %d", i, n, tt.want)
		}
	}
}

func TestAnIntroducersListIsNarrowedToAnOrganisation(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := access.Viewer{Username: "doan.gd", Grants: []access.Grant{{Role: access.Introducer, OrgID: h.Org("GD"), From: party.MustDate("2010-01-01")}}}
	err := h.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) (err error) {
		hash, err := h.Accounts.Hash(ctx, apptest.Password)
		if err != nil {
			return err
		}
		v.AccountID, err = h.Accounts.Provision(ctx, tx, access.System, v.Username, "Đoàn GD", hash,
			account.NewGrant{Role: access.Introducer, OrgID: h.Org("GD"), From: party.MustDate("2010-01-01")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for code, name := range map[string]string{"LTT": "Nguyễn Thị Ánh", "NTH": "Trần Văn Bình"} {
		if _, err := h.People.Register(t.Context(), v, people.Registration{Key: uuid.NewString(), Fields: h.Fields(code, name)}); err != nil {
			t.Fatal(err)
		}
	}
	for code, want := range map[string]int{"": 2, "GD": 2, "LTT": 1, "NTH": 1} {
		org := int32(0)
		if code != "" {
			org = h.Org(code)
		}
		l, err := h.People.List(t.Context(), v, people.Query{OrgID: org})
		if err != nil || len(l.Rows) != want || l.Count != want {
			t.Errorf("%q: %d rows, %d counted, want %d, %v", code, len(l.Rows), l.Count, want, err)
		}
		counts, err := h.People.StageCounts(t.Context(), v, org)
		n := 0
		for _, c := range counts {
			n += c
		}
		if err != nil || n != want {
			t.Errorf("%q: the tabs count %v, want %d, %v", code, counts, want, err)
		}
	}
}

// A class that does not exist is a refused field of the step, whoever records it, alone or with others.
func TestAResultOfAClassThatDoesNotExistIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	step := people.NewStep{Key: uuid.NewString(), PersonID: id, Kind: party.ClassResult, On: party.MustDate("2026-03-15"),
		Facts: party.ClassResultFacts{ClassID: 1 << 40, Passed: true}, Papers: []party.Paper{{Number: "001/GCN", Date: party.MustDate("2026-03-20")}}}
	rec, err := h.People.Open(t.Context(), h.Viewer("tuyengiao"), id)
	if err != nil {
		t.Fatal(err)
	}
	step.Version = rec.Version
	_, err = h.People.Record(t.Context(), h.Viewer("tuyengiao"), step)
	if e := fault.As(err); e == nil || e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != "class" {
		t.Errorf("recorded alone: %v", err)
	}
	done, err := h.People.RecordAll(t.Context(), h.Viewer("tuyengiao"), people.Batch{Key: uuid.NewString(), Steps: []people.NewStep{step}, KeepGood: true})
	if fault.KindOf(err) != fault.Invalid || done.Done != 0 || len(done.Rows) != 1 || fault.As(done.Rows[0].Err) == nil || fault.As(done.Rows[0].Err).Fields[0].Name != "class" {
		t.Errorf("recorded with others: %+v, %v", done, err)
	}
}
