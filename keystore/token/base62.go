package token

import "encoding/binary"

// alphabet is in ASCII order, so texts of one width compare like their values.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// maxSecret is 2^256-1. The width could hold more.
const maxSecret = "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1"

// foreign is the value of a byte that is not a base62 digit.
const foreign = 0xff

// values are the values of the base62 digits.
var values = func() (t [256]byte) {
	for i := range t {
		t[i] = foreign
	}
	for i := range len(alphabet) {
		t[alphabet[i]] = byte(i)
	}
	return t
}()

// isBase62 reports whether all of s are base62 digits.
func isBase62(s string) bool {
	if len(s) < 8 {
		return leadingBase62(s) == len(s)
	}
	ok := base62Bits(word(s[len(s)-8:])) // overlaps what comes before
	for ; len(s) > 8; s = s[8:] {
		ok &= base62Bits(word(s))
	}
	return ok&topBits == topBits
}

// word returns the first eight bytes of s, little-endian.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

const (
	everyByte = 0x0101010101010101
	topBits   = 0x80 * everyByte
)

// base62Bits sets the top bit of every byte of w that is a base62 digit; other
// bits mean nothing. Eight bytes at once take half the time of a table.
//
// Adding 0x80-c sets the top bit of a byte that is c or more, so of the sums
// for the two ends of a range one has it set where the byte is in the range.
// Bytes below 0x80 do not carry into the next one.
func base62Bits(w uint64) uint64 {
	ascii := w &^ topBits
	lower := ascii | 0x20*everyByte
	digit := (ascii + (0x80-'0')*everyByte) ^ (ascii + (0x7f-'9')*everyByte)
	letter := (lower + (0x80-'a')*everyByte) ^ (lower + (0x7f-'z')*everyByte)
	return (digit | letter) &^ w
}

// leadingBase62 returns the number of base62 digits that s begins with.
func leadingBase62(s string) int {
	for i := range len(s) {
		if values[s[i]] == foreign {
			return i
		}
	}
	return len(s)
}

// number returns the value of s, at most ten base62 digits.
func number(s string) uint64 {
	var n uint64
	for i := range len(s) {
		n = n*62 + uint64(values[s[i]])
	}
	return n
}

// appendSecret appends the 43 digits of b, read as one big-endian number.
func appendSecret(dst []byte, b *[secretBytes]byte) []byte {
	var words [secretBytes / 4]uint32
	for i := range words {
		words[i] = binary.BigEndian.Uint32(b[4*i:])
	}
	var out [secretWidth]byte
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = alphabet[divideBy62(&words)]
	}
	return append(dst, out[:]...)
}

// divideBy62 divides words, most significant first, and returns the remainder.
func divideBy62(words *[secretBytes / 4]uint32) uint64 {
	var rest uint64
	for i, w := range words {
		v := rest<<32 | uint64(w)
		words[i], rest = uint32(v/62), v%62
	}
	return rest
}

// appendChecksum appends the six digits of sum.
func appendChecksum(dst []byte, sum uint32) []byte {
	var out [checksumWidth]byte
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = alphabet[sum%62]
		sum /= 62
	}
	return append(dst, out[:]...)
}
