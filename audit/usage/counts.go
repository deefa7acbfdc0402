package usage

import "github.com/pakdeck/pakdeck/keystore"

// Counts are numbers of uses by outcome, by the index of the outcome in
// keystore.Outcomes.
type Counts [len(keystore.Outcomes)]uint64

// Of returns the number of uses with an outcome.
func (c Counts) Of(o keystore.Outcome) uint64 {
	if i := o.Index(); i >= 0 {
		return c[i]
	}
	return 0
}

// OK returns the number of accepted uses.
func (c Counts) OK() uint64 { return c.Of(keystore.OK) }

// Denied returns the number of uses that proved the secret and were refused.
func (c Counts) Denied() uint64 { return c.class(refused) }

// Unproven returns the number of attempts without the secret.
func (c Counts) Unproven() uint64 { return c.class(unproven) }

// Total returns the number of uses and attempts.
func (c Counts) Total() uint64 { return c.OK() + c.Denied() + c.Unproven() }

// Add returns the sum of c and d.
func (c Counts) Add(d Counts) Counts {
	for i, n := range d {
		c[i] += n
	}
	return c
}

func (c Counts) class(k class) (n uint64) {
	for i, x := range c {
		if classOf(keystore.Outcomes[i]) == k {
			n += x
		}
	}
	return n
}

// Reasons returns the outcomes other than ok that occurred, the most frequent
// first.
func (c Counts) Reasons() []Reason {
	var out []Reason
	for i, n := range c {
		if o := keystore.Outcomes[i]; n > 0 && o != keystore.OK {
			out = append(out, Reason{o, n})
		}
	}
	sortBy(out, func(r Reason) uint64 { return r.N })
	return out
}

// Reason is an outcome other than ok, and how often it occurred.
type Reason struct {
	Outcome keystore.Outcome
	N       uint64
}

// class divides the outcomes into those whose callers are kept apart.
type class byte

const (
	accepted class = iota
	refused        // the secret was proven
	unproven
	classes
)

func classOf(o keystore.Outcome) class {
	switch {
	case o == keystore.OK:
		return accepted
	case o.Proven():
		return refused
	}
	return unproven
}

// codes are the outcomes as they are stored. A number is never given to
// another one.
var codes = map[keystore.Outcome]uint64{
	keystore.OK: 0, keystore.Malformed: 1, keystore.Unknown: 2, keystore.WrongSecret: 3, keystore.Revoked: 4,
	keystore.Disabled: 5, keystore.OwnerOff: 6, keystore.NotYetValid: 7, keystore.Expired: 8,
	keystore.IPDenied: 9, keystore.ScopeDenied: 10,
}

// outcomeOf returns the outcome of a code.
func outcomeOf(code uint64) (keystore.Outcome, bool) {
	for o, c := range codes {
		if c == code {
			return o, true
		}
	}
	return "", false
}
