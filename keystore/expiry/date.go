package expiry

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the Gregorian calendar, in no zone. It is comparable; the
// zero value is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day it is at t in loc; nil is UTC.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(orUTC(loc)).Date()
	return Date{y, m, d}
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the day as 2027-02-21 (ISO 8601), or "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// AddDays returns the day n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.midnight().AddDate(0, 0, n), time.UTC) }

// AddMonths returns the same day of the month n months later, or the last day
// if that month is shorter.
func (d Date) AddMonths(n int) Date {
	m := MonthOf(d).Add(n)
	return Date{m.Year, m.Month, min(d.Day, m.Days())}
}

// Sub returns how many days d is after o; negative if it is before.
func (d Date) Sub(o Date) int {
	const secondsPerDay = 24 * 60 * 60
	return int((d.midnight().Unix() - o.midnight().Unix()) / secondsPerDay)
}

// Compare returns -1, 0 or +1 as d is before, the same as or after o.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// Before reports whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// At returns the instant at which a clock in loc shows that time on that day,
// in loc; nil is UTC. If no clock does, because they go forward, it is moved
// forward by as much; if clocks do so twice, it is the first time. The note
// tells of either and is empty otherwise. hour is 0-23 and minute 0-59.
func (d Date) At(hour, minute int, loc *time.Location) (at time.Time, note string) {
	return resolve(d, clock{hour, minute, 0}, orUTC(loc))
}

// midnight is a point in time for reckoning with days, each of which has 24
// hours in UTC.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// sinceMonday returns how many days the last Monday is back: 0 on a Monday.
func (d Date) sinceMonday() int { return (int(d.Weekday()) + 6) % 7 }

func orUTC(loc *time.Location) *time.Location {
	if loc == nil {
		return time.UTC
	}
	return loc
}
