package cell

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Member is a member of a cell with how his year goes.
type Member struct {
	PersonID int64
	FullName string
	Stage    party.Stage
	JoinedOn party.Date
	Meetings int // of the year for which something is entered of him
	Present  int
	Excused  int
	PaidTo   party.Date // month; zero where nothing is known
	Unpaid   int        // months that are owed
}

// Held is a month of the year with the meetings that are entered.
type Held struct {
	Month   party.Date
	Kind    party.MeetingKind
	HeldOn  party.Date // zero while it is not entered
	Minutes string
	Topic   string
	Present int
	People  int
	Paid    int
	Amount  int // đồng, of those who paid
}

// Opened is a cell with its year.
type Opened struct {
	Org     organisation.Org
	Year    int
	Members []Member
	More    bool // there are more members than one page takes
	Months  []Held
	MayEdit bool
}

// Get opens a cell with a year: its members, and each month up to today, the newest first.
func (s *Service) Get(ctx context.Context, v access.Viewer, orgID int32, year int) (out Opened, err error) {
	if out.Org, out.MayEdit, err = s.cellOf(ctx, v, orgID); err != nil {
		return out, err
	}
	out.Year = year
	var held []Held
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Members, err = selectMembers(ctx, tx, orgID, year, MaxMembers+1); err != nil {
			return err
		}
		held, err = selectHeld(ctx, tx, orgID, year)
		return err
	})
	if out.More = len(out.Members) > MaxMembers; out.More {
		out.Members = out.Members[:MaxMembers]
	}
	last := s.Today()
	if out.Org.EndedBy(last) {
		last = out.Org.Until.AddDays(-1)
	}
	out.Months = allMonths(held, year, last)
	return out, err
}

// allMonths adds the months of a year up to a day whose regular meeting is not entered.
func allMonths(held []Held, year int, today party.Date) (out []Held) {
	for month := party.NewDate(year, 12, 1); month.Year == year; month = month.AddMonths(-1) {
		if month.After(today) {
			continue
		}
		regular := Held{Month: month, Kind: party.RegularMeeting}
		var others []Held
		for _, h := range held {
			switch {
			case h.Month != month:
			case h.Kind == party.RegularMeeting:
				regular = h
			default:
				others = append(others, h)
			}
		}
		out = append(append(out, regular), others...)
	}
	return out
}

// State is how far a cell has entered its month.
type State struct {
	Org     organisation.Org
	Members int
	Last    party.Date // day of the last regular meeting that is entered; zero = none
}

// Page is a page of the viewer's cells.
type Page struct {
	Cells []State
	Next  int32 // the cell with which the next page begins; 0 on the last one
}

const pageSize = 50

// List gives the viewer's cells in the order of the tree, from one on; 0 is the first.
func (s *Service) List(ctx context.Context, v access.Viewer, from int32) (out Page, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	var ids []int32
	begun := from == 0
	for _, o := range tree.Scope(v, access.CellsRead) {
		if begun = begun || o.OrgID == from; !begun || !o.Kind.IsCell() {
			continue
		}
		if len(out.Cells) == pageSize {
			out.Next = o.OrgID
			break
		}
		ids, out.Cells = append(ids, o.OrgID), append(out.Cells, State{Org: o})
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error { return fillStates(ctx, tx, ids, out.Cells) })
	return out, err
}
