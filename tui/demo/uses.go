package demo

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// life is the use of one key: accepted uses from its first to its last one at
// an even pace, and refusals, which are counted when the last one has come.
type life struct {
	key         keystore.KeyView
	issue       *issue
	first, last time.Time
	counted     uint64
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
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{}, Notable: t.notable[:n]}
	for _, l := range t.lives {
		if u := l.until(until, t.now); u.OK+u.DeniedTotal() > 0 {
			b.Uses[l.key.Current().ID] = u
		}
	}
	t.notable, t.clock = t.notable[n:], until
	return t.store.As(operators[service]).RecordUses(ctx, b)
}

// until returns the uses that were not counted yet.
func (l *life) until(at, now time.Time) keystore.Uses {
	var u keystore.Uses
	l.refusals = slices.DeleteFunc(l.refusals, func(d denial) bool {
		last := now.Add(-d.last)
		if last.After(at) {
			return false
		}
		o := keystore.Outcome(d.outcome)
		u = u.Add(keystore.Uses{
			Denied:     map[keystore.Outcome]uint64{o: d.count},
			LastDenied: keystore.Sighting{Time: last, Caller: d.caller.caller()}, LastReason: o,
		})
		return true
	})
	if l.first.IsZero() || at.Before(l.first) {
		return u
	}
	who, end := l.issue.callers[0].caller(), at
	if end.After(l.last) {
		end = l.last
	}
	total := uint64(float64(l.issue.perDay) * end.Sub(l.first).Hours() / 24)
	if end.Equal(l.last) {
		total++
	}
	if total <= l.counted {
		return u
	}
	u.OK, l.counted = total-l.counted, total
	u.First = keystore.Sighting{Time: l.first, Caller: who}
	u.Last = keystore.Sighting{Time: end, Caller: who}
	return u
}
