package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/transfer"
	"ketnap/web/transfers"
	"ketnap/web/ui"
)

// transferRoutes are the papers by which people change their organisation.
func (s *site) transferRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/transfers", Action: access.TransfersRead, Handler: s.showTransfers},
		{Method: http.MethodGet, Pattern: "/transfers/{id}", Action: access.TransfersRead, Handler: s.showTransfer},
		{Method: http.MethodPost, Pattern: "/transfers/{id}", Action: access.TransfersRead, Handler: s.actOnTransfer},
		{Method: http.MethodGet, Pattern: "/transfers/{id}/paper", Action: access.TransfersRead, Handler: s.showTransferPaper},
		{Method: http.MethodGet, Pattern: "/people/{id}/transfer", Action: access.TransfersIssue, Handler: s.showTransferForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/transfer", Action: access.TransfersIssue, Handler: s.issueTransfer},
	}
}

func transferPath(id int64) string { return fmt.Sprintf("/transfers/%d", id) }

func transfersCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "transfers.title"), Href: "/transfers"}
}

// papersOf reads the address: without a tab, what waits for the viewer to receive, where he does.
func (s *site) papersOf(r *http.Request) (q transfer.Query, tabs []transfer.Show, err error) {
	tabs = []transfer.Show{transfer.Open, transfer.Late, transfer.All}
	if viewerOf(r).May(access.TransfersAnswer) {
		tabs = slices.Insert(tabs, 0, transfer.Waiting)
	}
	if q.Show = transfer.Show(queryText(r, "tab")); !slices.Contains(tabs, q.Show) {
		q.Show = tabs[0]
	}
	q.OrgID = queryOrg(r)
	if kind := party.TransferKind(queryText(r, "kind")); slices.Contains(party.TransferKinds, kind) {
		q.Kind = kind
	}
	if state := party.TransferState(queryText(r, "state")); q.Show == transfer.All && slices.Contains(party.TransferStates, state) {
		q.State = state
	}
	if d := transfer.Direction(queryText(r, "direction")); slices.Contains(transfer.Directions, d) {
		q.Direction = d
	}
	q.After, err = keyset.Parse(r.URL.Query().Get("after"))
	return q, tabs, err
}

func papersAddress(q transfer.Query) string {
	org := ""
	if q.OrgID != 0 {
		org = orgValue(q.OrgID)
	}
	return address("/transfers", "tab", string(q.Show), "org", org, "direction", string(q.Direction), "kind", string(q.Kind), "state", string(q.State))
}

func (s *site) showTransfers(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	q, tabs, err := s.papersOf(r)
	if err != nil {
		return err
	}
	list, err := s.Transfers.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := transfers.RegisterView{Unknown: queryOnly(r, "tab", "org", "kind", "state", "direction", "after"),
		Empty: ui.EmptyView{Title: ui.T(ctx, "transfers.empty."+string(q.Show)), Text: ui.T(ctx, "transfers.empty."+string(q.Show)+"_text")}}
	for _, tab := range tabs {
		at := q
		at.Show, at.State = tab, ""
		view.Tabs = append(view.Tabs, ui.Tab{Label: ui.T(ctx, "transfers.tab."+string(tab)), Href: papersAddress(at), Current: tab == q.Show})
	}
	fillPapersFilter(ctx, v, tree, q, &view.Filter)
	for _, t := range list.Transfers {
		view.Rows = append(view.Rows, s.transferRow(ctx, tree, t))
	}
	here := papersAddress(q)
	if q.After != (transfer.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	return render(w, r, http.StatusOK, transfers.Register(s.pageOf(r, "transfers.title"), view))
}

func fillPapersFilter(ctx context.Context, v access.Viewer, tree *organisation.Snapshot, q transfer.Query, f *transfers.FilterView) {
	list, cut := tree.Choice(v, access.TransfersRead, q.OrgID, mostChoices)
	f.Orgs, f.OrgHint, f.HasStates = orgChoice(list), choiceHint(ctx, cut), q.Show == transfer.All
	f.Hidden = []ui.Hidden{{Name: "tab", Value: string(q.Show)}}
	f.Kind, f.State, f.Direction = string(q.Kind), string(q.State), string(q.Direction)
	if q.OrgID != 0 {
		f.Org = orgValue(q.OrgID)
	}
	if bare := papersAddress(transfer.Query{Show: q.Show}); bare != papersAddress(q) {
		f.Reset = bare
	}
	for _, k := range party.TransferKinds {
		f.Kinds = append(f.Kinds, ui.Option{Value: string(k), Label: ui.T(ctx, "transfers.kind."+string(k))})
	}
	for _, st := range party.TransferStates {
		f.States = append(f.States, ui.Option{Value: string(st), Label: ui.T(ctx, "transfers.state."+string(st))})
	}
	if q.Show == transfer.Waiting {
		return // all of them come
	}
	for _, d := range transfer.Directions {
		f.Directions = append(f.Directions, ui.Option{Value: string(d), Label: ui.T(ctx, "transfers.direction."+string(d))})
	}
}

func (s *site) transferRow(ctx context.Context, tree *organisation.Snapshot, t transfer.Transfer) transfers.Row {
	row := transfers.Row{Href: transferPath(t.ID), Number: transferNumber(t), Name: t.Name, From: orgName(tree, t.From), To: transferTo(tree, t),
		Note: ui.T(ctx, "transfers.kind."+string(t.Kind)) + " · " + ui.StageName(ctx, t.Stage), Tag: transferTag(ctx, t), Issued: ui.Date(ctx, t.IssuedOn), Due: ui.Date(ctx, t.PresentBy)}
	if t.Temporary() {
		row.Note += " · " + ui.T(ctx, "transfers.until_on", "Until", t.UntilOn)
	}
	if days := s.Today().DaysSince(t.UntilOn); t.Temporary() && t.State == party.TransferAccepted && days > 0 {
		row.Late, row.Due = true, ui.T(ctx, "transfers.back_late", "Until", t.UntilOn, "Count", days)
		return row
	}
	if t.State != party.TransferIssued {
		row.Due = "–"
		return row
	}
	if days := s.Today().DaysSince(t.PresentBy); !t.PresentBy.IsZero() && days > 0 {
		row.Late, row.Due = true, ui.T(ctx, "transfers.late_days", "Due", t.PresentBy, "Count", days)
	}
	return row
}

func transferNumber(t transfer.Transfer) string { return fmt.Sprintf("%d/%d", t.Number, t.Year) }

// transferTo names where somebody goes: an organisation of the register, or what was written.
func transferTo(tree *organisation.Snapshot, t transfer.Transfer) string {
	if t.Outside() {
		return t.ToText
	}
	return placeName(tree, t.To)
}

// placeName names a cell with what stands directly above it.
func placeName(tree *organisation.Snapshot, id int32) string {
	o, ok := tree.Known(id)
	if !ok {
		return ""
	}
	if above, ok := tree.Known(o.ParentID); ok && o.Kind == party.Cell {
		return o.Name + ", " + above.Name
	}
	return o.Name
}

func transferTag(ctx context.Context, t transfer.Transfer) ui.TagView {
	tone := map[party.TransferState]ui.Tone{party.TransferAccepted: ui.Good, party.TransferReturned: ui.Good, party.TransferRefused: ui.Warn, party.TransferCancelled: ui.Warn}[t.State]
	if tone == "" {
		tone = ui.Info
	}
	key := "transfers.state." + string(t.State)
	if t.Outside() && t.State == party.TransferAccepted {
		key = "transfers.state.arrived"
	}
	return ui.TagView{Tone: tone, Text: ui.T(ctx, key)}
}

// transferSection tells on a person's page of his papers, and leads to writing one.
func (s *site) transferSection(r *http.Request, rec people.Record) (*transfers.SectionView, map[int64]ui.Pair, error) {
	ctx, v := r.Context(), viewerOf(r)
	list, err := s.Transfers.OfPerson(ctx, v, rec.ID)
	if err != nil {
		return nil, nil, err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return nil, nil, err
	}
	section, moves, open := transfers.SectionView{}, map[int64]ui.Pair{}, false
	for _, t := range list {
		open = open || t.State.Open()
		link := ui.LinkView{Href: transferPath(t.ID), Label: ui.T(ctx, "transfers.line", "Number", transferNumber(t), "From", orgName(tree, t.From), "To", transferTo(tree, t),
			"State", transferTag(ctx, t).Text, "On", t.IssuedOn)}
		section.Papers = append(section.Papers, link)
		if t.StepID != 0 {
			moves[t.StepID] = ui.Pair{Label: ui.T(ctx, "transfers.paper_label"), Content: ui.TextLink(link)}
		}
	}
	gone := rec.State.Stage == party.StageAway || rec.State.Stage == party.StageFormer || rec.State.Stage == party.StageDropped
	if !open && !gone && v.MayIn(access.TransfersIssue, rec.Path) {
		section.New = &ui.LinkView{Label: ui.T(ctx, "transfers.new."+string(party.TransferKindAt(rec.State.Stage))), Href: personPath(rec.ID) + "/transfer", Icon: ui.IconNext}
	}
	if len(section.Papers) == 0 && section.New == nil {
		return nil, nil, nil
	}
	return &section, moves, nil
}

// transfersToDo leads to the papers that wait for the viewer to receive, and to those not presented in time.
func (s *site) transfersToDo(r *http.Request) ([]ui.LinkView, error) {
	ctx := r.Context()
	waiting, late, err := s.Transfers.Counts(ctx, viewerOf(r))
	if err != nil {
		return nil, err
	}
	var out []ui.LinkView
	if waiting > 0 {
		out = append(out, ui.LinkView{Label: ui.T(ctx, "transfers.todo_waiting", "Count", waiting), Href: address("/transfers", "tab", string(transfer.Waiting))})
	}
	if late > 0 {
		out = append(out, ui.LinkView{Label: ui.T(ctx, "transfers.todo_late", "Count", late), Href: address("/transfers", "tab", string(transfer.Late))})
	}
	return out, nil
}
