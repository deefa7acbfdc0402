package whatif

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// Verdict is what a change means for an address.
type Verdict struct {
	Address
	Before, After bool   // may use the key
	Why           string // of what changed, after the change: "denied by d1 203.0.113.64/26"
}

// Changed reports whether the address is treated differently.
func (v Verdict) Changed() bool { return v.Before != v.After }

// uses returns the uses that the change would have treated differently.
func (v Verdict) uses() uint64 {
	if v.Before {
		return v.OK
	}
	return v.Denied
}

// Effect is what a change would have meant for the uses that were seen, had it
// been made before them.
type Effect struct {
	From, To  time.Time // of the evidence
	Uses      uint64    // accepted ones that were seen
	Refused   uint64    // of these would have been refused
	Admitted  uint64    // refused ones that would have been accepted
	Uncertain uint64    // accepted ones of which it cannot be told
	Why       string    // why it is uncertain; "" if it is not
	// Verdicts has all addresses: the changed ones first, each with the most
	// uses first.
	Verdicts []Verdict
	// Closes is when everybody will be refused because the key gets a nearer end,
	// Opens until when because it begins later; zero if that does not change.
	Closes, Opens time.Time
	// First and Last are of the refused uses, Last of those that are known.
	First, Last time.Time
}

// Changed returns the addresses that are treated differently.
func (e Effect) Changed() []Verdict {
	i := slices.IndexFunc(e.Verdicts, func(v Verdict) bool { return !v.Changed() })
	if i < 0 {
		return e.Verdicts
	}
	return e.Verdicts[:i]
}

// Rules compares address rules, for an editor of them.
func Rules(before, after iprule.Rules, seen Evidence) Effect {
	was, will := decider(before), decider(after)
	e := newEffect(seen)
	for _, a := range seen.Addresses {
		v := Verdict{Address: a, Before: was(a.IP), After: will(a.IP)}
		if v.Changed() {
			v.Why = after.Decide(a.IP).String()
		}
		e.add(v)
	}
	if seen.Beyond > 0 && len(after.Allow)+len(after.Deny) > 0 {
		e.Uncertain, e.Why = seen.Beyond, "there were more callers than are told apart"
	}
	e.sort()
	return e
}

// decider returns the quickest way to decide about many addresses.
func decider(r iprule.Rules) func(netip.Addr) bool {
	const few = 8
	if len(r.Allow)+len(r.Deny) <= few {
		return r.Allows // before they were compiled it has looked through them
	}
	return r.Compile().Allowed
}

func newEffect(seen Evidence) Effect {
	return Effect{From: seen.From, To: seen.To, Uses: seen.Uses(), Verdicts: make([]Verdict, 0, len(seen.Addresses))}
}

func (e *Effect) add(v Verdict) {
	e.Verdicts = append(e.Verdicts, v)
	switch {
	case v.Before && !v.After && v.OK > 0:
		e.Refused += v.OK
		if e.First.IsZero() || v.First.Before(e.First) {
			e.First = v.First
		}
		if v.Last.After(e.Last) {
			e.Last = v.Last
		}
	case !v.Before && v.After:
		e.Admitted += v.Denied
	}
}

func (e *Effect) sort() {
	slices.SortStableFunc(e.Verdicts, func(a, b Verdict) int {
		if a.Changed() != b.Changed() {
			if a.Changed() {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.uses(), a.uses()), a.IP.Compare(b.IP))
	})
}

// Of tells what a change of a key would have meant for the uses that were seen
// of it. A key that is disabled or revoked refuses everybody.
func Of(before, after keystore.KeyView, now time.Time, seen Evidence) Effect {
	if why := closed(after, now); why != "" && closed(before, now) == "" {
		return everybody(seen, why)
	}
	e := Rules(before.Rules, after.Rules, seen)
	if loses(before, after) {
		switch lost, known := seen.needed(before, after); {
		case !known:
			e.Uncertain, e.Why = e.Uses-e.Refused, "which scopes they needed is not known for all of that time"
		case len(lost) > 0:
			e.Uncertain, e.Why = e.Uses-e.Refused, "some needed "+named(lost, seen.Demands)
		}
	}
	if !after.Expires.IsZero() && (before.Expires.IsZero() || after.Expires.Before(before.Expires)) {
		e.Closes = after.Expires
	}
	if after.NotBefore.After(before.NotBefore) && after.NotBefore.After(now) {
		e.Opens = after.NotBefore
	}
	return e
}

// named tells scopes with the day on which they were needed last.
func named(scopes []keystore.Scope, d *usage.Demands) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s) + " (last on " + d.Last[s].Format(time.DateOnly) + ")"
	}
	return strings.Join(words, ", ")
}

// everybody is the effect of closing a key.
func everybody(seen Evidence, why string) Effect {
	e := newEffect(seen)
	for _, a := range seen.Addresses {
		e.add(Verdict{Address: a, Before: a.OK > 0, After: false, Why: why})
	}
	e.Refused = e.Uses
	e.sort()
	return e
}

// closed says why a key refuses everybody, or "".
func closed(k keystore.KeyView, now time.Time) string {
	switch {
	case !k.Revoked.IsZero():
		return "the key is revoked"
	case !k.DisabledAt.IsZero():
		return "the key is disabled"
	case k.Owner.Disabled:
		return "its owner is disabled"
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return "the key has expired"
	}
	return ""
}

// loses reports whether a key may do less than before.
func loses(before, after keystore.KeyView) bool {
	will := after.EffectiveScopes()
	for _, s := range before.EffectiveScopes() {
		if !keystore.CoversAny(will, s) {
			return true
		}
	}
	return false
}
