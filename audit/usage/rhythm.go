package usage

import (
	"slices"
	"time"
)

// Rhythm is how uses are spread over time, in whole hours: an hour
// is the finest that is kept.
type Rhythm struct {
	// Hours is how many hours had uses.
	Hours int
	// Usual and Longest are the median and the longest time from one hour
	// with uses to the next one: one hour for a secret that is used all the
	// time. Zero when there are fewer than two such hours.
	Usual, Longest time.Duration
}

func rhythmOf(hours []int64) Rhythm {
	r := Rhythm{Hours: len(hours)}
	if len(hours) < 2 {
		return r
	}
	gaps := make([]time.Duration, len(hours)-1)
	for i := range gaps {
		gaps[i] = time.Duration(hours[i+1]-hours[i]) * time.Hour
	}
	slices.Sort(gaps)
	r.Usual, r.Longest = gaps[len(gaps)/2], gaps[len(gaps)-1]
	return r
}

// Rhythm returns how the accepted uses of the span are spread.
func (r *Report) Rhythm() Rhythm {
	var hours []int64
	for h, c := range r.hours {
		if c.OK() > 0 {
			hours = append(hours, h)
		}
	}
	slices.Sort(hours)
	return rhythmOf(hours)
}

// Quiet returns for how long before now no use was accepted, and how much of
// that time a verifier was counting: silence while nobody listened proves
// nothing. Without any use it looks back to the begin of the span.
func (r *Report) Quiet(now time.Time) (quiet, watched time.Duration) {
	since := r.From
	if r.Total.Last.Time.After(since) {
		since = r.Total.Last.Time
	}
	if !now.After(since) {
		return 0, 0
	}
	for minute := since.Unix() / 60; minute <= now.Unix()/60; minute++ {
		m := r.watch[minute/minutesPerDay]
		if m != nil && m.has(minute%minutesPerDay) {
			watched += time.Minute
		}
	}
	quiet = now.Sub(since)
	return quiet, min(watched, quiet)
}
