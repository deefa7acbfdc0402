package whatif

import (
	"net/netip"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
)

// Address is what was seen of one address.
type Address struct {
	IP netip.Addr
	// OK counts the uses that were accepted, Denied those that proved the secret
	// and were refused because of the address.
	OK, Denied  uint64
	First, Last time.Time
}

// Evidence is what was seen of a key between two times.
type Evidence struct {
	From, To  time.Time
	Addresses []Address
	// Beyond counts accepted uses by callers that were not told apart.
	Beyond uint64
	// Demands are the scopes that the uses needed; nil: not known.
	Demands *usage.Demands
}

// needed returns the scopes that uses needed and that a change takes away, and
// false if that is not known for all of the time.
func (e Evidence) needed(before, after keystore.KeyView) (lost []keystore.Scope, known bool) {
	d := e.Demands
	if d == nil || d.More || d.Since.After(e.From) {
		return nil, false
	}
	had, has := before.EffectiveScopes(), after.EffectiveScopes()
	for _, s := range d.After(e.From) {
		if keystore.CoversAny(had, s) && !keystore.CoversAny(has, s) {
			lost = append(lost, s)
		}
	}
	return lost, true
}

// Uses returns the number of accepted uses.
func (e Evidence) Uses() uint64 {
	n := e.Beyond
	for _, a := range e.Addresses {
		n += a.OK
	}
	return n
}

// Callers returns how many addresses had accepted uses.
func (e Evidence) Callers() (n int) {
	for _, a := range e.Addresses {
		if a.OK > 0 {
			n++
		}
	}
	return n
}
