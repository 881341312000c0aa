// Package keyset marks places in lists that are read in the order of a day and a number, page by page,
// so that the last page is as quick as the first. What a list holds, and its SQL, stay where they are.
package keyset

import (
	"strconv"
	"strings"

	"ketnap/internal/fault"
	"ketnap/internal/party"
)

// Cursor marks a place in a list. The zero Cursor is its beginning.
type Cursor struct {
	Day party.Date
	ID  int64
}

// String gives the cursor as it stands in an address; "" for the beginning.
func (c Cursor) String() string {
	if c.ID == 0 {
		return ""
	}
	return c.Day.String() + "." + strconv.FormatInt(c.ID, 10)
}

// Parse reads what String gave. It answers fault.Invalid for anything else.
func Parse(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	text, number, found := strings.Cut(s, ".")
	day, dayErr := party.ParseDate(text)
	id, idErr := strconv.ParseInt(number, 10, 64)
	if !found || dayErr != nil || idErr != nil || day.IsZero() || id < 1 {
		return Cursor{}, fault.NewInvalid("errors.cursor")
	}
	return Cursor{Day: day, ID: id}, nil
}
