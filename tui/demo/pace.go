package demo

import (
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// counted is for how long hours and callers of uses are told.
const counted = 31 * day

// The service was down for half a day: nobody counted, and nothing was used.
const (
	downFrom = 12 * day
	downTo   = 11*day + 12*hour
)

// pace is how the uses of a day are spread over its hours, by weekday.
type pace struct {
	hours   [24]float64 // parts of a day's uses
	weekend float64     // as many as that on Saturday and Sunday, of a working day
}

// spread returns a pace: so much by night, the rest between two hours.
func spread(night float64, from, to int, weekend float64) pace {
	p := pace{weekend: weekend}
	for h := range p.hours {
		p.hours[h] = night / 24
		if h >= from && h < to {
			p.hours[h] += (1 - night) / float64(to-from)
		}
	}
	return p
}

// paceOf tells when the keys of a user are used, in UTC.
func paceOf(owner string) pace {
	switch owner {
	case "edge@corp", "platform@corp":
		return spread(0.55, 6, 20, 0.7)
	case "mobile":
		return spread(0.2, 7, 23, 1.2)
	case "data-team":
		return spread(0.1, 0, 5, 1)
	}
	return spread(0.05, 7, 18, 0.15)
}

func (p pace) at(t time.Time) float64 {
	n := p.hours[t.Hour()]
	if d := t.Weekday(); d == time.Saturday || d == time.Sunday {
		n *= p.weekend
	}
	return n
}

// mood is how much busier than usual an hour is: no two are the same, and
// neither are two days, but it is the same story every time.
func mood(at time.Time, key string) float64 {
	h := uint64(14695981039346656037) // FNV-1a
	for _, c := range []byte(key) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	dice := func(n int64) float64 {
		x := (h ^ uint64(n)) * 0x9e3779b97f4a7c15
		x = (x ^ x>>29) * 0xbf58476d1ce4e5b9
		return float64(x>>11) / (1 << 53)
	}
	return (0.75 + 0.5*dice(at.Unix()/3600)) * (0.85 + 0.3*dice(-at.Unix()/86400))
}

// goOn lets a life go on until a time, and returns how many uses there were.
func (l *life) goOn(until, now time.Time, tallies map[keystore.Tally]keystore.Count) uint64 {
	p := paceOf(l.issue.owner)
	var sum uint64
	for l.at.Before(until) {
		next := l.at.Truncate(hour).Add(hour)
		if next.After(until) {
			next = until
		}
		part := float64(next.Sub(l.at)) / float64(hour)
		if ago := now.Sub(l.at); ago > downFrom || ago <= downTo {
			l.due += float64(l.issue.perDay) * p.at(l.at) * mood(l.at, l.issue.name) * part
		}
		n := uint64(l.due)
		l.due -= float64(n)
		sum += n
		l.share(n, keystore.Count{First: l.at, Last: next.Add(-time.Millisecond)}, now, tallies)
		l.at = next
	}
	return sum
}

// share divides the uses in an hour among the callers: the first one has half,
// the second one half of the rest, and so on.
func (l *life) share(n uint64, c keystore.Count, now time.Time, tallies map[keystore.Tally]keystore.Count) {
	callers := l.issue.callers
	for i, who := range callers {
		c.N = (n + 1) / 2
		if i == len(callers)-1 {
			c.N = n
		}
		n -= c.N
		l.tally(who, keystore.OK, c, now, tallies)
	}
}

// tally counts uses of a caller, if they are young enough to be told.
func (l *life) tally(who caller, o keystore.Outcome, c keystore.Count, now time.Time, tallies map[keystore.Tally]keystore.Count) {
	if c.N == 0 || now.Sub(c.First) > counted {
		return
	}
	k := keystore.Tally{Secret: l.key.Current().ID, Hour: keystore.HourOf(c.First), Outcome: o, Caller: who.caller().Family()}
	tallies[k] = tallies[k].Add(c)
}

// burst counts refusals: most of them in the last hour, the others in the
// days before it.
func (l *life) burst(d denial, last, now time.Time, tallies map[keystore.Tally]keystore.Count) {
	const hours = 9 * 24
	rest := d.count * 2 / 5
	for h := hours; h > 0 && rest > 0; h -= 7 {
		n := min(rest, max(1, d.count*2/5/(hours/7)))
		rest -= n
		if at := last.Add(-time.Duration(h) * hour); at.After(l.key.Created) {
			l.tally(d.caller, keystore.Outcome(d.outcome), keystore.Count{N: n, First: at, Last: at}, now, tallies)
			continue
		}
		rest += n
	}
	n := d.count - d.count*2/5 + rest
	l.tally(d.caller, keystore.Outcome(d.outcome), keystore.Count{N: n, First: last, Last: last}, now, tallies)
}
