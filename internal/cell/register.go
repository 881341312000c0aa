package cell

import (
	"context"
	"encoding/binary"
	"hash/fnv"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// DuesMonth is a month of somebody's year of dues.
type DuesMonth struct {
	Month    party.Date
	Standing party.DuesStanding
	Amount   int // đồng, where it is paid
}

// DuesRow is a member with his dues.
type DuesRow struct {
	PersonID int64
	FullName string
	party.DuesBook
	PaidTo  party.Date // zero where nothing is known
	Next    party.Date // the month with which a payment begins
	Owed    int        // months
	Usual   int        // đồng a month: the rate of the month that is next, else what he paid last; 0 = not known
	Ahead   int        // months to come that he paid apart, which can be taken back
	Year    []DuesMonth
	lastSum int // what he paid last
}

// Sum gives what a member paid for the year.
func (r DuesRow) Sum() (n int) {
	for _, m := range r.Year {
		n += m.Amount
	}
	return n
}

// Register is the dues of a cell's members in a year.
type Register struct {
	Org     organisation.Org
	Year    int
	Begins  party.Date // the month with which the cell's book begins
	Limit   party.Date // the last month that may be entered
	Rows    []DuesRow
	More    bool // there are more members than one page takes
	MayEdit bool
	Version int // another one whenever the dues of a member have changed
}

// Sums gives how much was paid for each month of the year.
func (g Register) Sums() (amounts [12]int) {
	for _, r := range g.Rows {
		for i, m := range r.Year {
			amounts[i] += m.Amount
		}
	}
	return amounts
}

// Register opens the dues of a cell. A year that lies wholly beyond what may be entered is empty.
func (s *Service) Register(ctx context.Context, v access.Viewer, orgID int32, year int) (g Register, err error) {
	if g.Org, g.MayEdit, err = s.cellOf(ctx, v, orgID); err != nil {
		return g, err
	}
	g.Year = year
	return g, s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		book, _, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return err
		}
		return s.readRegister(ctx, tx, &g, book)
	})
}

// readRegister fills in what is stored of a register.
func (s *Service) readRegister(ctx context.Context, tx *postgres.Tx, g *Register, book *party.Rulebook) (err error) {
	if g.Begins, err = selectBegins(ctx, tx, g.Org.OrgID); err != nil {
		return err
	}
	if g.Begins.IsZero() {
		g.Begins = party.MonthOf(s.Today())
	}
	g.Limit = party.DuesLimit(book, s.Today())
	if g.Rows, err = selectDuesRows(ctx, tx, g.Org.OrgID, party.MonthOf(s.Today()), MaxMembers+1); err != nil {
		return err
	}
	if g.More = len(g.Rows) > MaxMembers; g.More {
		g.Rows = g.Rows[:MaxMembers]
	}
	amounts, err := attachDues(ctx, tx, g)
	if err != nil {
		return err
	}
	for i := range g.Rows {
		g.Rows[i].complete(book, g.Begins, g.Year, amounts)
	}
	g.Version = versionOf(g.Rows)
	return nil
}

// monthOf names a month of somebody.
type monthOf struct {
	personID int64
	month    party.Date
}

// complete adds what follows from what is stored.
func (r *DuesRow) complete(book *party.Rulebook, begins party.Date, year int, amounts map[monthOf]int) {
	r.PaidTo, r.Next, r.Usual = r.DuesBook.PaidTo(), r.DuesBook.Next(begins), r.lastSum
	if rate, known := party.DuesRate(book, r.Category, r.Next); known {
		r.Usual = rate
	}
	for month := party.NewDate(year, 1, 1); month.Year == year; month = month.AddMonths(1) {
		r.Year = append(r.Year, DuesMonth{Month: month, Standing: r.Standing(month), Amount: amounts[monthOf{r.PersonID, month}]})
	}
	for _, m := range r.Unpaid {
		if r.Standing(m) == party.DuesStandUnpaid {
			r.Owed++
		}
	}
}

// versionOf tells one state of the dues from another. It is of what is stored, so that a month's sheet
// and another cell's entry change it too.
func versionOf(rows []DuesRow) int {
	sum := fnv.New32a()
	add := func(n int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		_, _ = sum.Write(b[:]) // never fails
	}
	for _, r := range rows {
		add(r.PersonID)
		for _, list := range [][]party.Date{r.Paid, r.Unpaid} {
			add(int64(len(list)))
			for _, m := range list {
				add(int64(m.Year*12 + int(m.Month)))
			}
		}
	}
	return int(sum.Sum32()>>1) | 1 // 0 is of no register
}
