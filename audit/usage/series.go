package usage

import "time"

// Bucket is what happened in a stretch of time.
type Bucket struct {
	Start, End time.Time // in the zone that was asked for
	Counts
	// Watched is for how long a verifier was counting, in minutes that were
	// begun. Counts can be there without it: of a verifier that was killed
	// before it reported.
	Watched time.Duration
}

// Gap reports whether nothing is known of a bucket: no verifier was counting.
func (b Bucket) Gap() bool { return b.Watched == 0 && b.Total() == 0 }

// Hours returns a bucket for every hour of the span, in order. What is only
// known by day (see [Report.Coarse]) is in none of them.
func (r *Report) Hours() []Bucket {
	out := make([]Bucket, 0, max(0, r.endHour()-r.firstHour()))
	for h := r.firstHour(); h < r.endHour(); h++ {
		b := Bucket{Start: timeOf(h), End: timeOf(h + 1), Watched: r.watchedIn(h)}
		if c := r.hours[h]; c != nil {
			b.Counts = *c
		}
		out = append(out, b)
	}
	return out
}

func (r *Report) watchedIn(hour int64) time.Duration {
	m := r.watch[dayOf(hour)]
	if m == nil {
		return 0
	}
	return time.Duration(m.in(hour%hoursPerDay)) * time.Minute
}

// Days returns a bucket for every day of the span in a zone, in order; the
// first and the last one may be cut by the span. On days when the clocks
// change a bucket has 23 or 25 hours. A zone whose offset is not a whole hour
// counts an hour to the day in which it begins; what is only known by day of
// UTC counts for the day that holds the most of it.
func (r *Report) Days(loc *time.Location) []Bucket {
	var out []Bucket
	for _, h := range r.Hours() {
		start := h.Start.In(loc)
		if n := len(out); n == 0 || !sameDay(out[n-1].Start, start) {
			out = append(out, Bucket{Start: start})
		}
		b := &out[len(out)-1]
		b.End = h.End.In(loc)
		b.Counts = b.Add(h.Counts)
		b.Watched += h.Watched
	}
	for day, c := range r.days {
		noon := timeOf(day*hoursPerDay + hoursPerDay/2)
		for i := range out {
			if sameDay(out[i].Start, noon.In(loc)) || (i == 0 && noon.Before(out[i].Start)) || (i == len(out)-1 && !noon.Before(out[i].End)) {
				out[i].Counts = out[i].Add(*c)
				break
			}
		}
	}
	return out
}

func sameDay(a, b time.Time) bool {
	y, m, d := a.Date()
	y2, m2, d2 := b.Date()
	return y == y2 && m == m2 && d == d2
}
