package usage

import (
	"cmp"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// Report is what is known of the uses of a selection in a span. It is a
// value of one moment: its methods do no I/O.
type Report struct {
	// From and To bound the span: From <= use < To, whole hours of UTC.
	From, To time.Time
	// Total is of all time: sums, first and last use.
	Total keystore.Uses

	hours   map[int64]*Counts // by hour
	days    map[int64]*Counts // what is only known by day
	watch   map[int64]*minutes
	callers map[keystore.Caller]*Caller
	order   []*Caller
}

func newReport(in keystore.Span) *Report {
	r := &Report{
		From: in.From.UTC().Truncate(time.Hour), To: in.To.UTC().Truncate(time.Hour),
		hours: map[int64]*Counts{}, days: map[int64]*Counts{}, watch: map[int64]*minutes{}, callers: map[keystore.Caller]*Caller{},
	}
	if r.To.Before(in.To) {
		r.To = r.To.Add(time.Hour)
	}
	return r
}

func (r *Report) firstHour() int64 { return keystore.HourOf(r.From) }
func (r *Report) endHour() int64   { return keystore.HourOf(r.To) }
func (r *Report) firstDay() int64  { return dayOf(r.firstHour()) }
func (r *Report) lastDay() int64   { return dayOf(max(r.firstHour(), r.endHour()-1)) }

// covers reports whether a cell of a day lies in the span. What is only known
// by day does if any of the day does.
func (r *Report) covers(day int64, hour byte) bool {
	if hour == wholeDay {
		return day >= r.firstDay() && day <= r.lastDay() && r.From.Before(r.To)
	}
	at := day*hoursPerDay + int64(hour)
	return at >= r.firstHour() && at < r.endHour()
}

func (r *Report) addCells(day int64, c cells) {
	for _, x := range c {
		if !r.covers(day, x.hour) {
			continue
		}
		in, at := r.hours, day*hoursPerDay+int64(x.hour)
		if x.hour == wholeDay {
			in, at = r.days, day
		}
		if in[at] == nil {
			in[at] = new(Counts)
		}
		in[at][x.outcome] += x.n
	}
}

func (r *Report) addLines(day int64, ls lines) {
	for i := range ls {
		l := &ls[i]
		var n Counts
		var hours []int64
		for _, x := range l.cells {
			if !r.covers(day, x.hour) {
				continue
			}
			n[x.outcome] += x.n
			if x.hour != wholeDay {
				hours = append(hours, day*hoursPerDay+int64(x.hour))
			}
		}
		if n == (Counts{}) {
			continue
		}
		r.caller(l.caller).add(r, l, n, hours)
	}
}

func (r *Report) caller(who keystore.Caller) *Caller {
	if r.callers[who] == nil {
		r.callers[who] = &Caller{Caller: who}
	}
	return r.callers[who]
}

func (r *Report) sort() {
	r.order = make([]*Caller, 0, len(r.callers))
	for _, c := range r.callers {
		slices.Sort(c.hours)
		c.hours = slices.Compact(c.hours)
		r.order = append(r.order, c)
	}
	slices.SortFunc(r.order, func(a, b *Caller) int {
		return cmp.Or(cmp.Compare(b.Counts.Total(), a.Counts.Total()), compareCallers(a.Caller, b.Caller))
	})
}

// Sum returns the counts of the span.
func (r *Report) Sum() Counts {
	var sum Counts
	for _, in := range []map[int64]*Counts{r.hours, r.days} {
		for _, c := range in {
			sum = sum.Add(*c)
		}
	}
	return sum
}

// Coarse returns the part of Sum that is only known by day.
func (r *Report) Coarse() Counts {
	var sum Counts
	for _, c := range r.days {
		sum = sum.Add(*c)
	}
	return sum
}

// NeverUsed reports whether no secret of the selection was ever accepted.
func (r *Report) NeverUsed() bool { return r.Total.OK == 0 && r.Total.First.Time.IsZero() }

// sortBy sorts a list by a number, the highest first; equals keep their order.
func sortBy[T any](list []T, n func(T) uint64) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(n(b), n(a)) })
}
