package expiry

import (
	"fmt"
	"slices"
	"time"
)

// clock is a time of day as a clock shows it.
type clock struct{ hour, minute, second int }

func (c clock) valid() bool { return c.hour <= 23 && c.minute <= 59 && c.second <= 59 }

// maxOffset is more than any local time is, or was, away from UTC.
const maxOffset = 24 * time.Hour

// resolve returns the instant at which a clock in loc shows c on day d.
//
// time.Date is not used for it, because it leaves open which instant it
// returns for a time that does not exist or exists twice.
func resolve(d Date, c clock, loc *time.Location) (at time.Time, note string) {
	wall := time.Date(d.Year, d.Month, d.Day, c.hour, c.minute, c.second, 0, time.UTC).In(loc)
	offsets := offsetsAround(wall)
	var found []time.Time // the instants at which clocks show wall
	for _, o := range slices.Compact(slices.Sorted(slices.Values(offsets))) {
		if t := wall.Add(-o); offsetAt(t) == o {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		at = pastGap(wall, offsets)
		return at, gapNote(wall.UTC(), at)
	case 1:
		return found[0], ""
	default:
		at = slices.MinFunc(found, time.Time.Compare)
		return at, fmt.Sprintf("%s happens twice in %s (clocks go back): the first is meant, %s",
			face(wall.UTC()), zoneName(loc), at.Format("15:04 MST"))
	}
}

// offsetsAround returns the offsets from UTC that are in force one after the
// other in the location of t, from a day before t to a day after.
//
// It looks at every hour, because [time.Time.ZoneBounds] cannot be stepped
// along: on the last day of a leap year its end may lie before t (Go 1.26).
func offsetsAround(t time.Time) (offsets []time.Duration) {
	for away := -maxOffset; away <= maxOffset; away += time.Hour {
		offsets = append(offsets, offsetAt(t.Add(away)))
	}
	return slices.Compact(offsets)
}

// offsetAt returns how far clocks are ahead of UTC at t in its location.
func offsetAt(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// pastGap returns the instant that wall, which was skipped by a change of
// offsets, would have been had the clocks not gone forward.
func pastGap(wall time.Time, offsets []time.Duration) time.Time {
	for i := 1; i < len(offsets); i++ {
		before, after := offsets[i-1], offsets[i]
		t := wall.Add(-before)
		if offsetAt(t) == after && offsetAt(wall.Add(-after)) == before {
			return t
		}
	}
	return wall.Add(-offsets[0]) // two changes within an hour hide each other
}

// gapNote tells of a clock face that was skipped. moved is the reading of it
// by the clock that was not yet put forward.
func gapNote(wall, moved time.Time) string {
	meant := moved.Format("15:04")
	if DateOf(moved, moved.Location()) != DateOf(wall, time.UTC) {
		meant = face(moved)
	}
	return fmt.Sprintf("%s does not exist in %s (clocks go forward): %s is meant",
		face(wall), zoneName(moved.Location()), meant)
}

func face(t time.Time) string { return t.Format("2006-01-02 15:04") }

func zoneName(loc *time.Location) string {
	if loc == time.Local {
		return "local time"
	}
	return loc.String()
}
