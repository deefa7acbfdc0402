package expiry

import (
	"regexp"
	"strings"
	"time"
)

// unit is a unit of time. Exact units are counted from now, the others on the
// calendar.
type unit struct {
	names  []string
	exact  time.Duration
	days   int
	months int
}

var units = []unit{
	{names: []string{"min", "mins", "minute", "minutes"}, exact: time.Minute},
	{names: []string{"h", "hr", "hrs", "hour", "hours"}, exact: time.Hour},
	{names: []string{"d", "day", "days"}, days: 1},
	{names: []string{"w", "wk", "wks", "week", "weeks"}, days: 7},
	{names: []string{"m", "mo", "mos", "month", "months"}, months: 1},
	{names: []string{"y", "yr", "yrs", "year", "years"}, months: 12},
}

func findUnit(name string) (unit, bool) {
	for _, u := range units {
		for _, n := range u.names {
			if n == name {
				return u, true
			}
		}
	}
	return unit{}, false
}

var spanForm = regexp.MustCompile(`^(?:in )?([+-]?)(\d+)(?: ?([a-z]+))?$`)

// span reads "90d" and its like.
func (p *parser) span() (Expiry, bool, error) {
	m := spanForm.FindStringSubmatch(strings.Join(p.words, " "))
	if m == nil {
		return Expiry{}, false, nil
	}
	sign, digits, name := m[1], strings.TrimLeft(m[2], "0"), m[3]
	u, known := findUnit(name)
	if _, isDate := findMonth(name); isDate && !known {
		return Expiry{}, false, nil
	}
	switch {
	case name == "":
		return Expiry{}, false, p.refuse("is a number without a unit")
	case !known:
		return Expiry{}, false, p.refuse("has an unknown unit: d, w, m (months), y, h and min are known")
	case sign == "-":
		return Expiry{}, false, p.refuse("is in the past")
	case digits == "":
		return Expiry{}, false, p.refuse("is no time at all: the least is 1")
	case u.exact > 0 && p.at != nil:
		return Expiry{}, false, p.refuse("counts from now and has a time of day")
	case len(digits) > maxDigits:
		return Expiry{}, false, p.refuse(tooFar)
	}
	e, err := p.after(number(digits), u)
	return e, err == nil, err
}

const (
	// maxDigits is enough for 100 years of minutes and keeps dates in bounds.
	maxDigits = 8
	// maxExact is more than 100 years and keeps a Duration in bounds.
	maxExact = (MaxYears + 1) * 366 * oneDay
)

// after returns the expiry n units from now.
func (p *parser) after(n int, u unit) (Expiry, error) {
	switch {
	case u.exact > 0 && n > int(maxExact/u.exact):
		return Expiry{}, p.refuse(tooFar)
	case u.exact > 0:
		return p.accept(p.now.Add(time.Duration(n)*u.exact), "")
	case u.months > 0:
		return p.onDay(p.today.AddMonths(n * u.months))
	default:
		return p.onDay(p.today.AddDays(n * u.days))
	}
}

// periods are the calendar periods that can end, by their length in months.
var periods = map[string]int{
	"eom": 1, "end of month": 1,
	"eoq": 3, "end of quarter": 3,
	"eoy": 12, "end of year": 12,
}

// endOf reads "eom" and its like.
func (p *parser) endOf() (Expiry, bool, error) {
	months, ok := periods[strings.Join(p.words, " ")]
	if !ok {
		return Expiry{}, false, nil
	}
	into := (int(p.today.Month) - 1) % months
	end := MonthOf(p.today).Add(months - 1 - into)
	if at, _ := resolve(end.Last(), p.clock(), p.loc); !at.After(p.now) {
		end = end.Add(months)
	}
	e, err := p.onDay(end.Last())
	return e, err == nil, err
}

// nextWeekday returns the next such day after today, or, with the word "next",
// the one of next week.
func (p *parser) nextWeekday(w time.Weekday, nextWeek bool) Date {
	fromMonday := (int(w) + 6) % 7
	monday := p.today.AddDays(-p.today.sinceMonday())
	d := monday.AddDays(fromMonday)
	if nextWeek || !p.today.Before(d) {
		d = d.AddDays(7)
	}
	return d
}

// findWeekday knows "fri", "friday" and what lies between: "tues".
func findWeekday(word string) (time.Weekday, bool) {
	for w := time.Sunday; w <= time.Saturday; w++ {
		if isShort(word, w.String()) {
			return w, true
		}
	}
	return 0, false
}

// isShort reports whether word is the name or its first three letters or more.
func isShort(word, name string) bool {
	return len(word) >= 3 && strings.HasPrefix(strings.ToLower(name), word)
}
