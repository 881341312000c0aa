package cell

import (
	"context"
	"fmt"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Roll counts the official members of a cell on a day: who of them is elsewhere for a time, and who of
// the others is exempt from meetings by decision. Of what is no cell in the viewer's sight nobody is known.
func (s *Service) Roll(ctx context.Context, v access.Viewer, orgID int32, day party.Date) (r party.Roll, err error) {
	switch _, _, err := s.cellOf(ctx, v, orgID); {
	case fault.KindOf(err) == fault.NotFound:
		return r, nil
	case err != nil:
		return r, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		r, err = selectRoll(ctx, tx, orgID, day)
		return err
	})
	return r, err
}

// Doubts tells which numbers of a cell's vote differ from what is known of its day, and what that is.
func (s *Service) Doubts(ctx context.Context, v access.Viewer, orgID int32, on party.Date, vote party.Vote) (r party.Roll, doubts []party.VoteNumber, err error) {
	if r, err = s.Roll(ctx, v, orgID, on); err != nil || r.Official == 0 {
		return r, nil, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		book, _, err := s.rules.BookIn(ctx, tx)
		if err == nil {
			doubts = r.Doubts(book, on, vote)
		}
		return err
	})
	return r, doubts, err
}

// selectRoll counts those who are official members of the cell now and were on the day. Who left another
// cell for a time that was merged into this one since is away all the same.
func selectRoll(ctx context.Context, tx *postgres.Tx, orgID int32, day party.Date) (r party.Roll, err error) {
	err = tx.QueryRow(ctx, `
		select count(*)::integer, count(*) filter (where x.away)::integer, count(*) filter (where x.exempt and not x.away)::integer
		  from (select exists (select from transfers t where t.person_id = p.id and t.form = 'temporary' and t.state in ('accepted', 'returned')
		                 and t.ended_on <= $2 and (t.returned_on is null or t.returned_on > $2)) away,
		               exists (select from member_exemptions e where e.person_id = p.id and e.kind = 'exempt' and e.from_on <= $2 and (e.until_on is null or e.until_on >= $2)) exempt
		          from people p join person_states s on s.person_id = p.id
		         where p.org_id = $1 and s.stage = 'official' and coalesce(s.official_on, $2) <= $2
		           and (select t.to_org from transfers t where t.person_id = p.id and t.state = 'accepted' and t.step_id is not null and t.ended_on > $2
		                  and p.org_id in (t.org_id, t.to_org) order by t.ended_on, t.id limit 1) is distinct from p.org_id) x`, orgID, day).Scan(&r.Official, &r.Away, &r.Exempt)
	if err != nil {
		return r, fmt.Errorf("official members of %d: %w", orgID, err)
	}
	return r, nil
}
