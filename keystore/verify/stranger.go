package verify

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// mostStrangers bounds what strangers may cost: refused attempts that are
// kept apart in an hour.
const mostStrangers = 1024

// stranger tells refused attempts apart: by network, because an attacker has
// as many addresses as he likes.
type stranger struct {
	outcome keystore.Outcome
	network netip.Prefix
	secret  token.ID
}

// attempts are those of one stranger in this hour.
type attempts struct {
	tally keystore.Tally
	since keystore.Count // the last batch
}

// strangers count attempts that proved nothing. The recorder's lock guards
// them.
type strangers struct {
	hour int64
	seen map[stranger]*attempts
	rest tallies // of hours that are over, and of strangers beyond the bound
}

func newStrangers() strangers {
	return strangers{seen: map[stranger]*attempts{}, rest: tallies{}}
}

// newHour reports whether an hour begins anew. Requests that overlap the turn
// of the hour come in any order, so the hour before does not; a clock that
// was set back further does.
func newHour(hour, held int64) bool { return hour > held || hour < held-1 }

// count adds an attempt and reports whether it is the first of its kind this
// hour. Known says that the id it named is that of a secret of this store.
func (s *strangers) count(known bool, caller *keystore.Caller, d *Decision) (isNew bool) {
	hour := keystore.HourOf(d.Time)
	if newHour(hour, s.hour) {
		s.hour = hour
		s.takeSeen(s.rest)
		clear(s.seen)
	}
	n := keystore.Count{N: 1, First: d.Time, Last: d.Time}
	who := stranger{d.Outcome, Network(caller.IP), d.Secret}
	if a := s.seen[who]; a != nil {
		a.since = a.since.Add(n)
		return false
	}
	t := keystore.Tally{Hour: s.hour, Outcome: d.Outcome}
	if len(s.seen) >= mostStrangers {
		s.rest.add(t, n)
		return false
	}
	if known {
		t.Secret = d.Secret
	}
	t.Caller = bounded(caller).Family()
	s.seen[who] = &attempts{t, n}
	return true
}

// take moves the counts since the last batch to tallies.
func (s *strangers) take(into tallies) {
	s.takeSeen(into)
	for k, n := range s.rest {
		into.add(k, n)
	}
	clear(s.rest)
}

func (s *strangers) takeSeen(into tallies) {
	for _, a := range s.seen {
		if a.since.N > 0 {
			into.add(a.tally, a.since)
			a.since = keystore.Count{}
		}
	}
}

// Network returns the network that an address is taken for when failures are
// counted: /24 for IPv4, /64 for IPv6, the smallest blocks that commonly
// belong to one customer.
func Network(a netip.Addr) netip.Prefix {
	a = plainIP(a)
	bits := 24
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}

// clean returns a copy of at most mostText bytes of s that can be stored and
// shown: valid UTF-8, with U+FFFD for what a terminal would obey or hide.
func clean(s string) string {
	s = s[:min(len(s), 4*mostText)]
	s = strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
			return utf8.RuneError
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	n := min(len(s), mostText)
	for n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n])
}

// plainIP returns an address without what makes one address look like two.
func plainIP(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }
