package demo

import (
	"context"
	"fmt"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/app"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Password is that of every demo account.
const Password = "demo-ketnap"

// clerk enters everybody; last is the account that is made at the very end, so that it tells a
// demo that is whole from one that was cut off.
const (
	clerk = "vanphong"
	last  = "quantri"
)

// portion is how many people are entered in one transaction.
const portion = 100

// Fill enters the invented committee into an empty database. A fill that was cut off goes on where
// it stopped; a whole demo is left as it is. A database with anybody else's data is
// fault.Conflict.
func Fill(ctx context.Context, db *postgres.DB, s *app.Services) error {
	f := &filler{db: db, s: s, orgs: map[string]int32{}}
	whole, err := f.has(ctx, last)
	if err != nil {
		return err
	}
	begun, err := f.has(ctx, clerk)
	switch {
	case err != nil || whole && begun:
		return err
	case whole:
		return errNotEmpty
	case !begun:
		if err := f.begin(ctx); err != nil {
			return err
		}
	}
	if err := f.look(ctx); err != nil {
		return err
	}
	if err := f.enterPeople(ctx); err != nil {
		return err
	}
	if err := f.fillIntroductions(ctx); err != nil {
		return err
	}
	if err := f.fillDecisions(ctx); err != nil {
		return err
	}
	if err := f.fillCases(ctx); err != nil {
		return err
	}
	if err := f.fillReadmissions(ctx); err != nil {
		return err
	}
	if err := f.fillProbation(ctx); err != nil {
		return err
	}
	if err := f.fillReviews(ctx); err != nil {
		return err
	}
	if err := f.fillClasses(ctx); err != nil {
		return err
	}
	if err := f.fillDossiers(ctx); err != nil {
		return err
	}
	if err := f.fillCells(ctx); err != nil {
		return err
	}
	if err := f.fillTasks(ctx); err != nil {
		return err
	}
	if err := f.fillExemptions(ctx); err != nil {
		return err
	}
	if err := f.fillDues(ctx); err != nil {
		return err
	}
	if err := f.fillTransfers(ctx); err != nil {
		return err
	}
	if err := f.fillAssessments(ctx); err != nil {
		return err
	}
	if err := f.fillActs(ctx); err != nil {
		return err
	}
	return f.openAccounts(ctx)
}

// errNotEmpty is told to commands only, in their own words.
var errNotEmpty = fault.NewConflict("errors.conflict")

type filler struct {
	db      *postgres.DB
	s       *app.Services
	orgs    map[string]int32
	classes []*lesson
	viewer  access.Viewer // the clerk
}

func (f *filler) has(ctx context.Context, username string) (bool, error) {
	_, err := f.s.Accounts.Find(ctx, access.System, username)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// begin enters tree, terms, classes and the clerk, all or nothing.
func (f *filler) begin(ctx context.Context) error {
	empty, err := f.s.Accounts.NeedsSetup(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return errNotEmpty
	}
	hash, err := f.s.Accounts.Hash(ctx, Password)
	if err != nil {
		return err
	}
	return f.db.WriteSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		if err := f.plant(ctx, tx, root, 0); err != nil {
			return err
		}
		for _, t := range []party.Term{termOne, termTwo} {
			if _, err := f.s.Organisations.CreateTerm(ctx, tx, access.System, t); err != nil {
				return fmt.Errorf("term %s: %w", t.Code, err)
			}
		}
		for _, c := range classDays {
			starts := party.MustDate(c.starts)
			_, err := f.s.Classes.CreateIn(ctx, tx, access.System, class.Fields{OrgID: f.orgs[root.code], Number: c.number,
				Title: "Lớp bồi dưỡng nhận thức về Đảng số " + c.number, Starts: starts, Ends: starts.AddDays(8), Place: "Trung tâm Chính trị"})
			if err != nil {
				return fmt.Errorf("class %s: %w", c.number, err)
			}
		}
		_, err := f.s.Accounts.Provision(ctx, tx, access.System, clerk, "Lê Thị Văn Phòng", hash,
			account.NewGrant{Role: access.Staff, OrgID: f.orgs[root.code], From: founded})
		return err
	})
}

func (f *filler) plant(ctx context.Context, tx *postgres.Tx, u unit, parent int32) error {
	id, err := f.s.Organisations.Add(ctx, tx, access.System, organisation.Details{Name: u.name, Code: u.code, Kind: u.kind,
		School: u.school, ParentID: parent, From: founded})
	if err != nil {
		return fmt.Errorf("organisation %s: %w", u.code, err)
	}
	f.orgs[u.code] = id
	for _, b := range u.below {
		if err := f.plant(ctx, tx, b, id); err != nil {
			return err
		}
	}
	return nil
}

// look finds what begin entered, in this run or in one before.
func (f *filler) look(ctx context.Context) error {
	tree, err := f.s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	for _, u := range root.all() {
		o, ok := tree.ByCode(u.code)
		if !ok {
			return fmt.Errorf("organisation %s of the demo is not there", u.code)
		}
		f.orgs[u.code] = o.OrgID
	}
	a, err := f.s.Accounts.Find(ctx, access.System, clerk)
	if err != nil {
		return err
	}
	f.viewer = access.Viewer{AccountID: a.ID, Username: a.Username, Name: a.Name,
		Grants: []access.Grant{{Role: access.Staff, OrgID: f.orgs[root.code], From: founded}}}
	list, err := f.s.Classes.List(ctx, f.viewer, class.Query{})
	if err != nil {
		return err
	}
	byNumber := map[string]int64{}
	for _, c := range list.Classes {
		byNumber[c.Number] = c.ID
	}
	for _, c := range classDays {
		starts := party.MustDate(c.starts)
		f.classes = append(f.classes, &lesson{number: c.number, id: byNumber[c.number], starts: starts, ends: starts.AddDays(8)})
	}
	return nil
}

// all gives a unit and everything below it.
func (u unit) all() []unit {
	out := []unit{u}
	for _, b := range u.below {
		out = append(out, b.all()...)
	}
	return out
}

// enterPeople records everybody's way through the use cases. Everybody is invented in the same
// order each time, so that those already entered are passed over.
func (f *filler) enterPeople(ctx context.Context) error {
	everybody := newCast(f.orgs, f.classes).everybody()
	list, err := f.s.People.List(ctx, f.viewer, people.Query{Limit: 1})
	if err != nil {
		return err
	}
	for done := list.Count; done < len(everybody); done += portion {
		if _, err := f.s.People.EnterHistories(ctx, f.viewer, everybody[done:min(done+portion, len(everybody))]); err != nil {
			return fmt.Errorf("people from %d on: %w", done, explained(err))
		}
	}
	return nil
}

// explained adds to a refusal what its gate said.
func explained(err error) error {
	if v, refused := people.Refusal(err); refused {
		return fmt.Errorf("%w: %s on %s: %v", err, v.Kind, v.On, v.Refusals())
	}
	return err
}

// openAccounts makes the accounts of the others: those of the committee, of each grassroots
// organisation, and of each cell its secretary and its Youth Union.
func (f *filler) openAccounts(ctx context.Context) error {
	hash, err := f.s.Accounts.Hash(ctx, Password)
	if err != nil {
		return err
	}
	return f.db.WriteSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		for _, a := range f.accounts() {
			_, err := f.s.Accounts.Provision(ctx, tx, access.System, a.username, a.name, hash,
				account.NewGrant{Role: a.role, OrgID: f.orgs[a.code], From: founded})
			if err != nil {
				return fmt.Errorf("account %s: %w", a.username, err)
			}
		}
		return nil
	})
}

type user struct {
	username, name, code string
	role                 access.Role
}

func (f *filler) accounts() []user {
	list := []user{
		{"lanhdao", "Trần Văn Lãnh Đạo", root.code, access.Leader},
		{"tuyengiao", "Phạm Thị Tuyên Giáo", root.code, access.Organiser},
		{"kiemtra", "Võ Văn Kiểm Tra", root.code, access.Checker},
	}
	for _, u := range root.all() {
		code := strings.ToLower(u.code)
		if u.kind.IsGrassroots() {
			list = append(list, user{"coso." + code, "Cán bộ " + u.name, u.code, access.Grassroots})
		}
		if u.kind.IsCell() {
			list = append(list, user{"bithu." + code, "Bí thư " + u.name, u.code, access.Secretary},
				user{"doan." + code, "Đoàn trường, " + u.name, u.code, access.Introducer})
		}
	}
	return append(list, user{last, "Nguyễn Quản Trị", root.code, access.Administrator})
}
