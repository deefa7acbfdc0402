package rotation

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Evidence is what is known of the two secrets of a key.
type Evidence struct {
	Now  time.Time
	Made time.Time // when the new secret was made
	// Clients are those who used the old secret in the window, New their
	// counterparts' last uses of the new one filled in.
	Clients []Client
	// Last is the last use of the old secret of all time, zero if it was never
	// used; NewFirst the first use of the new one.
	Last, NewFirst time.Time
	// PerDay is how often the old secret was used a day in the week before the
	// new one was made, and PerDayNow in the last 24 hours.
	PerDay, PerDayNow float64
	// Watched returns for how long since an instant a verifier was counting.
	Watched func(since time.Time) time.Duration
}

// Verdict says whether the old secret can go.
type Verdict struct {
	Safe bool
	// Why is one line: "0 uses in 26 h, usual gap 2 h".
	Why string
	// SafeAt is when it will be safe if nobody uses it until then; zero if that
	// cannot be told.
	SafeAt time.Time
	// Clients are the callers of the old secret, those in the way first.
	Clients []Client
	Trend   Trend
}

// Trend is where the use of the old secret goes.
type Trend string

// The trends.
const (
	NoUse   Trend = "none"
	Falling Trend = "falling"
	Steady  Trend = "steady"
	Rising  Trend = "rising"
)

// Judge decides on the evidence.
func Judge(e Evidence) Verdict {
	v := Verdict{Clients: slices.Clone(e.Clients), Trend: e.trend()}
	for i := range v.Clients {
		v.Clients[i].judge(e)
	}
	slices.SortStableFunc(v.Clients, func(a, b Client) int {
		return cmp.Or(cmp.Compare(rank(a.State), rank(b.State)), b.Last.Compare(a.Last))
	})
	if len(v.Clients) == 0 {
		return v.unseen(e)
	}
	var inTheWay []Client
	for _, c := range v.Clients {
		if !c.done() {
			inTheWay = append(inTheWay, c)
			v.SafeAt = later(v.SafeAt, e.Now.Add(c.Patience-c.Quiet))
		}
	}
	quiet := e.Watched(e.Last)
	switch {
	case len(inTheWay) > 0 && e.Now.Sub(inTheWay[0].Last) <= max(inTheWay[0].Usual, time.Hour):
		v.Why = usingText(inTheWay, len(v.Clients), e.Now)
	case e.Watched(e.Made) == 0:
		v.SafeAt = time.Time{}
		v.Why = "no verifier has counted since the rotation, so nothing is known"
	case len(inTheWay) == 0:
		v.Safe = true
		v.Why = fmt.Sprintf("0 uses in %s, usual gap %s", span(quiet), gapText(v.Clients))
	case inTheWay[0].State == Using:
		v.Why = usingText(inTheWay, len(v.Clients), e.Now)
	default:
		v.Why = fmt.Sprintf("quiet for %s only, usual gap %s", span(quiet), gapText(inTheWay))
	}
	return v
}

// unseen judges a secret that nobody used in the window.
func (v Verdict) unseen(e Evidence) Verdict {
	since, need, what := e.Last, unknownRhythm, "0 uses in "
	if since.IsZero() {
		since, need, what = e.Made, day, "never used, and a verifier has been counting for "
	}
	quiet := e.Watched(since)
	if quiet == 0 {
		v.Why = "no verifier has counted yet, so nothing is known"
		return v
	}
	v.Safe = quiet >= need
	v.Why = what + span(quiet)
	if !v.Safe {
		v.Why += ", which proves too little"
		v.SafeAt = e.Now.Add(need - quiet)
	}
	return v
}

func rank(s State) int { return slices.Index([]State{Using, Waiting, Switched, Gone}, s) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// usingText names the client that stands in the way most.
func usingText(inTheWay []Client, all int, now time.Time) string {
	c := inTheWay[0]
	who := c.IP.String()
	if !c.IP.IsValid() {
		who = "others"
	}
	verb := "use"
	if len(inTheWay) == 1 {
		verb = "uses"
	}
	return fmt.Sprintf("%d of %s still %s it: %s, %s ago", len(inTheWay), plural(all, "caller"), verb, who, span(now.Sub(c.Last)))
}

// gapText tells the longest of the usual gaps.
func gapText(list []Client) string {
	var usual time.Duration
	for _, c := range list {
		usual = max(usual, c.Usual)
	}
	if usual == 0 {
		return "unknown"
	}
	return span(usual)
}

func (e Evidence) trend() Trend {
	switch {
	case e.PerDayNow == 0:
		return NoUse
	case e.PerDayNow < e.PerDay*0.8:
		return Falling
	case e.PerDayNow > e.PerDay*1.25:
		return Rising
	}
	return Steady
}

// span tells a length of time in one unit.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < 2*time.Hour && d%time.Hour != 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 3*day:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d days", d/day)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
