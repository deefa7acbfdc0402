package expiry

import (
	"fmt"
	"time"
)

// In returns when at is, seen from now: "in 90 days", "in 2 d 4 h", "3 h ago",
// or "never" for the zero time. From 7 days on these are calendar days in the
// location of now, so that what was set with "90d" reads "in 90 days" at any
// time of that day; below that it is the time between them, rounded down.
func In(at, now time.Time) string {
	if at.IsZero() {
		return never
	}
	g := gapBetween(at, now)
	switch words := g.long(); {
	case words == "" && g.past:
		return "just now"
	case words == "":
		return "in less than 1 min"
	case g.past:
		return words + " ago"
	default:
		return "in " + words
	}
}

// Short is [In] for columns, at most 6 characters: "29d", "2d 4h", "never",
// "-14d". A time that has passed by less than a minute is "now".
func Short(at, now time.Time) string {
	if at.IsZero() {
		return never
	}
	g := gapBetween(at, now)
	switch words := g.short(); {
	case words == "" && g.past:
		return "now"
	case words == "":
		return "<1min"
	case g.past:
		return "-" + words
	default:
		return words
	}
}

// Local returns the instant as a clock in loc shows it, "2027-02-21 10:00 CET",
// or "never" for the zero time. A nil loc is UTC.
func Local(at time.Time, loc *time.Location) string {
	if at.IsZero() {
		return never
	}
	return at.In(orUTC(loc)).Format("2006-01-02 15:04 MST")
}

// gap is the time between two instants, without its sign.
type gap struct {
	past     bool
	calendar int // calendar days
	exact    time.Duration
}

func gapBetween(at, now time.Time) gap {
	g := gap{past: !at.After(now), exact: at.Sub(now).Abs()}
	g.calendar = DateOf(at, now.Location()).Sub(DateOf(now, now.Location()))
	if g.past {
		g.calendar = -g.calendar
	}
	return g
}

const (
	oneDay = 24 * time.Hour
	// calendarFrom is the number of days from which hours do not matter.
	calendarFrom = 7
)

// long returns "" for less than a minute.
func (g gap) long() string {
	switch {
	case g.calendar >= calendarFrom:
		return fmt.Sprintf("%d days", g.calendar)
	case g.exact >= oneDay && g.hours() > 0:
		return fmt.Sprintf("%d d %d h", g.exact/oneDay, g.hours())
	case g.exact >= oneDay:
		return fmt.Sprintf("%d d", g.exact/oneDay)
	case g.exact >= time.Hour:
		return fmt.Sprintf("%d h", g.hours())
	case g.exact >= time.Minute:
		return fmt.Sprintf("%d min", g.exact/time.Minute)
	default:
		return ""
	}
}

// short leaves room for the sign of a time that has passed.
func (g gap) short() string {
	const daysPerYear, widest = 365.2425, 9999
	switch {
	case g.calendar > widest:
		return fmt.Sprintf("%dy", int(float64(g.calendar)/daysPerYear))
	case g.calendar >= calendarFrom:
		return fmt.Sprintf("%dd", g.calendar)
	case g.exact >= oneDay && g.hours() > 0 && !g.past:
		return fmt.Sprintf("%dd %dh", g.exact/oneDay, g.hours())
	case g.exact >= oneDay:
		return fmt.Sprintf("%dd", g.exact/oneDay)
	case g.exact >= time.Hour:
		return fmt.Sprintf("%dh", g.hours())
	case g.exact >= time.Minute:
		return fmt.Sprintf("%dmin", g.exact/time.Minute)
	default:
		return ""
	}
}

// hours returns the hours beyond whole days.
func (g gap) hours() int { return int(g.exact % oneDay / time.Hour) }
