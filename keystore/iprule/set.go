package iprule

import (
	"encoding/binary"
	"net/netip"

	"go4.org/netipx"
)

// Set is rules compiled for quick decisions. It is immutable and may be used
// by several goroutines. A nil *Set allows every address.
type Set struct {
	listed bool // there is an allow list
	v4     []span4
	v6     []span6
}

// span4 is the IPv4 addresses from lo to hi. Spans are sorted and apart.
type span4 struct{ lo, hi uint32 }

type span6 struct{ lo, hi uint128 }

type uint128 struct{ hi, lo uint64 }

// Compile returns the rules as a [Set], or nil if they restrict nothing.
func (r Rules) Compile() *Set {
	if r.IsZero() {
		return nil
	}
	s := &Set{listed: len(r.Allow) > 0}
	for _, x := range r.effective().Ranges() {
		if x.From().Is4() {
			s.v4 = append(s.v4, span4{to32(x.From()), to32(x.To())})
		} else {
			s.v6 = append(s.v6, span6{to128(x.From()), to128(x.To())})
		}
	}
	return s
}

// effective returns the addresses that pass: the allow list, or everything
// without one, minus the deny list.
func (r Rules) effective() *netipx.IPSet {
	var b netipx.IPSetBuilder
	if len(r.Allow) == 0 {
		b.Complement()
	}
	b.AddSet(newList(Allow, r.Allow).union())
	b.RemoveSet(newList(Deny, r.Deny).union())
	return built(&b)
}

// Allowed decides about an address without allocating memory. See the package
// comment for the treatment of IPv4-mapped addresses, zones and the zero Addr.
func (s *Set) Allowed(a netip.Addr) bool {
	if s == nil {
		return true
	}
	if a.Zone() != "" {
		if s.listed {
			return false
		}
		a = a.WithZone("")
	}
	a = a.Unmap()
	switch {
	case a.Is4():
		return s.has4(to32(a))
	case a.Is6():
		return s.has6(to128(a))
	default:
		return false
	}
}

// has4 finds the last span that begins at or before x by halving [i, j).
func (s *Set) has4(x uint32) bool {
	i, j := 0, len(s.v4)
	for i < j {
		m := int(uint(i+j) >> 1)
		if s.v4[m].lo <= x {
			i = m + 1
		} else {
			j = m
		}
	}
	return i > 0 && x <= s.v4[i-1].hi
}

func (s *Set) has6(x uint128) bool {
	i, j := 0, len(s.v6)
	for i < j {
		m := int(uint(i+j) >> 1)
		if s.v6[m].lo.atMost(x) {
			i = m + 1
		} else {
			j = m
		}
	}
	return i > 0 && x.atMost(s.v6[i-1].hi)
}

func (u uint128) atMost(v uint128) bool {
	return u.hi < v.hi || u.hi == v.hi && u.lo <= v.lo
}

func to32(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

func to128(a netip.Addr) uint128 {
	b := a.As16()
	return uint128{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}
