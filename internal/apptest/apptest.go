// Package apptest gives tests a whole installation: a database of their own with the shipped rules,
// a small tree of organisations, two terms, an account for every role, and people at chosen points
// of their way. The pages over it are in package server below. Nothing of the program imports it.
package apptest

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/app"
	"ketnap/internal/class"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/reorganisation"
)

// Today is the day of an installation until SetToday says otherwise.
var Today = party.MustDate("2026-11-23")

// Password is that of every account.
const Password = "mot mat khau dai"

// secret protects personal numbers in tests.
const secret = "0123456789abcdef0123456789abcdef"

// House is an installation.
type House struct {
	*app.Services
	DB      *postgres.DB
	ClassID int64 // an awareness class of K that ended on 2026-03-15
	t       testing.TB
	today   atomic.Pointer[party.Date]
	orgs    map[string]int32
	viewers map[string]access.Viewer
}

type unit struct {
	code, parent string
	kind         party.OrgKind
	school       party.SchoolType
}

// tree is K with two grassroots committees of two cells each and a grassroots cell.
var tree = []unit{
	{"K", "", party.UpperCommittee, party.SchoolNone},
	{"GD", "K", party.GrassrootsCommittee, party.SchoolNone},
	{"LTT", "GD", party.Cell, party.SchoolUpperSecondary},
	{"NTH", "GD", party.Cell, party.SchoolUpperSecondary},
	{"DH", "K", party.GrassrootsCommittee, party.SchoolUniversity},
	{"SVKT", "DH", party.Cell, party.SchoolUniversity},
	{"SVCN", "DH", party.Cell, party.SchoolUniversity},
	{"CHUYEN", "K", party.GrassrootsCell, party.SchoolUpperSecondary},
}

// founded is since when the tree and the roles stand.
var founded = party.MustDate("2010-01-01")

// New makes an installation that goes with the test.
func New(t testing.TB) *House {
	t.Helper()
	h := &House{DB: postgres.NewTestDB(t), t: t, orgs: map[string]int32{}, viewers: map[string]access.Viewer{}}
	h.SetToday(Today)
	services, err := app.New(h.DB, []byte(secret), h.Now)
	h.must(err)
	h.Services = services
	h.Organisations.StaleAfter = time.Hour // no other copy writes; what is counted must not depend on how long it takes
	h.must(h.Regulations.Seed(t.Context()))
	h.must(h.DB.WriteSystem(t.Context(), h.furnish))
	return h
}

func (h *House) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// Now is the day of the installation.
func (h *House) Now() party.Date { return *h.today.Load() }

// SetToday moves the installation to another day.
func (h *House) SetToday(day party.Date) { h.today.Store(&day) }

func (h *House) furnish(ctx context.Context, tx *postgres.Tx) error {
	for _, u := range tree {
		id, err := h.Organisations.Add(ctx, tx, access.System, organisation.Details{Name: nameOf(u), Code: u.code, Kind: u.kind,
			School: u.school, ParentID: h.orgs[u.parent], From: founded})
		if err != nil {
			return err
		}
		h.orgs[u.code] = id
	}
	for _, years := range []int{2020, 2025} {
		code := fmt.Sprintf("%d-%d", years, years+5)
		_, err := h.Organisations.CreateTerm(ctx, tx, access.System, party.Term{Code: code, Name: "Nhiệm kỳ " + code,
			Starts: party.NewDate(years, 7, 1), Ends: party.NewDate(years+5, 6, 30)})
		if err != nil {
			return err
		}
	}
	var err error
	h.ClassID, err = h.Classes.CreateIn(ctx, tx, access.System, class.Fields{OrgID: h.orgs["K"], Number: "01/2026",
		Title: "Lớp bồi dưỡng nhận thức về Đảng", Starts: party.MustDate("2026-03-07"), Ends: party.MustDate("2026-03-15"), Place: "Trung tâm Chính trị"})
	if err != nil {
		return err
	}
	return h.openAccounts(ctx, tx)
}

func nameOf(u unit) string {
	switch {
	case u.kind.IsCell():
		return "Chi bộ " + u.code
	case u.kind == party.UpperCommittee:
		return "Đảng ủy " + u.code
	}
	return "Đảng bộ " + u.code
}

func (h *House) openAccounts(ctx context.Context, tx *postgres.Tx) error {
	hash, err := h.Accounts.Hash(ctx, Password)
	if err != nil {
		return err
	}
	open := func(username, code string, role access.Role) error {
		g := account.NewGrant{Role: role, OrgID: h.orgs[code], From: founded}
		id, err := h.Accounts.Provision(ctx, tx, access.System, username, "Tài khoản "+username, hash, g)
		h.viewers[username] = access.Viewer{AccountID: id, Username: username, Name: "Tài khoản " + username,
			Grants: []access.Grant{{Role: role, OrgID: g.OrgID, From: founded}}}
		return err
	}
	for username, role := range map[string]access.Role{"quantri": access.Administrator, "vanphong": access.Staff,
		"lanhdao": access.Leader, "tuyengiao": access.Organiser, "kiemtra": access.Checker} {
		if err := open(username, "K", role); err != nil {
			return err
		}
	}
	for _, u := range tree {
		code := strings.ToLower(u.code)
		for prefix, role := range map[string]access.Role{"coso.": access.Grassroots, "bithu.": access.Secretary, "doan.": access.Introducer} {
			fits := u.kind.IsCell()
			if role == access.Grassroots {
				fits = u.kind.IsGrassroots()
			}
			if !fits {
				continue
			}
			if err := open(prefix+code, u.code, role); err != nil {
				return err
			}
		}
	}
	return nil
}

// Org gives the number of an organisation by its code: K, GD, LTT, NTH, DH, SVKT, SVCN, CHUYEN.
func (h *House) Org(code string) int32 {
	h.t.Helper()
	id, ok := h.orgs[code]
	if !ok {
		h.t.Fatalf("there is no organisation %s", code)
	}
	return id
}

// Found enters an organisation as vanphong does.
func (h *House) Found(d organisation.Details) int32 {
	h.t.Helper()
	id, _, err := h.Reorganisations.Found(h.t.Context(), h.Viewer("vanphong"), reorganisation.Foundation{Details: d})
	h.must(err)
	h.orgs[d.Code] = id
	return id
}

// Usernames lists all accounts: quantri, vanphong, lanhdao, tuyengiao, kiemtra, coso.gd, coso.dh,
// coso.chuyen, and bithu. and doan. with each cell's code.
func (h *House) Usernames() []string {
	var list []string
	for name := range h.viewers {
		list = append(list, name)
	}
	return list
}

// Viewer gives an account as it asks the use cases.
func (h *House) Viewer(username string) access.Viewer {
	h.t.Helper()
	v, ok := h.viewers[username]
	if !ok {
		h.t.Fatalf("there is no account %s", username)
	}
	return v
}
