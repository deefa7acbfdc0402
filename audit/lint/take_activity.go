package lint

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// hoursGatherer sums up the hours in the rows of the usage annex.
type hoursGatherer struct {
	bySecret[Activity]
	now      time.Time
	hourNow  int64
	refusals map[refusalKey]uint64
}

// callersGatherer sums up the callers.
type callersGatherer struct {
	bySecret[callersOf]
	now time.Time
	at  map[seenKey]int // in Seen of the secret, from fewSeen on
}

// callersOf is the part of an [Activity] that callers make.
type callersOf struct {
	seen          []Seen
	beyond, inURL uint64
	lastInURL     time.Time
}

type seenKey struct {
	id    token.ID
	ip    netip.Addr
	agent string
}

type refusalKey struct {
	id      token.ID
	hour    int64
	outcome keystore.Outcome
}

// takeActivity reads what was seen of all secrets, if that does not take longer
// than the caller has patience.
func (s *Snapshot) takeActivity(ctx context.Context, st *keystore.Store, patience time.Duration) (err error) {
	short, cancel := ctx, context.CancelFunc(func() {})
	if patience > 0 {
		short, cancel = context.WithTimeout(ctx, patience)
	}
	defer cancel()
	if s.Activity, err = gather(short, st, s.Now); err == nil {
		s.Demands, err = usage.AllDemands(short, st)
	}
	if err != nil && short.Err() != nil && ctx.Err() == nil {
		s.Activity, s.Demands, s.Without = nil, nil, "uses, which could not be read within "+patience.String()
		return nil
	}
	return err
}

// gather reads what was seen of all secrets.
func gather(ctx context.Context, st *keystore.Store, now time.Time) (map[token.ID]*Activity, error) {
	hours := hoursGatherer{now: now, hourNow: keystore.HourOf(now), refusals: map[refusalKey]uint64{}}
	callers := callersGatherer{now: now, at: map[seenKey]int{}}
	err := together(
		func() error { return usage.Walk(ctx, st, spanOf(now, memory), usage.Visitor{Caller: callers.caller}) },
		func() error { return usage.Walk(ctx, st, spanOf(now, window), usage.Visitor{Hour: hours.hour}) },
	)
	hours.findWorst()
	out := make(map[token.ID]*Activity, len(callers.all))
	for id, x := range hours.all {
		out[id] = &x.it
	}
	for id, x := range callers.all {
		a := out[id]
		if a == nil {
			a = new(Activity)
			out[id] = a
		}
		a.Seen, a.Beyond, a.InURL, a.LastInURL = x.it.seen, x.it.beyond, x.it.inURL, x.it.lastInURL
	}
	return out, err
}

// spanOf is so long before now, and the hour that has begun.
func spanOf(now time.Time, length time.Duration) keystore.Span {
	return keystore.Span{From: now.Add(-length), To: now.Add(time.Hour)}
}

func (g *hoursGatherer) findWorst() {
	for k, n := range g.refusals {
		if w := &g.of(k.id).Worst; n > w.N || n == w.N && k.outcome < w.Outcome {
			*w = Burst{time.Unix(k.hour*3600, 0).UTC(), k.outcome, n}
		}
	}
}

func (g *hoursGatherer) hour(id token.ID, hour int64, whole bool, o keystore.Outcome, n uint64) {
	const perDay = 24
	recent := !whole && g.now.Sub(time.Unix(hour*3600, 0)) < day
	if o != keystore.OK {
		if recent {
			g.refusals[refusalKey{id, hour, o}] += n
		}
		return
	}
	a := g.of(id)
	if d := g.hourNow/perDay - hour/perDay; d >= 0 && d < int64(len(a.Days)) {
		a.Days[d] += n
	}
	switch {
	case whole:
	case recent:
		a.Today[hour%perDay] += n
	default:
		a.Hours[hour%perDay] += n
	}
}

// fewSeen is how many callers of a secret are searched one by one.
const fewSeen = 4

// find returns the caller in what was seen of a secret, or nil. Most secrets have
// few, so the map holds only those beyond the first.
func (g *callersGatherer) find(a *callersOf, k seenKey) *Seen {
	for i := range min(len(a.seen), fewSeen) {
		if x := &a.seen[i]; x.IP == k.ip && x.Agent == k.agent {
			return x
		}
	}
	if len(a.seen) <= fewSeen {
		return nil
	}
	if i, known := g.at[k]; known {
		return &a.seen[i]
	}
	return nil
}

func (g *callersGatherer) caller(id token.ID, c *usage.Caller) {
	a := g.of(id)
	old := c.Last.Before(g.now.Add(-window))
	if !old && strings.Contains(c.Route, keystore.KeyInURL) {
		a.inURL += c.Counts.Total()
		a.lastInURL = latest(a.lastInURL, c.Last)
	}
	if c.Beyond() {
		if !old {
			a.beyond += c.OK()
		}
		return
	}
	k := seenKey{id, c.IP, c.Agent}
	x := g.find(a, k)
	if x == nil {
		if len(a.seen) >= fewSeen {
			g.at[k] = len(a.seen)
		}
		a.seen = append(a.seen, Seen{IP: c.IP, Agent: c.Agent, First: c.First, Last: c.Last})
		x = &a.seen[len(a.seen)-1]
	}
	if !old {
		x.Counts = x.Counts.Add(c.Counts)
	}
	if c.First.Before(x.First) {
		x.First = c.First
	}
	if c.Last.After(x.Last) {
		x.Last = c.Last
	}
}
