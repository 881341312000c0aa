// Package regulation keeps the rules and the forms of papers as dated data, and the calendar of working days: what ships is
// entered once, an administrator changes it, and everybody else looks a value up by its day. What
// a rule does is written in package party. No HTTP lives here.
package regulation

import (
	"context"
	"sync"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of rules and calendar.
type Service struct {
	db    *postgres.DB
	Today func() party.Date // the day in the committee's time zone
	// OnChange is called within each transaction that changes a rule or the calendar, so that what
	// was computed from them is marked to be computed anew. nil: nothing is.
	OnChange func(context.Context, *postgres.Tx) error
	book     bookCache
}

// New makes the service.
func New(db *postgres.DB, today func() party.Date) *Service { return &Service{db: db, Today: today} }

// bookCache holds the rules in force as one book. Gates look up many rules for each page; reading
// them from the database each time would be most of the page's work.
type bookCache struct {
	sync.Mutex
	rules    *party.Rulebook
	calendar *party.Calendar
	stamp    string
	checked  time.Time
}

// staleAfter bounds how long a change by another copy of the program stays unseen. A change by
// this copy is seen at once.
const staleAfter = time.Second

// Book gives the rules and the calendar, outside of any transaction.
func (s *Service) Book(ctx context.Context) (rules *party.Rulebook, calendar *party.Calendar, err error) {
	err = s.db.Read(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		rules, calendar, err = s.BookIn(ctx, tx)
		return err
	})
	return rules, calendar, err
}

// BookIn gives the rules and the calendar. It reads them through the caller's transaction: were it
// to take a connection of its own, as many callers as there are connections would wait for each
// other for ever.
func (s *Service) BookIn(ctx context.Context, tx *postgres.Tx) (*party.Rulebook, *party.Calendar, error) {
	c := &s.book
	c.Lock()
	defer c.Unlock()
	if c.rules != nil && time.Since(c.checked) < staleAfter {
		return c.rules, c.calendar, nil
	}
	stamp, err := selectStamp(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	if c.rules == nil || stamp != c.stamp {
		if err := c.read(ctx, tx); err != nil {
			return nil, nil, err
		}
		c.stamp = stamp
	}
	c.checked = time.Now()
	return c.rules, c.calendar, nil
}

func (c *bookCache) read(ctx context.Context, tx *postgres.Tx) error {
	entries, err := selectRules(ctx, tx)
	if err != nil {
		return err
	}
	days, err := selectDays(ctx, tx, party.Date{}, party.Date{})
	if err != nil {
		return err
	}
	rules := make([]party.Rule, len(entries))
	for i, e := range entries {
		rules[i] = e.Rule
	}
	forms, err := selectForms(ctx, tx)
	if err != nil {
		return err
	}
	c.rules, c.calendar = party.NewRulebook(rules, forms...), party.NewCalendar(plainDays(days))
	return nil
}

// Forget lets this copy of the program see a change by another one at once.
func (s *Service) Forget() {
	s.book.Lock()
	s.book.checked = time.Time{}
	s.book.Unlock()
}

func (s *Service) changed(ctx context.Context, tx *postgres.Tx) error {
	if s.OnChange == nil {
		return nil
	}
	return s.OnChange(ctx, tx)
}

// Seed enters the shipped rules, calendar days and forms of papers, each once: one that an administrator has
// changed or taken out stays so. Several copies may start at once.
func (s *Service) Seed(ctx context.Context) error {
	entered := 0
	err := s.db.WriteSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		if err := lockRules(ctx, tx); err != nil {
			return err
		}
		known, err := selectShipped(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range party.DefaultRules() {
			if key := "rule:" + string(r.ID) + ":" + r.From.String(); !known[key] {
				if err := insertShippedRule(ctx, tx, r, key); err != nil {
					return err
				}
				entered++
			}
		}
		for _, d := range party.DefaultHolidays() {
			if key := "day:" + d.Date.String(); !known[key] {
				if err := insertShippedDay(ctx, tx, d, key); err != nil {
					return err
				}
				entered++
			}
		}
		for _, f := range party.DefaultForms() {
			if key := "form:" + string(f.Kind) + ":" + f.From.String(); !known[key] {
				if err := insertShippedForm(ctx, tx, f, key); err != nil {
					return err
				}
			}
		}
		if entered == 0 {
			return nil
		}
		return s.changed(ctx, tx)
	})
	s.Forget()
	return err
}

// Stale says that somebody else saved the record in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }
