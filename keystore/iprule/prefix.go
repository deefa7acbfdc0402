package iprule

import (
	"fmt"
	"iter"
	"math/big"
	"net/netip"

	"go4.org/netipx"
)

// mappedBits is the length of ::ffff:0:0/96, the IPv4-mapped addresses (RFC
// 4291 section 2.5.5.2).
const mappedBits = 96

// canonical returns what p is read as: masked, and IPv4 if it is IPv4-mapped.
// An invalid p gives the zero Prefix.
func canonical(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= mappedBits {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mappedBits)
	}
	return p.Masked()
}

// union returns the addresses of the valid prefixes.
func union(prefixes iter.Seq[netip.Prefix]) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for p := range prefixes {
		if p.IsValid() {
			b.AddPrefix(p)
		}
	}
	return built(&b)
}

// built returns the set of b, to which only valid prefixes were given: the
// error of IPSet is about no others.
func built(b *netipx.IPSetBuilder) *netipx.IPSet {
	s, _ := b.IPSet()
	return s
}

// inside reports whether all of p lies in q.
func inside(p, q netip.Prefix) bool {
	return q.Bits() <= p.Bits() && q.Contains(p.Addr())
}

// wider reports whether q covers p and more.
func wider(q, p netip.Prefix) bool { return q != p && inside(p, q) }

// parent returns the prefix of which p is one half, or p itself at length 0.
func parent(p netip.Prefix) netip.Prefix {
	return netip.PrefixFrom(p.Addr(), max(p.Bits()-1, 0)).Masked()
}

// sibling returns the other half of p's parent, or the zero Prefix at length 0.
func sibling(p netip.Prefix) netip.Prefix {
	if p.Bits() <= 0 {
		return netip.Prefix{}
	}
	if up := parent(p); up.Addr() != p.Addr() {
		return netip.PrefixFrom(up.Addr(), p.Bits())
	}
	return netip.PrefixFrom(netipx.PrefixLastIP(p).Next(), p.Bits())
}

// sizeOf counts the addresses of prefixes that do not overlap, in words with
// the verb: "1 address is", "64 addresses are", "2^80 addresses are".
func sizeOf(prefixes []netip.Prefix) string {
	n := new(big.Int)
	for _, p := range prefixes {
		one := big.NewInt(1)
		n.Add(n, one.Lsh(one, uint(p.Addr().BitLen()-p.Bits())))
	}
	exponent := n.BitLen() - 1
	switch {
	case n.Cmp(big.NewInt(1)) == 0:
		return "1 address is"
	case n.BitLen() <= 32:
		return fmt.Sprintf("%v addresses are", n)
	case n.TrailingZeroBits() == uint(exponent):
		return fmt.Sprintf("2^%d addresses are", exponent)
	default:
		return fmt.Sprintf("more than 2^%d addresses are", exponent)
	}
}
