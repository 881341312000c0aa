package httpd

import (
	"context"
	"net/http"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/review"
	"ketnap/web/reviews"
	"ketnap/web/ui"
)

func (s *site) renderReview(w http.ResponseWriter, r *http.Request, o review.Opened) error {
	ctx := r.Context()
	v := reviews.OneView{Cell: o.Org.Name, Title: reviewTitle(ctx, o), Draft: o.State == review.Draft,
		Pairs: []ui.Pair{{Label: ui.T(ctx, "reviews.page.met_on"), Text: ui.Date(ctx, o.MetOn)}, {Label: ui.T(ctx, "reviews.sheet.minutes_no"), Text: o.MinutesNo},
			{Label: ui.T(ctx, "reviews.sheet.resolution_no"), Text: o.ResolutionNo}, {Label: ui.T(ctx, "reviews.sheet.resolution_on"), Text: ui.Date(ctx, o.ResolutionOn)}},
		Added: saidRows(ctx, o.Of(party.ReviewAdd)), Dropped: saidRows(ctx, o.Of(party.ReviewDrop)), Kept: saidRows(ctx, o.Of(party.ReviewKeep))}
	if !v.Draft {
		v.Minutes, v.Resolution = reviewPath(o.ID)+"/minutes", reviewPath(o.ID)+"/resolution"
	}
	page := s.pageOf(r, "reviews.title").Titled(v.Title).Under(reviewsCrumb(ctx))
	return render(w, r, http.StatusOK, reviews.One(page, v))
}

func reviewTitle(ctx context.Context, o review.Opened) string {
	return ui.T(ctx, "reviews.new.title") + ", " + reviewPeriod(ctx, o.Fields)
}

func saidRows(ctx context.Context, list []review.Person) []reviews.Row {
	var rows []reviews.Row
	for _, p := range list {
		rows = append(rows, reviews.Row{Href: personPath(p.PersonID), Name: p.FullName, Born: ui.Date(ctx, p.BirthDate), Class: p.ClassName,
			Age: ui.Number(ctx, p.Age), Study: studyOrDash(ctx, p.Study), Stage: p.Stage, Reason: p.Reason})
	}
	return rows
}

// paperOf begins a paper of a held review; of a draft there is none.
func (s *site) paperOf(r *http.Request) (review.Opened, reviews.PaperView, error) {
	ctx := r.Context()
	o, err := s.openReview(r)
	if err != nil {
		return o, reviews.PaperView{}, err
	}
	if o.State == review.Draft {
		return o, reviews.PaperView{}, fault.NewNotFound("reviews.error.not_found")
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return o, reviews.PaperView{}, err
	}
	return o, reviews.PaperView{Cell: o.Org.Name, Above: aboveOf(tree, o.Org), Date: ui.Date(ctx, o.MetOn),
		Period: ui.T(ctx, "reviews.paper.period", "Period", reviewPeriod(ctx, o.Fields))}, nil
}

// aboveOf names what stands directly above a cell.
func aboveOf(tree *organisation.Snapshot, org organisation.Org) string {
	return orgName(tree, org.ParentID)
}

func paperPart(ctx context.Context, o review.Opened, outcome party.ReviewOutcome, id string) reviews.Part {
	rows := saidRows(ctx, o.Of(outcome))
	return reviews.Part{ID: id, Title: ui.T(ctx, "reviews.paper."+id, "Count", len(rows)), Rows: rows, Reasons: outcome == party.ReviewDrop}
}

func (s *site) showMinutes(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	o, v, err := s.paperOf(r)
	if err != nil {
		return err
	}
	v.Number, v.Title = o.MinutesNo, ui.T(ctx, "reviews.paper.minutes")
	v.Lead = ui.T(ctx, "reviews.paper.opened", "Date", o.MetOn, "Cell", o.Org.Name, "Count", len(o.People))
	v.Parts = []reviews.Part{paperPart(ctx, o, party.ReviewAdd, "added"), paperPart(ctx, o, party.ReviewDrop, "dropped"), paperPart(ctx, o, party.ReviewKeep, "kept")}
	v.Signed = []string{ui.T(ctx, "reviews.paper.clerk"), ui.T(ctx, "reviews.paper.chair")}
	return s.renderPaper(w, r, o, v)
}

func (s *site) showResolution(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	o, v, err := s.paperOf(r)
	if err != nil {
		return err
	}
	v.Number, v.Title = o.ResolutionNo, ui.T(ctx, "reviews.paper.resolution")
	if !o.ResolutionOn.IsZero() {
		v.Date = ui.Date(ctx, o.ResolutionOn)
	}
	v.Lead = ui.T(ctx, "reviews.paper.decides", "Date", o.MetOn, "Cell", o.Org.Name)
	v.Parts = []reviews.Part{paperPart(ctx, o, party.ReviewAdd, "added"), paperPart(ctx, o, party.ReviewDrop, "dropped")}
	v.Copies, v.Signed = ui.T(ctx, "reviews.paper.copies"), []string{ui.T(ctx, "reviews.paper.secretary")}
	return s.renderPaper(w, r, o, v)
}

func (s *site) renderPaper(w http.ResponseWriter, r *http.Request, o review.Opened, v reviews.PaperView) error {
	ctx := r.Context()
	if v.Number == "" {
		v.Number = "…………"
	}
	page := s.pageOf(r, "reviews.title").Titled(v.Title).Under(reviewsCrumb(ctx), ui.Crumb{Label: reviewTitle(ctx, o), Href: reviewPath(o.ID)})
	return render(w, r, http.StatusOK, reviews.Paper(page, v))
}

// studyOrDash names a study result, or says that none was known.
func studyOrDash(ctx context.Context, r party.Rating) string {
	if r == party.RatingUnknown {
		return ui.T(ctx, "reviews.paper.unknown")
	}
	return studyName(ctx, r)
}
