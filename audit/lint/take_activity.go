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

// gatherer sums up the rows of the usage annex.
type gatherer struct {
	now      time.Time
	hourNow  int64
	last     token.ID // that of returned, and what
	lastOf   *Activity
	out      map[token.ID]*Activity
	at       map[seenKey]int // in Seen of the secret, from fewSeen on
	refusals map[refusalKey]uint64
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
	g := gatherer{now: now, hourNow: keystore.HourOf(now), out: map[token.ID]*Activity{}, at: map[seenKey]int{}, refusals: map[refusalKey]uint64{}}
	err := usage.Walk(ctx, st, keystore.Span{From: now.Add(-window), To: now.Add(time.Hour)}, usage.Visitor{Hour: g.hour})
	if err == nil {
		err = usage.Walk(ctx, st, keystore.Span{From: now.Add(-memory), To: now.Add(time.Hour)}, usage.Visitor{Caller: g.caller})
	}
	for k, n := range g.refusals {
		if w := &g.of(k.id).Worst; n > w.N || n == w.N && k.outcome < w.Outcome {
			*w = Burst{time.Unix(k.hour*3600, 0).UTC(), k.outcome, n}
		}
	}
	return g.out, err
}

func (g *gatherer) of(id token.ID) *Activity {
	if g.lastOf != nil && g.last == id { // a row is of one secret
		return g.lastOf
	}
	a := g.out[id]
	if a == nil {
		a = new(Activity)
		g.out[id] = a
	}
	g.last, g.lastOf = id, a
	return a
}

func (g *gatherer) hour(id token.ID, hour int64, whole bool, o keystore.Outcome, n uint64) {
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

// seen returns the caller in Seen of a secret, or nil. Most secrets have few, so
// the map holds only those beyond the first.
func (g *gatherer) seen(id token.ID, a *Activity, c usage.Caller) *Seen {
	for i := range min(len(a.Seen), fewSeen) {
		if x := &a.Seen[i]; x.IP == c.IP && x.Agent == c.Agent {
			return x
		}
	}
	if len(a.Seen) <= fewSeen {
		return nil
	}
	if i, known := g.at[seenKey{id, c.IP, c.Agent}]; known {
		return &a.Seen[i]
	}
	return nil
}

func (g *gatherer) caller(id token.ID, c usage.Caller) {
	a := g.of(id)
	old := c.Last.Before(g.now.Add(-window))
	if !old && strings.Contains(c.Route, keystore.KeyInURL) {
		a.InURL += c.Counts.Total()
		a.LastInURL = latest(a.LastInURL, c.Last)
	}
	if c.Beyond() {
		if !old {
			a.Beyond += c.OK()
		}
		return
	}
	s := Seen{IP: c.IP, Agent: c.Agent, Counts: c.Counts, First: c.First, Last: c.Last}
	if old {
		s.Counts = usage.Counts{}
	}
	x := g.seen(id, a, c)
	if x == nil {
		if len(a.Seen) >= fewSeen {
			g.at[seenKey{id, c.IP, c.Agent}] = len(a.Seen)
		}
		a.Seen = append(a.Seen, s)
		return
	}
	x.Counts = x.Counts.Add(s.Counts)
	if s.First.Before(x.First) {
		x.First = s.First
	}
	if s.Last.After(x.Last) {
		x.Last = s.Last
	}
}
