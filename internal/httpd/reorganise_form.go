package httpd

import (
	"net/http"
	"net/url"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/web/reorganisations"
	"ketnap/web/ui"
)

// actForm puts together what an act asks, with what was typed.
type actForm struct {
	*site
	r    *http.Request
	o    organisation.Opened
	tree *organisation.Snapshot
	kind party.ActKind
	sent *form
	errs ui.Errors
	view reorganisations.FormView
}

// presentForm is an untouched form: what can be altered stands in it as it is.
func presentForm(o organisation.Opened) *form {
	return &form{values: url.Values{"name": {o.Name}, "code": {o.Code}, "kind_now": {string(o.Kind)}, "school": {string(o.School)}}}
}

func (a *actForm) t(key string, args ...any) string { return ui.T(a.r.Context(), key, args...) }

func (a *actForm) field(name string) ui.Field {
	return ui.Field{Name: name, Label: a.t("reorganisation.field." + name), Value: a.sent.typed(name), Error: a.errs.For(name)}
}

func (a *actForm) fill() error {
	v := &a.view
	v.On, v.Number, v.DecidedOn, v.Issuer = a.field("on"), a.field("number"), a.field("decided_on"), a.field("issuer")
	v.Number.Width, v.Number.MaxLength, v.Issuer.MaxLength = ui.Medium, 60, 200
	if a.kind != party.AlterOrg {
		v.On.Hint = a.t("reorganisation.field.on_hint")
	}
	switch {
	case a.kind == party.AlterOrg:
		a.attributes()
	case a.kind == party.MoveOrgs, a.kind == party.MergeOrgs:
		a.goal()
	case a.kind == party.SplitOrg && a.o.Kind.IsCell():
		return a.people()
	case a.kind == party.SplitOrg:
		a.children()
	}
	return nil
}

func (a *actForm) attributes() {
	ctx, v := a.r.Context(), &a.view
	v.Attributes = true
	v.Name, v.Code = a.field("name"), a.field("code")
	v.Name.Label, v.Code.Label = a.t("organisations.name"), a.t("organisations.code")
	v.Name.MaxLength, v.Code.MaxLength, v.Code.Width = 200, 40, ui.Medium
	v.Kind = ui.ChoiceField{Field: a.field("kind_now"), Options: kindOptions(ctx)}
	v.School = ui.ChoiceField{Field: a.field("school"), Options: schoolOptions(ctx)}
	v.Kind.Label, v.School.Label = a.t("organisations.kind_label"), a.t("organisations.school")
	v.CodesBelow = ui.CheckboxField{Field: a.field("codes_below"), Checked: a.sent.checked("codes_below")}
	v.CodesBelow.Hint = a.t("reorganisation.field.codes_below_hint", "Code", a.o.Code)
}

// goals offers what of the viewer's scope fits as the place where something goes.
func (a *actForm) goals(fits func(organisation.Org) bool) (options []ui.Option, hint string) {
	list, cut := a.tree.Choice(viewerOf(a.r), access.OrganisationsEdit, a.o.ParentID, mostChoices)
	list = slices.DeleteFunc(list, func(g organisation.Org) bool { return slices.Contains(g.Path, a.o.OrgID) || !fits(g) })
	return orgChoice(list), choiceHint(a.r.Context(), cut)
}

func (a *actForm) choose(name, label string, options []ui.Option, hint string) ui.ChoiceField {
	c := ui.ChoiceField{Field: a.field(name), Options: options, Empty: a.t("organisations.choose")}
	c.Label, c.Hint = label, hint
	return c
}

// goal asks where what moves or is merged goes, and what goes along.
func (a *actForm) goal() {
	o, v := a.o, &a.view
	if a.kind == party.MoveOrgs {
		options, hint := a.goals(func(g organisation.Org) bool { return g.OrgID != o.ParentID && g.Kind.MayContain(o.Kind) })
		v.Into = a.choose("into", a.t("reorganisation.field.into"), options, hint)
	} else {
		options, hint := a.goals(func(g organisation.Org) bool {
			return g.Kind.IsCell() == o.Kind.IsCell() && (g.Kind == party.PartyGroup) == (o.Kind == party.PartyGroup) && !slices.Contains(o.Path, g.OrgID)
		})
		v.Into = a.choose("into", a.t("reorganisation.field.merge_into"), options, hint)
		v.Grants = ui.ChoiceField{Field: a.field("grants"), Options: []ui.Option{
			{Value: "end", Label: a.t("reorganisation.grants.end")}, {Value: "keep", Label: a.t("reorganisation.grants.keep")}}}
		v.Grants.Hint = a.t("reorganisation.grants.hint")
		if v.Grants.Value == "" {
			v.Grants.Value = "end"
		}
	}
	if len(v.Into.Options) == 0 {
		v.Nowhere = a.t("reorganisation.nowhere." + string(a.kind))
	}
	v.With = ui.ChecklistField{Field: a.field("with"), Chosen: a.sent.values["with"]}
	v.With.Optional = true
	for _, id := range a.tree.Children(o.ParentID) {
		if sibling, _ := a.tree.Of(id); id != o.OrgID && sibling.Kind == o.Kind {
			v.With.Options = append(v.With.Options, ui.Option{Value: orgValue(id), Label: sibling.Name})
		}
	}
}

// children asks where each of what stands below a committee goes that is split.
func (a *actForm) children() {
	for _, c := range a.o.Children {
		options, hint := a.goals(func(g organisation.Org) bool { return g.Kind.MayContain(c.Kind) })
		a.view.Goes = append(a.view.Goes, a.choose(reorganisation.GoesField(c.OrgID), c.Name, options, hint))
	}
	if len(a.o.Children) == 0 {
		a.view.Nowhere = a.t("reorganisation.nowhere.split")
	}
}

// people asks in which cell each of the people of a cell goes on that is split.
func (a *actForm) people() error {
	ctx, v := a.r.Context(), &a.view
	list, err := a.Reorganisations.People(ctx, viewerOf(a.r), a.o.Org)
	if fault.KindOf(err) == fault.Forbidden && err != nil {
		v.Nowhere = a.t("reorganisation.nowhere.unseen")
		return nil
	}
	if err != nil {
		return err
	}
	options, hint := a.goals(func(g organisation.Org) bool { return g.Kind.IsCell() })
	switch {
	case len(options) == 0:
		v.Nowhere = a.t("reorganisation.nowhere.cells")
	case len(list) == 0:
		v.Nowhere = a.t("reorganisation.nowhere.nobody")
	case len(list) > reorganisation.MaxPeople:
		v.Nowhere = a.t("reorganisation.nowhere.too_many", "Max", reorganisation.MaxPeople)
	}
	v.Cells = append([]ui.Option{{Value: orgValue(a.o.OrgID), Label: a.t("reorganisation.stay", "Name", a.o.Name)}}, options...)
	v.Form.Wide = true
	v.Rest = a.choose("rest", a.t("reorganisation.field.rest"), v.Cells, hint)
	v.Rest.Empty = a.t("reorganisation.field.rest_none")
	for _, p := range list {
		name := reorganisation.WhoField(p.ID)
		v.People = append(v.People, reorganisations.Person{Name: p.Name, Stage: p.Stage, Class: p.Class, Field: ui.RowField{Name: name, Of: p.Name,
			Label: a.t("reorganisation.goes_on"), Value: a.sent.typed(name), Error: a.errs.For(name)}})
	}
	return nil
}
