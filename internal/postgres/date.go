package postgres

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"ketnap/internal/party"
)

// registerDate teaches a connection that party.Date is SQL's date and that the zero Date is NULL.
func registerDate(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapDateEncode}, m.TryWrapEncodePlanFuncs...)
	m.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{wrapDateScan}, m.TryWrapScanPlanFuncs...)
	m.RegisterDefaultPgType(party.Date{}, "date")
	m.RegisterDefaultPgType([]party.Date(nil), "_date")
}

// civil is a party.Date in the form that pgx's date codec asks for.
type civil party.Date

func (d civil) DateValue() (pgtype.Date, error) {
	p := party.Date(d)
	if p.IsZero() {
		return pgtype.Date{}, nil
	}
	if !p.Valid() {
		return pgtype.Date{}, fmt.Errorf("date %v does not exist", p)
	}
	return pgtype.Date{Time: p.Time(), Valid: true}, nil
}

func (d *civil) ScanDate(v pgtype.Date) error {
	switch {
	case !v.Valid:
		*d = civil{}
	case v.InfinityModifier != pgtype.Finite:
		return fmt.Errorf("date is %v", v.InfinityModifier)
	default:
		*d = civil(party.DateOf(v.Time.In(time.UTC)))
	}
	return nil
}

func wrapDateEncode(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	if d, ok := value.(party.Date); ok {
		return &encodeDate{}, civil(d), true
	}
	return nil, nil, false
}

type encodeDate struct{ next pgtype.EncodePlan }

func (p *encodeDate) SetNext(next pgtype.EncodePlan) { p.next = next }

func (p *encodeDate) Encode(value any, buf []byte) ([]byte, error) {
	return p.next.Encode(civil(value.(party.Date)), buf)
}

func wrapDateScan(target any) (pgtype.WrappedScanPlanNextSetter, any, bool) {
	if d, ok := target.(*party.Date); ok {
		return &scanDate{}, (*civil)(d), true
	}
	return nil, nil, false
}

type scanDate struct{ next pgtype.ScanPlan }

func (p *scanDate) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *scanDate) Scan(src []byte, dst any) error {
	return p.next.Scan(src, (*civil)(dst.(*party.Date)))
}
