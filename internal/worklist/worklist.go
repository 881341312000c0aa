// Package worklist tells what is due: whose next step has a deadline, the nearest first, and how
// many wait without one. It reads what package people has computed; no step is recorded here.
package worklist

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of the work list.
type Service struct {
	db    *postgres.DB
	orgs  *organisation.Service
	Today func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, Today: today}
}

// Query asks for what is due in an organisation and below it; zero values do not narrow.
type Query struct {
	OrgID        int32
	Kind         party.StepKind
	Certificates bool // those not admitted whose class certificate has run out, or will within CertificateMonths
	After        Cursor
}

// CertificateMonths is how long before its last day a class certificate is told of: time enough for the
// dossier and the cell's vote, or for another class.
const CertificateMonths = 6

// Item is somebody whose next step has a deadline.
type Item struct {
	PersonID  int64
	FullName  string
	ClassName string
	OrgID     int32
	Stage     party.Stage
	Kind      party.StepKind // the awaited step
	Due       party.Date
	Rule      party.RuleID // that sets the deadline
	Mine      bool         // the viewer's roles may record the step
}

// List is a page of what is due, the oldest deadline first.
type List struct {
	Items []Item
	Next  Cursor                 // zero on the last page
	Late  int                    // how many deadlines have passed, up to countLimit
	Soon  int                    // how many fall in the next 30 days, up to countLimit
	Kinds map[party.StepKind]int // how many wait for each step with a deadline, up to countLimit in all
	More  bool                   // there are more than were counted

	Certificates     int  // how many a query for certificates finds, up to countLimit
	MoreCertificates bool // there are more than were counted
}

// PageSize is how many items a page shows.
const PageSize = 50

const (
	countLimit = 1000
	soonDays   = 30
)

// Cursor marks a place in the list.
type Cursor = keyset.Cursor

// List gives a page of what is due. An organisation outside the viewer's scope is fault.NotFound.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (List, error) {
	if !v.May(access.PeopleRead) {
		return List{}, fault.NewForbidden("errors.forbidden")
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return List{}, err
	}
	f := find{query: q, account: v.AccountID, sees: v.May(access.DashboardRead), certificatesUntil: s.Today().AddMonths(CertificateMonths)}
	if f.paths, err = tree.Within(v, access.PeopleRead, q.OrgID); err != nil {
		return List{}, err
	}
	out := List{Kinds: map[party.StepKind]int{}}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Items, err = f.items(ctx, tx, PageSize+1); err != nil {
			return err
		}
		if err := f.count(ctx, tx, s.Today(), &out); err != nil {
			return err
		}
		f.query = Query{OrgID: q.OrgID, Certificates: true}
		return f.countCertificates(ctx, tx, &out)
	})
	if len(out.Items) > PageSize {
		out.Items = out.Items[:PageSize]
		last := out.Items[PageSize-1]
		out.Next = Cursor{Day: last.Due, ID: last.PersonID}
	}
	for i := range out.Items {
		it := &out.Items[i]
		if o, ok := tree.Of(it.OrgID); ok {
			it.Mine = v.MayIn(access.Record(it.Kind), o.Path)
		}
	}
	return out, err
}
