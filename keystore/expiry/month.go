package expiry

import (
	"fmt"
	"time"
)

// Month is a month of a year: a page of a calendar. It is comparable.
type Month struct {
	Year  int
	Month time.Month
}

// MonthOf returns the month of d.
func MonthOf(d Date) Month { return Month{d.Year, d.Month} }

// String returns the month in English: "February 2027".
func (m Month) String() string { return fmt.Sprintf("%v %d", m.Month, m.Year) }

// Days returns how many days the month has.
func (m Month) Days() int { return m.Next().First().Sub(m.First()) }

// First returns the first day of the month.
func (m Month) First() Date { return Date{m.Year, m.Month, 1} }

// Last returns the last day of the month.
func (m Month) Last() Date { return Date{m.Year, m.Month, m.Days()} }

// Add returns the month n months later, or earlier if n is negative.
func (m Month) Add(n int) Month {
	return MonthOf(DateOf(m.First().midnight().AddDate(0, n, 0), time.UTC))
}

// Next returns the month after m.
func (m Month) Next() Month { return m.Add(1) }

// Prev returns the month before m.
func (m Month) Prev() Month { return m.Add(-1) }

// Grid returns the weeks of the month as rows of seven days that begin on
// Monday. Cells outside the month are the zero [Date]; so is all of the last
// row, or of the last two, if the month needs fewer than six.
func (m Month) Grid() [6][7]Date {
	var g [6][7]Date
	cell := m.First().sinceMonday()
	for day := 1; day <= m.Days(); day++ {
		g[cell/7][cell%7] = Date{m.Year, m.Month, day}
		cell++
	}
	return g
}
