package cell

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Meeting is what is written about a meeting. The regular one goes with the month's dues.
type Meeting struct {
	ID      int64 // 0 while it is not entered
	Month   party.Date
	Kind    party.MeetingKind
	HeldOn  party.Date
	Minutes string
	Topic   string
	Version int
}

// Row is a member with what is entered of him for a month.
type Row struct {
	PersonID int64
	FullName string
	Stage    party.Stage
	Category party.Category
	JoinedOn party.Date
	Presence party.Presence // "" while it is not entered
	Dues     party.DuesState
	Amount   int  // what was paid; where nothing is entered, what he should pay
	Apart    bool // paid apart from the month's meeting: ahead, or arrears

	Exemptions []party.ExemptionSpan // that have a day in the month
}

// Month is a month of a cell as it stands.
type Month struct {
	Org organisation.Org
	Meeting
	Rows    []Row
	More    bool // there are more members than one page takes
	MayEdit bool
}

// Month opens a month of a cell. A month to come is fault.NotFound.
func (s *Service) Month(ctx context.Context, v access.Viewer, orgID int32, month party.Date, kind party.MeetingKind) (m Month, err error) {
	if m.Org, m.MayEdit, err = s.cellOf(ctx, v, orgID); err != nil {
		return m, err
	}
	if month = party.MonthOf(month); month.After(s.Today()) || !slices.Contains(party.MeetingKinds, kind) {
		return m, errNotFound()
	}
	m.Month, m.Kind = month, kind
	return m, s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error { return s.read(ctx, tx, &m, false) })
}

// read fills in what is stored of a month, and locks it where it is to be changed.
func (s *Service) read(ctx context.Context, tx *postgres.Tx, m *Month, lock bool) error {
	if err := selectMeeting(ctx, tx, m.Org.OrgID, &m.Meeting, lock); err != nil {
		return err
	}
	book, _, err := s.rules.BookIn(ctx, tx)
	if err != nil {
		return err
	}
	if m.Rows, err = selectRows(ctx, tx, m.Org.OrgID, m.Meeting, MaxMembers+1); err != nil {
		return err
	}
	if m.More = len(m.Rows) > MaxMembers; m.More {
		m.Rows = m.Rows[:MaxMembers]
	}
	if err := attachExemptions(ctx, tx, m); err != nil {
		return err
	}
	for i := range m.Rows {
		r := &m.Rows[i]
		if amount, known := party.DuesRate(book, r.Category, m.Month); known && r.Dues != party.DuesPaid {
			r.Amount = amount
		}
	}
	return nil
}

// Said is what was entered of one member; empty is as of the rest.
type Said struct {
	Presence party.Presence
	Dues     party.DuesState
	Amount   int // of one whose dues depend on his wage; 0 is as before
}

// Entry is a month as it was filled in: what holds of everybody, and who is an exception.
type Entry struct {
	Key   string
	OrgID int32
	Meeting
	Rest Said
	Rows map[int64]Said
}

// Save enters a month of a cell: everybody is as the rest unless he is named. Who paid the month's dues
// apart from it has paid them, whatever the rest did. Those who were no members on the day are left out,
// and refused where they are named. The refused field of a member is at_, dues_
// or amount_<person>; nothing is saved unless everything is good. It answers fault.Conflict with a Stale
// where somebody else saved in between.
func (s *Service) Save(ctx context.Context, v access.Viewer, in Entry) (saved int, err error) {
	org, mayEdit, err := s.cellOf(ctx, v, in.OrgID)
	if err != nil {
		return 0, err
	}
	if !mayEdit {
		return 0, fault.NewForbidden("errors.forbidden")
	}
	in.Minutes, in.Topic, in.Month = oneLine(in.Minutes), oneLine(in.Topic), party.MonthOf(in.Month)
	if bad := in.problems(s.Today()); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		m := Month{Org: org, Meeting: Meeting{Month: in.Month, Kind: in.Kind}}
		if err := s.read(ctx, tx, &m, true); err != nil {
			return err
		}
		if m.Version != in.Version {
			return stale(ctx, tx, m.Meeting)
		}
		rows, bad := in.apply(m.Rows)
		if len(bad) > 0 {
			return fault.InvalidFields(bad...)
		}
		saved = len(rows)
		return s.write(ctx, tx, v, m, in, rows)
	})
	return saved, err
}

func stale(ctx context.Context, tx *postgres.Tx, m Meeting) error {
	st, err := selectChange(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	return fault.NewConflict("cells.error.stale", "By", st.By).With(st)
}

func (s *Service) write(ctx context.Context, tx *postgres.Tx, v access.Viewer, m Month, in Entry, rows []Row) error {
	in.ID = m.ID
	id, err := upsertMeeting(ctx, tx, v.AccountID, m.Org.OrgID, in.Meeting)
	if err != nil {
		return err
	}
	if err := upsertAttendance(ctx, tx, v.AccountID, m.Org.OrgID, id, in.HeldOn, rows); err != nil {
		return err
	}
	if in.Kind == party.RegularMeeting {
		if err := upsertDues(ctx, tx, v.AccountID, m.Org.OrgID, duesOf(in.Month, rows)); err != nil {
			return err
		}
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.PersonID
	}
	if err := s.warnings.Refresh(ctx, tx, ids); err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: "month", Entity: "cell", EntityID: int64(m.Org.OrgID), OrgID: m.Org.OrgID,
		Detail: map[string]any{"month": in.Month, "kind": in.Kind, "people": len(rows)}})
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// problems gives the refused fields of the meeting and of the rest.
func (in Entry) problems(today party.Date) []fault.Field {
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes && !slices.ContainsFunc(bad, func(f fault.Field) bool { return f.Name == name }) {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	refuse(in.HeldOn.IsZero(), "held_on", "errors.date_required")
	refuse(in.HeldOn.After(today), "held_on", "cells.error.future", "Today", today)
	refuse(party.MonthOf(in.HeldOn) != in.Month, "held_on", "cells.error.other_month", "First", in.Month, "Last", party.MonthEnd(in.Month))
	refuse(!slices.Contains(party.MeetingKinds, in.Kind), "kind", "errors.choice")
	refuse(in.Kind == party.ThematicMeeting && in.Topic == "", "topic", "cells.error.topic")
	refuse(utf8.RuneCountInString(in.Minutes) > maxNumber, "minutes", "errors.too_long", "Max", maxNumber)
	refuse(utf8.RuneCountInString(in.Topic) > maxTopic, "topic", "errors.too_long", "Max", maxTopic)
	refuse(!slices.Contains(party.Presences, in.Rest.Presence), "rest_at", "errors.choice")
	dues := []party.DuesState{party.DuesPaid, party.DuesUnpaid}
	refuse(in.Kind == party.RegularMeeting && !slices.Contains(dues, in.Rest.Dues), "rest_dues", "errors.choice")
	return bad
}

// apply gives the members as they are to be stored, and refuses what cannot be said of them.
func (in Entry) apply(members []Row) (rows []Row, bad []fault.Field) {
	known := map[int64]bool{}
	for _, r := range members {
		known[r.PersonID] = true
		said := in.Rows[r.PersonID]
		refuse := func(name, key string, args ...any) {
			bad = append(bad, fault.Field{Name: fmt.Sprintf("%s_%d", name, r.PersonID), Key: key, Args: args})
		}
		if r.JoinedOn.After(in.HeldOn) {
			if said.Presence != "" {
				refuse("at", "cells.error.before_joining", "Joined", r.JoinedOn)
			}
			continue
		}
		exempt, noDues := r.released(in.HeldOn)
		if r.Presence = said.Presence; r.Presence == "" && !exempt {
			r.Presence = in.Rest.Presence
		}
		if !(exempt && r.Presence == "") && !slices.Contains(party.Presences, r.Presence) {
			refuse("at", "errors.choice")
		}
		if in.Kind == party.RegularMeeting && noDues && said.Dues == "" {
			r.Dues, r.Amount = party.DuesOpen, 0
		} else if in.Kind == party.RegularMeeting {
			r.pay(said, in.Rest.Dues, refuse)
		}
		rows = append(rows, r)
	}
	for id := range in.Rows {
		if !known[id] {
			bad = append(bad, fault.Field{Name: fmt.Sprintf("at_%d", id), Key: "cells.error.no_member"})
		}
	}
	return rows, bad
}

// released tells whether somebody is not expected at a meeting of a day, and whether he pays no dues for
// its month. Who comes all the same is entered like everybody else.
func (r Row) released(on party.Date) (exempt, noDues bool) {
	for _, e := range r.Exemptions {
		exempt, noDues = exempt || e.Covers(on), noDues || e.FreesOfDues(party.MonthOf(on))
	}
	return exempt, noDues
}

// pay sets what is entered of somebody's dues.
func (r *Row) pay(said Said, rest party.DuesState, refuse func(name, key string, args ...any)) {
	switch {
	case said.Dues != "":
		r.Dues = said.Dues
	case !r.Apart:
		r.Dues = rest
	}
	r.Apart = r.Apart && r.Dues == party.DuesPaid
	if !r.Category.Counted() && said.Amount != 0 {
		r.Amount = said.Amount
	}
	switch {
	case r.Dues == party.DuesUnpaid:
		r.Amount = 0
	case r.Dues != party.DuesPaid:
		refuse("dues", "errors.choice")
	case r.Amount < 1 || r.Amount > party.MaxDues:
		refuse("amount", "cells.error.amount", "Max", party.MaxDues)
	}
}
