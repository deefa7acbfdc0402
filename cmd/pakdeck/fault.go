package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/text"
)

// The exit codes, as "pakdeck --help" explains them.
const (
	exitOK          = 0
	exitNo          = 1
	exitUsage       = 2
	exitFailed      = 3
	exitPolicy      = 4
	exitInterrupted = 130
)

// usageError is a command line that asks for something that cannot be.
type usageError struct{ text, hint string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return &usageError{text: fmt.Sprintf(format, args...)}
}

// noStoreError says that there is no store yet.
type noStoreError struct {
	path     string
	standard bool // it was not named by --store
}

func (e *noStoreError) Error() string {
	if e.standard {
		return "no store at " + e.path + "; run: pakdeck init"
	}
	return "no store at " + e.path + "; run: pakdeck --store " + e.path + " init"
}

// failedError is something that was tried and could not be done. The hint may
// be empty.
type failedError struct {
	text, hint string
	err        error
}

func (e *failedError) Error() string {
	if e.err == nil {
		return e.text
	}
	return e.text + ": " + e.err.Error()
}

func (e *failedError) Unwrap() error { return e.err }

// fileError says what is wrong with a file that a flag or an argument names.
func fileError(what, path string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return &failedError{text: what + " " + text.Quote(path), err: e.Err}
	}
	return &failedError{text: what, err: err}
}

var (
	// errNegative: the answer is on standard output, and it is no.
	errNegative = errors.New("no")
	// errInterrupted: a signal ended the command.
	errInterrupted = errors.New("interrupted")
)

// fault is an error as the operator sees it.
type fault struct {
	exit    int
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// faultOf classifies an error. A value that cannot be saved goes before the
// policy, because it has to be put right first.
func faultOf(err error) fault {
	f := fault{exit: exitFailed, Code: "failed", Message: err.Error()}
	for _, class := range faultClasses {
		if class.is(err) {
			f.exit, f.Code, f.Hint = class.exit, class.code, class.hint
			break
		}
	}
	if e, ok := errors.AsType[*usageError](err); ok {
		f.Hint = e.hint
	}
	if e, ok := errors.AsType[*failedError](err); ok && e.hint != "" {
		f.Hint = e.hint
	}
	return f
}

// seeDoctor is the hint where it takes a look around to say what helps.
const seeDoctor = "pakdeck doctor tells what is there, what is not, and what to do"

type faultClass struct {
	is   func(error) bool
	exit int
	code string
	hint string
}

var faultClasses = []faultClass{
	{oneOf(errInterrupted, context.Canceled), exitInterrupted, "interrupted", ""},
	{ofType[*failedError], exitFailed, "failed", ""},
	{ofType[*usageError], exitUsage, "usage", ""},
	{oneOf(keystore.ErrNotFound), exitUsage, "not_found", ""},
	{oneOf(keystore.ErrAmbiguous), exitUsage, "ambiguous", "name it as user/name or by its id"},
	{isInvalid, exitUsage, "invalid", ""},
	{oneOf(keystore.ErrPolicy), exitPolicy, "policy", "the policy is in the file that ends in .policy.toml beside the store"},
	{oneOf(keystore.ErrConflict), exitFailed, "conflict", ""},
	{oneOf(keystore.ErrState), exitFailed, "state", ""},
	{oneOf(keystore.ErrReadOnly), exitFailed, "read_only", "leave out --read-only to change something"},
	{ofType[*kv.BusyError], exitFailed, "busy", "try again, or wait longer with --timeout"},
	{ofType[*noStoreError], exitFailed, "no_store", ""},
	{oneOf(keystore.ErrKeyring), exitFailed, "keyring", seeDoctor},
	{ofType[*bolt.CorruptError], exitFailed, "failed", seeDoctor},
	{ofType[*bolt.FormatError], exitFailed, "failed", seeDoctor},
}

func oneOf(targets ...error) func(error) bool {
	return func(err error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
}

func ofType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// isInvalid reports whether a value given by the operator is what is wrong.
func isInvalid(err error) bool {
	return oneOf(keystore.ErrInvalid, pak.ErrRecipient)(err) ||
		ofType[*iprule.ParseError](err) || ofType[*iprule.ProblemError](err) || ofType[iprule.LineError](err) ||
		ofType[*expiry.FormatError](err) || ofType[*expiry.PastError](err)
}
