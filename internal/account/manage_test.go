package account_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

func TestAFormSentTwiceMakesOneAccount(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	in := account.NewAccount{Username: " Moi.Den ", Name: " Người Mới ", Key: uuid.NewString(),
		Grant: account.NewGrant{Role: access.Secretary, OrgID: h.Org("LTT")}}
	first, err := h.Accounts.Create(t.Context(), h.Viewer("quantri"), in)
	must(t, err)
	again, err := h.Accounts.Create(t.Context(), h.Viewer("quantri"), in)
	must(t, err)
	if again.Account.ID != first.Account.ID || again.Account.Username != "moi.den" || again.Account.Name != "Người Mới" || len(again.Account.Grants) != 1 {
		t.Errorf("first %+v, again %+v", first.Account, again.Account)
	}
	must(t, signIn(t, h, "moi.den", again.Password, elsewhere))

	in.Key = uuid.NewString()
	_, err = h.Accounts.Create(t.Context(), h.Viewer("quantri"), in)
	mustRefuse(t, err, "username", "accounts.error.username_taken")
}

func TestWhichNewAccountsAreRefused(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	good := account.NewGrant{Role: access.Secretary, OrgID: h.Org("LTT")}
	for _, c := range []struct {
		username, name string
		grant          account.NewGrant
		field, key     string
	}{
		{"a", "Tên", good, "username", "accounts.error.username"},
		{"có dấu", "Tên", good, "username", "accounts.error.username"},
		{"system", "Tên", good, "username", "accounts.error.username"},
		{"moi", "  ", good, "name", "accounts.error.name"},
		{"moi", "Tên", account.NewGrant{Role: "king", OrgID: h.Org("LTT")}, "role", "accounts.error.role"},
		{"moi", "Tên", account.NewGrant{Role: access.Staff}, "org", "accounts.error.org"},
		{"moi", "Tên", account.NewGrant{Role: access.Staff, OrgID: 999999}, "org", "accounts.error.org"},
		{"moi", "Tên", account.NewGrant{Role: access.Staff, OrgID: h.Org("LTT"), From: h.Now(), Until: h.Now()}, "until", "accounts.error.until"},
	} {
		_, err := h.Accounts.Create(t.Context(), h.Viewer("quantri"), account.NewAccount{Username: c.username, Name: c.name, Grant: c.grant})
		mustRefuse(t, err, c.field, c.key)
	}
	_, err := h.Accounts.Create(t.Context(), h.Viewer("quantri"), account.NewAccount{}) // everything at once
	mustRefuse(t, err, "username", "accounts.error.username")
	mustRefuse(t, err, "name", "accounts.error.name")
	mustRefuse(t, err, "role", "accounts.error.role")
	mustRefuse(t, err, "org", "accounts.error.org")
	_, err = h.Accounts.Find(t.Context(), access.System, "moi")
	mustBe(t, err, fault.NotFound, "")
}

func TestAnAdministratorManagesOnlyWhoIsBelowHim(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ctx, v := t.Context(), newAdministrator(t, h, "quantri.gd", "GD")

	list, more, err := h.Accounts.List(ctx, v, account.Filter{})
	must(t, err)
	for _, a := range list {
		if a.Username != "quantri.gd" && a.Username != "coso.gd" && a.Username != "bithu.ltt" && a.Username != "bithu.nth" &&
			a.Username != "doan.ltt" && a.Username != "doan.nth" {
			t.Errorf("lists %s", a.Username)
		}
	}
	if len(list) != 6 || more {
		t.Errorf("lists %d accounts, more: %v", len(list), more)
	}
	for _, username := range []string{"coso.dh", "quantri", "vanphong"} {
		_, _, err := h.Accounts.Get(ctx, v, find(t, h, username).ID)
		mustBe(t, err, fault.NotFound, "")
		mustBe(t, h.Accounts.Disable(ctx, v, changeOf(t, h, username)), fault.NotFound, "")
		_, err = h.Accounts.Reset(ctx, v, changeOf(t, h, username))
		mustBe(t, err, fault.NotFound, "")
	}
	for _, code := range []string{"DH", "K", "CHUYEN"} {
		g := account.NewGrant{Role: access.Staff, OrgID: h.Org(code)}
		mustRefuse(t, h.Accounts.Grant(ctx, v, changeOf(t, h, "bithu.ltt"), g), "org", "accounts.error.org")
	}
	must(t, h.Accounts.Disable(ctx, v, changeOf(t, h, "bithu.nth")))

	// Somebody with a duty elsewhere too is seen, but not his to block or to take over.
	must(t, h.Accounts.Grant(ctx, h.Viewer("quantri"), changeOf(t, h, "bithu.ltt"), account.NewGrant{Role: access.Secretary, OrgID: h.Org("SVKT")}))
	a, manages, err := h.Accounts.Get(ctx, v, find(t, h, "bithu.ltt").ID)
	if err != nil || manages || a.Username != "bithu.ltt" {
		t.Errorf("with a duty elsewhere: manages %v, %v", manages, err)
	}
	_, err = h.Accounts.Reset(ctx, v, changeOf(t, h, "bithu.ltt"))
	mustBe(t, err, fault.Forbidden, "accounts.error.elsewhere")
	mustBe(t, h.Accounts.Disable(ctx, v, changeOf(t, h, "bithu.ltt")), fault.Forbidden, "accounts.error.elsewhere")
	for _, g := range a.Grants {
		err := h.Accounts.Revoke(ctx, v, changeOf(t, h, "bithu.ltt"), g.ID)
		if here := g.OrgID == h.Org("LTT"); here != (err == nil) {
			t.Errorf("revoke the grant at %s: %v", g.OrgCode, err)
		}
	}
}

func TestWhoIsNoAdministratorManagesNobody(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ctx := t.Context()
	for _, username := range h.Usernames() {
		v := h.Viewer(username)
		if v.Has(access.Administrator) {
			continue
		}
		_, _, err := h.Accounts.List(ctx, v, account.Filter{})
		mustBe(t, err, fault.Forbidden, "")
		_, _, err = h.Accounts.Get(ctx, v, h.Viewer("doan.ltt").AccountID)
		mustBe(t, err, fault.NotFound, "")
		mustBe(t, h.Accounts.Disable(ctx, v, changeOf(t, h, "doan.ltt")), fault.NotFound, "")
		_, err = h.Accounts.Create(ctx, v, account.NewAccount{Username: "moi", Name: "Mới", Grant: account.NewGrant{Role: access.Staff, OrgID: h.Org("LTT")}})
		mustRefuse(t, err, "org", "accounts.error.org")
		_, err = h.Accounts.Find(ctx, v, "quantri")
		mustBe(t, err, fault.Forbidden, "")
	}
}

func TestAStalePageChangesNothing(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	stale := changeOf(t, h, "bithu.ltt")
	must(t, h.Accounts.Rename(t.Context(), h.Viewer("quantri"), stale, "Tên Mới"))
	mustBe(t, h.Accounts.Rename(t.Context(), h.Viewer("quantri"), stale, "Tên Khác"), fault.Conflict, "errors.conflict")
	mustBe(t, h.Accounts.Disable(t.Context(), h.Viewer("quantri"), stale), fault.Conflict, "errors.conflict")
	if a := find(t, h, "bithu.ltt"); a.Name != "Tên Mới" || a.Disabled() {
		t.Errorf("account %+v", a)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ctx, v := t.Context(), h.Viewer("quantri")
	grant := find(t, h, "quantri").Grants[0].ID
	newAdministrator(t, h, "quantri.gd", "GD") // below the top, who cannot stand in for him
	mustBe(t, h.Accounts.Disable(ctx, v, changeOf(t, h, "quantri")), fault.Conflict, "accounts.error.last_administrator")
	mustBe(t, h.Accounts.Revoke(ctx, v, changeOf(t, h, "quantri"), grant), fault.Conflict, "accounts.error.last_administrator")
	if a := find(t, h, "quantri"); a.Disabled() || !a.Grants[0].HoldsOn(h.Now()) {
		t.Errorf("refused, and still done: %+v", a)
	}
	newAdministrator(t, h, "quantri.hai", "K")
	must(t, h.Accounts.Revoke(ctx, v, changeOf(t, h, "quantri"), grant))
}

func TestTwoAdministratorsWhoDisableEachOtherAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	second := newAdministrator(t, h, "quantri.hai", "K")
	acts := []func() error{}
	for v, other := range map[string]string{"quantri": "quantri.hai", "quantri.hai": "quantri"} {
		viewer, change := second, changeOf(t, h, other)
		if v == "quantri" {
			viewer = h.Viewer("quantri")
		}
		acts = append(acts, func() error { return h.Accounts.Disable(t.Context(), viewer, change) })
	}
	var wait sync.WaitGroup
	errs := make([]error, len(acts))
	for i, act := range acts {
		wait.Go(func() { errs[i] = act() })
	}
	wait.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || find(t, h, "quantri").Disabled() == find(t, h, "quantri.hai").Disabled() {
		t.Errorf("errors %v", errs)
	}
}

func TestTheListOfAccountsGoesOnByUsername(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ctx, v := t.Context(), h.Viewer("quantri")
	hash, err := h.Accounts.Hash(ctx, apptest.Password)
	must(t, err)
	must(t, h.DB.WriteSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		for i := range 60 {
			_, err := h.Accounts.Provision(ctx, tx, access.System, fmt.Sprintf("them%02d", i), fmt.Sprintf("Đỗ Thêm %d", i), hash,
				account.NewGrant{Role: access.Introducer, OrgID: h.Org("LTT")})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	first, more, err := h.Accounts.List(ctx, v, account.Filter{Search: "do them"})
	must(t, err)
	rest, end, err := h.Accounts.List(ctx, v, account.Filter{Search: "do them", After: first[len(first)-1].Username})
	must(t, err)
	if len(first) != 50 || !more || len(rest) != 10 || end || rest[0].Username != "them50" {
		t.Errorf("%d and more %v, then %d and more %v", len(first), more, len(rest), end)
	}
	yes := true
	must(t, h.Accounts.Disable(ctx, v, changeOf(t, h, "them07")))
	off, _, err := h.Accounts.List(ctx, v, account.Filter{Disabled: &yes})
	if err != nil || len(off) != 1 || off[0].Username != "them07" {
		t.Errorf("disabled: %v %v", off, err)
	}
	leaders, _, err := h.Accounts.List(ctx, v, account.Filter{Role: access.Leader})
	if err != nil || len(leaders) != 1 || leaders[0].Username != "lanhdao" {
		t.Errorf("leaders: %v %v", leaders, err)
	}
}
