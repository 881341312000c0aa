package cell

import (
	"context"
	"fmt"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Paying is what is said of one member.
type Paying struct {
	Through party.Date // the last month that he pays; zero = as everybody
	None    bool       // he pays nothing now
	Back    bool       // what he paid for months to come was entered by mistake
	Amount  int        // đồng a month, of one whose dues depend on his wage; 0 = as he paid last
}

// Payment is what is paid apart from a month's meeting: ahead, or arrears.
type Payment struct {
	Key     string
	OrgID   int32
	Version int
	All     party.Date // through which month everybody pays of whom nothing else is said; zero = nobody does
	Rows    map[int64]Paying
}

// Paid is what became of a payment.
type Paid struct {
	People  int
	Months  int
	Amount  int // đồng
	Arrears int // of the months, those that had been entered as not paid
	Back    int // months to come that were taken back
}

// Pay enters who paid through which month: everybody's months that are neither paid nor decided, each
// at its own rate. The refused field is all, or to_ or amount_<person>; nothing is entered unless
// everything is good. It answers fault.Conflict with a Stale where the dues changed in between.
func (s *Service) Pay(ctx context.Context, v access.Viewer, in Payment) (out Paid, err error) {
	org, mayEdit, err := s.cellOf(ctx, v, in.OrgID)
	if err != nil {
		return out, err
	}
	if !mayEdit {
		return out, fault.NewForbidden("errors.forbidden")
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		before, done, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if done {
			_, err := fmt.Sscan(before, &out.People, &out.Months, &out.Amount, &out.Arrears, &out.Back)
			return err
		}
		if err := lockMonths(ctx, tx, in.OrgID); err != nil {
			return err
		}
		book, _, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return err
		}
		g := Register{Org: org, Year: s.Today().Year}
		if err := s.readRegister(ctx, tx, &g, book); err != nil {
			return err
		}
		if g.Version != in.Version {
			return staleDues(ctx, tx, in.OrgID)
		}
		pays := payments{g: g, book: book, in: in}
		if pays.all(); len(pays.bad) > 0 {
			return fault.InvalidFields(pays.bad...)
		}
		out = pays.sum
		return s.writePayment(ctx, tx, v, in, pays)
	})
	return out, err
}

func staleDues(ctx context.Context, tx *postgres.Tx, orgID int32) error {
	st, err := selectDuesChange(ctx, tx, orgID)
	if err != nil {
		return err
	}
	return fault.NewConflict("dues.error.stale", "By", st.By).With(st)
}

func (s *Service) writePayment(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Payment, p payments) error {
	if err := upsertDues(ctx, tx, v.AccountID, in.OrgID, p.enter); err != nil {
		return err
	}
	if err := deleteAhead(ctx, tx, p.back, party.MonthOf(s.Today())); err != nil {
		return err
	}
	if err := s.warnings.Refresh(ctx, tx, p.people); err != nil {
		return err
	}
	if err := tx.Done(ctx, in.Key, fmt.Sprint(p.sum.People, p.sum.Months, p.sum.Amount, p.sum.Arrears, p.sum.Back)); err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: "dues", Entity: "cell", EntityID: int64(in.OrgID), OrgID: in.OrgID,
		Detail: map[string]any{"people": p.sum.People, "months": p.sum.Months, "amount": p.sum.Amount, "back": p.sum.Back}})
}

// payments works out what is entered for whom.
type payments struct {
	g    Register
	book *party.Rulebook
	in   Payment

	enter  []entry
	back   []int64 // whose months to come are taken back
	people []int64 // for whom anything changes
	sum    Paid
	bad    []fault.Field
}

func (p *payments) refuse(name, key string, args ...any) {
	p.bad = append(p.bad, fault.Field{Name: name, Key: key, Args: args})
}

func (p *payments) all() {
	if p.in.All.After(p.g.Limit) {
		p.refuse("all", "dues.error.limit", "Last", monthWords(p.g.Limit))
		return
	}
	known := map[int64]bool{}
	for _, r := range p.g.Rows {
		known[r.PersonID] = true
		p.one(r, p.in.Rows[r.PersonID])
	}
	for id := range p.in.Rows {
		if !known[id] {
			p.refuse(fmt.Sprintf("to_%d", id), "dues.error.no_member")
		}
	}
	switch {
	case len(p.bad) > 0 || len(p.people) > 0:
	case p.in.All.IsZero():
		p.refuse("all", "dues.error.nothing")
	default:
		p.refuse("all", "dues.error.nobody", "Month", monthWords(p.in.All))
	}
}

func (p *payments) one(r DuesRow, said Paying) {
	field := fmt.Sprintf("to_%d", r.PersonID)
	last, named := p.in.All, !said.Through.IsZero()
	if named {
		last = party.MonthOf(said.Through)
	}
	switch {
	case said.Back && r.Ahead == 0:
		p.refuse(field, "dues.error.nothing_ahead")
		return
	case said.Back:
		p.back, p.people, p.sum.Back = append(p.back, r.PersonID), append(p.people, r.PersonID), p.sum.Back+r.Ahead
		return
	case said.None || last.IsZero():
		return
	case named && last.After(p.g.Limit):
		p.refuse(field, "dues.error.limit", "Last", monthWords(p.g.Limit))
		return
	case named && r.JoinedOn.After(party.MonthEnd(last)):
		p.refuse(field, "dues.error.before_joining", "Joined", r.JoinedOn)
		return
	}
	amount := said.Amount
	if amount == 0 {
		amount = r.lastSum
	}
	list, ok := r.Through(p.book, r.Next, last, amount)
	switch {
	case !ok:
		p.refuse(fmt.Sprintf("amount_%d", r.PersonID), "cells.error.amount", "Max", party.MaxDues)
	case len(list) == 0 && named:
		p.refuse(field, "dues.error.paid_already")
	case len(list) > 0:
		p.take(r.PersonID, list)
	}
}

// take enters the months that somebody pays.
func (p *payments) take(id int64, list []party.DuesPayment) {
	p.people, p.sum.People = append(p.people, id), p.sum.People+1
	for _, m := range list {
		p.enter = append(p.enter, entry{id, m.Month, party.DuesPaid, m.Amount, true})
		p.sum.Months, p.sum.Amount = p.sum.Months+1, p.sum.Amount+m.Amount
		if m.Arrears {
			p.sum.Arrears++
		}
	}
}

// monthWords writes a month as it is typed and shown.
func monthWords(month party.Date) string { return fmt.Sprintf("%02d/%d", int(month.Month), month.Year) }
