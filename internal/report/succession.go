package report

import (
	"context"
	"slices"

	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// all gives the organisations whose figures belong to one in a report that follows successors: itself, what
// stands below it, and what had ended there.
func (r *reader) all(o organisation.Org) []int32 {
	out := r.tree.Below(o.OrgID)
	if len(out) == 0 {
		out = []int32{o.OrgID} // it has ended itself
	}
	return append(out, r.former(o.OrgID)...)
}

// former gives what had ended below an organisation, in a report that follows successors.
func (r *reader) former(id int32) (out []int32) {
	if !r.with {
		return nil
	}
	for _, o := range r.tree.Former(id) {
		out = append(out, o.OrgID)
	}
	return out
}

// formerChildren gives, in a report with what went on in an organisation, what ended and stood directly below
// it: the rest of its figures is theirs.
func (r *reader) formerChildren() (out []organisation.Org) {
	if !r.with {
		return nil
	}
	for _, o := range r.tree.Former(r.Org.OrgID) {
		if o.Path[len(o.Path)-2] == r.Org.OrgID && o.Kind != party.PartyGroup {
			out = append(out, o)
		}
	}
	return out
}

// succession is tally with what went on in the organisations, and with what their own did while they stood
// elsewhere: a running total that follows successors. What a cell of today adds is all that its people and
// those of the cells that were merged into it ever reached.
func (r *reader) succession(ctx context.Context, tx *postgres.Tx, orgs []organisation.Org, starts party.Date) ([]count, error) {
	above := map[int32]int32{}
	var cells []int32
	for _, o := range orgs {
		for _, id := range r.all(o) {
			above[id] = o.OrgID
			cells = append(cells, id)
		}
	}
	rows, err := selectSuccession(ctx, tx, cells, slices.Concat(memberFigures, party.TermFigures), starts, r.AsOf)
	for i := range rows {
		rows[i].org = above[rows[i].org]
	}
	return netted(rows), err
}
