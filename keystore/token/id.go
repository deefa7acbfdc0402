package token

import (
	"errors"
	"fmt"
	"io"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// ID is the public id of a secret: 12 base62 digits in ASCII. It is no secret
// and may be logged and shown. IDs are comparable and usable as map keys; the
// zero value is no id and has the empty text.
type ID [idWidth]byte

// ErrID is in the chain of every error of [ParseID].
var ErrID = errors.New("not a secret id")

// ParseID reads the 12 characters that [ID.String] writes. Its error quotes s
// only if s is too short to be a key string.
func ParseID(s string) (ID, error) {
	if len(s) != idWidth || !isBase62(s) {
		return ID{}, fmt.Errorf("%w: %s; want %d characters of 0-9A-Za-z", ErrID, quote.Input(s), idWidth)
	}
	return ID([]byte(s)), nil
}

// String returns the 12 characters, or "" for the zero ID.
func (id ID) String() string {
	if id.IsZero() {
		return ""
	}
	return string(id[:])
}

// IsZero reports whether id is the zero ID.
func (id ID) IsZero() bool { return id == ID{} }

// MarshalText implements [encoding.TextMarshaler].
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; the empty text is the
// zero ID. Its errors are those of [ParseID].
func (id *ID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID{}
		return nil
	}
	parsed, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// The 248 smallest byte values map evenly onto 62 digits; the rest are thrown
// away. 12 good ones among maxDraws bytes are certain unless the source is
// broken.
const (
	evenBytes = 248
	maxDraws  = 1024
)

var errRandomness = errors.New("random source does not deliver random bytes")

// newID draws an ID, every one equally likely.
func newID(rand io.Reader) (ID, error) {
	var id ID
	var b [1]byte
	n := 0
	for range maxDraws {
		if _, err := io.ReadFull(rand, b[:]); err != nil {
			return ID{}, err
		}
		if b[0] >= evenBytes {
			continue
		}
		id[n] = alphabet[b[0]%62]
		if n++; n == idWidth {
			return id, nil
		}
	}
	return ID{}, errRandomness
}
