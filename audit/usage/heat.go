package usage

import "time"

// Heat is the uses by weekday, Monday first, and hour of the day.
type Heat [7][24]HeatCell

// HeatCell is one hour of the week.
type HeatCell struct {
	Counts
	Hours   int // how many such hours lie in the span
	Watched int // and in how many of them a verifier was counting
}

// Gap reports whether nothing is known of such an hour.
func (c HeatCell) Gap() bool { return c.Watched == 0 && c.Total() == 0 }

// Mean returns the uses in such an hour, over those in which a verifier was
// counting.
func (c HeatCell) Mean() float64 {
	if c.Total() == 0 {
		return 0
	}
	return float64(c.Total()) / float64(max(1, c.Watched))
}

// Heat returns the uses by weekday and hour in a zone. What is only known by
// day is left out. The hour that winter time repeats counts twice, the one
// that summer time skips is missing once.
func (r *Report) Heat(loc *time.Location) Heat {
	var h Heat
	for _, b := range r.Hours() {
		at := b.Start.In(loc)
		c := &h[(int(at.Weekday())+6)%7][at.Hour()]
		c.Hours++
		c.Counts = c.Add(b.Counts)
		if !b.Gap() {
			c.Watched++
		}
	}
	return h
}

// Max returns the highest total of a cell.
func (h Heat) Max() (n uint64) {
	for _, day := range h {
		for _, c := range day {
			n = max(n, c.Total())
		}
	}
	return n
}
