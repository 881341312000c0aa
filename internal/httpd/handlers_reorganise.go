package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/web/reorganisations"
	"ketnap/web/ui"
)

func (s *site) showReorganise(w http.ResponseWriter, r *http.Request) error {
	return s.renderReorganise(w, r, http.StatusOK, party.ActKind(queryText(r, "kind")), &form{}, nil)
}

// reorganise shows what an act would do, and carries it out once that was seen.
func (s *site) reorganise(w http.ResponseWriter, r *http.Request) error {
	ctx, v, f := r.Context(), viewerOf(r), formOf(r)
	o, tree, err := s.openForActs(r)
	if err != nil {
		return err
	}
	kind := party.ActKind(f.choice("kind", "move", "merge", "split", "end"))
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
	act := reorganisation.Act{Key: f.key(), On: f.date("on"), KeepGrants: f.typed("grants") == "keep",
		Decision: reorganisation.Decision{Number: f.text("number", longText), On: f.date("decided_on"), Issuer: f.text("issuer", longText)}}
	act.Kind, act.Orgs = kind, []int32{o.OrgID}
	if kind == party.MoveOrgs || kind == party.MergeOrgs {
		act.Into = f.organisation("into")
		for _, value := range f.values["with"] {
			if id := organisationOf(value); id != 0 {
				act.Orgs = append(act.Orgs, id)
			}
		}
		if act.Into == 0 && f.err() == nil {
			f.refuse("into", "reorganisation.error.into")
		}
	}
	if kind == party.SplitOrg {
		act.Goes = map[int32]int32{}
		for name := range f.values {
			if child, ok := strings.CutPrefix(name, reorganisation.GoesPrefix); ok && f.typed(name) != "" {
				act.Goes[organisationOf(child)] = f.organisation(name)
			}
		}
	}
	return act
}

func (s *site) renderReorganise(w http.ResponseWriter, r *http.Request, status int, kind party.ActKind, sent *form, refusal error) error {
	ctx := r.Context()
	o, tree, err := s.openForActs(r)
	if err != nil {
		return err
	}
	if !slices.Contains(party.ActKinds, kind) {
		kind = party.MoveOrgs
	}
	errs := ui.ErrorsOf(ctx, refusal)
	for i := range errs { // what is said of organisations stands where they were chosen
		if errs[i].Name == "orgs" {
			errs[i].Name = map[party.ActKind]string{party.MoveOrgs: "into", party.MergeOrgs: "into"}[kind]
			if errs[i].Name == "" {
				errs[i].Name = "on"
			}
		}
	}
	path := reorganisePath(o.OrgID)
	view := reorganisations.FormView{Caption: o.Name, Title: ui.T(ctx, "reorganisation.form.title"), Lead: ui.T(ctx, "reorganisation.lead_kind."+string(kind)),
		Cancel: organisationPath(o.OrgID), Form: ui.FormView{Action: path, Key: newKey(), Errors: errs, Hidden: []ui.Hidden{{Name: "kind", Value: string(kind)}}}}
	for _, k := range party.ActKinds {
		view.Kinds = append(view.Kinds, ui.Tab{Label: ui.T(ctx, "reorganisation.kind."+string(k)), Href: address(path, "kind", string(k)), Current: k == kind})
	}
	field := func(name string) ui.Field {
		return ui.Field{Name: name, Label: ui.T(ctx, "reorganisation.field."+name), Value: sent.typed(name), Error: errs.For(name)}
	}
	view.On, view.Number, view.DecidedOn, view.Issuer = field("on"), field("number"), field("decided_on"), field("issuer")
	view.On.Hint = ui.T(ctx, "reorganisation.field.on_hint")
	view.Number.Width, view.Number.MaxLength, view.Issuer.MaxLength = ui.Medium, 60, 200
	s.fillActChoices(r, tree, o, kind, sent, field, &view)
	page := s.pageOf(r, "reorganisation.form.title").WithErrors(errs).Under(append(crumbsOf(ctx, o), ui.Crumb{Label: o.Name, Href: organisationPath(o.OrgID)})...)
	return render(w, r, status, reorganisations.Form(page, view))
}

// fillActChoices offers where what the act is about may go.
func (s *site) fillActChoices(r *http.Request, tree *organisation.Snapshot, o organisation.Opened, kind party.ActKind, sent *form, field func(string) ui.Field, view *reorganisations.FormView) {
	ctx := r.Context()
	goals := func(fits func(organisation.Org) bool) (options []ui.Option, hint string) {
		list, cut := tree.Choice(viewerOf(r), access.OrganisationsEdit, o.ParentID, mostChoices)
		list = slices.DeleteFunc(list, func(g organisation.Org) bool { return slices.Contains(g.Path, o.OrgID) || !fits(g) })
		return orgChoice(list), choiceHint(ctx, cut)
	}
	choose := func(name, label string, options []ui.Option, hint string) ui.ChoiceField {
		c := ui.ChoiceField{Field: field(name), Options: options, Empty: ui.T(ctx, "organisations.choose")}
		c.Label, c.Hint = label, hint
		return c
	}
	switch kind {
	case party.MoveOrgs:
		options, hint := goals(func(g organisation.Org) bool { return g.OrgID != o.ParentID && g.Kind.MayContain(o.Kind) })
		view.Into = choose("into", ui.T(ctx, "reorganisation.field.into"), options, hint)
	case party.MergeOrgs:
		options, hint := goals(func(g organisation.Org) bool {
			return g.Kind.IsCell() == o.Kind.IsCell() && (g.Kind == party.PartyGroup) == (o.Kind == party.PartyGroup) && !slices.Contains(o.Path, g.OrgID)
		})
		view.Into = choose("into", ui.T(ctx, "reorganisation.field.merge_into"), options, hint)
		view.Grants = ui.ChoiceField{Field: field("grants"), Options: []ui.Option{
			{Value: "end", Label: ui.T(ctx, "reorganisation.grants.end")}, {Value: "keep", Label: ui.T(ctx, "reorganisation.grants.keep")}}}
		if view.Grants.Value == "" {
			view.Grants.Value = "end"
		}
	case party.SplitOrg:
		for _, c := range o.Children {
			options, hint := goals(func(g organisation.Org) bool { return g.Kind.MayContain(c.Kind) })
			view.Goes = append(view.Goes, choose(reorganisation.GoesField(c.OrgID), c.Name, options, hint))
		}
		if len(o.Children) == 0 {
			view.Nowhere = ui.T(ctx, "reorganisation.nowhere.split")
		}
	}
	if kind == party.MoveOrgs || kind == party.MergeOrgs {
		view.With = ui.ChecklistField{Field: field("with"), Chosen: sent.values["with"]}
		view.With.Optional = true
		for _, id := range tree.Children(o.ParentID) {
			if sibling, _ := tree.Of(id); id != o.OrgID && sibling.Kind == o.Kind {
				view.With.Options = append(view.With.Options, ui.Option{Value: orgValue(id), Label: sibling.Name})
			}
		}
		if len(view.Into.Options) == 0 {
			view.Nowhere = ui.T(ctx, "reorganisation.nowhere."+string(kind))
		}
	}
}

// renderPreview shows what an act would do; everything typed goes along.
func (s *site) renderPreview(w http.ResponseWriter, r *http.Request, o organisation.Opened, tree *organisation.Snapshot, act reorganisation.Act, p reorganisation.Preview) error {
	ctx := r.Context()
	view := reorganisations.PreviewView{Caption: o.Name, Title: ui.T(ctx, "reorganisation.preview_title"),
		Form: ui.FormView{Action: reorganisePath(o.OrgID), Key: act.Key}}
	for name, values := range r.PostForm {
		if name == "do" || strings.HasPrefix(name, "_") {
			continue
		}
		for _, value := range values {
			view.Form.Hidden = append(view.Form.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	l := &pairList{ctx: ctx}
	l.text("reorganisation.what", ui.T(ctx, "reorganisation.kind."+string(act.Kind)))
	l.day("reorganisation.on", act.On)
	l.text("reorganisation.decision", decisionWords(ctx, act.Decision))
	for _, fact := range []struct {
		key string
		n   int
	}{{"reorganisation.facts.orgs", p.Orgs}, {"reorganisation.facts.people", p.People}, {"reorganisation.facts.members", p.Members},
		{"reorganisation.facts.dossiers", p.Dossiers}, {"reorganisation.facts.papers", p.Papers}, {"reorganisation.facts.accounts", p.Accounts}} {
		l.text(fact.key, strconv.Itoa(fact.n))
	}
	view.Facts, view.Items = l.pairs, previewItems(ctx, tree, p.Plan)
	page := s.pageOf(r, "reorganisation.preview_title").Under(append(crumbsOf(ctx, o), ui.Crumb{Label: o.Name, Href: organisationPath(o.OrgID)})...)
	return render(w, r, http.StatusOK, reorganisations.Preview(page, view))
}

func previewItems(ctx context.Context, tree *organisation.Snapshot, plan party.Reordering) []reorganisations.Item {
	var out []reorganisations.Item
	for _, id := range plan.Touched() {
		was, _ := tree.Of(id)
		item := reorganisation.Item{Name: was.Name, From: orgName(tree, was.ParentID)}
		if to, ok := plan.Parents[id]; ok {
			item.To = orgName(tree, to)
		}
		if to, ok := plan.Carried[id]; ok {
			item.Carried = orgName(tree, to)
		}
		out = append(out, reorganisations.Item{Name: item.Name, From: item.From, To: actGoal(ctx, item), Href: organisationPath(id)})
	}
	return out
}

// isRefusal tells whether an error is to be shown with the form that caused it.
func isRefusal(err error) bool {
	kind := fault.KindOf(err)
	return err != nil && (kind == fault.Invalid || kind == fault.Conflict)
}
