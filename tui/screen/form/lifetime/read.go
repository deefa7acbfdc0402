package lifetime

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/quote"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/calendar"
)

// local stands for the operator's own time zone.
const local = "local"

func orUTC(loc *time.Location) *time.Location {
	if loc == nil {
		return time.UTC
	}
	return loc
}

// zone returns the time zone that is filled in.
func (m Model) zone() (*time.Location, error) {
	name := m.Zone()
	if name == "" || name == m.zoneShown() {
		return orUTC(m.config.Zone), nil
	}
	return zoneNamed(name, m.config.Local)
}

// Zone returns the name of the time zone that is filled in.
func (m Model) Zone() string { return strings.TrimSpace(m.fields[zoning].Value()) }

func zoneNamed(name string, here *time.Location) (*time.Location, error) {
	if strings.EqualFold(name, local) {
		return orUTC(here), nil
	}
	return expiry.Zone(name)
}

// clock returns the time of day that is filled in.
func (m Model) clock() (hour, minute int, err error) { return parseClock(m.fields[clocking].Value()) }

func parseClock(s string) (hour, minute int, err error) {
	s = orElse(strings.TrimSpace(s), defaultClock)
	t, err := time.Parse("15:04", s)
	if err != nil {
		return expiry.DefaultHour, 0, fmt.Errorf("%s is no time of day; write one from 00:00 to 23:59", text.Quote(s))
	}
	return t.Hour(), t.Minute(), nil
}

// Expires returns when the key ends.
func (m Model) Expires() (expiry.Expiry, error) {
	e, _, err := m.read()
	return e, err
}

// read returns when the key ends, and whether the time of day was of use: a
// line such as "12h" or "tomorrow 18:00" has its own.
func (m Model) read() (e expiry.Expiry, timed bool, err error) {
	if _, err := m.zone(); err != nil {
		return e, false, err
	}
	hour, minute, err := m.clock()
	if err != nil {
		return e, false, err
	}
	return read(m.fields[typing].Value(), hour, minute, m.config.Now, m.loc)
}

// End returns when a key ends by a value that no picker shows; here is what
// "local" stands for. Without a zone it is UTC.
func (v Value) End(now time.Time, here *time.Location) (time.Time, error) {
	loc, err := zoneNamed(orElse(v.Zone, "UTC"), here)
	if err != nil {
		return time.Time{}, err
	}
	hour, minute, err := parseClock(v.Clock)
	if err != nil {
		return time.Time{}, err
	}
	e, _, err := read(v.Expires, hour, minute, now, loc)
	return e.At, err
}

// Begin returns from when a key works by such a value; zero is at once.
func (v Value) Begin(now time.Time, here *time.Location) (time.Time, error) {
	loc, err := zoneNamed(orElse(v.Zone, "UTC"), here)
	if err != nil {
		return time.Time{}, err
	}
	at, _, err := form.Instant(v.NotBefore, now, loc)
	return at, err
}

func read(typed string, hour, minute int, now time.Time, loc *time.Location) (e expiry.Expiry, timed bool, err error) {
	if strings.TrimSpace(typed) != "" {
		withTime := fmt.Sprintf("%s %02d:%02d", typed, hour, minute)
		if e, err := expiry.Parse(withTime, now, loc); err == nil {
			return e, true, nil
		} else if past, ok := err.(*expiry.PastError); ok {
			past.Input = quote.Input(typed)
			return e, true, past
		}
	}
	e, err = expiry.Parse(typed, now, loc)
	return e, false, err
}

// NotBefore returns from when the key works; zero is at once. note is as in
// [form.Instant].
func (m Model) NotBefore() (at time.Time, note string, err error) {
	return form.Instant(m.fields[beginning].Value(), m.config.Now, m.loc)
}

// Rotate returns how old a secret of the key may grow; 0 is as the policy says.
func (m Model) Rotate() (time.Duration, error) { return form.Interval(m.fields[rotating].Value()) }

// Warn returns how long before its end the key is expiring; 0 is as the policy
// says.
func (m Model) Warn() (time.Duration, error) { return form.Warning(m.fields[warning].Value()) }

// judge is what the calendar asks about days.
type judge struct {
	config       Config
	loc          *time.Location
	ends         map[expiry.Date]int
	hour, minute int
}

func (m Model) judge() judge {
	hour, minute, _ := m.clock()
	return judge{m.config, m.loc, m.ends, hour, minute}
}

// day tells of a day.
func (j judge) day(d calendar.Date) calendar.Day {
	if why := j.forbids(expiry.Date(d)); why != "" {
		return calendar.Day{Why: why}
	}
	switch n := j.ends[expiry.Date(d)]; {
	case n == 0:
		return calendar.Day{}
	case n == 1:
		return calendar.Day{Sign: "."}
	case n < manyKeys:
		return calendar.Day{Sign: ":"}
	}
	return calendar.Day{Sign: "#"}
}

// manyKeys is how many keys on one day are a lot.
const manyKeys = 5

// forbids says why the key cannot end on a day, or "".
func (j judge) forbids(d expiry.Date) string {
	at, _ := d.At(j.hour, j.minute, j.loc)
	last := expiry.DateOf(j.config.Now, j.loc).AddMonths(12 * expiry.MaxYears)
	switch {
	case !at.After(j.config.Now):
		return "it has passed"
	case last.Before(d):
		return fmt.Sprintf("it is more than %d years away", expiry.MaxYears)
	}
	return j.config.Limit(at)
}
