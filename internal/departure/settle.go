package departure

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Settle brings somebody's cases in line with his steps, in the transaction that recorded or voided one.
// Where the departure was taken back, on his page or by cancelling the decision, the case is open again:
// to be decided anew, with the votes that it has, or closed. Where a restoration was, the appeal is open
// again.
func (s *Service) Settle(ctx context.Context, tx *postgres.Tx, v access.Viewer, personID int64, p party.Case) error {
	if !slices.ContainsFunc(p.Steps, func(st party.Step) bool { return st.Kind == party.Left }) {
		return nil // most people never left
	}
	list, err := selectTakenBack(ctx, tx, personID)
	if err != nil {
		return err
	}
	for _, c := range list {
		in := Acting{ID: c.ID, On: s.Today(), Words: voidedFor(p)}
		d := done{what: party.CaseTakenBack}
		if c.StepHolds {
			d.what, c.State, c.RestoredID = party.CaseUnrestored, party.CaseAppealed, 0
		} else {
			c.State, c.StepID, c.RestoredID, c.AppealBy = party.CaseTakenBack, 0, 0, party.Date{}
		}
		c.Since = in.On
		if err := updateCase(ctx, tx, c.Case); err != nil {
			return err
		}
		if err := insertAct(ctx, tx, v.AccountID, in, d); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, v, audit.Entry{Action: string(d.what), Entity: "departure", EntityID: c.ID, OrgID: c.OrgID}); err != nil {
			return err
		}
	}
	return nil
}

// voidedFor tells why the newest step was taken back, and by which paper.
func voidedFor(p party.Case) string {
	var newest party.Step
	for _, st := range p.Steps {
		if st.Kind == party.Voided && st.Seq > newest.Seq {
			newest = st
		}
	}
	f, _ := newest.Facts.(party.VoidedFacts)
	if len(newest.Papers) > 0 && newest.Papers[0].Number != "" {
		return f.Reason + " (" + newest.Papers[0].Number + ")"
	}
	return f.Reason
}

// errOpenElsewhere tells that a case cannot be open again beside another one.
func errOpenElsewhere() error { return fault.NewConflict("cases.error.open_again") }
