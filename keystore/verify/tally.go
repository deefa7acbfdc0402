package verify

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// A caller is told from another by address, agent and route. Of each secret,
// mostCallers an hour have a cell to be counted in, refused ones at most half
// of them; the others are counted by address.
const (
	nearCells   = 4 // fills the entry's last cache line
	farCells    = 60
	mostCallers = nearCells + farCells
)

// outcomes is the number of outcomes that are counted.
const outcomes = len(keystore.Outcomes)

// cell counts the uses by one caller with one outcome in one hour. Who it is
// and how often it came stand in one word, so a cell can be given to another
// caller at any time and no use is ever counted for the wrong one.
type cell struct {
	word atomic.Uint64 // fingerprint and count; 0: free
	last atomic.Int64  // Unix ms
}

const (
	countBits = 24
	countMask = 1<<countBits - 1
)

// hit counts a use if the cell is the caller's and not full.
func (c *cell) hit(fp uint64, at int64) bool {
	for {
		w := c.word.Load()
		if w>>countBits != fp || w&countMask == countMask {
			return false
		}
		if c.last.Load() != at {
			c.last.Store(at)
		}
		if c.word.CompareAndSwap(w, w+1) {
			return true
		}
	}
}

// drain returns and forgets the count.
func (c *cell) drain() uint64 {
	return c.word.And(^uint64(countMask)) & countMask
}

// free gives up the cell and returns what it still counted.
func (c *cell) free() uint64 { return c.word.Swap(0) & countMask }

// counters hold what was seen of a secret since the last batch. A use by a
// caller who was seen in this hour is one addition; whatever else happens goes
// to the details, which are made at the first use.
type counters struct {
	more   atomic.Pointer[details]
	queued atomic.Bool // is in the recorder's list
	_      [8]byte     // near begins a cache line
	near   [nearCells]cell
}

func (c *counters) details() *details {
	if d := c.more.Load(); d != nil {
		return d
	}
	c.more.CompareAndSwap(nil, new(details))
	return c.more.Load()
}

// salt makes fingerprints unforeseeable.
var salt = maphash.Bytes(maphash.MakeSeed(), nil)

// fingerprint tells callers apart within an hour and an outcome. It has 40
// bits and is never 0. Two callers of one secret with the same fingerprint
// would be counted as one; nobody but themselves would be the worse for it, so
// it is quick before it is strong.
func fingerprint(c *keystore.Caller, outcome int, hour int64) uint64 {
	h := salt ^ uint64(hour)<<8 ^ uint64(outcome)
	if c.IP.Is4() {
		ip := c.IP.As4()
		h = fold(h ^ uint64(binary.LittleEndian.Uint32(ip[:]))<<32)
	} else {
		h = mixIPv6(h, c.IP)
	}
	// Side by side, not one after the other: the processor does all at once.
	h ^= mix(salt, c.Agent) ^ bits.RotateLeft64(mix(^salt, c.Route), 32)
	return fold(h)>>countBits | 1
}

// mixIPv6 adds any address to a hash: one that is mapped to IPv6 like the one
// that it is.
func mixIPv6(h uint64, a netip.Addr) uint64 {
	if a.Is4In6() {
		ip := a.As4()
		return fold(h ^ uint64(binary.LittleEndian.Uint32(ip[:]))<<32)
	}
	ip := a.As16()
	return fold(fold(h^binary.LittleEndian.Uint64(ip[:8])) ^ binary.LittleEndian.Uint64(ip[8:]))
}

// fold multiplies by a random odd number and keeps all of the product.
func fold(h uint64) uint64 {
	hi, lo := bits.Mul64(h, 0x9e3779b97f4a7c15)
	return hi ^ lo
}

// mix adds a text to a hash.
func mix(h uint64, s string) uint64 {
	h ^= uint64(len(s)) << 32
	if len(s) < 8 {
		var all uint64
		for i := range len(s) {
			all |= uint64(s[i]) << (8 * i)
		}
		return fold(h ^ all)
	}
	last := word(s[len(s)-8:])
	for ; len(s) > 8; s = s[8:] {
		h = fold(h ^ word(s))
	}
	return fold(h ^ last)
}

// word returns the first eight bytes of a text, in one load.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// count adds a use at a time in Unix ms and reports whether its caller is new
// in this hour.
func (c *counters) count(outcome int, caller *keystore.Caller, ms int64) (isNew bool) {
	hour := max(0, ms) / time.Hour.Milliseconds()
	fp := fingerprint(caller, outcome, hour)
	for i := range c.near {
		if x := &c.near[i]; x.word.Load()>>countBits == fp && x.hit(fp, ms) {
			return false
		}
	}
	d := c.details()
	if far := d.far.Load(); far != nil {
		for i := range far {
			if far[i].hit(fp, ms) {
				return false
			}
		}
	}
	return d.meet(c, caller, use{fp, outcome, ms, hour})
}

// use is one use that is being counted.
type use struct {
	fp      uint64
	outcome int
	ms      int64
	hour    int64
}

// okIndex is that of keystore.OK in keystore.Outcomes.
const okIndex = 0

// mostText bounds what is kept of a caller's own words, in bytes.
const mostText = 256

// bounded returns a copy of a caller with texts of bounded length, which do
// not hold on to the request they came from.
func bounded(c *keystore.Caller) keystore.Caller {
	return keystore.Caller{IP: plainIP(c.IP), Agent: clean(c.Agent), Route: clean(c.Route)}
}
