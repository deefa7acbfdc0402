package lint

import (
	"net/netip"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

const (
	// window is the time whose uses are counted.
	window = whatif.Window
	// memory is the time in which an address that was seen is remembered.
	memory = 90 * day
)

// Activity is what was seen of a secret: counts of the last 30 days, addresses
// of the last 90. The zero value is of a secret that nobody used.
type Activity struct {
	Seen   []Seen
	Beyond uint64 // accepted uses by callers who were not told apart
	// Hours is how often it was used in each hour of the day (UTC) before the
	// last 24 hours, Today in these.
	Hours, Today [24]uint64
	// Days is accepted uses by day of UTC, today first.
	Days [15]uint64
	// InURL is how many requests of the last 30 days had a key string in their
	// path or query; LastInURL when the last one was.
	InURL     uint64
	LastInURL time.Time
	// Worst is the hour of the last 24 with the most refusals of one kind.
	Worst Burst
}

// Seen is what came from an address with an agent. Who only came before the
// last 30 days has no counts.
type Seen struct {
	IP          netip.Addr
	Agent       string
	Counts      usage.Counts
	First, Last time.Time
}

// Burst is many refusals for one reason.
type Burst struct {
	Start   time.Time // of the hour
	Outcome keystore.Outcome
	N       uint64
}

// merge returns the sum of several secrets.
func merge(parts []*Activity) *Activity {
	if len(parts) == 1 {
		return parts[0]
	}
	sum := new(Activity)
	for _, a := range parts {
		sum.Beyond += a.Beyond
		sum.InURL += a.InURL
		sum.LastInURL = latest(sum.LastInURL, a.LastInURL)
		for i := range a.Hours {
			sum.Hours[i] += a.Hours[i]
			sum.Today[i] += a.Today[i]
		}
		for i := range a.Days {
			sum.Days[i] += a.Days[i]
		}
		if a.Worst.N > sum.Worst.N {
			sum.Worst = a.Worst
		}
		for _, s := range a.Seen {
			sum.see(s)
		}
	}
	return sum
}

// see adds what came from an address.
func (a *Activity) see(s Seen) {
	for i := range a.Seen {
		x := &a.Seen[i]
		if x.IP != s.IP || x.Agent != s.Agent {
			continue
		}
		x.Counts = x.Counts.Add(s.Counts)
		if s.First.Before(x.First) {
			x.First = s.First
		}
		if s.Last.After(x.Last) {
			x.Last = s.Last
		}
		return
	}
	a.Seen = append(a.Seen, s)
}

// OK returns the number of accepted uses.
func (a *Activity) OK() uint64 {
	n := a.Beyond
	for i := range a.Seen {
		n += a.Seen[i].Counts.OK()
	}
	return n
}

// since returns who was accepted at a time or later.
func (a *Activity) since(t time.Time) (out []Seen) {
	for _, s := range a.Seen {
		if s.Counts.OK() > 0 && !s.Last.Before(t) {
			out = append(out, s)
		}
	}
	return out
}

// evidence returns what was seen as the what-if wants it.
func (a *Activity) evidence(now time.Time) whatif.Evidence {
	e := whatif.Evidence{From: now.Add(-window), To: now, Beyond: a.Beyond}
	all := make([]whatif.Address, 0, len(a.Seen))
	for i := range a.Seen {
		s := &a.Seen[i]
		if ok, denied := s.Counts.OK(), s.Counts.Of(keystore.IPDenied); s.IP.IsValid() && ok+denied > 0 {
			all = append(all, whatif.Address{IP: s.IP, OK: ok, Denied: denied, First: s.First, Last: s.Last})
		}
	}
	slices.SortFunc(all, func(a, b whatif.Address) int { return a.IP.Compare(b.IP) })
	e.Addresses = all[:0]
	for _, s := range all {
		n := len(e.Addresses)
		if n == 0 || e.Addresses[n-1].IP != s.IP {
			e.Addresses = append(e.Addresses, s)
			continue
		}
		x := &e.Addresses[n-1] // the same address with another agent
		x.OK, x.Denied = x.OK+s.OK, x.Denied+s.Denied
		if s.First.Before(x.First) {
			x.First = s.First
		}
		x.Last = latest(x.Last, s.Last)
	}
	return e
}

// netOf returns the network that one organisation has: /24, or /48 of IPv6.
func netOf(a netip.Addr) netip.Prefix { return prefixOf(a, 24, 48) }

// regionOf returns what a provider has: /16, or /32 of IPv6.
func regionOf(a netip.Addr) netip.Prefix { return prefixOf(a, 16, 32) }

func prefixOf(a netip.Addr, v4, v6 int) netip.Prefix {
	bits := v6
	if a = a.Unmap(); a.Is4() {
		bits = v4
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// distinct returns the different values that a function gives of what was
// seen, in their order.
func distinct[T comparable](list []Seen, value func(Seen) T) (out []T) {
	for _, s := range list {
		if v := value(s); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// activityOf returns what was seen of all secrets of a key, nil if nothing is
// known of uses.
func (sc *scene) activityOf(k *keystore.Key) *Activity {
	if sc.Activity == nil {
		return nil
	}
	parts := make([]*Activity, 0, 2)
	for i := range k.Secrets {
		if a := sc.Activity[k.Secrets[i].ID]; a != nil {
			parts = append(parts, a)
		}
	}
	if len(parts) == 0 {
		return new(Activity)
	}
	return merge(parts)
}

func (sc *scene) activityOfSecret(id token.ID) *Activity {
	if a := sc.Activity[id]; a != nil {
		return a
	}
	return new(Activity)
}
