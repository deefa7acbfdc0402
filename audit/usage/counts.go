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

// stored are the outcomes by the number that they are stored as. A number is
// never given to another one.
var stored = [...]keystore.Outcome{
	0: keystore.OK, 1: keystore.Malformed, 2: keystore.Unknown, 3: keystore.WrongSecret, 4: keystore.Revoked,
	5: keystore.Disabled, 6: keystore.OwnerOff, 7: keystore.NotYetValid, 8: keystore.Expired,
	9: keystore.IPDenied, 10: keystore.ScopeDenied,
}

// indexes are those in keystore.Outcomes of the stored outcomes, codes the
// other way round. Millions of rows are read at a time.
var indexes, codes = func() (at [len(stored)]byte, back [len(keystore.Outcomes)]byte) {
	for code, o := range stored {
		at[code], back[o.Index()] = byte(o.Index()), byte(code)
	}
	return at, back
}()
