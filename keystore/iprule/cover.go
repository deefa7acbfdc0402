package iprule

import (
	"math"
	"math/bits"
	"net/netip"
	"slices"
	"sort"
)

// Cover knows the tightest lists of prefixes that let some sources in: for
// each number of prefixes the one that lets in the least beside them. An IPv6
// /64 counts as much as one IPv4 address, because either is what one
// subscriber has.
//
// The tightest list with at most k prefixes is found exactly, by a dynamic
// programme over the binary trie of the sources, in time proportional to
// sources times k squared: of each branch either its whole prefix is taken, or
// its k prefixes are divided between its halves.
type Cover struct {
	root *branch
	most int
}

// NewCover prepares lists of at most `most` prefixes, at least one for each
// address family. Sources are read as entries are: masked, and IPv4 if they
// are IPv4-mapped. Invalid ones are left out; a source inside another adds
// nothing.
func NewCover(sources []netip.Prefix, most int) *Cover {
	v4, v6 := distinct(sources)
	c := &Cover{root: join(grow(v4, most), grow(v6, most), most)}
	if c.root != nil {
		c.most = len(c.root.least)
	}
	return c
}

// Least returns the number of prefixes that a list must have: the number of
// address families among the sources. Without sources it is 0.
func (c *Cover) Least() int {
	for k := range c.most {
		if c.root.least[k] != impossible {
			return k + 1
		}
	}
	return 0
}

// Most returns the number of prefixes beyond which a list gets no tighter, or
// the limit that [NewCover] was given.
func (c *Cover) Most() int { return c.most }

// With returns the tightest list of at most k prefixes, in the order of
// addresses, IPv4 first. Among lists that are as tight the shortest is
// returned. With fewer than [Cover.Least] there is none.
func (c *Cover) With(k int) []netip.Prefix {
	k = min(k, c.most)
	if k < c.Least() || k < 1 {
		return nil
	}
	return c.root.prefixes(k, nil)
}

// Elbow returns the number of prefixes from which on more of them no longer
// help much: the smallest whose list is at most an eighth larger than the
// tightest.
func (c *Cover) Elbow() int {
	for k := c.Least(); k < c.most; k++ {
		if size := c.room(c.most); c.room(k) <= size+size/8 {
			return k
		}
	}
	return c.most
}

// Room returns how much the list of k prefixes lets in, in the unit of the
// function [Room].
func (c *Cover) Room(k int) float64 { return c.room(min(max(k, c.Least()), c.most)) }

func (c *Cover) room(k int) float64 {
	if k < 1 {
		return 0
	}
	return c.root.least[k-1].float() / oneAddress.float()
}

// Room returns how much prefixes let in that do not overlap: IPv4 addresses
// and IPv6 networks of 64 bits.
func Room(prefixes []netip.Prefix) float64 {
	sum := 0.0
	for _, p := range prefixes {
		if p = canonical(p); p.IsValid() {
			sum += sizeIn(p).float()
		}
	}
	return sum / oneAddress.float()
}

// branch is a node of a path-compressed binary trie: the sources below have
// exactly prefix in common.
type branch struct {
	prefix netip.Prefix // invalid where both families meet
	low    *branch
	high   *branch
	// least[k-1] is the least size that at most k prefixes cover, and share[k-1]
	// how many of them are for low; 0 takes prefix as a whole.
	least []uint128
	share []uint8
}

// The sizes are in 2^-64 of an IPv4 address.
var (
	oneAddress = uint128{hi: 1}
	everything = uint128{math.MaxUint64, math.MaxUint64 - 1} // ::/0, or more; no list of prefixes has that size by chance
	impossible = uint128{math.MaxUint64, math.MaxUint64}     // one prefix for both families
)

// distinct returns the outermost of the valid sources, sorted.
func distinct(sources []netip.Prefix) (v4, v6 []netip.Prefix) {
	all := make([]netip.Prefix, 0, len(sources))
	for _, p := range sources {
		if p = canonical(p); p.IsValid() {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, netip.Prefix.Compare)
	outer := all[:0]
	for _, p := range all {
		if n := len(outer); n == 0 || !inside(p, outer[n-1]) {
			outer = append(outer, p)
		}
	}
	i := sort.Search(len(outer), func(i int) bool { return outer[i].Addr().Is6() })
	return outer[:i], outer[i:]
}

// grow builds the trie of sorted sources that do not overlap.
func grow(sources []netip.Prefix, most int) *branch {
	switch len(sources) {
	case 0:
		return nil
	case 1:
		return &branch{prefix: sources[0], least: []uint128{sizeIn(sources[0])}, share: []uint8{0}}
	}
	common := commonPrefix(sources[0], sources[len(sources)-1])
	i := sort.Search(len(sources), func(i int) bool { return bitOf(sources[i].Addr(), common.Bits()) })
	b := &branch{prefix: common, low: grow(sources[:i], most), high: grow(sources[i:], most)}
	b.solve(most)
	return b
}

// join puts the families side by side. No prefix covers both.
func join(v4, v6 *branch, most int) *branch {
	switch {
	case v6 == nil:
		return v4
	case v4 == nil:
		return v6
	}
	b := &branch{low: v4, high: v6}
	b.solve(max(most, 2))
	return b
}

// maxPrefixes bounds a list, so that a share fits into a byte.
const maxPrefixes = math.MaxUint8

func (b *branch) solve(most int) {
	n := min(len(b.low.least)+len(b.high.least), max(most, 1), maxPrefixes)
	b.least, b.share = make([]uint128, n), make([]uint8, n)
	b.least[0] = impossible
	if b.prefix.IsValid() {
		b.least[0] = sizeIn(b.prefix)
	}
	for k := 2; k <= n; k++ {
		b.least[k-1], b.share[k-1] = b.divide(k)
	}
}

// divide finds the best way to spend k prefixes: no better than with one fewer
// means that one is to spare.
func (b *branch) divide(k int) (least uint128, share uint8) {
	least, share = b.least[k-2], b.share[k-2]
	for i := max(1, k-len(b.high.least)); i <= min(k-1, len(b.low.least)); i++ {
		if size := b.low.least[i-1].plus(b.high.least[k-i-1]); !least.atMost(size) {
			least, share = size, uint8(i)
		}
	}
	return least, share
}

// prefixes appends the list of at most k prefixes.
func (b *branch) prefixes(k int, list []netip.Prefix) []netip.Prefix {
	for k > 1 && b.least[k-1] == b.least[k-2] {
		k--
	}
	share := int(b.share[k-1])
	if share == 0 {
		return append(list, b.prefix)
	}
	return b.high.prefixes(k-share, b.low.prefixes(share, list))
}

// commonPrefix returns the longest prefix that covers both p and q, of one
// family.
func commonPrefix(p, q netip.Prefix) netip.Prefix {
	a, b := p.Addr().As16(), q.Addr().As16()
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	same := 8 * n
	if n < len(a) {
		same += bits.LeadingZeros8(a[n] ^ b[n])
	}
	same -= 128 - p.Addr().BitLen()
	return netip.PrefixFrom(p.Addr(), min(same, p.Bits(), q.Bits())).Masked()
}

// bitOf returns a bit of an address, counted from the front.
func bitOf(a netip.Addr, bit int) bool {
	b := a.As16()
	bit += 128 - a.BitLen()
	return b[bit/8]>>(7-bit%8)&1 == 1
}

// sizeIn returns the size of a prefix, at most everything.
func sizeIn(p netip.Prefix) uint128 {
	exponent := p.Addr().BitLen() - p.Bits()
	if p.Addr().Is4() {
		exponent += 64
	}
	switch {
	case exponent >= 128:
		return everything
	case exponent >= 64:
		return uint128{hi: 1 << (exponent - 64)}
	}
	return uint128{lo: 1 << exponent}
}

// plus adds sizes up to everything.
func (u uint128) plus(v uint128) uint128 {
	lo, carry := bits.Add64(u.lo, v.lo, 0)
	hi, carry := bits.Add64(u.hi, v.hi, carry)
	if sum := (uint128{hi, lo}); carry == 0 && sum.atMost(everything) {
		return sum
	}
	return everything
}

func (u uint128) float() float64 { return float64(u.hi)*0x1p64 + float64(u.lo) }
