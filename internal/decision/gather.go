package decision

import (
	"context"
	"regexp"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/numbering"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Gathering enters into the register what was recorded person by person: the steps of a period whose
// paper has a number of the issuer.
type Gathering struct {
	Key   string
	OrgID int32
	From  party.Date
	Until party.Date
}

// Gathered is what a gathering entered, and how many steps it left alone: their number cannot be read,
// is used by another decision, or stands on papers that do not agree.
type Gathered struct {
	Decisions int
	People    int
	Left      int
}

// maxGathered bounds the steps that are looked at in one act.
const maxGathered = 5000

// recorded is a step of a decision that no decision of the register names.
type recorded struct {
	people.BatchRow
	kind   party.StepKind
	on     party.Date
	facts  party.Facts
	number string // as printed
}

// entry gives what the register would say of the step; false where the number cannot be read.
func (r recorded) entry(orgID int32, today party.Date) (Fields, bool) {
	m := printed.FindStringSubmatch(r.number)
	if m == nil {
		return Fields{}, false
	}
	f := Fields{OrgID: orgID, IssuedOn: r.on, Suffix: m[2]}
	f.Number, _ = strconv.Atoi(m[1])
	switch x := r.facts.(type) {
	case party.DecisionFacts:
		f.Kind, f.Decider, f.ReceivedOn = Admission, x.Decider, x.ReceivedOn
	case party.RecognitionDecisionFacts:
		f.Kind, f.Decider = Recognition, x.Decider
	case party.ExtensionFacts:
		f.Kind, f.Days, f.Reason = Extension, x.Days, x.Reason
	}
	return f, f.Kind != "" && len(f.problems(today)) == 0
}

// printed is a number with what stands behind it.
var printed = regexp.MustCompile(`^0*([1-9][0-9]{0,4})([^0-9].*)?$`)

// Gather writes such decisions into the register, one for all steps whose number and day agree.
func (s *Service) Gather(ctx context.Context, v access.Viewer, in Gathering) (out Gathered, err error) {
	var bad []fault.Field
	if in.From.IsZero() {
		bad = append(bad, fault.Field{Name: "from", Key: "errors.date_required"})
	}
	if in.Until.IsZero() {
		bad = append(bad, fault.Field{Name: "until", Key: "errors.date_required"})
	} else if in.Until.Before(in.From) {
		bad = append(bad, fault.Field{Name: "until", Key: "decisions.error.period"})
	}
	if len(bad) > 0 {
		return out, fault.InvalidFields(bad...)
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		out = Gathered{}
		issuer, _, err := s.issuer(ctx, tx, v, in.OrgID)
		if err != nil {
			return err
		}
		steps, err := selectUnlisted(ctx, tx, in, issuer, maxGathered)
		if err != nil {
			return err
		}
		used, err := selectUsed(ctx, tx, in.OrgID)
		if err != nil {
			return err
		}
		found := group(steps, in.OrgID, s.Today(), used)
		for _, g := range found {
			if err := s.list(ctx, tx, v, g); err != nil {
				return err
			}
			out.Decisions, out.People = out.Decisions+1, out.People+len(g.rows)
		}
		out.Left = len(steps) - out.People
		return audit.Write(ctx, tx, v, audit.Entry{Action: "gather", Entity: "decision", OrgID: in.OrgID,
			Detail: map[string]any{"decisions": out.Decisions, "people": out.People}})
	})
	return out, err
}

// gathered is one decision with the steps that it caused.
type gathered struct {
	fields Fields
	rows   []people.BatchRow
}

// yearNumber is what no two decisions of an issuer share.
type yearNumber struct{ year, number int }

// group brings steps of one number and day together. A number that stands on papers of different
// days or kinds, or that the register has already, is left alone.
func group(steps []recorded, orgID int32, today party.Date, used map[yearNumber]bool) []*gathered {
	var out []*gathered
	by := map[yearNumber]*gathered{}
	torn := map[yearNumber]bool{}
	for _, step := range steps {
		f, ok := step.entry(orgID, today)
		at := yearNumber{f.IssuedOn.Year, f.Number}
		switch g := by[at]; {
		case !ok || used[at]:
		case g == nil:
			by[at] = &gathered{f, []people.BatchRow{step.BatchRow}}
			out = append(out, by[at])
		case g.agrees(f, step.PersonID):
			g.rows = append(g.rows, step.BatchRow)
		default:
			torn[at] = true
		}
	}
	return slices.DeleteFunc(out, func(g *gathered) bool { return torn[yearNumber{g.fields.IssuedOn.Year, g.fields.Number}] })
}

// agrees tells whether a step of somebody else says the same; the day of receipt differs from cell to
// cell and is then not told.
func (g *gathered) agrees(f Fields, personID int64) bool {
	if f.ReceivedOn != g.fields.ReceivedOn {
		f.ReceivedOn, g.fields.ReceivedOn = party.Date{}, party.Date{}
	}
	return f == g.fields && !slices.ContainsFunc(g.rows, func(r people.BatchRow) bool { return r.PersonID == personID })
}

// list writes a decision that was recorded elsewhere into the register.
func (s *Service) list(ctx context.Context, tx *postgres.Tx, v access.Viewer, g *gathered) error {
	if err := numbering.Taken(ctx, tx, seriesOf(g.fields.OrgID, g.fields.IssuedOn.Year), g.fields.Number); err != nil {
		return err
	}
	done, err := insertDecision(ctx, tx, v.AccountID, g.fields, 0)
	if err != nil {
		return err
	}
	return link(ctx, tx, done.ID, g.rows)
}
