package token

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// DefaultPrefix begins the key strings of a store that chose no other.
const DefaultPrefix = "pak"

// Limits of a prefix, in characters.
const (
	MinPrefix = 2
	MaxPrefix = 12
)

// ErrPrefix is in the chain of every error of [ValidatePrefix].
var ErrPrefix = errors.New("not a key string prefix")

// ValidatePrefix returns nil if p is 2 to 12 of a-z0-9, so that a key string
// is selected by a double click and needs no quotes in a shell, URL or YAML.
func ValidatePrefix(p string) error {
	outside := func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') }
	if len(p) < MinPrefix || len(p) > MaxPrefix || strings.ContainsFunc(p, outside) {
		return fmt.Errorf("%w: %s; want %d to %d of a-z0-9", ErrPrefix, quote.Input(p), MinPrefix, MaxPrefix)
	}
	return nil
}
