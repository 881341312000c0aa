package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/review"
	"ketnap/web/reviews"
	"ketnap/web/ui"
)

func reviewPath(id int64) string { return fmt.Sprintf("/reviews/%d", id) }

func newReviewPath(orgID int32) string { return address("/reviews/new", "org", orgValue(orgID)) }

func reviewsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "reviews.title"), Href: "/reviews"}
}

func (s *site) showReviews(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	after, err := keyset.Parse(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	orgID := queryOrg(r)
	board, err := s.Reviews.Board(ctx, v, orgID, after)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := reviews.BoardView{Unknown: queryOnly(r, "after", "org"), Org: orgValue(orgID)}
	orgs, cut := tree.Choice(v, access.ReviewsRead, orgID, mostChoices)
	view.Orgs, view.OrgHint = orgChoice(orgs), choiceHint(ctx, cut)
	if v.May(access.ReviewsEdit) {
		view.Start = "/reviews/new"
	}
	if after == (review.Cursor{}) && board.Rule.ID != "" {
		fillOverdue(ctx, v, tree, board, &view)
	}
	for _, d := range board.Drafts {
		view.Drafts = append(view.Drafts, reviews.DraftRow{Href: reviewPath(d.ID), Cell: orgName(tree, d.OrgID), Period: reviewPeriod(ctx, d.Fields), MetOn: ui.Date(ctx, d.MetOn)})
	}
	for _, l := range board.Held {
		view.Held = append(view.Held, reviews.HeldRow{Href: reviewPath(l.ID), MetOn: ui.Date(ctx, l.MetOn), Cell: orgName(tree, l.OrgID), Period: reviewPeriod(ctx, l.Fields),
			Kept: ui.Number(ctx, l.Kept), Added: ui.Number(ctx, l.Added), Dropped: ui.Number(ctx, l.Dropped)})
	}
	if after != (review.Cursor{}) {
		view.Pager.First = address("/reviews", "org", view.Org)
	}
	if next := board.Next.String(); next != "" {
		view.Pager.Next = address("/reviews", "org", view.Org, "after", next)
	}
	return render(w, r, http.StatusOK, reviews.Board(s.pageOf(r, "reviews.title"), view))
}

func fillOverdue(ctx context.Context, v access.Viewer, tree *organisation.Snapshot, board review.Board, view *reviews.BoardView) {
	view.Lead = ui.T(ctx, "reviews.overdue.none")
	if len(board.Overdue) > 0 {
		view.Lead = ui.T(ctx, "reviews.overdue.lead", "Months", board.Rule.Value)
	}
	for _, o := range board.Overdue {
		org, _ := tree.Known(o.OrgID)
		row := reviews.OverdueRow{Cell: org.Name, Candidates: ui.Number(ctx, o.Candidates), Last: ui.T(ctx, "reviews.overdue.never"), Since: ui.Date(ctx, o.Since), Secretary: o.Secretary}
		if !o.Last.IsZero() {
			row.Last = ui.Date(ctx, o.Last)
		}
		if v.MayIn(access.ReviewsEdit, org.Path) {
			row.Href = newReviewPath(o.OrgID)
		}
		view.Overdue = append(view.Overdue, row)
	}
	if len(board.Overdue) == review.MaxOverdue {
		view.More = ui.T(ctx, "reviews.overdue.more", "Max", review.MaxOverdue)
	}
}

func orgName(tree *organisation.Snapshot, id int32) string {
	o, _ := tree.Known(id)
	return o.Name
}

// queryOrg gives the organisation of the address, 0 when it is absent or none.
func queryOrg(r *http.Request) int32 {
	if id := queryID(r, "org"); id < 1<<31 {
		return int32(id)
	}
	return 0
}

// showNewReview begins a review of the chosen cell, or goes on with its draft. Whoever reviews in one
// cell only is not asked which.
func (s *site) showNewReview(w http.ResponseWriter, r *http.Request) error {
	ctx, v, orgID := r.Context(), viewerOf(r), queryOrg(r)
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	list, cut := tree.Choice(v, access.ReviewsEdit, orgID, mostChoices)
	if orgID == 0 && !cut {
		orgID = onlyCell(list)
	}
	if o, ok := tree.Of(orgID); orgID == 0 || ok && !o.Kind.IsCell() && v.MayIn(access.ReviewsEdit, o.Path) {
		view := reviews.ChooseView{Org: orgValue(orgID), Orgs: orgChoice(list), Hint: choiceHint(ctx, cut), None: orgID != 0}
		return render(w, r, http.StatusOK, reviews.Choose(s.pageOf(r, "reviews.new.title").Under(reviewsCrumb(ctx)), view))
	}
	sheet, err := s.Reviews.NewSheet(ctx, v, orgID, queryDate(r, "on"))
	if err != nil {
		return err
	}
	if sheet.ID != 0 {
		return redirect(w, r, address(reviewPath(sheet.ID), "on", queryDate(r, "on").String()))
	}
	return s.renderSheet(w, r, http.StatusOK, sheet, sheetView(ctx, sheet))
}

// onlyCell gives the cell of a scope that has one cell, else 0.
func onlyCell(list []organisation.Org) (id int32) {
	for _, o := range list {
		if !o.Kind.IsCell() {
			continue
		}
		if id != 0 {
			return 0
		}
		id = o.OrgID
	}
	return id
}

// showReview shows a held review, and the sheet of a draft to whoever may fill it in.
func (s *site) showReview(w http.ResponseWriter, r *http.Request) error {
	o, err := s.openReview(r)
	if err != nil {
		return err
	}
	if o.State == review.Held || !o.MayEdit {
		return s.renderReview(w, r, o)
	}
	sheet, err := s.Reviews.Sheet(r.Context(), viewerOf(r), o.ID, queryDate(r, "on"))
	if err != nil {
		return err
	}
	return s.renderSheet(w, r, http.StatusOK, sheet, sheetView(r.Context(), sheet))
}

func (s *site) openReview(r *http.Request) (review.Opened, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return review.Opened{}, err
	}
	return s.Reviews.Get(r.Context(), viewerOf(r), id)
}

func (s *site) renderSheet(w http.ResponseWriter, r *http.Request, status int, sheet review.Sheet, view reviews.SheetView) error {
	view.Unknown = queryOnly(r, "org", "on")
	view.Periods = periodOptions(r.Context(), s.Today(), sheet.Fields)
	if viewerOf(r).MayIn(access.AchievementsEdit, sheet.Org.Path) {
		view.Results = gridPath(sheet.OrgID)
	}
	page := s.pageOf(r, "reviews.new.title").WithErrors(view.Form.Errors).Under(reviewsCrumb(r.Context()))
	return render(w, r, status, reviews.Sheet(page, view))
}

func (s *site) saveNewReview(w http.ResponseWriter, r *http.Request) error {
	sheet, err := s.Reviews.NewSheet(r.Context(), viewerOf(r), queryOrg(r), party.Date{})
	if err != nil {
		return err
	}
	return s.saveSheet(w, r, sheet, 0)
}

func (s *site) saveReview(w http.ResponseWriter, r *http.Request) error {
	o, err := s.openReview(r)
	if err != nil {
		return err
	}
	if !o.MayEdit {
		return errForbidden
	}
	if o.State == review.Held {
		return fault.NewConflict("reviews.error.held")
	}
	sheet, err := s.Reviews.Sheet(r.Context(), viewerOf(r), o.ID, party.Date{})
	if err != nil {
		return err
	}
	return s.saveSheet(w, r, sheet, o.ID)
}

// saveSheet keeps the draft, or holds the review; sheet is the one that is kept, id that which was sent.
func (s *site) saveSheet(w http.ResponseWriter, r *http.Request, sheet review.Sheet, id int64) error {
	ctx, f := r.Context(), formOf(r)
	in := review.Save{Key: f.key(), ID: id, Version: f.version(), Fields: typedReview(f), Entries: typedEntries(f), Hold: f.typed("do") == "hold", Confirmed: f.checked("confirmed")}
	in.Fields.OrgID = sheet.OrgID
	err := f.err()
	if err == nil {
		id, err = s.Reviews.Save(ctx, viewerOf(r), in)
	}
	if err == nil {
		return s.reviewSaved(w, r, id, in)
	}
	if !asksAgain(err) {
		return err
	}
	refusal := err
	if sheet, err = s.sheetAgain(r, sheet, in.Fields.MetOn); err != nil {
		return err
	}
	view := sheetView(ctx, sheet)
	refillSheet(ctx, &view, f, refusal)
	if fault.KindOf(refusal) != fault.Conflict {
		view.Form.Version = f.version()
	}
	return s.renderSheet(w, r, statusOf(refusal), sheet, view)
}

// sheetAgain reads a sheet anew as of the day that was typed.
func (s *site) sheetAgain(r *http.Request, sheet review.Sheet, day party.Date) (review.Sheet, error) {
	if sheet.ID == 0 {
		return s.Reviews.NewSheet(r.Context(), viewerOf(r), sheet.OrgID, day)
	}
	return s.Reviews.Sheet(r.Context(), viewerOf(r), sheet.ID, day)
}

func (s *site) reviewSaved(w http.ResponseWriter, r *http.Request, id int64, in review.Save) error {
	if !in.Hold {
		if err := s.flash(w, r, ui.Good, "reviews.saved"); err != nil {
			return err
		}
		on := ""
		if formOf(r).typed("do") == "day" {
			on = in.Fields.MetOn.String()
		}
		return redirect(w, r, address(reviewPath(id), "on", on))
	}
	count := map[party.ReviewOutcome]int{}
	for _, e := range in.Entries {
		count[e.Outcome]++
	}
	err := s.flash(w, r, ui.Good, "reviews.held", "Kept", count[party.ReviewKeep], "Added", count[party.ReviewAdd], "Dropped", count[party.ReviewDrop])
	if err != nil {
		return err
	}
	return redirect(w, r, reviewPath(id))
}

func typedReview(f *form) review.Fields {
	out := review.Fields{MetOn: f.date("met_on"), MinutesNo: f.text("minutes_no", longText), ResolutionNo: f.text("resolution_no", longText), ResolutionOn: f.date("resolution_on")}
	year, half, _ := strings.Cut(f.typed("period"), "-")
	n, yearErr := strconv.Atoi(year)
	h, halfErr := strconv.Atoi(half)
	if yearErr != nil || halfErr != nil {
		f.refuse("period", "errors.choice")
	}
	out.Year, out.Half = n, party.Semester(h)
	return out
}

func typedEntries(f *form) []review.Entry {
	var list []review.Entry
	for _, p := range f.values["person"] {
		id, err := strconv.ParseInt(p, 10, 64)
		if err != nil || len(list) > review.MaxPeople {
			continue
		}
		list = append(list, review.Entry{PersonID: id, Outcome: party.ReviewOutcome(f.typed("outcome_" + p)), Reason: f.typed("reason_" + p)})
	}
	return list
}
