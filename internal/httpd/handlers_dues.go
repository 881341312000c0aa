package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/cell"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/dues"
	"ketnap/web/ui"
)

// duesRoutes are the register of a cell's dues, and what is paid apart from a month's meeting.
func (s *site) duesRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/cells/{id}/dues", Action: access.CellsRead, Handler: s.showDues},
		{Method: http.MethodPost, Pattern: "/cells/{id}/dues", Action: access.CellsEdit, Handler: s.saveDues},
	}
}

func duesPath(id int32, year int) string {
	return address(cellPath(id)+"/dues", "year", strconv.Itoa(year))
}

// What may be chosen of a member besides a month.
const (
	paysNone = "none"
	paysBack = "back"
)

// openDues opens the register of the year that the address asks for, this one where it names none.
func (s *site) openDues(r *http.Request) (cell.Register, error) {
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return cell.Register{}, err
	}
	year := s.Today().Year
	if y := int(queryID(r, "year")); y >= oldestYear && y <= year+party.MaxDuesAhead/12 {
		year = y
	}
	return s.Cells.Register(r.Context(), viewerOf(r), id, year)
}

func (s *site) showDues(w http.ResponseWriter, r *http.Request) error {
	g, err := s.openDues(r)
	if err != nil {
		return err
	}
	return s.renderDues(w, r, http.StatusOK, g, nil, nil)
}

// renderDues shows a register; sent is what was typed of a payment, refusal why it came back.
func (s *site) renderDues(w http.ResponseWriter, r *http.Request, status int, g cell.Register, sent *form, refusal error) error {
	ctx := r.Context()
	v := dues.View{Caption: g.Org.Name, Title: ui.T(ctx, "dues.title_year", "Year", strconv.Itoa(g.Year)), Lead: ui.T(ctx, "dues.lead"), Unknown: queryOnly(r, "year"),
		Action: cellPath(g.Org.OrgID) + "/dues", Year: strconv.Itoa(g.Year), Empty: ui.EmptyView{Title: ui.T(ctx, "cells.nobody.title"), Text: ui.T(ctx, "cells.nobody.text")}}
	if g.More {
		v.More = ui.T(ctx, "cells.more", "Max", cell.MaxMembers)
	}
	for y := g.Limit.Year; y >= oldestYear; y-- {
		v.Years = append(v.Years, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	fillYearOfDues(ctx, &v, g)
	var errs ui.Errors
	if g.MayEdit {
		v.Pay = s.payView(ctx, g)
		if sent != nil {
			v.Pay.Form.Version = versionToSend(sent, refusal, g.Version)
			v.Stored = refillPay(ctx, v.Pay, sent, refusal)
		}
		errs = v.Pay.Form.Errors
	}
	page := s.pageOf(r, "dues.title").Titled(v.Title).WithErrors(errs).Under(cellsCrumb(ctx), ui.Crumb{Label: g.Org.Name, Href: cellPath(g.Org.OrgID)})
	return render(w, r, status, dues.Register(page, v))
}

// fillYearOfDues shows each member's year, and the sums.
func fillYearOfDues(ctx context.Context, v *dues.View, g cell.Register) {
	v.Columns = append(v.Columns, ui.Column{Label: ui.T(ctx, "people.name")}, ui.Column{Label: ui.T(ctx, "dues.paid_to")})
	for month := range 12 {
		v.Columns = append(v.Columns, ui.Column{Label: ui.T(ctx, "dues.month_short", "Month", month+1), Numeric: true})
	}
	v.Columns = append(v.Columns, ui.Column{Label: ui.T(ctx, "dues.sum"), Numeric: true})
	for _, m := range g.Rows {
		row := dues.Row{Name: m.FullName, Href: personPath(m.PersonID), Sum: ui.Number(ctx, m.Sum()), PaidTo: monthOrNone(m.PaidTo)}
		for _, c := range m.Year {
			row.Cells = append(row.Cells, dues.Cell{Standing: c.Standing, Amount: ui.Number(ctx, c.Amount)})
		}
		v.Rows = append(v.Rows, row)
	}
	year := 0
	for _, amount := range g.Sums() {
		year += amount
		v.Totals = append(v.Totals, ui.Number(ctx, amount))
	}
	v.Totals = append(v.Totals, ui.Number(ctx, year))
}

func monthOrNone(month party.Date) string {
	if month.IsZero() {
		return ""
	}
	return monthName(month)
}

// payView is the form of what is paid; the months offered to a member begin with his next one.
func (s *site) payView(ctx context.Context, g cell.Register) *dues.PayView {
	v := &dues.PayView{Form: ui.FormView{Action: duesPath(g.Org.OrgID, g.Year), Key: newKey(), Version: g.Version, Wide: true}, Cancel: cellPath(g.Org.OrgID),
		Lead: []string{ui.T(ctx, "dues.pay.lead"), ui.T(ctx, "dues.pay.limit", "Last", monthName(g.Limit))}}
	from := g.Limit
	for _, m := range g.Rows {
		if m.Next.Before(from) {
			from = m.Next
		}
	}
	v.All = ui.ChoiceField{Field: ui.Field{Name: "all", Label: ui.T(ctx, "dues.pay.all"), Optional: true}, Empty: ui.T(ctx, "dues.pay.all_none"), Options: monthChoice(from, g.Limit)}
	for _, m := range g.Rows {
		row := dues.Payer{ID: m.PersonID, Name: m.FullName, PaidTo: monthOrNone(m.PaidTo), Salaried: !m.Category.Counted()}
		if m.Owed > 0 {
			row.Owes = ui.T(ctx, "cells.months_owed", "Count", m.Owed)
		}
		if m.Usual > 0 {
			row.Amount, row.Rate = strconv.Itoa(m.Usual), ui.Number(ctx, m.Usual)
		}
		row.Options = append(row.Options, ui.Option{Value: paysNone, Label: ui.T(ctx, "dues.pay.none")})
		if m.Ahead > 0 {
			row.Options = append(row.Options, ui.Option{Value: paysBack, Label: ui.T(ctx, "dues.pay.back", "Count", m.Ahead)})
		}
		row.Options = append(row.Options, monthChoice(m.Next, g.Limit)...)
		v.Members = append(v.Members, row)
	}
	return v
}

func monthChoice(from, last party.Date) (list []ui.Option) {
	for month := from; !month.After(last); month = month.AddMonths(1) {
		list = append(list, ui.Option{Value: month.String(), Label: monthName(month)})
	}
	return list
}

// refillPay puts back what was typed, with why it was refused, and gives the words of a conflict.
func refillPay(ctx context.Context, v *dues.PayView, sent *form, refusal error) (stored string) {
	v.Form.Key, v.All.Value = sent.key(), sent.typed("all")
	if fault.KindOf(refusal) == fault.Conflict {
		stored = textOf(ctx, refusal)
	} else {
		v.Form.Errors = ui.ErrorsOf(ctx, refusal)
	}
	v.All.Error, v.All.Options = v.Form.Errors.For("all"), withMonth(v.All.Options, v.All.Value)
	for i := range v.Members {
		m := &v.Members[i]
		id := "_" + strconv.FormatInt(m.ID, 10)
		m.To = sent.typed("to" + id)
		m.Options = withMonth(m.Options, m.To)
		if m.Salaried {
			m.Amount = sent.typed("amount" + id)
		}
		nameErrors(v.Form.Errors, m.Name, "to"+id, "amount"+id)
	}
	return stored
}

// withMonth keeps a month that was chosen among the options, although it is offered no more.
func withMonth(options []ui.Option, chosen string) []ui.Option {
	month, err := party.ParseDate(chosen)
	if err != nil || month.IsZero() || slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == chosen }) {
		return options
	}
	return append(options, ui.Option{Value: chosen, Label: monthName(month)})
}

func (s *site) saveDues(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	g, err := s.openDues(r)
	if err != nil {
		return err
	}
	in := cell.Payment{Key: f.key(), OrgID: g.Org.OrgID, Version: f.version(), All: f.month("all"), Rows: payingOf(f)}
	var paid cell.Paid
	if err = f.err(); err == nil {
		paid, err = s.Cells.Pay(ctx, viewerOf(r), in)
	}
	if asksAgain(err) && g.MayEdit {
		return s.renderDues(w, r, statusOf(err), g, f, err)
	}
	if err != nil {
		return err
	}
	key := "dues.pay.saved"
	if paid.Back > 0 {
		key = "dues.pay.saved_back"
	}
	err = s.flash(w, r, ui.Good, key, "People", paid.People, "Months", paid.Months, "Amount", ui.Number(ctx, paid.Amount), "Arrears", paid.Arrears, "Back", paid.Back)
	if err != nil {
		return err
	}
	return redirect(w, r, duesPath(g.Org.OrgID, g.Year))
}

// month gives the month of a choice, zero where none was chosen.
func (f *form) month(name string) party.Date {
	d, err := party.ParseDate(f.typed(name))
	if err != nil {
		f.refuse(name, "dues.error.month")
	}
	if d.IsZero() {
		return d
	}
	return party.MonthOf(d)
}

// payingOf decodes what is said of each member.
func payingOf(f *form) map[int64]cell.Paying {
	out := map[int64]cell.Paying{}
	for _, id := range idsTyped(f, "to_") {
		at := "_" + strconv.FormatInt(id, 10)
		var said cell.Paying
		switch f.typed("to" + at) {
		case paysNone:
			said.None = true
		case paysBack:
			said.Back = true
		default:
			said.Through = f.month("to" + at)
		}
		if strings.TrimSpace(f.typed("amount"+at)) != "" {
			said.Amount = amountOf(f, "amount"+at)
		}
		out[id] = said
	}
	return out
}
