package party

import "time"

// dayOff is a span of days off, weekends within it included, as announced for civil servants.
type dayOff struct {
	from, to string
	name     string
	mark     Confidence
}

// Names of the public holidays, as the Labour Code has them.
const (
	newYear   = "Tết Dương lịch"
	tet       = "Tết Nguyên đán"
	hungKings = "Giỗ Tổ Hùng Vương"
	reunion   = "Ngày Chiến thắng"
	labourDay = "Ngày Quốc tế lao động"
	national  = "Quốc khánh"
	culture   = "Ngày Văn hóa Việt Nam" // 80-NQ/TW of 2026-01-07; the law that makes it a day off was not seen

	worked = "Làm bù"
)

// daysOff are the weekdays off from 2020 to 2027, for those who work from Monday to Friday. Days of
// a fixed date, days in lieu of one, and spans that a press report of the yearly announcement names
// are marked second-hand. The others were recalled, and those of 2027 computed: an administrator
// confirms them against the announcement.
var daysOff = []dayOff{
	{"2020-01-01", "2020-01-01", newYear, SecondHand},
	{"2020-01-23", "2020-01-29", tet, SecondHand},
	{"2020-04-02", "2020-04-02", hungKings, Recalled},
	{"2020-04-30", "2020-04-30", reunion, SecondHand},
	{"2020-05-01", "2020-05-01", labourDay, SecondHand},
	{"2020-09-02", "2020-09-02", national, SecondHand},

	{"2021-01-01", "2021-01-01", newYear, SecondHand},
	{"2021-02-10", "2021-02-16", tet, SecondHand},
	{"2021-04-21", "2021-04-21", hungKings, SecondHand},
	{"2021-04-30", "2021-04-30", reunion, SecondHand},
	{"2021-05-03", "2021-05-03", labourDay, SecondHand}, // in lieu of Saturday
	{"2021-09-02", "2021-09-03", national, SecondHand},

	{"2022-01-03", "2022-01-03", newYear, SecondHand}, // in lieu of Saturday
	{"2022-01-31", "2022-02-04", tet, SecondHand},
	{"2022-04-11", "2022-04-11", hungKings, SecondHand}, // in lieu of Sunday
	{"2022-05-02", "2022-05-02", reunion, SecondHand},   // in lieu of Saturday
	{"2022-05-03", "2022-05-03", labourDay, SecondHand}, // in lieu of Sunday
	{"2022-09-01", "2022-09-02", national, SecondHand},

	{"2023-01-02", "2023-01-02", newYear, SecondHand}, // in lieu of Sunday
	{"2023-01-20", "2023-01-26", tet, SecondHand},
	{"2023-05-01", "2023-05-01", labourDay, SecondHand},
	{"2023-05-02", "2023-05-02", hungKings, SecondHand}, // in lieu of Saturday 29 April
	{"2023-05-03", "2023-05-03", reunion, SecondHand},   // in lieu of Sunday
	{"2023-09-01", "2023-09-01", national, SecondHand},
	{"2023-09-04", "2023-09-04", national, SecondHand}, // in lieu of Saturday

	{"2024-01-01", "2024-01-01", newYear, SecondHand},
	{"2024-02-08", "2024-02-14", tet, SecondHand},
	{"2024-04-18", "2024-04-18", hungKings, Recalled},
	{"2024-04-29", "2024-04-29", reunion, Recalled}, // worked on 4 May instead
	{"2024-04-30", "2024-04-30", reunion, SecondHand},
	{"2024-05-01", "2024-05-01", labourDay, SecondHand},
	{"2024-09-02", "2024-09-03", national, SecondHand},

	{"2025-01-01", "2025-01-01", newYear, SecondHand},
	{"2025-01-27", "2025-01-31", tet, SecondHand},
	{"2025-04-07", "2025-04-07", hungKings, SecondHand},
	{"2025-04-30", "2025-04-30", reunion, SecondHand},
	{"2025-05-01", "2025-05-01", labourDay, SecondHand},
	{"2025-05-02", "2025-05-02", labourDay, SecondHand}, // worked on 26 April instead
	{"2025-09-01", "2025-09-02", national, SecondHand},

	{"2026-01-01", "2026-01-01", newYear, SecondHand},
	{"2026-01-02", "2026-01-02", newYear, Recalled}, // worked on 10 January instead
	{"2026-02-16", "2026-02-20", tet, SecondHand},
	{"2026-04-27", "2026-04-27", hungKings, SecondHand}, // in lieu of Sunday
	{"2026-04-30", "2026-04-30", reunion, SecondHand},
	{"2026-05-01", "2026-05-01", labourDay, SecondHand},
	{"2026-08-31", "2026-08-31", national, Recalled}, // worked on 22 August instead
	{"2026-09-01", "2026-09-02", national, SecondHand},
	{"2026-11-24", "2026-11-24", culture, Recalled},

	{"2027-01-01", "2027-01-01", newYear, SecondHand},
	{"2027-02-05", "2027-02-11", tet, Recalled},
	{"2027-04-16", "2027-04-16", hungKings, Recalled},
	{"2027-04-30", "2027-04-30", reunion, SecondHand},
	{"2027-05-03", "2027-05-03", labourDay, SecondHand}, // in lieu of Saturday
	{"2027-09-02", "2027-09-03", national, Recalled},
	{"2027-11-24", "2027-11-24", culture, Recalled},
}

// workedSaturdays make up for days that were moved.
var workedSaturdays = []CalendarDay{
	{MustDate("2024-05-04"), WorkingDay, worked, Recalled},
	{MustDate("2025-04-26"), WorkingDay, worked, SecondHand},
	{MustDate("2026-01-10"), WorkingDay, worked, Recalled},
	{MustDate("2026-08-22"), WorkingDay, worked, Recalled},
}

// DefaultHolidays gives the weekdays off and the worked Saturdays that ship with the software.
func DefaultHolidays() []CalendarDay {
	var out []CalendarDay
	for _, span := range daysOff {
		last := MustDate(span.to)
		for d := MustDate(span.from); !d.After(last); d = d.AddDays(1) {
			if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
				out = append(out, CalendarDay{Date: d, Kind: Holiday, Name: span.name, Confidence: span.mark})
			}
		}
	}
	return append(out, workedSaturdays...)
}
