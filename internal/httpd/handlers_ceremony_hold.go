package httpd

import (
	"net/http"
	"slices"

	"ketnap/internal/ceremony"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/ceremonies"
	"ketnap/web/ui"
)

func (s *site) showHoldCeremony(w http.ResponseWriter, r *http.Request) error {
	c, err := s.openPlanned(r)
	if err != nil {
		return err
	}
	on := c.PlannedOn
	if on.After(s.Today()) {
		on = s.Today()
	}
	view := ceremonies.FormView{Form: ui.FormView{Key: newKey(), Version: c.Version}, Values: map[string]string{"held_on": on.Vietnamese(), "place": c.Place}}
	return s.renderHold(w, r, http.StatusOK, c, view, c.StillPlanned(), on, nil)
}

// renderHold shows for whom the ceremony is planned, each with what the gate says on the day.
func (s *site) renderHold(w http.ResponseWriter, r *http.Request, status int, c ceremony.Opened, view ceremonies.FormView, came []int64, on party.Date, refusal error) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view.Caption, view.Title, view.Lead = ceremonyName(ctx, c.Ceremony), ui.T(ctx, "ceremonies.hold.title"), ui.T(ctx, "ceremonies.hold.lead")
	view.Pick = ui.PickView{Name: "people", Label: ui.T(ctx, "ceremonies.hold.came"), Hint: ui.T(ctx, "ceremonies.hold.came_hint"),
		Columns: columnsOf(ctx, "people.name", "ceremonies.decision", "decisions.due", "decisions.conditions")}
	for _, p := range c.People {
		if p.Was != ceremony.PersonPlanned {
			continue
		}
		row := pickRow(ctx, tree, p.Case)
		row.Cells = []ui.PickCell{{Text: decisionText(ctx, p.Waiting)}, dueCell(ctx, p.Deadline.Due, on)}
		row.Says, row.Chosen = unmetOf(ctx, p.ID, p.Ask(party.Step{Kind: party.Ceremony, On: on, OrgID: p.OrgID})), slices.Contains(came, p.ID)
		view.Pick.Rows = append(view.Pick.Rows, row)
	}
	view.Form.Errors = batchErrors(ctx, refusal, view.Pick.Rows)
	markRefused(ctx, refusal, view.Pick.Rows)
	view.Pick.Error, view.Form.Wide = view.Form.Errors.For("people"), true
	view.Form.Action, view.Cancel, view.Submit = ceremonyPath(c.ID)+"/hold", ceremonyPath(c.ID), ui.T(ctx, "ceremonies.hold.submit")
	page := s.pageOf(r, "ceremonies.hold.title").WithErrors(view.Form.Errors).Under(ceremoniesCrumb(ctx), ui.Crumb{Label: view.Caption, Href: ceremonyPath(c.ID)})
	return render(w, r, status, ceremonies.Hold(page, view))
}

func (s *site) holdCeremony(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.openHeldOrPlanned(r)
	if err != nil {
		return err
	}
	in := ceremony.Holding{Key: f.key(), ID: c.ID, Version: f.version(), HeldOn: f.requiredDate("held_on"), Place: f.text("place", longText),
		ReceivedOn: f.date("received_on"), People: f.people("people"), KeepGood: f.checked("keep")}
	held := 0
	if err = f.err(); err == nil {
		held, err = s.Ceremonies.Hold(ctx, viewerOf(r), in)
	}
	kind := fault.KindOf(err)
	if err == nil || kind != fault.Invalid && kind != fault.Conflict || c.State != ceremony.Planned {
		return s.ceremonySaved(w, r, c.ID, err, "ceremonies.hold.done", "Count", held)
	}
	_, rows := detailOf[people.BatchResult](err)
	view := ceremonies.FormView{Form: againAfter(f, c, err), Values: typedStep(f), OfferKeep: rows, Keep: in.KeepGood}
	if kind == fault.Conflict {
		view.Stored = s.storedCeremony(r, c)
	}
	on := in.HeldOn
	if on.IsZero() {
		on = s.Today()
	}
	return s.renderHold(w, r, statusOf(err), c, view, in.People, on, err)
}

// openHeldOrPlanned lets a form that is sent a second time reach the answer that its key has.
func (s *site) openHeldOrPlanned(r *http.Request) (ceremony.Opened, error) {
	c, err := s.openCeremony(r)
	if err == nil && !c.MayPlan {
		err = errForbidden
	}
	return c, err
}

func (s *site) showCallOffCeremony(w http.ResponseWriter, r *http.Request) error {
	c, err := s.openPlanned(r)
	if err != nil {
		return err
	}
	return s.renderCallOff(w, r, http.StatusOK, c, ceremonies.FormView{Form: ui.FormView{Key: newKey(), Version: c.Version}})
}

func (s *site) renderCallOff(w http.ResponseWriter, r *http.Request, status int, c ceremony.Opened, view ceremonies.FormView) error {
	ctx := r.Context()
	view.Title, view.Lead, view.Submit = ui.T(ctx, "ceremonies.call_off.title"), ui.T(ctx, "ceremonies.call_off.lead"), ui.T(ctx, "ceremonies.call_off.submit")
	view.Form.Action, view.Cancel = ceremonyPath(c.ID)+"/call-off", ceremonyPath(c.ID)
	page := s.pageOf(r, "ceremonies.call_off.title").WithErrors(view.Form.Errors).
		Under(ceremoniesCrumb(ctx), ui.Crumb{Label: ceremonyName(ctx, c.Ceremony), Href: ceremonyPath(c.ID)})
	return render(w, r, status, ceremonies.CallOff(page, view, s.storedCeremony(r, c)))
}

func (s *site) callOffCeremony(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.openHeldOrPlanned(r)
	if err != nil {
		return err
	}
	err = s.Ceremonies.CallOff(ctx, viewerOf(r), ceremony.CallingOff{Key: f.key(), ID: c.ID, Version: f.version(), Reason: f.typed("reason")})
	kind := fault.KindOf(err)
	if err == nil || kind != fault.Invalid && kind != fault.Conflict || c.State != ceremony.Planned {
		return s.ceremonySaved(w, r, c.ID, err, "ceremonies.call_off.done")
	}
	view := ceremonies.FormView{Form: againAfter(f, c, err), Values: typedStep(f)}
	view.Form.Errors = ui.ErrorsOf(ctx, err)
	return s.renderCallOff(w, r, statusOf(err), c, view)
}
