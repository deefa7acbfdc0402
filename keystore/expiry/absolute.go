package expiry

import (
	"regexp"
	"strings"
	"time"
)

var (
	offsetTime = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(z|([+-])(\d{2}):(\d{2}))$`)
	plainTime  = regexp.MustCompile(`^\d{1,2}:\d{2}`)
)

// timestamp reads RFC 3339, also without seconds and with a blank before the
// offset.
func (p *parser) timestamp() (Expiry, bool, error) {
	if len(p.words) < 2 || len(p.words) > 3 || !plainTime.MatchString(p.words[1]) {
		return Expiry{}, false, nil
	}
	m := offsetTime.FindStringSubmatch(strings.Join(p.words[1:], ""))
	switch {
	case m == nil:
		return Expiry{}, false, p.refuse("has a time of day that cannot be read")
	case p.zoned:
		return Expiry{}, false, p.refuse("has both an offset from UTC and a time zone")
	}
	d, err := p.date(p.words[:1])
	if err != nil {
		return Expiry{}, false, err
	}
	c, offset := clock{number(m[1]), number(m[2]), number(m[3])}, clock{number(m[6]), number(m[7]), 0}
	if !c.valid() || !offset.valid() {
		return Expiry{}, false, p.refuse(badClock)
	}
	east := 60 * (60*offset.hour + offset.minute)
	if m[5] == "-" {
		east = -east
	}
	at, _ := resolve(d, c, time.FixedZone("", east))
	e, err := p.accept(at, "")
	return e, err == nil, err
}

// someDay reads what names a day, with or without a time of day.
func (p *parser) someDay() (Expiry, error) {
	d, err := p.day(p.words)
	if err != nil {
		return Expiry{}, err
	}
	return p.onDay(d)
}

func (p *parser) day(words []string) (Date, error) {
	first := words[0]
	weekday, isWeekday := findWeekday(first)
	switch {
	case len(words) == 1 && first == "today":
		return p.today, nil
	case len(words) == 1 && first == "tomorrow":
		return p.today.AddDays(1), nil
	case len(words) == 1 && isWeekday:
		return p.nextWeekday(weekday, false), nil
	case len(words) == 2 && first == "next":
		return p.dayNextWeek(words[1])
	case len(words) > 1 && isWeekday:
		return p.dayOnWeekday(weekday, words[1:])
	default:
		return p.date(words)
	}
}

func (p *parser) dayNextWeek(word string) (Date, error) {
	w, ok := findWeekday(word)
	if !ok {
		return Date{}, p.refuse(`names no day of next week, as "next fri" does`)
	}
	return p.nextWeekday(w, true), nil
}

// dayOnWeekday reads "Sun 2027-02-21", where the two must agree.
func (p *parser) dayOnWeekday(w time.Weekday, words []string) (Date, error) {
	d, err := p.date(words)
	if err == nil && d.Weekday() != w {
		return Date{}, p.refuseFor([]Date{d}, "does not fit: %v is a %v", d, d.Weekday())
	}
	return d, err
}

var (
	yearFirst = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/)(\d{1,2})$`)
	yearLast  = regexp.MustCompile(`^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$`)
	twoDigits = regexp.MustCompile(`^\d{1,2}$`)
	fourDigit = regexp.MustCompile(`^\d{4}$`)
)

// date reads a date with a year.
func (p *parser) date(words []string) (Date, error) {
	if len(words) > 1 {
		return p.dateInWords(words)
	}
	if m := yearFirst.FindStringSubmatch(words[0]); m != nil {
		return p.valid(number(m[1]), time.Month(number(m[2]+m[3])), number(m[4]))
	}
	if m := yearLast.FindStringSubmatch(words[0]); m != nil {
		return Date{}, p.refuseYearLast(number(m[3]), number(m[1]), number(m[2]))
	}
	return Date{}, p.refuse("is no expiry")
}

// dateInWords reads "21 Feb 2027" and "Feb 21, 2027".
func (p *parser) dateInWords(words []string) (Date, error) {
	day, name := words[0], words[1]
	if !twoDigits.MatchString(day) {
		day, name = strings.TrimSuffix(name, ","), day
	}
	month, ok := findMonth(name)
	switch {
	case !ok || !twoDigits.MatchString(day) || len(words) > 3:
		return Date{}, p.refuse("is no expiry")
	case len(words) == 2:
		return Date{}, p.refuseFor(p.inYears(month, number(day)), "lacks the year")
	case !fourDigit.MatchString(words[2]):
		return Date{}, p.refuse("has no year of four digits")
	default:
		return p.valid(number(words[2]), month, number(day))
	}
}

func findMonth(word string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if isShort(word, m.String()) {
			return m, true
		}
	}
	return 0, false
}

// inYears returns the day in this year and the next, where it exists.
func (p *parser) inYears(m time.Month, day int) (days []Date) {
	for y := p.today.Year; y <= p.today.Year+1; y++ {
		if exists(y, m, day) {
			days = append(days, Date{y, m, day})
		}
	}
	return days
}

// refuseYearLast refuses 02/03/2027, in which nobody can tell the month from
// the day, and 21/02/2027 with it, so that the two are learnt as one.
func (p *parser) refuseYearLast(year, a, b int) error {
	var days []Date
	if exists(year, time.Month(b), a) {
		days = append(days, Date{year, time.Month(b), a})
	}
	if a != b && exists(year, time.Month(a), b) {
		days = append(days, Date{year, time.Month(a), b})
	}
	if len(days) == 2 {
		return p.refuseFor(days, "could be %v or %v: write YYYY-MM-DD", days[0], days[1])
	}
	return p.refuseFor(days, "does not begin with the year: write YYYY-MM-DD")
}

func exists(year int, m time.Month, day int) bool {
	return m >= time.January && m <= time.December && day >= 1 && day <= Month{year, m}.Days()
}

// valid returns the day if the calendar has it.
func (p *parser) valid(year int, m time.Month, day int) (Date, error) {
	switch {
	case m < time.January || m > time.December:
		return Date{}, p.refuse("has no valid month: they go from 01 to 12")
	case !exists(year, m, day):
		month := Month{year, m}
		return Date{}, p.refuseFor([]Date{month.Last()}, "has no valid day: %v has %d", month, month.Days())
	default:
		return Date{year, m, day}, nil
	}
}
