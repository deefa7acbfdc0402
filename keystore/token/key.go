package token

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"io"
	"strings"
)

// Widths of the parts of a key string after the prefix, in characters.
const (
	secretBytes   = 32
	idWidth       = 12
	secretWidth   = 43
	checksumWidth = 6
	tailWidth     = secretWidth + checksumWidth
)

// Size is the length of a key string with [DefaultPrefix], in bytes.
const Size = len(DefaultPrefix) + 1 + idWidth + 1 + tailWidth

// Length returns the length of every key string with the given prefix.
func Length(prefix string) int { return Size - len(DefaultPrefix) + len(prefix) }

// Key is one key string. The zero value is no key.
//
// It shows itself redacted everywhere and cannot be compared with ==: use
// [Key.Equal]. [reflect.DeepEqual] finds no two keys equal.
type Key struct {
	prefix string
	id     ID
	// reveal is a function because neither fmt nor a dumper that walks
	// unexported fields can look into one, and because it forbids ==.
	reveal func() string
}

// Mint makes a key string with a random id and a random secret. A nil source
// is crypto/rand; another one is for tests. An error is that of
// [ValidatePrefix] or of the source.
func Mint(prefix string, source io.Reader) (Key, error) {
	if err := ValidatePrefix(prefix); err != nil {
		return Key{}, err
	}
	if source == nil {
		source = rand.Reader
	}
	id, err := newID(source)
	if err != nil {
		return Key{}, fmt.Errorf("mint key string: %w", err)
	}
	var secret [secretBytes]byte
	if _, err := io.ReadFull(source, secret[:]); err != nil {
		return Key{}, fmt.Errorf("mint key string: %w", err)
	}
	return newKey(prefix, id, assemble(prefix, id, &secret)), nil
}

// assemble writes a key string.
func assemble(prefix string, id ID, secret *[secretBytes]byte) string {
	b := make([]byte, 0, Length(prefix))
	b = append(b, prefix...)
	b = append(b, '_')
	b = append(b, id[:]...)
	b = append(b, '_')
	b = appendSecret(b, secret)
	return string(appendChecksum(b, checksum(string(b))))
}

func newKey(prefix string, id ID, text string) Key {
	return Key{prefix: prefix, id: id, reveal: func() string { return text }}
}

// Parse reads a key string of a store with the given prefix. An error is a
// [*FormatError] that says what is wrong with s without holding any of it.
func Parse(prefix, s string) (Key, error) {
	id, err := Check(prefix, s)
	if err != nil {
		return Key{}, describe(err, prefix, s)
	}
	// A copy, so that the key does not keep a whole file or request alive.
	return newKey(strings.Clone(prefix), id, strings.Clone(s)), nil
}

// Reveal returns the key string itself. Whoever calls it must see to it that
// the result is shown once, sent or stored on purpose.
func (k Key) Reveal() string {
	if k.reveal == nil {
		return ""
	}
	return k.reveal()
}

// ID returns the public id, zero for the zero Key.
func (k Key) ID() ID { return k.id }

// IsZero reports whether k is the zero Key.
func (k Key) IsZero() bool { return k.reveal == nil }

// Last4 returns the last four characters, "" for the zero Key. They belong to
// the checksum and are safe to show.
func (k Key) Last4() string {
	if k.IsZero() {
		return ""
	}
	s := k.reveal()
	return s[len(s)-4:]
}

// Equal compares in a time that does not depend on where two key strings of
// one length differ. Two zero Keys are equal.
func (k Key) Equal(other Key) bool {
	return subtle.ConstantTimeCompare([]byte(k.Reveal()), []byte(other.Reveal())) == 1
}
