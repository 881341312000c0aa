package regulation

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Day is one day of the calendar table: a weekday off or a worked weekend day.
type Day struct{ party.CalendarDay }

const maxDayName = 100

// Days lists the calendar table of a year.
func (s *Service) Days(ctx context.Context, v access.Viewer, year int) (list []Day, err error) {
	if !v.May(access.RegulationsRead) {
		return nil, errForbidden()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectDays(ctx, tx, party.NewDate(year, time.January, 1), party.NewDate(year, time.December, 31))
		return err
	})
	return list, err
}

// SetDay enters a day or changes what it is. A day off must fall on a weekday and a worked day on a
// weekend: anything else is the week's own rule. Whoever enters a day vouches for it.
func (s *Service) SetDay(ctx context.Context, v access.Viewer, key string, d party.CalendarDay) error {
	d.Name, d.Confidence = strings.Join(strings.Fields(d.Name), " "), party.Verified
	if bad := dayProblems(d); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	_, err := s.write(ctx, v, key, func(ctx context.Context, tx *postgres.Tx) error {
		if err := upsertDay(ctx, tx, v.AccountID, d); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "edit", Entity: "calendar",
			Detail: map[string]any{"day": d.Date, "kind": d.Kind, "name": d.Name}})
	})
	return err
}

func dayProblems(d party.CalendarDay) []fault.Field {
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	weekend := !d.Date.IsZero() && (d.Date.Weekday() == time.Saturday || d.Date.Weekday() == time.Sunday)
	switch {
	case d.Date.IsZero():
		refuse(true, "day", "errors.date_required")
	case d.Kind == party.Holiday && weekend:
		refuse(true, "day", "calendar.error.weekend")
	case d.Kind == party.WorkingDay && !weekend:
		refuse(true, "day", "calendar.error.weekday")
	}
	refuse(d.Kind != party.Holiday && d.Kind != party.WorkingDay, "kind", "errors.choice")
	refuse(d.Name == "", "name", "calendar.error.name")
	refuse(utf8.RuneCountInString(d.Name) > maxDayName, "name", "errors.too_long", "Max", maxDayName)
	return bad
}

// RemoveDay takes a day out of the table, so that the week's rule holds for it.
func (s *Service) RemoveDay(ctx context.Context, v access.Viewer, key string, day party.Date) error {
	_, err := s.write(ctx, v, key, func(ctx context.Context, tx *postgres.Tx) error {
		found, err := deleteDay(ctx, tx, day)
		if err != nil {
			return err
		}
		if !found {
			return fault.NewNotFound("calendar.error.not_found")
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "remove", Entity: "calendar", Detail: map[string]any{"day": day}})
	})
	return err
}

func plainDays(list []Day) []party.CalendarDay {
	out := make([]party.CalendarDay, len(list))
	for i, d := range list {
		out[i] = d.CalendarDay
	}
	return out
}
