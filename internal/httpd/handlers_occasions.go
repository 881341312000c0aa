package httpd

import (
	"net/http"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/dashboard"
	"ketnap/web/ui"
)

// noOccasion stands in an address for ceremonies without an occasion.
const noOccasion = "none"

func occasionValue(o party.Occasion) string {
	if o == party.NoOccasion {
		return noOccasion
	}
	return string(o)
}

// queryOccasion gives the occasion of the address, nil when there is none that is known.
func queryOccasion(r *http.Request) *party.Occasion {
	i := slices.IndexFunc(party.Occasions, func(o party.Occasion) bool { return occasionValue(o) == queryText(r, "occasion") })
	if i < 0 {
		return nil
	}
	return &party.Occasions[i]
}

// occasionQuery names the parameter of the occasion where it is one, so that another one is told to
// be left out of account.
func occasionQuery(r *http.Request) []string {
	if queryOccasion(r) == nil {
		return nil
	}
	return []string{"occasion"}
}

func (s *site) showOccasions(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	q, bad := termQuery(r)
	if bad {
		return fault.NewInvalid("errors.date")
	}
	report, err := s.Reports.Occasions(ctx, v, q)
	if err != nil {
		return err
	}
	t := report.Term
	d := &board{ctx: ctx, t: t, former: queryText(r, "former"), names: v.MayIn(access.PeopleRead, t.Org.Path)}
	all := d.behind(party.FigureAdmitted, t.Org.OrgID, party.Date{})
	view := dashboard.OccasionsView{Unknown: queryOnly(r, "term", "org", "as_of", "former"), Total: dashboard.Cell{Value: t.Counts[party.FigureAdmitted], Href: all},
		Lead: ui.T(ctx, "dashboard.occasions.lead", "Org", t.Org.Name, "Term", t.Term.Name, "Date", t.AsOf)}
	for _, o := range party.Occasions {
		row := dashboard.OccasionRow{Label: occasionName(ctx, o), Cell: dashboard.Cell{Value: report.Counts[o]},
			Share: ui.Percent(ctx, report.Counts[o], t.Counts[party.FigureAdmitted])}
		if all != "" {
			row.Cell.Href = withQuery(all, "occasion", occasionValue(o))
		}
		view.Rows = append(view.Rows, row)
	}
	page := s.pageOf(r, "dashboard.occasions.title").Under(ui.Crumb{Label: ui.T(ctx, "dashboard.title"),
		Href: address("/dashboard", "term", t.Term.Code, "org", orgValue(t.Org.OrgID), "as_of", queryText(r, "as_of"), "former", d.former)})
	return render(w, r, http.StatusOK, dashboard.Occasions(page, view))
}
