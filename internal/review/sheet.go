package review

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/achievement"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Sheet is what a cell has before it at a review: the people whom it looks at, as of a day.
type Sheet struct {
	Review
	Org  organisation.Org
	Day  party.Date // as of which everything is computed
	Last party.Date // of the review before; zero = the first one
	Rows []Row
	More bool // the cell has more people than MaxPeople
}

// Row is one person of a sheet.
type Row struct {
	people.Case
	Facts    party.ReviewFacts
	Latest   party.StudyResult // zero where none is known
	Titles   []achievement.Title
	Criteria []party.Condition
	Open     []party.ReviewOutcome // what may be said of him
	Entry
}

// Planned tells whether the person is in the planning already.
func (r Row) Planned() bool { return r.Facts.Planned != nil }

// NewSheet gives the sheet of a review that is to begin. A cell that has a draft is shown that one.
// day is as of when people are shown; zero is today, or the meeting's day of the draft.
func (s *Service) NewSheet(ctx context.Context, v access.Viewer, orgID int32, day party.Date) (Sheet, error) {
	return s.sheet(ctx, v, day, func(ctx context.Context, tx *postgres.Tx) (Review, error) {
		draft, found, err := selectDraft(ctx, tx, orgID)
		if err != nil || found {
			return draft, err
		}
		today := s.Today()
		half := party.First
		if today.Month < 9 && today.Month > 1 {
			half = party.Second
		}
		return Review{State: Draft, Fields: Fields{OrgID: orgID, Year: party.SchoolYear(today), Half: half}}, nil
	})
}

// Sheet gives the sheet of a draft.
func (s *Service) Sheet(ctx context.Context, v access.Viewer, id int64, day party.Date) (Sheet, error) {
	return s.sheet(ctx, v, day, func(ctx context.Context, tx *postgres.Tx) (Review, error) {
		return selectReview(ctx, tx, id, false)
	})
}

func (s *Service) sheet(ctx context.Context, v access.Viewer, day party.Date, begin func(context.Context, *postgres.Tx) (Review, error)) (Sheet, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Sheet{}, err
	}
	var out Sheet
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Review, err = begin(ctx, tx); err != nil {
			return err
		}
		var ok bool
		if out.Org, ok = tree.Of(out.OrgID); !ok || !out.Org.Kind.IsCell() || !v.MayIn(access.ReviewsRead, out.Org.Path) {
			return errNotFound()
		}
		if !v.MayIn(access.ReviewsEdit, out.Org.Path) {
			return errForbidden()
		}
		if out.Day = day; day.IsZero() {
			out.Day = out.MetOn
		}
		if out.Day.IsZero() {
			out.Day = s.Today()
		}
		if out.Last, err = selectLastDay(ctx, tx, out.OrgID); err != nil {
			return err
		}
		if out.Rows, out.More, err = s.rows(ctx, tx, out.Org, out.Day); err != nil {
			return err
		}
		return out.fill(ctx, tx)
	})
	return out, err
}

// fill enters what the draft says of each person.
func (sh *Sheet) fill(ctx context.Context, tx *postgres.Tx) error {
	said := map[int64]Entry{}
	if sh.ID != 0 {
		list, err := selectSaid(ctx, tx, sh.ID)
		if err != nil {
			return err
		}
		for _, e := range list {
			said[e.PersonID] = e
		}
	}
	for i := range sh.Rows {
		row := &sh.Rows[i]
		if e, ok := said[row.ID]; ok {
			row.Entry = e
		}
	}
	return nil
}

// rows gives the people of a cell's review as of a day, in a bounded number of statements: those who
// are planned first, each part in Vietnamese order.
func (s *Service) rows(ctx context.Context, tx *postgres.Tx, org organisation.Org, day party.Date) ([]Row, bool, error) {
	ids, err := selectReviewed(ctx, tx, org.OrgID, MaxPeople+1)
	if err != nil {
		return nil, false, err
	}
	more := len(ids) > MaxPeople
	ids = ids[:min(len(ids), MaxPeople)]
	cases, err := s.people.Cases(ctx, tx, ids)
	if err != nil {
		return nil, false, err
	}
	merits, err := s.achievements.Summaries(ctx, tx, ids)
	if err != nil {
		return nil, false, err
	}
	criteria, err := s.achievements.CriteriaIn(ctx, tx, org.Path, day)
	if err != nil {
		return nil, false, err
	}
	var planned, others []Row
	for _, id := range ids {
		c, ok := cases[id]
		if !ok {
			continue
		}
		row := Row{Case: c, Facts: c.ReviewOn(day), Titles: merits[id].Titles, Entry: Entry{PersonID: id, Outcome: party.ReviewKeep}}
		row.Latest, _ = merits[id].Latest(day)
		row.Criteria = criteria.Ask(merits[id].Merits(c.Person.UnionDate, day), day)
		row.Open = row.Facts.ReviewOutcomes()
		if row.Planned() {
			planned = append(planned, row)
		} else {
			others = append(others, row)
		}
	}
	return append(planned, others...), more, nil
}
