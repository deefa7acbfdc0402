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
	out      map[token.ID]*Activity
	at       map[seenKey]int // in Seen of the secret
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
	s.Activity, err = gather(short, st, s.Now)
	if err != nil && short.Err() != nil && ctx.Err() == nil {
		s.Activity, s.Without = nil, "uses, which could not be read within "+patience.String()
		return nil
	}
	return err
}

// gather reads what was seen of all secrets.
func gather(ctx context.Context, st *keystore.Store, now time.Time) (map[token.ID]*Activity, error) {
	g := gatherer{now: now, out: map[token.ID]*Activity{}, at: map[seenKey]int{}, refusals: map[refusalKey]uint64{}}
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
	a := g.out[id]
	if a == nil {
		a = new(Activity)
		g.out[id] = a
	}
	return a
}

func (g *gatherer) hour(id token.ID, start time.Time, whole bool, o keystore.Outcome, n uint64) {
	recent := !whole && g.now.Sub(start) < day
	if o != keystore.OK {
		if recent {
			g.refusals[refusalKey{id, keystore.HourOf(start), o}] += n
		}
		return
	}
	a := g.of(id)
	if d := int(g.now.Truncate(day).Sub(start.Truncate(day)) / day); d >= 0 && d < len(a.Days) {
		a.Days[d] += n
	}
	switch {
	case whole:
	case recent:
		a.Today[start.Hour()] += n
	default:
		a.Hours[start.Hour()] += n
	}
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
	k := seenKey{id, c.IP, c.Agent}
	i, known := g.at[k]
	if !known {
		g.at[k] = len(a.Seen)
		a.Seen = append(a.Seen, s)
		return
	}
	x := &a.Seen[i]
	x.Counts = x.Counts.Add(s.Counts)
	if s.First.Before(x.First) {
		x.First = s.First
	}
	if s.Last.After(x.Last) {
		x.Last = s.Last
	}
}
