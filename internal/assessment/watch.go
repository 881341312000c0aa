package assessment

import (
	"context"
	"fmt"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Watched is a member whose watch period runs, or ran out and was not concluded.
type Watched struct {
	PersonID int64
	FullName string
	OrgID    int32
	Year     int
	Category party.ScreeningCategory
	Until    party.Date
	Note     string
}

// Watches is a page of them, the first to end first.
type Watches struct {
	List []Watched
	Next keyset.Cursor // zero on the last page
}

const (
	// WatchPage is how many a page shows.
	WatchPage = 100
	// SoonDays is how long before its end a watch is told on the work list.
	SoonDays = 30
	// maxTold bounds what the work list counts.
	maxTold = 1000
)

type watchQuery struct {
	orgID  int32
	within []int32
	until  party.Date
	after  keyset.Cursor
	most   int
}

// Watches gives the watch periods of the viewer's organisations that are not concluded.
func (s *Service) Watches(ctx context.Context, v access.Viewer, orgID int32, after keyset.Cursor) (out Watches, err error) {
	q := watchQuery{orgID: orgID, until: s.Today().AddYears(10), after: after, most: WatchPage + 1}
	if out.List, err = s.watches(ctx, v, q); len(out.List) > WatchPage {
		out.List = out.List[:WatchPage]
		last := out.List[WatchPage-1]
		out.Next = keyset.Cursor{Day: last.Until, ID: last.PersonID}
	}
	return out, err
}

// Ending counts the watches that end within SoonDays, or have ended; nobody is counted past a bound.
func (s *Service) Ending(ctx context.Context, v access.Viewer, orgID int32) (int, error) {
	list, err := s.watches(ctx, v, watchQuery{orgID: orgID, until: s.Today().AddDays(SoonDays), most: maxTold})
	return len(list), err
}

func (s *Service) watches(ctx context.Context, v access.Viewer, q watchQuery) (list []Watched, err error) {
	if !v.May(access.AssessmentsRead) {
		return nil, errForbidden()
	}
	if q.within, err = s.orgs.Within(ctx, v, access.AssessmentsRead); err != nil {
		return nil, err
	}
	if q.after.Day.IsZero() {
		q.after.Day = party.NewDate(1, 1, 1)
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectWatches(ctx, tx, q)
		return err
	})
	return list, err
}

// Conclusion says how a watch ended.
type Conclusion struct {
	PersonID int64
	Year     int
	Result   party.WatchResult
}

// Concluding concludes some watches.
type Concluding struct {
	Key  string
	On   party.Date
	Rows []Conclusion
}

type openWatch struct {
	person  int64
	year    int
	org     int32
	decided party.Date
}

// Conclude concludes watches, all or none. The refused field of one is result_<person>_<year>.
func (s *Service) Conclude(ctx context.Context, v access.Viewer, in Concluding) error {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return err
	}
	var bad []fault.Field
	refuse := refuser(&bad)
	refuse(in.On.IsZero(), "on", "errors.date_required")
	refuse(!in.On.Valid(), "on", "errors.date")
	refuse(in.On.After(s.Today()), "on", "assessments.error.future", "Today", s.Today())
	refuse(len(in.Rows) == 0, "on", "assessments.error.nobody")
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		open, err := selectOpenWatches(ctx, tx, in.Rows)
		if err != nil {
			return err
		}
		for _, c := range in.Rows {
			field := fmt.Sprintf("result_%d_%d", c.PersonID, c.Year)
			i := slices.IndexFunc(open, func(w openWatch) bool { return w.person == c.PersonID && w.year == c.Year })
			if i < 0 {
				refuse(true, field, "assessments.error.no_watch_open")
				continue
			}
			o, ok := tree.Of(open[i].org)
			if !ok || !v.MayIn(access.AssessmentsEdit, o.Path) {
				return errForbidden()
			}
			refuse(!slices.Contains(party.WatchResults, c.Result), field, "errors.choice")
			refuse(in.On.Before(open[i].decided), field, "assessments.error.before_decision", "On", open[i].decided)
		}
		if len(bad) > 0 {
			return fault.InvalidFields(bad...)
		}
		if err := updateWatches(ctx, tx, v.AccountID, in.On, in.Rows); err != nil {
			return err
		}
		for _, w := range open {
			err := audit.Write(ctx, tx, v, audit.Entry{Action: "conclude", Entity: "screening", EntityID: w.person, OrgID: w.org, Detail: map[string]any{"year": w.year}})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
