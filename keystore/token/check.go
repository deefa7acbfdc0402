package token

import (
	"fmt"
	"math"
)

// Reason says why a string is not a key string.
type Reason string

// The reasons, in the order in which they are looked for.
const (
	ReasonPrefix    Reason = "prefix"    // does not begin with the prefix and an underscore
	ReasonLength    Reason = "length"    // too long or too short
	ReasonAlphabet  Reason = "alphabet"  // another character than 0-9A-Za-z, or no underscore after the id
	ReasonCanonical Reason = "canonical" // secret of 2^256 or more, or checksum of 2^32 or more
	ReasonChecksum  Reason = "checksum"  // checksum does not match
)

// FormatError says that a string is not a key string of the store. It never
// holds any of the string.
type FormatError struct {
	Reason Reason
	Prefix string // the wanted prefix; empty in errors of Check
	Length int    // bytes of the refused string; zero in errors of Check
}

// Error says what is wrong and what would be right.
func (e *FormatError) Error() string { return "malformed key string: " + e.text() }

func (e *FormatError) text() string {
	switch e.Reason {
	case ReasonPrefix:
		if e.Prefix != "" {
			return fmt.Sprintf("it should begin with %q", e.Prefix+"_")
		}
		return "wrong prefix"
	case ReasonLength:
		if e.Prefix != "" {
			return fmt.Sprintf("%d characters, want %d", e.Length, Length(e.Prefix))
		}
		return "wrong length"
	case ReasonAlphabet:
		return "want 12 characters of 0-9A-Za-z, an underscore and 49 more after the prefix"
	case ReasonCanonical:
		return "no key was ever issued with this value"
	case ReasonChecksum:
		return "the checksum does not match, so it is mistyped or damaged"
	}
	return string(e.Reason)
}

// Static, so that refusing junk costs no memory.
var (
	errFormPrefix    error = &FormatError{Reason: ReasonPrefix}
	errFormLength    error = &FormatError{Reason: ReasonLength}
	errFormAlphabet  error = &FormatError{Reason: ReasonAlphabet}
	errFormCanonical error = &FormatError{Reason: ReasonCanonical}
	errFormChecksum  error = &FormatError{Reason: ReasonChecksum}
)

// describe completes an error of Check for a person.
func describe(err error, prefix, s string) error {
	e, ok := err.(*FormatError)
	if !ok {
		return err
	}
	return &FormatError{Reason: e.Reason, Prefix: prefix, Length: len(s)}
}

// Check validates s as [Parse] does and returns its public id, without
// allocating. An error is a shared [*FormatError] with nothing but a Reason.
//
// A nil error means that s is well formed, not that the key exists.
func Check(prefix, s string) (ID, error) {
	n := len(prefix) + 1
	if len(s) < n || s[:n-1] != prefix || s[n-1] != '_' {
		return ID{}, errFormPrefix
	}
	if len(s) != Length(prefix) {
		return ID{}, errFormLength
	}
	id, tail := s[n:n+idWidth], s[n+idWidth+1:]
	if s[n+idWidth] != '_' || !isBase62(id) || !isBase62(tail) {
		return ID{}, errFormAlphabet
	}
	sum := number(tail[secretWidth:])
	if tail[:secretWidth] > maxSecret || sum > math.MaxUint32 {
		return ID{}, errFormCanonical
	}
	if sum != uint64(checksum(s[:len(s)-checksumWidth])) {
		return ID{}, errFormChecksum
	}
	return ID([]byte(id)), nil
}
