package report

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// maxCohorts bounds the classes whose people are followed; those of the last five years, newest first.
const maxCohorts = 24

// maxMentors bounds the mentors whose people are measured.
const maxMentors = 50

// Wait is how candidates wait at one stage, or all of them together.
type Wait struct {
	People  int
	Median  int   // days at the stage, rounded down
	Longest int   // days of whoever waits longest
	Who     int64 // that person
	Stuck   int   // who is there for longer than the rule says
}

// StageWait is the Wait of one stage.
type StageWait struct {
	Stage party.Stage
	Wait
}

// UnitWait is the Wait of one of the organisations directly below, with the stage where most are stuck.
type UnitWait struct {
	Org organisation.Org
	Wait
	MostAt party.Stage // "" where nobody is stuck
}

// MentorWait is the Wait of those whom a mentor of a cell helps.
type MentorWait struct {
	Name string
	Org  organisation.Org
	Wait
}

// Cohort follows those who passed one class.
type Cohort struct {
	ClassID  int64
	Number   string
	Starts   party.Date
	Passed   int
	Admitted int // are members now
	Dropped  int // left the planning
}

// Waiting counts those who passed and are neither members nor dropped.
func (c Cohort) Waiting() int { return c.Passed - c.Admitted - c.Dropped }

// Stalls tells where candidates of an organisation wait, and for how long.
type Stalls struct {
	Org     organisation.Org
	AsOf    party.Date
	Before  party.Date // at the stage since before this day is stuck; zero where no rule says so
	Rule    party.Rule
	Stages  []StageWait
	All     Wait
	Units   []UnitWait
	Mentors []MentorWait // most stuck first, at most maxMentors; who has two mentors is with both
	Cohorts []Cohort
}

// Stalls reports where candidates of an organisation and of those below it wait, as of today; 0 is the
// viewer's own. An organisation outside the viewer's scope is fault.NotFound.
func (s *Service) Stalls(ctx context.Context, v access.Viewer, orgID int32) (Stalls, error) {
	if !v.May(access.DashboardRead) {
		return Stalls{}, fault.NewForbidden("errors.forbidden")
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Stalls{}, err
	}
	out := Stalls{AsOf: s.Today()}
	if out.Org, err = chooseOrg(tree, v, orgID); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		book, _, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return err
		}
		if before, rule, ok := party.StuckBefore(book, out.AsOf); ok {
			out.Before, out.Rule = before, rule
		}
		waits, err := selectWaits(ctx, tx, out.Org, out.AsOf, out.Before)
		if err != nil {
			return err
		}
		out.spread(tree, waits)
		if out.Mentors, err = selectMentorWaits(ctx, tx, out.Org, out.AsOf, out.Before); err != nil {
			return err
		}
		for i, m := range out.Mentors {
			out.Mentors[i].Org, _ = tree.Of(m.Org.OrgID)
		}
		out.Cohorts, err = selectCohorts(ctx, tx, out.Org, out.AsOf)
		return err
	})
	return out, err
}

// chooseOrg gives the organisation that is asked for, or the viewer's own.
func chooseOrg(tree *organisation.Snapshot, v access.Viewer, id int32) (organisation.Org, error) {
	if id == 0 {
		for _, root := range v.ScopeFor(access.DashboardRead) {
			if _, ok := tree.Of(root); ok {
				id = root
				break
			}
		}
	}
	org, ok := tree.Of(id)
	if !ok || !v.MayIn(access.DashboardRead, org.Path) {
		return org, fault.NewNotFound("organisations.error.not_found")
	}
	return org, nil
}

// wait is what is read: of a stage, of an organisation below, of one at the other, or of everybody.
type wait struct {
	child int32       // 0 is all
	stage party.Stage // "" is all
	Wait
}

// spread puts what was read where it belongs: stages in their order, organisations in that of the tree.
func (out *Stalls) spread(tree *organisation.Snapshot, waits []wait) {
	stages, units, worst := map[party.Stage]Wait{}, map[int32]Wait{}, map[int32]wait{}
	for _, w := range waits {
		switch {
		case w.child == 0 && w.stage == "":
			out.All = w.Wait
		case w.child == 0:
			stages[w.stage] = w.Wait
		case w.stage == "":
			units[w.child] = w.Wait
		case w.Stuck > worst[w.child].Stuck:
			worst[w.child] = w
		}
	}
	for _, stage := range party.StallStages {
		out.Stages = append(out.Stages, StageWait{stage, stages[stage]})
	}
	for _, id := range tree.Children(out.Org.OrgID) {
		if org, ok := tree.Of(id); ok && units[id].People > 0 {
			out.Units = append(out.Units, UnitWait{org, units[id], worst[id].stage})
		}
	}
}
