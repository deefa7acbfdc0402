package expiry

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyDate draws days of 1900 to 2200.
var anyDate = rapid.Custom(func(t *rapid.T) Date {
	first := Date{1900, time.January, 1}
	return first.AddDays(rapid.IntRange(0, 301*365+72).Draw(t, "days"))
})

func TestDateKnownValues(t *testing.T) {
	d := Date{2027, time.February, 21}
	if d.String() != "2027-02-21" || d.Weekday() != time.Sunday || d.sinceMonday() != 6 {
		t.Errorf("%v is a %v", d, d.Weekday())
	}
	if got := d.AddDays(8); got != (Date{2027, time.March, 1}) {
		t.Errorf("8 days later is %v", got)
	}
	if got := (Date{2028, time.March, 1}).AddDays(-1); got != (Date{2028, time.February, 29}) {
		t.Errorf("the day before is %v", got)
	}
	if got := (Date{2200, time.January, 1}).Sub(Date{1900, time.January, 1}); got != 109573 {
		t.Errorf("300 years have %d days", got)
	}
	if none := (Date{}); !none.IsZero() || none.String() != "" || d.IsZero() {
		t.Errorf("zero date is %q", none)
	}
}

func TestDateOfDependsOnTheLocation(t *testing.T) {
	at := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	if got := DateOf(at, zone(t, "Europe/Berlin")); got != (Date{2027, time.January, 1}) {
		t.Errorf("in Berlin it is %v", got)
	}
	if got := DateOf(at.In(zone(t, "Asia/Tokyo")), nil); got != (Date{2026, time.December, 31}) {
		t.Errorf("in UTC it is %v", got)
	}
}

func TestDaysAreCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate.Draw(t, "day")
		n := rapid.IntRange(-100_000, 100_000).Draw(t, "n")
		e := d.AddDays(n)
		if e.Sub(d) != n || e.AddDays(-n) != d {
			t.Fatalf("%v and %d days is %v, back is %v", d, n, e, e.AddDays(-n))
		}
		if (n > 0) != d.Before(e) || d.Compare(e) != -e.Compare(d) || (n == 0) != (d.Compare(e) == 0) {
			t.Fatalf("%v compared with %v is %d", d, e, d.Compare(e))
		}
		if want := time.Weekday(((int(d.Weekday())+n)%7 + 7) % 7); e.Weekday() != want {
			t.Fatalf("%v is a %v, want %v", e, e.Weekday(), want)
		}
		if d.String() != d.midnight().Format(time.DateOnly) {
			t.Fatalf("%v is written %s", d.midnight(), d)
		}
	})
}

func TestMonthsAreAddedAndClamped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate.Draw(t, "day")
		n := rapid.IntRange(-2000, 2000).Draw(t, "n")
		e := d.AddMonths(n)
		if 12*e.Year+int(e.Month) != 12*d.Year+int(d.Month)+n {
			t.Fatalf("%v and %d months is %v", d, n, e)
		}
		if e.Day != d.Day && (e.Day > d.Day || e != MonthOf(e).Last()) {
			t.Fatalf("%v and %d months is %v", d, n, e)
		}
	})
}

func TestMonthKnownValues(t *testing.T) {
	m := Month{2027, time.February}
	if m.String() != "February 2027" || m.Days() != 28 || m.Next() != (Month{2027, time.March}) || m.Prev().Prev() != (Month{2026, time.December}) {
		t.Errorf("%v has %d days, then %v", m, m.Days(), m.Next())
	}
	for year, want := range map[int]int{1900: 28, 2000: 29, 2027: 28, 2028: 29, 2100: 28, 2200: 28} {
		if got := (Month{year, time.February}).Days(); got != want {
			t.Errorf("February %d has %d days, want %d", year, got, want)
		}
	}
}

func TestGridOfAMonthThatNeedsSixWeeks(t *testing.T) {
	g := Month{2027, time.August}.Grid() // begins on a Sunday
	want := Date{2027, time.August, 1}
	if g[0][6] != want || !g[0][5].IsZero() || g[5][0] != want.AddDays(29) || g[5][1] != want.AddDays(30) || !g[5][2].IsZero() {
		t.Errorf("got %v", g)
	}
	g = Month{2027, time.February}.Grid() // four weeks from Monday to Sunday
	if (g[0][0] != Date{2027, time.February, 1}) || (g[3][6] != Date{2027, time.February, 28}) || g[4] != ([7]Date{}) || g[5] != ([7]Date{}) {
		t.Errorf("got %v", g)
	}
}

func TestGridHoldsEveryDayOnceUnderItsWeekday(t *testing.T) {
	for m := (Month{1900, time.January}); m.Year <= 2200; m = m.Next() {
		next := m.First()
		for _, week := range m.Grid() {
			for column, d := range week {
				if d.IsZero() {
					continue
				}
				if d != next || d.sinceMonday() != column {
					t.Fatalf("%v: %v in column %d, want %v", m, d, column, next)
				}
				next = next.AddDays(1)
			}
		}
		if next != m.Next().First() || next.AddDays(-1) != m.Last() {
			t.Fatalf("%v: the grid ends before %v", m, next)
		}
	}
}
