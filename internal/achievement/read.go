package achievement

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Record is what is known of somebody's results and titles, newest first, with what his organisation
// asks and how he stands to it today.
type Record struct {
	PersonID int64
	FullName string
	Results  []Result
	Titles   []Title
	Criteria []party.Condition
	MayEdit  bool
}

// Of gives somebody's achievements. Somebody out of the viewer's sight is fault.NotFound. Opening
// his record is what leaves the entry in the audit; the pages of it do not.
func (s *Service) Of(ctx context.Context, v access.Viewer, personID int64) (Record, error) {
	var out Record
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		p, err := s.personFor(ctx, tx, v, personID)
		if err != nil {
			return err
		}
		out = Record{PersonID: p.id, FullName: p.name, MayEdit: p.mayEdit}
		results, err := selectResults(ctx, tx, []int64{p.id})
		if err != nil {
			return err
		}
		titles, err := selectTitles(ctx, tx, []int64{p.id})
		if err != nil {
			return err
		}
		out.Results, out.Titles = results[p.id], titles[p.id]
		criteria, err := s.CriteriaIn(ctx, tx, p.path, s.Today())
		if err != nil {
			return err
		}
		out.Criteria = criteria.Ask(Summary{Results: out.Results, Titles: out.Titles}.Merits(p.union, s.Today()), s.Today())
		return nil
	})
	return out, err
}

// Summary is what lists of many people show of one.
type Summary struct {
	Results []Result
	Titles  []Title
}

// Latest gives the newest result by a day.
func (m Summary) Latest(day party.Date) (party.StudyResult, bool) {
	return party.LatestResult(plain(m.Results), day)
}

// Merits gives what the criteria look at: results, and the titles given until a day.
func (m Summary) Merits(union, day party.Date) party.Merits {
	out := party.Merits{Results: plain(m.Results), UnionDate: union}
	for _, t := range m.Titles {
		if !t.AwardedOn.After(day) {
			out.Titles++
		}
	}
	return out
}

func plain(list []Result) []party.StudyResult {
	out := make([]party.StudyResult, len(list))
	for i, r := range list {
		out[i] = r.StudyResult
	}
	return out
}

// Summaries gives the achievements of many people in two statements, of those whom the viewer of the
// transaction may see.
func (s *Service) Summaries(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]Summary, error) {
	results, err := selectResults(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	titles, err := selectTitles(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Summary, len(ids))
	for _, id := range ids {
		out[id] = Summary{Results: results[id], Titles: titles[id]}
	}
	return out, nil
}
