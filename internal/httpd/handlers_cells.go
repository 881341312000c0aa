package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/cell"
	"ketnap/internal/graduation"
	"ketnap/internal/party"
	"ketnap/web/cells"
	"ketnap/web/ui"
)

func (s *site) cellRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/cells", Action: access.CellsRead, Handler: s.showCells},
		{Method: http.MethodGet, Pattern: "/cells/{id}", Action: access.CellsRead, Handler: s.showCell},
		{Method: http.MethodGet, Pattern: "/cells/{id}/month", Action: access.CellsRead, Handler: s.showMonth},
		{Method: http.MethodPost, Pattern: "/cells/{id}/month", Action: access.CellsEdit, Handler: s.saveMonth},
	}
}

func cellPath(id int32) string { return fmt.Sprintf("/cells/%d", id) }

func monthPath(id int32, month party.Date, kind party.MeetingKind) string {
	if kind == party.RegularMeeting {
		kind = ""
	}
	return address(cellPath(id)+"/month", "month", party.MonthOf(month).String(), "kind", string(kind))
}

func monthName(month party.Date) string {
	return fmt.Sprintf("%02d/%d", int(month.Month), month.Year)
}

func cellsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "cells.title"), Href: "/cells"}
}

// showCells lists the cells with how far each has entered its months. Whoever has one cell comes to it.
func (s *site) showCells(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	from := queryOrganisation(r, "from")
	page, err := s.Cells.List(ctx, v, from)
	if err != nil {
		return err
	}
	if from == 0 && len(page.Cells) == 1 && len(r.URL.Query()) == 0 {
		return redirect(w, r, cellPath(page.Cells[0].Org.OrgID))
	}
	view := cells.ListView{Unknown: queryOnly(r, "from")}
	for _, c := range page.Cells {
		row := cells.ListRow{Name: c.Org.Name, Href: cellPath(c.Org.OrgID), Members: ui.Number(ctx, c.Members), Last: ui.Date(ctx, c.Last),
			Entered: !c.Last.IsZero() && party.MonthOf(c.Last) == party.MonthOf(s.Today())}
		if v.MayIn(access.CellsEdit, c.Org.Path) {
			row.Enter = monthPath(c.Org.OrgID, s.Today(), party.RegularMeeting)
		}
		view.Rows = append(view.Rows, row)
	}
	if from != 0 {
		view.Pager.First = "/cells"
	}
	if page.Next != 0 {
		view.Pager.Next = address("/cells", "from", orgValue(page.Next))
	}
	return render(w, r, http.StatusOK, cells.List(s.pageOf(r, "cells.title"), view))
}

// oldestYear bounds the years that a cell's page offers.
const oldestYear = 2020

func (s *site) showCell(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return err
	}
	year := s.Today().Year
	if y := int(queryID(r, "year")); y >= oldestYear && y < year {
		year = y
	}
	c, err := s.Cells.Get(ctx, v, id, year)
	if err != nil {
		return err
	}
	view := cells.View{Name: c.Org.Name, Unknown: queryOnly(r, "year"), Year: strconv.Itoa(year), Action: cellPath(id)}
	for y := s.Today().Year; y >= oldestYear; y-- {
		view.Years = append(view.Years, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	if c.Org.EndedBy(s.Today()) {
		view.Ended = ui.T(ctx, "organisations.ended", "Date", c.Org.Until)
	} else {
		view.Leaving = &ui.LinkView{Label: ui.T(ctx, "graduations.link"), Href: graduatesPath(id, graduation.Season), Icon: ui.StageIcon(party.StageAway)}
		view.Rating = &ui.LinkView{Label: ui.T(ctx, "assessments.title"), Href: cellPath(id) + "/assessment", Icon: ui.IconRule}
		view.Tasks = &ui.LinkView{Label: ui.T(ctx, "tasks.link"), Href: tasksPath(id), Icon: ui.IconCheck}
	}
	view.Dues = &ui.LinkView{Label: ui.T(ctx, "dues.title"), Href: duesPath(id, year), Icon: ui.IconCheck}
	if c.MayEdit {
		view.Enter = &ui.LinkView{Label: ui.T(ctx, "cells.enter"), Href: monthPath(id, s.Today(), party.RegularMeeting), Icon: ui.IconEdit}
	}
	if c.More {
		view.More = ui.T(ctx, "cells.more", "Max", cell.MaxMembers)
	}
	for _, h := range c.Months {
		view.Months = append(view.Months, monthRow(ctx, id, h))
	}
	for _, m := range c.Members {
		view.Members = append(view.Members, memberRow(ctx, m))
	}
	page := s.pageOf(r, "cells.title").Titled(c.Org.Name).Under(cellsCrumb(ctx))
	return render(w, r, http.StatusOK, cells.One(page, view))
}

func monthRow(ctx context.Context, id int32, h cell.Held) cells.MonthRow {
	row := cells.MonthRow{Month: monthName(h.Month), Href: monthPath(id, h.Month, h.Kind), Kind: ui.T(ctx, "cells.kinds."+string(h.Kind)), HeldOn: h.HeldOn, Minutes: h.Minutes}
	if h.HeldOn.IsZero() {
		return row
	}
	row.Came = ui.T(ctx, "cells.of", "Count", h.Present, "All", h.People)
	if h.Kind == party.RegularMeeting {
		row.Paid = ui.T(ctx, "cells.paid_sum", "Count", h.Paid, "Amount", ui.Number(ctx, h.Amount))
	}
	return row
}

func memberRow(ctx context.Context, m cell.Member) cells.MemberRow {
	row := cells.MemberRow{Name: m.FullName, Href: personPath(m.PersonID), Stage: m.Stage, Came: ui.T(ctx, "cells.came_of", "Present", m.Present, "Excused", m.Excused, "All", m.Meetings),
		Warnings: personPath(m.PersonID) + "/warnings"}
	if !m.PaidTo.IsZero() {
		row.PaidTo = monthName(m.PaidTo)
	}
	if m.Unpaid > 0 {
		row.Unpaid = ui.T(ctx, "cells.months_owed", "Count", m.Unpaid)
	}
	return row
}
