package verify

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"net/netip"

	"github.com/pakdeck/pakdeck/keystore"
)

// mostText bounds what is kept of a caller's own words, in bytes.
const mostText = 256

// bounded returns a copy of a caller with texts of bounded length, which do
// not hold on to the request they came from.
func bounded(c *keystore.Caller) keystore.Caller {
	return keystore.Caller{IP: plainIP(c.IP), Agent: clean(c.Agent), Route: clean(c.Route)}
}

// salts make fingerprints unforeseeable.
var salts = func() (s [3]uint64) {
	seed := maphash.MakeSeed()
	for i := range s {
		s[i] = maphash.Bytes(seed, []byte{byte(i)})
	}
	return s
}()

// fingerprint tells callers apart within an hour and an outcome. It has 32
// bits and is never 0. Two callers of one secret with the same fingerprint
// would be counted as one; nobody but themselves would be the worse for it, so
// it is quick before it is strong.
func fingerprint(c *keystore.Caller, outcome int, hour int64) uint64 {
	h := uint64(hour)<<8 ^ uint64(outcome)
	if a, b := c.Agent, c.Route; len(a) >= 8 && len(b) >= 8 {
		// The ends of both texts, all there is of most, in two multiplications
		// that do not wait for each other.
		h ^= uint64(len(a))<<40 ^ uint64(len(b))<<52 ^ mul(word(a)^salts[0], word(b)^salts[1]) ^
			bits.RotateLeft64(mul(word(a[len(a)-8:])^salts[1], word(b[len(b)-8:])^salts[2]), 32)
		if len(a) > 16 || len(b) > 16 {
			h = mixMiddle(mixMiddle(h, a), b)
		}
	} else {
		h ^= mixShort(a, b)
	}
	if !c.IP.Is4() {
		return seal(h ^ mixIP(c.IP))
	}
	return seal(h ^ mixIPv4(c.IP.As4()))
}

// seal makes a hash a fingerprint.
func seal(h uint64) uint64 { return mul(h, factor)>>32 | 1 }

// factor is odd and has no pattern.
const factor = 0x9e3779b97f4a7c15

// mul multiplies and keeps all of the product.
func mul(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// mixIP returns what tells an address from others, to be sealed with something
// unforeseeable: of one that is mapped to IPv6 like that of the one that it is.
func mixIP(a netip.Addr) uint64 {
	if a = a.Unmap(); a.Is4() {
		return mixIPv4(a.As4())
	}
	ip := a.As16()
	return mul(binary.LittleEndian.Uint64(ip[:8])^salts[0], binary.LittleEndian.Uint64(ip[8:])^salts[1])
}

func mixIPv4(ip [4]byte) uint64 {
	return uint64(binary.LittleEndian.Uint32(ip[:])) << 32
}

// mixMiddle adds what lies between the first and the last eight bytes.
func mixMiddle(h uint64, s string) uint64 {
	for i, end := 8, len(s)-8; i < end; i += 16 {
		h = mul(word(s[i:])^h, word(s[min(i+8, end):])^salts[0])
	}
	return h
}

// mixShort returns a hash of two texts of any length.
func mixShort(a, b string) uint64 {
	h := salts[0]
	for _, s := range [...]string{a, b} {
		h = mul(h^uint64(len(s)), factor)
		for ; len(s) > 8; s = s[8:] {
			h = mul(h^word(s), factor)
		}
		for i := range len(s) {
			h ^= uint64(s[i]) << (8 * i)
		}
	}
	return mul(h, factor)
}

// word returns the first eight bytes of a text, in one load.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
