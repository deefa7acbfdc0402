package keystore

import (
	"net/netip"
	"time"
)

// Caller is where a key string came from.
type Caller struct {
	IP    netip.Addr
	Agent string // the User-Agent header
	Route string // what was asked for: "POST /v1/chat/completions"
}

// Sighting is a use at a time by a caller.
type Sighting struct {
	Time time.Time
	Caller
}

// Uses sums up what is known of the uses of a secret, or of all secrets of a
// key. A use counts when the secret was proven: OK holds the accepted ones,
// Denied the others by outcome.
type Uses struct {
	First      Sighting // first accepted use; Time zero: never used
	Last       Sighting // last accepted use
	OK         uint64
	Denied     map[Outcome]uint64
	LastDenied Sighting
	LastReason Outcome // outcome of LastDenied
}

// DeniedTotal returns the number of refused uses.
func (u Uses) DeniedTotal() uint64 {
	var n uint64
	for _, c := range u.Denied {
		n += c
	}
	return n
}

// Add returns the sum of u and v.
func (u Uses) Add(v Uses) Uses {
	sum := u
	if sum.First.Time.IsZero() || (!v.First.Time.IsZero() && v.First.Time.Before(sum.First.Time)) {
		sum.First = v.First
	}
	if v.Last.Time.After(sum.Last.Time) {
		sum.Last = v.Last
	}
	if v.LastDenied.Time.After(sum.LastDenied.Time) {
		sum.LastDenied, sum.LastReason = v.LastDenied, v.LastReason
	}
	sum.OK += v.OK
	if len(u.Denied)+len(v.Denied) > 0 {
		sum.Denied = make(map[Outcome]uint64, len(u.Denied)+len(v.Denied))
		for o, n := range u.Denied {
			sum.Denied[o] += n
		}
		for o, n := range v.Denied {
			sum.Denied[o] += n
		}
	}
	return sum
}
