// Package report counts: the figures of a term for an organisation, by month and by the
// organisations below, and the names behind each figure. What a figure counts is defined in package
// party; what is counted is kept by month in the database. No HTTP lives here.
package report

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of reports.
type Service struct {
	db      *postgres.DB
	orgs    *organisation.Service
	classes *class.Service
	rules   Regulations
	Today   func() party.Date // the day in the committee's time zone
}

// Regulations gives the rules in force, read through the caller's transaction; regulation.Service
// answers it.
type Regulations interface {
	BookIn(ctx context.Context, tx *postgres.Tx) (*party.Rulebook, *party.Calendar, error)
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, classes *class.Service, rules Regulations, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, classes: classes, rules: rules, Today: today}
}

// TermQuery asks for a term's figures. Zero values stand for the term of today (or the newest), the
// viewer's own organisation, and the last day that has been, at most the term's last.
type TermQuery struct {
	Term  string // code
	OrgID int32
	AsOf  party.Date

	// WithFormer adds what went on in the organisation by merges and ends, and what its own did while they
	// stood elsewhere. Without it a past figure is that of the tree of its time.
	WithFormer bool
}

// Counts are figures of a term by name. FigureJoined counts the members on the report's day.
type Counts map[party.Figure]int

// Month is what happened in one month of the term.
type Month struct {
	First  party.Date // its first day within the term
	Last   party.Date // its last day within the term and the report
	Counts Counts
}

// Child is what one of the organisations directly below contributes.
type Child struct {
	Org    organisation.Org
	Former bool // it has ended
	Counts Counts
}

// Term is a term's report.
type Term struct {
	Term     party.Term
	Org      organisation.Org
	AsOf     party.Date
	Counts   Counts
	Classes  int // awareness classes of its organisers that began in the term
	WithAny  int // grassroots organisations, itself or below, that have student members
	Months   []Month
	Children []Child
}

// Members gives the pupils and students who are members on the report's day.
func (t Term) Members() int { return t.Counts[party.FigureJoined] }

// Term reports a term as the viewer may see it. An organisation outside the viewer's scope, and a
// term that does not exist, are fault.NotFound.
func (s *Service) Term(ctx context.Context, v access.Viewer, q TermQuery) (Term, error) {
	r, err := s.prepare(ctx, v, q)
	if err != nil {
		return Term{}, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error { return r.fill(ctx, tx) })
	return r.Term, err
}

// TermAsSystem reports for a command, which sees everything. The organisation is given by its code,
// "" for the top.
func (s *Service) TermAsSystem(ctx context.Context, q TermQuery, orgCode string) (Term, error) {
	r := &reader{Service: s, with: q.WithFormer}
	err := s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error { return r.chooseTerm(ctx, tx, q) })
	if err != nil {
		return Term{}, err
	}
	if r.tree, err = s.orgs.On(ctx, r.AsOf); err != nil {
		return Term{}, err
	}
	var ok bool
	if r.Org, ok = r.tree.ByCode(orgCode); orgCode == "" {
		tops := r.tree.Children(0)
		if ok = len(tops) > 0; ok {
			r.Org, _ = r.tree.Of(tops[0])
		}
	}
	if !ok {
		return Term{}, fault.NewNotFound("organisations.error.not_found")
	}
	err = s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error { return r.fill(ctx, tx) })
	return r.Term, err
}

// reader puts one report together.
type reader struct {
	*Service
	Term
	tree *organisation.Snapshot
	with bool // with what went on in the organisation, and what its own were elsewhere before
}

// prepare finds the term, and the organisation as it stood on the report's day.
func (s *Service) prepare(ctx context.Context, v access.Viewer, q TermQuery) (*reader, error) {
	if !v.May(access.DashboardRead) {
		return nil, fault.NewForbidden("errors.forbidden")
	}
	r := &reader{Service: s, with: q.WithFormer}
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error { return r.chooseTerm(ctx, tx, q) })
	if err != nil {
		return nil, err
	}
	if r.tree, err = s.orgs.On(ctx, r.AsOf); err != nil {
		return nil, err
	}
	if r.Org, err = chooseOrg(r.tree, v, q.OrgID); fault.KindOf(err) != fault.NotFound {
		return r, err
	}
	// It was founded later: it has nothing to count then, and says so.
	if r.tree, err = s.orgs.Snapshot(ctx); err != nil {
		return nil, err
	}
	r.Org, err = chooseOrg(r.tree, v, q.OrgID)
	return r, err
}

// chooseTerm finds the term and the day of the report.
func (r *reader) chooseTerm(ctx context.Context, tx *postgres.Tx, q TermQuery) error {
	terms, err := r.orgs.TermList(ctx, tx)
	if err != nil {
		return err
	}
	if len(terms) == 0 {
		return fault.NewNotFound("dashboard.error.no_term")
	}
	r.Term.Term = terms[0] // the newest
	found := q.Term == ""
	for _, t := range terms {
		if q.Term == "" && t.Contains(r.Today()) || q.Term != "" && t.Code == q.Term {
			r.Term.Term, found = t, true
			break
		}
	}
	if !found {
		return fault.NewNotFound("terms.error.not_found")
	}
	r.AsOf = q.AsOf
	if latest := earlier(r.Today(), r.Term.Term.Ends); r.AsOf.IsZero() || r.AsOf.After(latest) {
		r.AsOf = latest
	}
	return nil
}

func earlier(a, b party.Date) party.Date {
	if a.Before(b) {
		return a
	}
	return b
}

// counted are the figures that a report reads.
var counted = append([]party.Figure{party.FigureJoined}, party.TermFigures...)

// memberFigures are those that the members of a day are counted from.
var memberFigures = []party.Figure{party.FigureJoined, party.FigureLeft}

// netted takes those who left from those who joined.
func netted(list []count) []count {
	for i := range list {
		if list[i].figure == party.FigureLeft {
			list[i].figure, list[i].n = party.FigureJoined, -list[i].n
		}
	}
	return list
}

func (r *reader) fill(ctx context.Context, tx *postgres.Tx) (err error) {
	r.Counts = Counts{}
	starts := r.Term.Term.Starts
	own, err := r.tally(ctx, tx, []organisation.Org{r.Org}, starts)
	if err != nil {
		return err
	}
	r.Months = monthsOf(starts, r.AsOf)
	for i := range r.Months {
		r.Months[i].Counts = Counts{}
	}
	for _, c := range own {
		if c.figure == party.FigureJoined {
			r.Counts[c.figure] += c.n
			continue
		}
		r.Counts[c.figure] += c.n
		for i := range r.Months {
			if m := &r.Months[i]; m.First.Year == c.month.Year && m.First.Month == c.month.Month {
				m.Counts[c.figure] += c.n
			}
		}
	}
	if r.Classes, err = r.classes.Count(ctx, tx, r.Org.OrgID, r.former(r.Org.OrgID), starts, r.AsOf); err != nil {
		return err
	}
	if err := r.fillChildren(ctx, tx, starts); err != nil {
		return err
	}
	return r.fillWithAny(ctx, tx)
}

func (r *reader) fillChildren(ctx context.Context, tx *postgres.Tx, starts party.Date) error {
	var orgs []organisation.Org
	index := map[int32]int{}
	for _, id := range r.tree.Children(r.Org.OrgID) {
		o, _ := r.tree.Of(id)
		if o.Kind == party.PartyGroup {
			continue // nobody belongs to one in the register
		}
		index[id] = len(orgs)
		orgs = append(orgs, o)
		r.Children = append(r.Children, Child{Org: o, Counts: Counts{}})
	}
	for _, o := range r.formerChildren() {
		index[o.OrgID] = len(orgs)
		orgs = append(orgs, o)
		r.Children = append(r.Children, Child{Org: o, Former: true, Counts: Counts{}})
	}
	if len(orgs) == 0 {
		return nil
	}
	rows, err := r.tally(ctx, tx, orgs, starts)
	for _, c := range rows {
		r.Children[index[c.org]].Counts[c.figure] += c.n
	}
	return err
}

// fillWithAny counts the grassroots organisations that have members on the report's day.
func (r *reader) fillWithAny(ctx context.Context, tx *postgres.Tx) error {
	byDepth := map[int][]organisation.Org{}
	for _, id := range r.tree.Below(r.Org.OrgID) {
		if o, _ := r.tree.Of(id); o.Kind.IsGrassroots() {
			byDepth[o.Depth()] = append(byDepth[o.Depth()], o)
		}
	}
	for _, orgs := range byDepth {
		rows, err := r.kept(ctx, tx, orgs, memberFigures, party.Date{})
		if err != nil {
			return err
		}
		members := map[int32]int{}
		for _, c := range netted(rows) {
			members[c.org] += c.n
		}
		for _, n := range members {
			if n > 0 {
				r.WithAny++
			}
		}
	}
	return nil
}

// count is how often a figure was reached in a month in an organisation and below it.
type count struct {
	org    int32
	figure party.Figure
	month  party.Date
	n      int
}

// tally counts for organisations of one level: term figures from the term's first day, members
// from ever, both to the report's day. What is kept by month is read from there; for cells and
// sectional committees, which are small, the milestones themselves are counted.
func (r *reader) tally(ctx context.Context, tx *postgres.Tx, orgs []organisation.Org, starts party.Date) ([]count, error) {
	if r.with {
		return r.succession(ctx, tx, orgs, starts)
	}
	if isKept(orgs[0].Kind) {
		out, err := r.kept(ctx, tx, orgs, party.TermFigures, starts)
		if err != nil {
			return nil, err
		}
		members, err := r.kept(ctx, tx, orgs, memberFigures, party.Date{})
		return append(out, netted(members)...), err
	}
	above := map[int32]int32{} // each cell below, with the organisation it counts for
	var cells []int32
	for _, o := range orgs {
		for _, id := range r.tree.Below(o.OrgID) {
			above[id] = o.OrgID
			cells = append(cells, id)
		}
	}
	rows, err := selectMilestones(ctx, tx, cells, slices.Concat(memberFigures, party.TermFigures), starts, r.AsOf)
	for i := range rows {
		rows[i].org = above[rows[i].org]
	}
	return netted(rows), err
}

// isKept tells whether the database keeps the counts of organisations of a kind by month.
func isKept(k party.OrgKind) bool { return k == party.UpperCommittee || k.IsGrassroots() }

// kept reads whole months from the kept counts and the broken months at both ends from the
// milestones. A zero first day is from ever.
func (r *reader) kept(ctx context.Context, tx *postgres.Tx, orgs []organisation.Org, figures []party.Figure, from party.Date) ([]count, error) {
	ids := make([]int32, len(orgs))
	for i, o := range orgs {
		ids[i] = o.OrgID
	}
	first := from
	if !from.IsZero() && from.Day != 1 {
		first = firstOfMonth(from).AddMonths(1)
	}
	last := firstOfMonth(r.AsOf.AddDays(1)) // the first month that is not whole
	out, err := selectKept(ctx, tx, ids, figures, first, last)
	if err != nil {
		return nil, err
	}
	if !from.IsZero() && first != from {
		head, err := selectEdge(ctx, tx, ids, figures, from, earlier(first.AddDays(-1), r.AsOf))
		if err != nil {
			return nil, err
		}
		out = append(out, head...)
	}
	if !r.AsOf.Before(last) && !last.Before(first) {
		tail, err := selectEdge(ctx, tx, ids, figures, last, r.AsOf)
		if err != nil {
			return nil, err
		}
		out = append(out, tail...)
	}
	return out, nil
}

func firstOfMonth(d party.Date) party.Date { return party.NewDate(d.Year, d.Month, 1) }

// monthsOf cuts a span into its months.
func monthsOf(from, until party.Date) []Month {
	var out []Month
	for first := from; !first.After(until); {
		next := firstOfMonth(first).AddMonths(1)
		out = append(out, Month{First: first, Last: earlier(next.AddDays(-1), until)})
		first = next
	}
	return out
}
