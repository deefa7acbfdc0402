package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 hash. The zero Hash means "none": it stands in the prev
// field of the first record. The text form is 64 lower-case hexadecimal digits.
type Hash [sha256.Size]byte

var errHash = errors.New("a hash must be 64 lower-case hexadecimal digits")

// LeafHash returns SHA-256(0x00 || record), the leaf hash of RFC 6962 section
// 2.1, of the stored bytes of a record.
func LeafHash(record []byte) Hash {
	// One buffer and one call: an incremental hash costs half as much again.
	var small [1024]byte
	return sha256.Sum256(append(append(small[:0], 0), record...))
}

// nodeHash returns SHA-256(0x01 || left || right).
func nodeHash(left, right Hash) Hash {
	return Hash(tlog.NodeHash(tlog.Hash(left), tlog.Hash(right)))
}

// String returns the text form.
func (h Hash) String() string {
	return hex.EncodeToString(h[:])
}

// IsZero reports whether h is the zero Hash.
func (h Hash) IsZero() bool {
	return h == Hash{}
}

// MarshalText returns the text form.
func (h Hash) MarshalText() ([]byte, error) {
	return hex.AppendEncode(nil, h[:]), nil
}

// UnmarshalText accepts the text form and nothing else.
func (h *Hash) UnmarshalText(text []byte) error {
	parsed, ok := parseHash(string(text))
	if !ok {
		return errHash
	}
	*h = parsed
	return nil
}

func parseHash(s string) (h Hash, ok bool) {
	if len(s) != 2*len(h) {
		return Hash{}, false
	}
	var bad byte
	for i := range h {
		hi, lo := hexDigits[s[2*i]], hexDigits[s[2*i+1]]
		bad |= hi | lo
		h[i] = hi<<4 | lo&0xf
	}
	return h, bad <= 0xf
}

// hexDigits are the values of the lower-case hexadecimal digits; 0xff for all
// other bytes.
var hexDigits = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i, c := range []byte("0123456789abcdef") {
		t[c] = byte(i)
	}
	return t
}()
