package demo

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// life is the use of one key: accepted uses from its first to its last one, and
// refusals, which are counted when the last one has come.
type life struct {
	key         keystore.KeyView
	issue       *issue
	first, last time.Time
	at          time.Time // up to which accepted uses are counted
	due         float64   // part of a use that is to come
	over        bool      // the last use was counted
	refusals    []denial
}

// Records of uses are made for the last month, at most so many of each caller
// and kind.
const (
	recorded    = 30 * day
	mostVisits  = 16
	mostRefusal = 12
)

// plan decides when a new key will be used.
func (t *teller) plan(k keystore.KeyView, i *issue) {
	l := &life{key: k, issue: i, refusals: slices.Clone(i.denied)}
	t.lives = append(t.lives, l)
	for _, d := range i.denied {
		at := t.now.Add(-d.last)
		t.note(l, d.caller, at, keystore.Outcome(d.outcome), d.reason)
		for range min(d.count/20, mostRefusal) {
			t.note(l, d.caller, t.between(later(at.Add(-9*day), k.Created), at), keystore.Outcome(d.outcome), d.reason)
		}
	}
	if len(i.callers) == 0 {
		return
	}
	l.first, l.last = k.Created.Add(2*hour), t.now.Add(-i.last)
	l.at = l.first
	t.note(l, i.callers[0], l.last, keystore.OK, "")
	from := later(l.first, t.now.Add(-recorded))
	if !from.Before(l.last) {
		return
	}
	for _, c := range i.callers {
		for range min(1+i.perDay/20, mostVisits) {
			t.note(l, c, t.between(from, l.last), keystore.OK, "")
		}
	}
}

// note plans a record of a use. When it is made is not known yet, only that
// it is after the key.
func (t *teller) note(l *life, c caller, at time.Time, o keystore.Outcome, reason string) {
	t.notable = append(t.notable, keystore.Use{
		Sighting: keystore.Sighting{Time: at, Caller: c.caller()}, Outcome: o,
		Key: l.key.ID, Ref: l.key.Ref(), Secret: l.key.Current().ID, Reason: reason,
	})
}

func (c caller) caller() keystore.Caller {
	return keystore.Caller{IP: netip.MustParseAddr(c.ip), Agent: c.agent, Route: c.route}
}

// meetStrangers plans the attempts of those who have no key.
func (t *teller) meetStrangers(context.Context) error {
	for n, s := range strangers {
		u := keystore.Use{
			Sighting: keystore.Sighting{Time: t.now.Add(-s.last), Caller: s.caller.caller()}, Outcome: keystore.Outcome(s.outcome),
			Fingerprint: t.store.Fingerprint(fmt.Sprintf("stranger %d", n)),
		}
		switch u.Outcome {
		case keystore.Unknown:
			u.Secret = token.ID([]byte(fmt.Sprintf("nobody%06d", n)))
		case keystore.WrongSecret:
			known := t.lives[0].key
			u.Secret, u.Key, u.Ref = known.Current().ID, known.ID, known.Ref()
		}
		t.notable = append(t.notable, u)
		k := keystore.Tally{Secret: u.Secret, Hour: keystore.HourOf(u.Time), Outcome: u.Outcome, Caller: u.Caller.Family()}
		if u.Outcome == keystore.Unknown {
			k.Secret = token.ID{}
		}
		t.strange = append(t.strange, tried{k, keystore.Count{N: uint64(3 + 11*n), First: u.Time, Last: u.Time}})
	}
	return nil
}

// between returns a time from a to b, whole seconds.
func (t *teller) between(a, b time.Time) time.Time {
	return a.Add(time.Duration(t.dice.Int64N(int64(b.Sub(a)) + 1))).Truncate(time.Second)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// recordUses records what was used before a time, if there is a record to be
// made of it, in one transaction.
func (t *teller) recordUses(ctx context.Context, until time.Time) error {
	sortUses(t.notable)
	n, _ := slices.BinarySearchFunc(t.notable, until, func(u keystore.Use, at time.Time) int { return u.Time.Compare(at) })
	if n == 0 {
		return nil
	}
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{}, Tallies: map[keystore.Tally]keystore.Count{}, Notable: t.notable[:n]}
	t.strange = slices.DeleteFunc(t.strange, func(s tried) bool {
		if s.First.After(until) {
			return false
		}
		b.Tallies[s.Tally] = s.Count
		return true
	})
	for _, l := range t.lives {
		if u := l.until(until, t.now, b.Tallies); u.OK+u.DeniedTotal() > 0 {
			b.Uses[l.key.Current().ID] = u
		}
	}
	t.notable, t.clock = t.notable[n:], until
	return usage.NewRecorder(t.store.As(operators[service])).Record(ctx, b)
}

// until returns the uses that were not counted yet, and adds them to tallies.
func (l *life) until(at, now time.Time, tallies map[keystore.Tally]keystore.Count) keystore.Uses {
	var u keystore.Uses
	l.refusals = slices.DeleteFunc(l.refusals, func(d denial) bool {
		last := now.Add(-d.last)
		if last.After(at) {
			return false
		}
		o := keystore.Outcome(d.outcome)
		l.burst(d, last, now, tallies)
		u = u.Add(keystore.Uses{
			Denied:     map[keystore.Outcome]uint64{o: d.count},
			LastDenied: keystore.Sighting{Time: last, Caller: d.caller.caller()}, LastReason: o,
		})
		return true
	})
	if l.first.IsZero() || at.Before(l.first) {
		return u
	}
	who, end := l.issue.callers[0], at
	if !end.Before(l.last) {
		end = l.last
	}
	n := l.goOn(end, now, tallies)
	if end.Equal(l.last) && !l.over {
		n, l.over = n+1, true
		l.tally(who, keystore.OK, keystore.Count{N: 1, First: end, Last: end}, now, tallies)
	}
	if n == 0 {
		return u
	}
	u.OK = n
	u.First = keystore.Sighting{Time: l.first, Caller: who.caller()}
	u.Last = keystore.Sighting{Time: end, Caller: who.caller()}
	return u
}
