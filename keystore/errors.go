package keystore

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// Groups of errors; test with errors.Is. The types below carry the details.
var (
	ErrNotFound  = errors.New("not found")
	ErrAmbiguous = errors.New("ambiguous")
	ErrConflict  = errors.New("changed by somebody else")
	ErrInvalid   = errors.New("invalid")
	ErrPolicy    = errors.New("refused by policy")
	// ErrState: the change makes no sense in the state the thing is in.
	ErrState = errors.New("not possible in this state")
	// ErrReadOnly: this process opened the store for reading.
	ErrReadOnly = errors.New("read-only: this process may look but not change anything")
	// ErrKeyring: the keyring file is missing, unsafe or of another store.
	ErrKeyring = errors.New("keyring")
)

// NotFoundError says that no user or key answers to Ref. Near holds similar
// names, nearest first, at most five.
type NotFoundError struct {
	Kind, Ref string // Kind is "user" or "key"
	Near      []string
}

func (e *NotFoundError) Error() string {
	msg := fmt.Sprintf("no %s %s", e.Kind, quote.Text(e.Ref))
	if len(e.Near) > 0 {
		msg += "; did you mean " + strings.Join(e.Near, ", ") + "?"
	}
	return msg
}

// Is makes errors.Is(err, ErrNotFound) true.
func (e *NotFoundError) Is(target error) bool { return target == ErrNotFound }

// AmbiguousError says that several keys answer to Ref; Matches holds them as
// user/name, at most ten.
type AmbiguousError struct {
	Ref     string
	Matches []string
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%s names several keys: %s", quote.Text(e.Ref), strings.Join(e.Matches, ", "))
}

// Is makes errors.Is(err, ErrAmbiguous) true.
func (e *AmbiguousError) Is(target error) bool { return target == ErrAmbiguous }

// ConflictError says that the record was changed after the caller read it.
// Theirs is what the store holds now (a User or a Key).
type ConflictError struct {
	Kind, Name   string
	Seen, Stored uint64 // versions
	Theirs       any
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s %s was changed by somebody else meanwhile (you saw version %d, it is %d now): look at it again, then repeat the change",
		e.Kind, quote.Text(e.Name), e.Seen, e.Stored)
}

// Is makes errors.Is(err, ErrConflict) true.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// FieldError says that a value cannot be saved. Text goes on after the value,
// "is taken; use another", or stands alone if there is none. Several are joined
// by errors.Join.
type FieldError struct {
	Field, Value, Text string
}

func (e *FieldError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s: %s", e.Field, e.Text)
	}
	return fmt.Sprintf("%s %s %s", e.Field, quote.Text(e.Value), e.Text)
}

// Is makes errors.Is(err, ErrInvalid) true.
func (e *FieldError) Is(target error) bool { return target == ErrInvalid }

// PolicyError holds what the policy file forbids in a change.
type PolicyError struct {
	Path       string
	Violations []Violation
}

// Violation is one rule of the policy that a key would break.
type Violation struct {
	Rule  string // the policy's name for it: "max_lifetime"
	Field string // the key's field: "expires"
	Text  string
}

func (e *PolicyError) Error() string {
	parts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		parts[i] = v.Text
	}
	return "refused by policy: " + strings.Join(parts, "; ")
}

// Is makes errors.Is(err, ErrPolicy) true.
func (e *PolicyError) Is(target error) bool { return target == ErrPolicy }

// stateError wraps ErrState with a sentence.
type stateError struct{ text string }

func (e *stateError) Error() string        { return e.text }
func (e *stateError) Is(target error) bool { return target == ErrState }
