package httpd

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/web/reorganisations"
	"ketnap/web/ui"
)

// renderPreview shows what an act would do; everything typed goes along.
func (s *site) renderPreview(w http.ResponseWriter, r *http.Request, o organisation.Opened, tree *organisation.Snapshot, act reorganisation.Act, p reorganisation.Preview) error {
	ctx := r.Context()
	view := reorganisations.PreviewView{Caption: o.Name, Title: ui.T(ctx, "reorganisation.preview_title"),
		Form: ui.FormView{Action: reorganisePath(o.OrgID), Key: act.Key, Wide: len(p.Grants) > 0}}
	for name, values := range r.PostForm {
		if name == "do" || strings.HasPrefix(name, "_") || strings.HasPrefix(name, grantPrefix) {
			continue
		}
		for _, value := range values {
			view.Form.Hidden = append(view.Form.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	view.Facts, view.Items = previewFacts(ctx, tree, act, p), previewItems(ctx, tree, p.Plan)
	view.Grants, view.Goals = previewGrants(ctx, tree, act, p)
	page := s.pageOf(r, "reorganisation.preview_title").Under(append(crumbsOf(ctx, o), ui.Crumb{Label: o.Name, Href: organisationPath(o.OrgID)})...)
	return render(w, r, http.StatusOK, reorganisations.Preview(page, view))
}

func previewFacts(ctx context.Context, tree *organisation.Snapshot, act reorganisation.Act, p reorganisation.Preview) []ui.Pair {
	l := &pairList{ctx: ctx}
	l.text("reorganisation.what", ui.T(ctx, "reorganisation.kind."+string(act.Kind)))
	l.day("reorganisation.on", act.On)
	l.text("reorganisation.decision", decisionWords(ctx, act.Decision))
	if act.Kind == party.AlterOrg {
		l.text("reorganisation.facts.altered", strconv.Itoa(p.Orgs))
		return l.pairs
	}
	for _, fact := range []struct {
		key string
		n   int
	}{{"reorganisation.facts.orgs", p.Orgs}, {"reorganisation.facts.people", p.People}, {"reorganisation.facts.members", p.Members},
		{"reorganisation.facts.dossiers", p.Dossiers}, {"reorganisation.facts.papers", p.Papers}, {"reorganisation.facts.accounts", p.Accounts}} {
		l.text(fact.key, strconv.Itoa(fact.n))
	}
	if len(p.Plan.Passing) > 0 {
		count := map[int32]int{}
		for _, to := range p.Plan.Passing {
			count[to]++
		}
		for _, id := range p.Plan.Goals() {
			l.pairs = append(l.pairs, ui.Pair{Label: ui.T(ctx, "reorganisation.goes_to", "Name", orgName(tree, id)), Text: strconv.Itoa(count[id])})
		}
	}
	return l.pairs
}

func previewItems(ctx context.Context, tree *organisation.Snapshot, plan party.Reordering) []reorganisations.Item {
	ends := map[int32]bool{}
	for _, id := range plan.Ends {
		ends[id] = true
	}
	var out []reorganisations.Item
	for _, id := range plan.Touched() {
		o, _ := tree.Known(id)
		item := reorganisation.Item{OrgID: id, Name: o.Name, From: orgName(tree, o.ParentID), Was: &o.OrgAttributes}
		if !ends[id] {
			item.To = item.From
		}
		if to, ok := plan.Parents[id]; ok {
			item.To = orgName(tree, to)
		}
		if to, ok := plan.Carried[id]; ok {
			item.Carried = orgName(tree, to)
		}
		if become, ok := plan.Becomes[id]; ok && become != o.OrgAttributes {
			item.Became = &become
		}
		out = append(out, actItem(ctx, item, true))
	}
	return out
}

// previewGrants lists who has a role at what ends, to be let go on or not.
func previewGrants(ctx context.Context, tree *organisation.Snapshot, act reorganisation.Act, p reorganisation.Preview) (rows []reorganisations.GrantRow, goals []ui.Option) {
	for _, id := range p.Goals {
		goals = append(goals, ui.Option{Value: orgValue(id), Label: orgName(tree, id)})
	}
	for _, g := range p.Grants {
		to, named := act.Grants[g.ID]
		if !named {
			to = act.RestGrant
		}
		value := ""
		if to != 0 {
			value = orgValue(to)
		}
		rows = append(rows, reorganisations.GrantRow{Name: g.Name, Username: g.Username, Role: roleName(ctx, g.Role), Org: orgName(tree, g.OrgID),
			Field: ui.RowField{Name: grantPrefix + strconv.FormatInt(g.ID, 10), Of: g.Name, Label: ui.T(ctx, "reorganisation.grant_goes"), Value: value}})
	}
	return rows, goals
}

// actItem says what an act does with one organisation.
func actItem(ctx context.Context, i reorganisation.Item, linked bool) reorganisations.Item {
	out := reorganisations.Item{Name: i.Name, From: i.From, To: actGoal(ctx, i)}
	if i.Became != nil && i.Was != nil {
		out.From, out.To = attributesUnlike(ctx, *i.Was, *i.Became), attributesUnlike(ctx, *i.Became, *i.Was)
	}
	if linked {
		out.Href = organisationPath(i.OrgID)
	}
	return out
}

// attributesUnlike words those of some attributes that are others than in another set.
func attributesUnlike(ctx context.Context, a, other party.OrgAttributes) string {
	var out []string
	add := func(key, text, otherText string) {
		if text != otherText {
			out = append(out, ui.T(ctx, "reorganisation.attribute", "What", ui.T(ctx, key), "Text", text))
		}
	}
	add("organisations.name", a.Name, other.Name)
	add("organisations.code", a.Code, other.Code)
	add("organisations.kind_label", kindName(ctx, a.Kind), kindName(ctx, other.Kind))
	add("organisations.school", schoolName(ctx, a.School), schoolName(ctx, other.School))
	return strings.Join(out, "; ")
}

// actGoal says where an organisation of an act went.
func actGoal(ctx context.Context, i reorganisation.Item) string {
	switch {
	case i.To != "" && i.To == i.From:
		return ui.T(ctx, "reorganisation.goes_on_there", "Name", i.To)
	case i.To != "":
		return i.To
	case i.Carried != "":
		return ui.T(ctx, "reorganisation.carried", "Name", i.Carried)
	}
	return ui.T(ctx, "reorganisation.ends")
}
