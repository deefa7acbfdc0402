package whatif

import (
	"net/netip"
	"time"
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
