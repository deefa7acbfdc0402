package calendar

import "time"

// Date is a day of the Gregorian calendar, in no zone. The zero value is no
// day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

// AddDays returns the day n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return dateOf(d.noon().AddDate(0, 0, n)) }

// AddMonths returns the same day of the month n months later, or the last day
// if that month is shorter.
func (d Date) AddMonths(n int) Date {
	first := Date{d.Year, d.Month, 1}.noon().AddDate(0, n, 0)
	m := dateOf(first)
	m.Day = min(d.Day, m.days())
	return m
}

// noon is a point in time for reckoning with days.
func (d Date) noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// days returns how many days the month of d has.
func (d Date) days() int { return time.Date(d.Year, d.Month+1, 0, 12, 0, 0, 0, time.UTC).Day() }

// months counts months from the year 0, to compare them.
func (d Date) months() int { return 12*d.Year + int(d.Month) - 1 }

// monthOf returns the first day of a month that months counted.
func monthOf(n int) Date { return Date{n / 12, time.Month(n%12 + 1), 1} }

// sinceMonday returns how many days the last Monday is back: 0 on a Monday.
func (d Date) sinceMonday() int { return (int(d.Weekday()) + 6) % 7 }
