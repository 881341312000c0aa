package httpd

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/web/reorganisations"
	"ketnap/web/ui"
)

func (s *site) showReorganise(w http.ResponseWriter, r *http.Request) error {
	return s.renderReorganise(w, r, http.StatusOK, party.ActKind(queryText(r, "kind")), nil, nil)
}

// reorganise shows what an act would do, and carries it out once that was seen.
func (s *site) reorganise(w http.ResponseWriter, r *http.Request) error {
	ctx, v, f := r.Context(), viewerOf(r), formOf(r)
	o, tree, err := s.openForActs(r)
	if err != nil {
		return err
	}
	kind := party.ActKind(f.choice("kind", "alter", "move", "merge", "split", "end"))
	act := typedAct(f, o, kind)
	err = f.err()
	switch {
	case f.typed("do") == "edit":
		return s.renderReorganise(w, r, http.StatusOK, kind, f, nil)
	case err == nil && f.typed("do") == "carry":
		var id int64
		if id, err = s.Reorganisations.Carry(ctx, v, act); err == nil {
			if err := s.flash(w, r, ui.Good, "reorganisation.done"); err != nil {
				return err
			}
			return redirect(w, r, reorganisationPath(id))
		}
	case err == nil:
		var preview reorganisation.Preview
		if preview, err = s.Reorganisations.Preview(ctx, v, act); err == nil {
			return s.renderPreview(w, r, o, tree, act, preview)
		}
	}
	if isRefusal(err) {
		return s.renderReorganise(w, r, statusOf(err), kind, f, err)
	}
	return err
}

// typedAct decodes the form.
func typedAct(f *form, o organisation.Opened, kind party.ActKind) reorganisation.Act {
	act := reorganisation.Act{Key: f.key(), On: f.date("on"), Decision: typedActDecision(f), Grants: map[int64]int32{}}
	act.Kind, act.Orgs = kind, []int32{o.OrgID}
	switch kind {
	case party.AlterOrg:
		act.Become, act.CodesBelow = typedAttributes(f), f.checked("codes_below")
	case party.MoveOrgs, party.MergeOrgs:
		act.Into = f.organisation("into")
		for _, value := range f.values["with"] {
			if id := organisationOf(value); id != 0 {
				act.Orgs = append(act.Orgs, id)
			}
		}
		if act.Into == 0 && f.err() == nil {
			f.refuse("into", "reorganisation.error.into")
		}
	case party.SplitOrg:
		act.Goes, act.People, act.Rest = map[int32]int32{}, map[int64]int32{}, f.organisation("rest")
		for child := range f.filled(reorganisation.GoesPrefix) {
			act.Goes[organisationOf(child)] = f.organisation(reorganisation.GoesPrefix + child)
		}
		for who := range f.filled(reorganisation.WhoPrefix) {
			if id, err := strconv.ParseInt(who, 10, 64); err == nil {
				act.People[id] = f.organisation(reorganisation.WhoPrefix + who)
			}
		}
	}
	if f.typed("grants") == "keep" {
		act.RestGrant = act.Into
	}
	for grant := range f.named(grantPrefix) {
		if id, err := strconv.ParseInt(grant, 10, 64); err == nil {
			act.Grants[id] = f.organisation(grantPrefix + grant)
		}
	}
	return act
}

// grantPrefix begins the names of the fields that say where the grants at what ends go on.
const grantPrefix = "grant-"

func typedActDecision(f *form) reorganisation.Decision {
	return reorganisation.Decision{Number: f.text("number", longText), On: f.date("decided_on"), Issuer: f.text("issuer", longText)}
}

func typedAttributes(f *form) party.OrgAttributes {
	return party.OrgAttributes{Name: f.text("name", longText), Code: f.text("code", longText), Kind: party.OrgKind(f.typed("kind_now")), School: party.SchoolType(f.typed("school"))}
}

func (s *site) renderReorganise(w http.ResponseWriter, r *http.Request, status int, kind party.ActKind, sent *form, refusal error) error {
	ctx := r.Context()
	o, tree, err := s.openForActs(r)
	if err != nil {
		return err
	}
	kinds := actKinds(o)
	if !slices.Contains(kinds, kind) {
		kind = kinds[0]
	}
	if sent == nil {
		sent = presentForm(o)
	}
	a := &actForm{site: s, r: r, o: o, tree: tree, kind: kind, sent: sent, errs: actErrors(ui.ErrorsOf(ctx, refusal), kind)}
	path := reorganisePath(o.OrgID)
	a.view = reorganisations.FormView{Caption: o.Name, Title: ui.T(ctx, "reorganisation.form.title"), Lead: ui.T(ctx, leadOf(o, kind)),
		Cancel: organisationPath(o.OrgID), Form: ui.FormView{Action: path, Key: newKey(), Errors: a.errs, Hidden: []ui.Hidden{{Name: "kind", Value: string(kind)}}}}
	for name := range sent.named(grantPrefix) {
		a.view.Form.Hidden = append(a.view.Form.Hidden, ui.Hidden{Name: grantPrefix + name, Value: sent.typed(grantPrefix + name)})
	}
	for _, k := range kinds {
		a.view.Kinds = append(a.view.Kinds, ui.Tab{Label: ui.T(ctx, "reorganisation.kind."+string(k)), Href: address(path, "kind", string(k)), Current: k == kind})
	}
	if err := a.fill(); err != nil {
		return err
	}
	page := s.pageOf(r, "reorganisation.form.title").WithErrors(a.errs).Under(append(crumbsOf(ctx, o), ui.Crumb{Label: o.Name, Href: organisationPath(o.OrgID)})...)
	return render(w, r, status, reorganisations.Form(page, a.view))
}

// actKinds gives the acts that an organisation can be the matter of: the top stays where it is.
func actKinds(o organisation.Opened) []party.ActKind {
	if o.ParentID == 0 {
		return []party.ActKind{party.AlterOrg}
	}
	return party.ActKinds
}

func leadOf(o organisation.Opened, kind party.ActKind) string {
	if kind == party.SplitOrg && o.Kind.IsCell() {
		return "reorganisation.lead_kind.split_cell"
	}
	return "reorganisation.lead_kind." + string(kind)
}

// actErrors lets what is said of organisations stand where they were chosen.
func actErrors(errs ui.Errors, kind party.ActKind) ui.Errors {
	for i := range errs {
		switch {
		case errs[i].Name == "kind":
			errs[i].Name = "kind_now"
		case errs[i].Name == "orgs" && (kind == party.MoveOrgs || kind == party.MergeOrgs):
			errs[i].Name = "into"
		case errs[i].Name == "orgs" && kind == party.AlterOrg:
			errs[i].Name = "kind_now"
		case errs[i].Name == "orgs":
			errs[i].Name = "on"
		}
	}
	return errs
}

// isRefusal tells whether an error is to be shown with the form that caused it.
func isRefusal(err error) bool {
	kind := fault.KindOf(err)
	return err != nil && (kind == fault.Invalid || kind == fault.Conflict)
}

// named gives the ends of the names of the fields that begin with a prefix; filled gives those with a value.
func (f *form) named(prefix string) map[string]bool {
	out := map[string]bool{}
	for name := range f.values {
		if end, ok := strings.CutPrefix(name, prefix); ok {
			out[end] = true
		}
	}
	return out
}

func (f *form) filled(prefix string) map[string]bool {
	out := f.named(prefix)
	for end := range out {
		if f.typed(prefix+end) == "" {
			delete(out, end)
		}
	}
	return out
}
