package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/postgres"
)

// page is what is asked for, over and over: one of some addresses, as somebody.
type page struct {
	name  string
	user  string
	paths []string
}

// reach is an organisation with somebody who works there.
type reach struct {
	org  int32
	user string
}

// choosePages opens accounts at one organisation of each level and finds people to ask for.
func (h *house) choosePages(ctx context.Context) error {
	committee, err := h.clerkAt(ctx, "bench.committee", "upper_committee", access.Staff)
	if err != nil {
		return err
	}
	base, err := h.clerkAt(ctx, "bench.base", "grassroots_committee", access.Grassroots)
	if err != nil {
		return err
	}
	cell, err := h.clerkAt(ctx, "bench.cell", "cell", access.Secretary)
	if err != nil {
		return err
	}
	ids, err := h.somePeople(ctx, committee.org)
	if err != nil {
		return err
	}
	persons := make([]string, len(ids))
	for i, id := range ids {
		persons[i] = fmt.Sprintf("/people/%d", id)
	}
	var names, rare []string
	for range 40 {
		family, middle, given := families[rand.IntN(len(families))], middles[rand.IntN(len(middles))], givens[rand.IntN(len(givens))]
		names = append(names, "/people?q="+url.QueryEscape(family+" "+given))
		rare = append(rare, "/people?q="+url.QueryEscape(family+" "+middle+" "+given))
	}
	deep, err := h.deepPage(committee.user)
	if err != nil {
		return err
	}
	h.cases = []page{
		{"list, cell", cell.user, []string{"/people"}},
		{"list, grassroots, by stage", base.user, []string{"/people?stage=trained", "/people?stage=planned"}},
		{"list, committee", committee.user, []string{"/people", "/people?stage=trained"}},
		{"list, whole tree", "vanphong", []string{"/people", "/people?stage=probationary"}},
		{"list, a deep page", committee.user, []string{deep}},
		{"search, two words, committee", committee.user, names},
		{"search, two words, whole tree", "vanphong", names},
		{"search, whole name, whole tree", "vanphong", rare},
		{"person", committee.user, persons},
		{"work list, grassroots", base.user, []string{"/worklist"}},
		{"dashboard, committee", committee.user, []string{"/dashboard"}},
		{"dashboard, whole tree", "vanphong", []string{"/dashboard"}},
	}
	return nil
}

// clerkAt gives an account at the last organisation of a kind: one of the grown tree.
func (h *house) clerkAt(ctx context.Context, username, kind string, role access.Role) (reach, error) {
	at := reach{user: username}
	conn, err := h.db.OwnerConn(ctx)
	if err != nil {
		return at, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	// The last one of its level may hold fewer people than others; the first of the grown ones is full.
	err = conn.QueryRow(ctx, `select min(org_id) from organisation_versions where kind = $1 and code like 'B%'`, kind).Scan(&at.org)
	if err != nil {
		return at, err
	}
	if _, err := h.s.Accounts.Find(ctx, access.System, username); err == nil {
		return at, nil
	}
	err = h.db.WriteSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		hash, err := h.s.Accounts.Hash(ctx, "demo-ketnap")
		if err != nil {
			return err
		}
		_, err = h.s.Accounts.Provision(ctx, tx, access.System, username, username, hash, account.NewGrant{Role: role, OrgID: at.org})
		return err
	})
	return at, err
}

// somePeople gives two hundred people below an organisation.
func (h *house) somePeople(ctx context.Context, org int32) ([]int64, error) {
	conn, err := h.db.OwnerConn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	rows, err := conn.Query(ctx, `select person_id from person_states where o1 = $1 order by md5(person_id::text) limit 200`, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

var nextPage = regexp.MustCompile(`href="(/people\?after=[^"]+)"`)

// deepPage leafs through the list for a while and gives the address it has come to.
func (h *house) deepPage(user string) (string, error) {
	c, err := h.as(user)
	if err != nil {
		return "", err
	}
	path := "/people"
	for range 20 {
		body, _, err := fetch(c, h.server.URL+path)
		if err != nil {
			return "", err
		}
		next := nextPage.FindStringSubmatch(body)
		if next == nil {
			break
		}
		path = next[1]
	}
	return path, nil
}

func fetch(c *http.Client, address string) (body string, status int, err error) {
	answer, err := c.Get(address)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return string(text), answer.StatusCode, err
}
