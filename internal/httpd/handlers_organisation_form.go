package httpd

import (
	"context"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/web/organisations"
	"ketnap/web/ui"
)

// Bounds of typed texts; the use case has its own, nearer ones.
const longText = 500

func (s *site) showNewOrganisation(w http.ResponseWriter, r *http.Request) error {
	view := organisations.FormView{Form: ui.FormView{Action: "/organisations/new", Key: newKey()}, Parent: queryText(r, "parent")}
	return s.renderNewOrganisation(w, r, http.StatusOK, view)
}

func (s *site) renderNewOrganisation(w http.ResponseWriter, r *http.Request, status int, view organisations.FormView) error {
	ctx := r.Context()
	parents, _, err := s.Organisations.Tree(ctx, viewerOf(r), s.Today())
	if err != nil {
		return err
	}
	for _, o := range parents {
		if o.Kind != party.PartyGroup && viewerOf(r).MayIn(access.OrganisationsEdit, o.Path) {
			view.Parents = append(view.Parents, orgOption(o, parents[0].Depth()))
		}
	}
	view.Title, view.Submit, view.Cancel = ui.T(ctx, "organisations.new.title"), ui.T(ctx, "organisations.save"), "/organisations"
	view.FromWhy, view.Founds = ui.T(ctx, "organisations.from_new"), true
	page := s.pageOf(r, "organisations.new.title").WithErrors(view.Form.Errors).Under(ui.Crumb{Label: ui.T(ctx, "organisations.title"), Href: "/organisations"})
	return render(w, r, status, organisations.Edit(page, withChoices(ctx, view)))
}

// orgOption is an organisation in a choice, indented by its depth below the first.
func orgOption(o organisation.Org, top int) ui.Option {
	label := o.Name
	for range o.Depth() - top {
		label = "\u2003" + label
	}
	return ui.Option{Value: orgValue(o.OrgID), Label: label}
}

func orgValue(id int32) string { return strconv.Itoa(int(id)) }

func withChoices(ctx context.Context, view organisations.FormView) organisations.FormView {
	view.Kinds, view.Schools = kindOptions(ctx), schoolOptions(ctx)
	return view
}

func kindOptions(ctx context.Context) (out []ui.Option) {
	for _, k := range party.OrgKinds {
		out = append(out, ui.Option{Value: string(k), Label: kindName(ctx, k)})
	}
	return out
}

func schoolOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: schoolName(ctx, party.SchoolNone)}}
	for _, t := range party.SchoolTypes {
		out = append(out, ui.Option{Value: string(t), Label: schoolName(ctx, t)})
	}
	return out
}

// typedOrganisation decodes the form and gives the view with everything as typed.
func typedOrganisation(r *http.Request) (reorganisation.Foundation, organisations.FormView, error) {
	f := formOf(r)
	in := reorganisation.Foundation{Key: f.key(), Decision: typedActDecision(f), Details: organisation.Details{Name: f.text("name", longText), Code: f.text("code", longText),
		Kind: party.OrgKind(f.typed("kind")), School: party.SchoolType(f.typed("school")), ParentID: f.organisation("parent"), From: f.date("from")}}
	return in, organisations.FormView{Parent: f.typed("parent"), Name: f.typed("name"), Code: f.typed("code"), Kind: f.typed("kind"), School: f.typed("school"),
		From: f.typed("from"), Number: f.typed("number"), DecidedOn: f.typed("decided_on"), Issuer: f.typed("issuer")}, f.err()
}

func (s *site) createOrganisation(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, view, err := typedOrganisation(r)
	var id int32
	if err == nil {
		id, _, err = s.Reorganisations.Found(ctx, viewerOf(r), in)
	}
	if fault.KindOf(err) == fault.Invalid && err != nil {
		view.Form = ui.FormView{Action: "/organisations/new", Key: in.Key, Errors: ui.ErrorsOf(ctx, err)}
		return s.renderNewOrganisation(w, r, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "organisations.created", "Name", in.Name); err != nil {
		return err
	}
	return redirect(w, r, organisationPath(id))
}

func (s *site) showEditOrganisation(w http.ResponseWriter, r *http.Request) error {
	o, err := s.openOrganisation(r)
	if err != nil {
		return err
	}
	if !o.MayEdit {
		return errForbidden
	}
	newest := o.Versions[0]
	view := organisations.FormView{Name: newest.Name, Code: newest.Code, Kind: string(newest.Kind), School: string(newest.School),
		Form: ui.FormView{Key: newKey(), Version: int(newest.Version())}}
	return s.renderEditOrganisation(w, r, http.StatusOK, o, view)
}

func (s *site) renderEditOrganisation(w http.ResponseWriter, r *http.Request, status int, o organisation.Opened, view organisations.FormView) error {
	ctx := r.Context()
	path := organisationPath(o.OrgID)
	view.Form.Action = path + "/edit"
	view.Title, view.Caption, view.Submit, view.Cancel = ui.T(ctx, "organisations.edit.title"), o.Name, ui.T(ctx, "organisations.save"), path
	view.Lead = ui.T(ctx, "organisations.edit.lead", "Date", o.Versions[0].From)
	view.Act = ui.LinkView{Label: ui.T(ctx, "organisations.edit.act"), Href: reorganisePath(o.OrgID)}
	page := s.pageOf(r, "organisations.edit.title").WithErrors(view.Form.Errors).
		Under(append(crumbsOf(ctx, o), ui.Crumb{Label: o.Name, Href: path})...)
	return render(w, r, status, organisations.Edit(page, withChoices(ctx, view)))
}

func (s *site) editOrganisation(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return err
	}
	f := formOf(r)
	in, view, err := typedOrganisation(r)
	if err == nil {
		err = s.Organisations.Edit(ctx, viewerOf(r), organisation.Edit{Key: f.key(), OrgID: id, Version: int64(f.version()),
			OrgAttributes: party.OrgAttributes{Name: in.Name, Code: in.Code, Kind: in.Kind, School: in.School}})
	}
	if err == nil {
		if err := s.flash(w, r, ui.Good, "organisations.saved", "Name", in.Name); err != nil {
			return err
		}
		return redirect(w, r, organisationPath(id))
	}
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	o, openErr := s.openOrganisation(r)
	if openErr != nil {
		return openErr
	}
	view.Form = ui.FormView{Key: newKey(), Version: f.version(), Errors: ui.ErrorsOf(ctx, err)}
	if kind == fault.Conflict {
		view.Form.Version = int(o.Versions[0].Version())
		view.Stored = storedOrganisation(ctx, o.Versions[0])
	}
	return s.renderEditOrganisation(w, r, statusOf(err), o, view)
}

func storedOrganisation(ctx context.Context, o organisation.Org) []ui.Pair {
	return []ui.Pair{
		{Label: ui.T(ctx, "organisations.name"), Text: o.Name},
		{Label: ui.T(ctx, "organisations.code"), Text: o.Code},
		{Label: ui.T(ctx, "organisations.kind_label"), Text: kindName(ctx, o.Kind)},
		{Label: ui.T(ctx, "organisations.school"), Text: schoolName(ctx, o.School)},
	}
}
