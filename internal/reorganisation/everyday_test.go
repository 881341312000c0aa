package reorganisation_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/report"
	"ketnap/internal/transfer"
)

// life is a member of the random histories: in which cell he is from which day on.
type life struct {
	id    int64
	moves []move
	gone  bool            // left, or was never admitted after all
	here  int32           // the cell in whose register he is, member or not
	left  map[int64]int32 // by acts, the cells he was taken from
}

type move struct {
	on   party.Date
	cell int32 // 0: outside
	act  int64 // the reorganisation that moved him
}

func (l *life) cell() int32 { return l.moves[len(l.moves)-1].cell }

func (l *life) at(on party.Date) int32 {
	cell := int32(0)
	for _, m := range l.moves {
		if !m.on.After(on) {
			cell = m.cell
		}
	}
	return cell
}

// fate plays histories by chance, and keeps what they should come to.
type fate struct {
	*testing.T
	*apptest.House
	*rand.Rand
	all   []*life
	cells []string
	upper int32   // a committee to move below
	acts  []int64 // not undone, from old to new
	ended map[int64]int32
	gone  map[int32]bool // cells that have ended
	told  map[string]int // how often each thing happened
}

func (f *fate) any() *life { return f.all[f.IntN(len(f.all))] }

func (f *fate) standing() (out []int32) {
	for _, code := range f.cells {
		if id := f.Org(code); !f.gone[id] {
			out = append(out, id)
		}
	}
	return out
}

// transfer sends somebody to another cell, for good, for a time or to the outside, until he is there.
func (f *fate) transfer(on party.Date) {
	l, cells := f.any(), f.standing()
	in := transfer.Issue{Key: uuid.NewString(), From: l.cell(), To: cells[f.IntN(len(cells))], IssuerID: f.Org("K"), On: on, People: []int64{l.id}}
	what := "moved"
	switch f.IntN(5) {
	case 0:
		in.Form, in.Until, what = party.TransferTemporary, on.AddDays(60), "for a time"
	case 1:
		in.To, in.ToText, what = 0, "Chi bộ Phường 1", "left"
	}
	if l.gone || in.To == in.From {
		return
	}
	done, err := f.Transfers.Issue(f.Context(), f.Viewer("vanphong"), in)
	if err != nil {
		return // somebody who is away for a time goes nowhere else
	}
	states := []party.TransferState{party.TransferPresented, party.TransferAccepted}
	if in.To == 0 {
		states = states[1:]
	}
	for n, state := range states {
		if err := f.Transfers.Act(f.Context(), f.Viewer("vanphong"), transfer.Acting{Key: uuid.NewString(), ID: done.Rows[0].ID, Version: n + 1, Act: state, On: on}); err != nil {
			f.Fatalf("%s from %d to %d: %v", state, in.From, in.To, err)
		}
	}
	if f.told[what]++; what != "for a time" {
		if l.moves, l.gone = append(l.moves, move{on: on, cell: in.To}), in.To == 0; in.To != 0 {
			l.here = in.To
		}
	}
}

// rearrange moves a committee or a cell, gives a cell another code, merges two cells or splits one.
func (f *fate) rearrange(on party.Date) {
	cells := f.standing()
	cell, into := cells[f.IntN(len(cells))], cells[f.IntN(len(cells))]
	r := party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{cell}, Into: into}
	switch f.IntN(6) {
	case 3:
		r = party.Reorganisation{Kind: party.AlterOrg, Orgs: []int32{cell}, Become: party.OrgAttributes{Name: "Chi bộ đổi tên", Code: uuid.NewString(), Kind: f.kindOf(cell)}}
	case 4, 5:
		r = party.Reorganisation{Kind: party.SplitOrg, Orgs: []int32{cell}, People: map[int64]int32{}}
		for _, l := range f.all {
			if l.here == cell {
				r.People[l.id] = []int32{cell, into, cells[f.IntN(len(cells))]}[f.IntN(3)]
			}
		}
	case 0:
		r = party.Reorganisation{Kind: party.MoveOrgs, Orgs: []int32{cell}, Into: f.Org([]string{"GD", "DH"}[f.IntN(2)])}
	case 1:
		r = party.Reorganisation{Kind: party.MoveOrgs, Orgs: []int32{f.Org([]string{"GD", "DH"}[f.IntN(2)])}, Into: []int32{f.Org("K"), f.upper}[f.IntN(2)]}
	}
	in := act(r)
	in.Key, in.On, in.Decision.On = uuid.NewString(), on, on
	id, err := f.Reorganisations.Carry(f.Context(), f.Viewer("vanphong"), in)
	if err != nil {
		return
	}
	f.acts = append(f.acts, id)
	f.told[string(r.Kind)]++
	if tree, err := f.Organisations.Snapshot(f.Context()); err != nil {
		f.Fatal(err)
	} else if _, stands := tree.Of(cell); !stands {
		f.ended[id], f.gone[cell] = cell, true
	}
	for _, l := range f.all {
		to := into
		if r.Kind == party.SplitOrg {
			to = r.People[l.id]
		}
		if l.here != cell || to == cell || r.Kind != party.MergeOrgs && r.Kind != party.SplitOrg {
			continue
		}
		l.left[id], l.here = cell, to
		if !l.gone {
			l.moves = append(l.moves, move{on: on, cell: to, act: id})
		}
	}
}

func (f *fate) kindOf(id int32) party.OrgKind {
	tree, err := f.Organisations.Snapshot(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	o, _ := tree.Of(id)
	return o.Kind
}

// undo takes the newest act back.
func (f *fate) undo() {
	if len(f.acts) == 0 {
		return
	}
	id := f.acts[len(f.acts)-1]
	if err := f.Reorganisations.Undo(f.Context(), f.Viewer("vanphong"), uuid.NewString(), id); err != nil {
		return // something builds on it
	}
	f.told["undone"]++
	f.acts = f.acts[:len(f.acts)-1]
	delete(f.gone, f.ended[id])
	for _, l := range f.all {
		if was := l.left[id]; was != 0 {
			l.here = was
		}
		if last := l.moves[len(l.moves)-1]; last.act == id {
			l.moves = l.moves[:len(l.moves)-1]
		}
	}
}

// correct voids somebody's admission: he never was a member.
func (f *fate) correct() {
	l := f.any()
	rec, err := f.People.Open(f.Context(), f.Viewer("vanphong"), l.id)
	if err != nil || l.gone {
		return
	}
	for _, st := range rec.Steps {
		if st.Kind != party.Ceremony {
			continue
		}
		err := f.People.Void(f.Context(), f.Viewer("vanphong"), people.Voiding{Key: uuid.NewString(), PersonID: l.id, Version: rec.Version, StepID: st.ID, Reason: "Ghi nhầm người"})
		if err == nil {
			f.told["corrected"]++
			l.moves, l.gone = []move{{cell: 0}}, true
		}
		return
	}
}

// Over random histories of transfers, transfers for a time, reorganisations, undos and corrections every
// member counts at exactly one organisation on every day: the one he is in, and all above it.
func TestEveryMemberCountsOnceOnEveryDay(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{0, 3, 9, 13} {
		f := &fate{T: t, House: apptest.New(t), Rand: rand.New(rand.NewPCG(seed, 8)), cells: []string{"LTT", "NTH", "SVKT", "SVCN", "CHUYEN"},
			ended: map[int64]int32{}, gone: map[int32]bool{}, told: map[string]int{}}
		f.upper = found(t, f.House, "UB", party.UpperCommittee, f.Org("K"))
		for n := range 15 {
			code := f.cells[n%len(f.cells)]
			f.all = append(f.all, &life{id: f.Enter(f.Fields(code, fmt.Sprintf("Nguyễn Văn %c", 'A'+n)), party.Ceremony), moves: []move{{cell: f.Org(code)}}, here: f.Org(code), left: map[int64]int32{}})
		}
		first, days := party.MustDate("2026-07-01"), 140
		for n := range days {
			on := first.AddDays(n)
			switch f.IntN(12) {
			case 0, 1, 2:
				f.transfer(on)
			case 3, 4, 5:
				f.rearrange(on)
			case 6:
				f.undo()
			case 7:
				if n%3 == 0 {
					f.correct()
				}
			}
		}
		for _, what := range []string{"moved", "for a time", "left", "merge", "move", "alter", "split", "undone", "corrected"} {
			if f.told[what] == 0 {
				t.Fatalf("seed %d: %q never happened: this proves nothing (%v)", seed, what, f.told)
			}
		}
		mustBeClean(t, f.House)
		for n := 0; n < days+5; n += 6 {
			f.countOn(first.AddDays(n - 3))
		}
		t.Logf("seed %d: %v", seed, f.told)
	}
}

// countOn proves the members of a day: those of each cell, and all at the top, each once.
func (f *fate) countOn(on party.Date) {
	f.Helper()
	want, sum := map[int32]int{}, 0
	for _, l := range f.all {
		if cell := l.at(on); cell != 0 {
			want[cell]++
			sum++
		}
	}
	tree, err := f.Organisations.On(f.Context(), on)
	if err != nil {
		f.Fatal(err)
	}
	for _, org := range tree.Below(f.Org("K")) {
		below := 0
		for _, id := range tree.Below(org) {
			below += want[id]
		}
		q := report.TermQuery{Term: "2025-2030", OrgID: org, AsOf: on}
		r, err := f.Reports.Term(f.Context(), f.Viewer("vanphong"), q)
		if err != nil {
			f.Fatal(err)
		}
		names, err := f.Reports.Names(f.Context(), f.Viewer("vanphong"), report.NamesQuery{TermQuery: q, Figure: party.FigureJoined})
		if err != nil {
			f.Fatal(err)
		}
		if r.Members() != below || names.Count != below || len(names.Rows)+names.Away != below {
			f.Errorf("%s has %d members on %s, behind them %d names of %d, not %d", r.Org.Name, r.Members(), on, len(names.Rows), names.Count, below)
		}
	}
	if q, err := f.Reports.Term(f.Context(), f.Viewer("vanphong"), report.TermQuery{Term: "2025-2030", OrgID: f.Org("K"), AsOf: on}); err != nil || q.Members() != sum {
		f.Errorf("on %s all together are %d members, not %d, %v", on, q.Members(), sum, err)
	}
}
