package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"sync"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// Digest is what a store keeps of a key string: HMAC-SHA-256 (RFC 2104, FIPS
// 180-4) under a [Pepper]. Its text form is 64 hexadecimal digits.
type Digest [sha256.Size]byte

// ErrDigest is in the chain of every error of [ParseDigest].
var ErrDigest = errors.New("not a digest")

// ParseDigest reads 64 hexadecimal digits. Its error quotes s only if s is
// short.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if len(s) != hex.EncodedLen(len(d)) {
		return Digest{}, fmt.Errorf("%w: %s; want %d hexadecimal digits", ErrDigest, quote.Input(s), hex.EncodedLen(len(d)))
	}
	if _, err := hex.Decode(d[:], []byte(s)); err != nil {
		return Digest{}, fmt.Errorf("%w: want only hexadecimal digits", ErrDigest)
	}
	return d, nil
}

// String returns the 64 hexadecimal digits, in lower case.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Equal compares in constant time. Use it instead of == wherever one of the
// two was made from what a client sent.
func (d Digest) Equal(other Digest) bool { return subtle.ConstantTimeCompare(d[:], other[:]) == 1 }

// MarshalText implements [encoding.TextMarshaler].
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseDigest].
func (d *Digest) UnmarshalText(text []byte) error {
	parsed, err := ParseDigest(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Pepper is the secret key under which digests are made, with an id by which
// a stored digest names it. It is safe for concurrent use and prints its id
// only.
type Pepper struct {
	id   string
	pool sync.Pool // of *hasher; its New holds the key
}

// hasher is one HMAC with the buffers that would otherwise escape to the heap.
type hasher struct {
	mac hash.Hash
	in  [80]byte
	out Digest
}

// NewPepper returns the pepper with the given id and key, which is copied and
// should be 32 bytes of crypto/rand. It panics if the key is empty.
func NewPepper(id string, key []byte) *Pepper {
	if len(key) == 0 {
		panic("token: empty pepper")
	}
	key = slices.Clone(key)
	p := &Pepper{id: id}
	p.pool.New = func() any { return &hasher{mac: hmac.New(sha256.New, key)} }
	return p
}

// ID returns the id given to [NewPepper].
func (p *Pepper) ID() string { return p.id }

// String returns the id.
func (p *Pepper) String() string { return p.id }

// GoString returns the id as a Go expression.
func (p *Pepper) GoString() string { return fmt.Sprintf("token.Pepper(%q)", p.id) }

// Digest returns the HMAC of s, which may have any length and form. It does
// not allocate.
func (p *Pepper) Digest(s string) Digest {
	h := p.pool.Get().(*hasher)
	for len(s) > 0 {
		n := copy(h.in[:], s)
		_, _ = h.mac.Write(h.in[:n])
		s = s[n:]
	}
	h.mac.Sum(h.out[:0])
	d := h.out
	h.mac.Reset()
	clear(h.in[:])
	p.pool.Put(h)
	return d
}

// MaxFingerprint is how much of a string [Fingerprint] looks at, in bytes.
const MaxFingerprint = 1024

// fingerprintDomain keeps fingerprints apart from digests under the same key.
const fingerprintDomain = "pakdeck fingerprint\x00"

// Fingerprint returns 16 hexadecimal digits that tell strings apart without
// telling what they are: the first 64 bits of an HMAC-SHA-256.
// It answers "was this string ever tried here?" for whoever holds the key.
// Only the first [MaxFingerprint] bytes of s count.
func Fingerprint(key []byte, s string) string {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(fingerprintDomain))
	_, _ = mac.Write([]byte(s[:min(len(s), MaxFingerprint)]))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}
