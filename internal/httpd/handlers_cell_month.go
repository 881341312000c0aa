package httpd

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"ketnap/internal/cell"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/cells"
	"ketnap/web/ui"
)

// openMonth opens the month that the address asks for, this one where it names none.
func (s *site) openMonth(r *http.Request) (cell.Month, error) {
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return cell.Month{}, err
	}
	month, kind := queryDate(r, "month"), party.MeetingKind(queryText(r, "kind"))
	if month.IsZero() {
		month = s.Today()
	}
	if kind != party.ThematicMeeting {
		kind = party.RegularMeeting
	}
	return s.Cells.Month(r.Context(), viewerOf(r), id, month, kind)
}

func (s *site) showMonth(w http.ResponseWriter, r *http.Request) error {
	m, err := s.openMonth(r)
	if err != nil {
		return err
	}
	return s.renderMonth(w, r, http.StatusOK, m, nil, nil)
}

// renderMonth shows a month; f is what was sent of it, refusal why it came back.
func (s *site) renderMonth(w http.ResponseWriter, r *http.Request, status int, m cell.Month, f *form, refusal error) error {
	ctx := r.Context()
	v := cells.MonthView{Form: ui.FormView{Action: monthPath(m.Org.OrgID, m.Month, m.Kind), Key: newKey(), Version: m.Version, Wide: true},
		Cell: m.Org.Name, Title: ui.T(ctx, "cells.form.title", "Month", monthName(m.Month)), Unknown: queryOnly(r, "month", "kind"), Thematic: m.Kind == party.ThematicMeeting,
		MayEdit: m.MayEdit, HeldOn: m.HeldOn.Vietnamese(), Minutes: m.Minutes, Topic: m.Topic, RestAt: string(party.Present), RestDues: string(party.DuesPaid),
		HeldHint: ui.T(ctx, "cells.form.held_hint", "Month", monthName(m.Month)), Cancel: cellPath(m.Org.OrgID)}
	if m.More {
		v.More = ui.T(ctx, "cells.more", "Max", cell.MaxMembers)
	}
	for _, p := range party.Presences {
		v.Presences = append(v.Presences, ui.Option{Value: string(p), Label: ui.T(ctx, "cells.presence."+string(p))})
	}
	for _, d := range []party.DuesState{party.DuesPaid, party.DuesUnpaid} {
		v.Dues = append(v.Dues, ui.Option{Value: string(d), Label: ui.T(ctx, "cells.dues_state."+string(d))})
	}
	for _, k := range party.MeetingKinds {
		v.Tabs = append(v.Tabs, ui.Tab{Label: ui.T(ctx, "cells.kinds."+string(k)), Href: monthPath(m.Org.OrgID, m.Month, k), Current: k == m.Kind})
	}
	for _, row := range m.Rows {
		v.Rows = append(v.Rows, s.monthMember(ctx, m, row))
	}
	if f != nil {
		refillMonth(ctx, &v, f, refusal)
	}
	page := s.pageOf(r, "cells.title").Titled(v.Title).WithErrors(v.Form.Errors).Under(cellsCrumb(ctx), ui.Crumb{Label: m.Org.Name, Href: cellPath(m.Org.OrgID)})
	if !m.MayEdit {
		return render(w, r, status, cells.Read(page, v))
	}
	return render(w, r, status, cells.Month(page, v))
}

// monthMember shows a member as an exception where what is stored of him differs from the usual.
func (s *site) monthMember(ctx context.Context, m cell.Month, row cell.Row) cells.MonthMember {
	out := cells.MonthMember{ID: row.PersonID, Name: row.FullName, Href: personPath(row.PersonID), Presence: string(row.Presence), Dues: string(row.Dues), Salaried: !row.Category.Counted()}
	if row.Amount > 0 {
		out.Amount, out.Rate = strconv.Itoa(row.Amount), ui.Number(ctx, row.Amount)
	}
	if m.MayEdit && row.Presence == party.Present {
		out.Presence = ""
	}
	if m.MayEdit && row.Dues == party.DuesPaid && !row.Apart {
		out.Dues = ""
	}
	if row.Apart {
		out.Apart = ui.T(ctx, "dues.apart")
	}
	for _, e := range row.Exemptions {
		out.Released = ui.T(ctx, "exemptions.kinds."+string(e.Kind))
	}
	if row.JoinedOn.After(s.Today()) || !m.HeldOn.IsZero() && row.JoinedOn.After(m.HeldOn) {
		out.Closed = ui.T(ctx, "cells.form.joined", "On", row.JoinedOn)
	}
	return out
}

// refillMonth puts back what was typed, with why it was refused.
func refillMonth(ctx context.Context, v *cells.MonthView, f *form, refusal error) {
	v.Form.Key = f.key()
	v.HeldOn, v.Minutes, v.Topic, v.RestAt, v.RestDues = f.typed("held_on"), f.typed("minutes"), f.typed("topic"), f.typed("rest_at"), f.typed("rest_dues")
	if fault.KindOf(refusal) == fault.Conflict {
		v.Stored = textOf(ctx, refusal)
	} else {
		v.Form.Errors = ui.ErrorsOf(ctx, refusal)
	}
	for i := range v.Rows {
		row := &v.Rows[i]
		id := "_" + strconv.FormatInt(row.ID, 10)
		row.Presence, row.Dues = f.typed("at"+id), f.typed("dues"+id)
		if row.Salaried {
			row.Amount = f.typed("amount" + id)
		}
		if row.Presence != "" || row.Dues != "" {
			row.Closed = "" // what is refused there can be taken back
		}
		for j, e := range v.Form.Errors {
			if strings.HasSuffix(e.Name, id) {
				v.Form.Errors[j].Text = row.Name + ": " + e.Text
			}
		}
	}
}

func (s *site) saveMonth(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	m, err := s.openMonth(r)
	if err != nil {
		return err
	}
	in := cell.Entry{Key: f.key(), OrgID: m.Org.OrgID, Meeting: cell.Meeting{Month: m.Month, Kind: m.Kind, HeldOn: f.date("held_on"), Minutes: f.typed("minutes"), Topic: f.typed("topic"), Version: f.version()},
		Rest: cell.Said{Presence: party.Presence(f.typed("rest_at")), Dues: party.DuesState(f.typed("rest_dues"))}, Rows: exceptionsOf(f)}
	saved := 0
	if err = f.err(); err == nil {
		saved, err = s.Cells.Save(ctx, viewerOf(r), in)
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) && m.MayEdit {
		return s.renderMonth(w, r, statusOf(err), m, f, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "cells.form.saved", "Month", monthName(m.Month), "Count", saved); err != nil {
		return err
	}
	return redirect(w, r, cellPath(m.Org.OrgID))
}

// exceptionsOf decodes those of whom something is said.
func exceptionsOf(f *form) map[int64]cell.Said {
	out := map[int64]cell.Said{}
	for name := range f.values {
		what, number, found := strings.Cut(name, "_")
		id, err := strconv.ParseInt(number, 10, 64)
		value := strings.TrimSpace(f.typed(name))
		if !found || err != nil || value == "" {
			continue
		}
		said := out[id]
		switch what {
		case "at":
			said.Presence = party.Presence(value)
		case "dues":
			said.Dues = party.DuesState(value)
		case "amount":
			said.Amount = amountOf(f, name)
		default:
			continue
		}
		out[id] = said
	}
	return out
}

// amountOf reads an amount of đồng as people write it: 87000 or 87.000.
func amountOf(f *form, name string) int {
	n, err := strconv.Atoi(strings.NewReplacer(".", "", ",", "", " ", "").Replace(f.typed(name)))
	if err != nil || n < 1 || n > party.MaxDues {
		f.refuse(name, "cells.error.amount", "Max", party.MaxDues)
	}
	return n
}
