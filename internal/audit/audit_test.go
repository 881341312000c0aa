package audit_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write adds entries about an organisation, one per action.
func write(t *testing.T, h *apptest.House, username, code string, actions ...string) {
	t.Helper()
	must(t, h.DB.Write(t.Context(), h.Viewer(username), func(ctx context.Context, tx *postgres.Tx) error {
		for i, action := range actions {
			entry := audit.Entry{Action: action, Entity: "class", EntityID: int64(i + 1), OrgID: h.Org(code), Detail: map[string]any{"step": i}}
			if err := audit.Write(ctx, tx, h.Viewer(username), entry); err != nil {
				return err
			}
		}
		return nil
	}))
}

func newSealer(h *apptest.House) *audit.Sealer {
	return audit.NewSealer(h.DB, slog.New(slog.DiscardHandler))
}

func seal(t *testing.T, h *apptest.House) int {
	t.Helper()
	n, err := newSealer(h).Seal(t.Context())
	must(t, err)
	return n
}

func verify(t *testing.T, h *apptest.House) audit.Result {
	t.Helper()
	r, err := audit.Verify(t.Context(), h.DB)
	must(t, err)
	return r
}

// tamper changes the trail as only the owner of the database can.
func tamper(t *testing.T, h *apptest.House, sql string, args ...any) {
	t.Helper()
	conn, err := h.DB.OwnerConn(t.Context())
	must(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	_, err = conn.Exec(t.Context(), sql, args...)
	must(t, err)
}

func TestTheChainHoldsAndGrows(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	before := verify(t, h)
	if before.Links != 0 || before.Unsealed == 0 || before.Break != nil {
		t.Fatalf("before the first sealing %+v", before)
	}
	if n := seal(t, h); int64(n) != before.Unsealed {
		t.Errorf("%d sealed of %d", n, before.Unsealed)
	}
	first := verify(t, h)
	if first.Links != before.Unsealed || first.Unsealed != 0 || first.Break != nil || len(first.Head) != 64 {
		t.Errorf("sealed %+v", first)
	}
	write(t, h, "vanphong", "LTT", "create", "edit")
	if waiting := verify(t, h); waiting.Unsealed != 2 || waiting.Head != first.Head || waiting.Break != nil {
		t.Errorf("two more, not sealed %+v", waiting)
	}
	if n := seal(t, h); n != 2 {
		t.Errorf("%d sealed of 2", n)
	}
	if n := seal(t, h); n != 0 {
		t.Errorf("%d sealed twice", n)
	}
	if after := verify(t, h); after.Links != first.Links+2 || after.Head == first.Head || after.Break != nil {
		t.Errorf("grown %+v", after)
	}
}

func TestASealerThatIsStoppedSealsOnceMore(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	newSealer(h).Run(ctx)
	if r := verify(t, h); r.Unsealed != 0 || r.Links == 0 || r.Break != nil {
		t.Errorf("%+v", r)
	}
}

func TestManySealersAtOnceMakeOneChain(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	write(t, h, "vanphong", "LTT", slices.Repeat([]string{"edit"}, 1200)...)
	want := verify(t, h).Unsealed
	var wait sync.WaitGroup
	counts, errs := make([]int, 4), make([]error, 4)
	for i := range counts {
		wait.Go(func() { counts[i], errs[i] = newSealer(h).Seal(t.Context()) })
	}
	wait.Wait()
	must(t, errors.Join(errs...))
	total := 0
	for _, n := range counts {
		total += n
	}
	if r := verify(t, h); int64(total) != want || r.Links != want || r.Unsealed != 0 || r.Break != nil {
		t.Errorf("%d of %d sealed: %+v", total, want, r)
	}
}

func TestEveryChangeOfTheTrailIsFound(t *testing.T) {
	t.Parallel()
	const third = `(select entry_id from audit_chain where seq = 3)`
	for name, c := range map[string]struct {
		sql    []string
		reason string
	}{
		"another account":  {[]string{`update audit_entries set account_id = 4711 where id = ` + third}, "changed entry"},
		"another action":   {[]string{`update audit_entries set action = 'open' where id = ` + third}, "changed entry"},
		"another entity":   {[]string{`update audit_entries set entity = 'person' where id = ` + third}, "changed entry"},
		"another record":   {[]string{`update audit_entries set entity_id = entity_id + 1 where id = ` + third}, "changed entry"},
		"another place":    {[]string{`update audit_entries set org_id = coalesce(org_id, 0) + 1 where id = ` + third}, "changed entry"},
		"another request":  {[]string{`update audit_entries set request_id = 'x' where id = ` + third}, "changed entry"},
		"another detail":   {[]string{`update audit_entries set detail = '{"x": 1}' where id = ` + third}, "changed entry"},
		"another time":     {[]string{`update audit_entries set at = at - interval '1 microsecond' where id = ` + third}, "changed entry"},
		"another hash":     {[]string{`update audit_chain set hash = '\x00' where seq = 3`}, "changed entry"},
		"a link taken out": {[]string{`delete from audit_chain where seq = 3`}, "missing link"},
		"an entry taken out": {[]string{`alter table audit_chain drop constraint audit_chain_entry_id_fkey`,
			`delete from audit_entries where id = ` + third}, "missing entry"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := apptest.New(t)
			seal(t, h)
			for _, sql := range c.sql {
				tamper(t, h, sql)
			}
			r := verify(t, h)
			if r.Break == nil || r.Break.Seq != 3 || r.Break.Reason != c.reason || r.Links != 2 {
				t.Errorf("%+v, break %+v", r, r.Break)
			}
		})
	}
}

// Whatever the pages run, it adds to the trail and nothing else.
func TestThePagesCannotChangeTheTrail(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	seal(t, h)
	for _, sql := range []string{`update audit_entries set action = 'x'`, `delete from audit_entries`, `truncate audit_entries`,
		`update audit_chain set hash = '\x00'`, `delete from audit_chain`, `truncate audit_chain`,
		`alter table audit_entries disable row level security`} {
		err := h.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Exec(ctx, sql)
			return err
		})
		if err == nil {
			t.Errorf("%s is allowed", sql)
		}
	}
}

func TestAChangeThatFailsLeavesNoEntry(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	before, broken := verify(t, h).Unsealed, errors.New("the change fails")
	err := h.DB.Write(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) error {
		return errors.Join(audit.Write(ctx, tx, h.Viewer("vanphong"), audit.Entry{Action: "edit", Entity: "class"}), broken)
	})
	if !errors.Is(err, broken) || verify(t, h).Unsealed != before {
		t.Errorf("%v, %d entries before, %d after", err, before, verify(t, h).Unsealed)
	}
}

func TestTheTrailIsReadWithinOnesOrganisations(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	write(t, h, "vanphong", "LTT", "edit")
	write(t, h, "vanphong", "SVKT", "remove")
	ltt, svkt := h.Org("LTT"), h.Org("SVKT")
	places := func(v access.Viewer) (orgs []int32) {
		t.Helper()
		rows, _, err := h.Audit.List(t.Context(), v, audit.Filter{Entity: "class", Username: "vanphong"})
		must(t, err)
		for _, row := range rows {
			orgs = append(orgs, row.OrgID)
		}
		return orgs
	}
	if got := places(h.Viewer("kiemtra")); !slices.Equal(got, []int32{svkt, ltt}) {
		t.Errorf("at the top: %v", got)
	}
	tamper(t, h, `update grants set org_id = $1 where account_id = $2`, h.Org("GD"), h.Viewer("kiemtra").AccountID)
	if got := places(h.Viewer("kiemtra")); !slices.Equal(got, []int32{ltt}) {
		t.Errorf("of GD: %v", got)
	}
	for _, username := range []string{"vanphong", "lanhdao", "tuyengiao", "coso.gd", "bithu.ltt", "doan.ltt"} {
		if _, _, err := h.Audit.List(t.Context(), h.Viewer(username), audit.Filter{}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s reads the trail: %v", username, err)
		}
	}
}

func TestTheTrailGoesOnBelowTheLastEntryOfAPage(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	write(t, h, "tuyengiao", "K", slices.Repeat([]string{"edit"}, 70)...)
	filter := audit.Filter{Username: "TuyenGiao", Action: "edit", Entity: "class"}
	first, more, err := h.Audit.List(t.Context(), h.Viewer("kiemtra"), filter)
	must(t, err)
	filter.Before = first[len(first)-1].ID
	rest, end, err := h.Audit.List(t.Context(), h.Viewer("kiemtra"), filter)
	must(t, err)
	if len(first) != audit.PageSize || !more || len(rest) != 20 || end || rest[0].ID >= filter.Before || first[0].Username != "tuyengiao" {
		t.Errorf("%d and more %v, then %d and more %v", len(first), more, len(rest), end)
	}
	for name, none := range map[string]audit.Filter{"nobody": {Username: "khongcoai"}, "no such act": {Action: "fly"}, "another record": {Entity: "class", EntityID: 999},
		"past the end": {Before: 1}, "another day": {Day: apptest.Today.AddDays(-400)}} {
		if rows, more, err := h.Audit.List(t.Context(), h.Viewer("kiemtra"), none); err != nil || len(rows) != 0 || more {
			t.Errorf("%s: %d entries, %v", name, len(rows), err)
		}
	}
}
