package ui

import (
	"context"
	"strconv"
	"time"

	"ketnap/internal/party"
)

// unknown stands where a value is not known or cannot be computed.
const unknown = "–"

// Date writes a day as dd/mm/yyyy, or a dash when it is not known. Both languages write it alike,
// so that nobody reads 03/04 as two different days.
func Date(_ context.Context, d party.Date) string {
	if d.IsZero() {
		return unknown
	}
	return d.Vietnamese()
}

// Number writes a whole number with its thousands grouped: 1.234 in Vietnamese, 1,234 in English.
func Number[N ~int | ~int32 | ~int64](ctx context.Context, n N) string {
	return grouped(LangOf(ctx), int64(n))
}

// Percent writes part of whole with one decimal: 23,4 % in Vietnamese, 23.4% in English; a dash
// when the whole is nothing.
func Percent[N ~int | ~int32 | ~int64](ctx context.Context, part, whole N) string {
	if whole == 0 {
		return unknown
	}
	tenths := (int64(part)*2000 + int64(whole)) / (2 * int64(whole)) // rounded half up
	decimals := strconv.FormatInt(tenths%10, 10)
	lang := LangOf(ctx)
	if lang == English {
		return grouped(lang, tenths/10) + "." + decimals + "%"
	}
	return grouped(lang, tenths/10) + "," + decimals + "\u00a0%"
}

func grouped(lang Lang, n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	separator := "."
	if lang == English {
		separator = ","
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return sign + digits
}

// vietnam is where the people who read the screens are.
var vietnam = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Moment writes a point in time, to the minute, as a clock in Vietnam showed it; "" when not known.
func Moment(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(vietnam)
	return t.Format("15:04 ") + Date(ctx, party.DateOf(t))
}
