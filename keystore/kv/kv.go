// Package kv is the contract between pakdeck and the engine that keeps its
// bytes: an ordered map of keys to values with transactions.
//
// It is small on purpose. An engine that satisfies [Store] and passes the
// suite in kv/kvtest can stand behind pakdeck, whether it is a file on this
// machine (kv/bolt) or a cluster. What callers may rely on:
//
//   - keys are ordered as bytes; a key is 1 to [MaxKey] bytes, a value 1 to
//     [MaxValue] bytes (an absent key reads as nil, so empty values do not
//     exist);
//   - View sees one consistent state; Update is all or nothing and durable
//     when it returns nil; updates are serialisable;
//   - an Update closure may run more than once, so it must not leave traces
//     outside the transaction except in variables that it overwrites;
//   - a closure must not call its Store, which may wait for the very
//     transaction that it is in;
//   - a Reader or Writer belongs to the closure that got it: it is for one
//     goroutine at a time and returns errors once the transaction has ended;
//   - slices handed out by Get and Scan belong to the engine and are valid
//     until the transaction ends: copy what you keep, change nothing.
package kv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// Limits that every engine accepts, in bytes.
const (
	MaxKey   = 512
	MaxValue = 1 << 20
)

// Store is an ordered, transactional map. Its methods may be called from
// several goroutines.
type Store interface {
	// View runs fn on one consistent state of the store.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn and commits what it wrote if fn returns nil. The commit
	// is durable when Update returns nil. An error of fn is returned as it is
	// and nothing is written; a panic of fn writes nothing and goes on up.
	Update(ctx context.Context, fn func(Writer) error) error
	// Watch returns a channel that receives after the store may have been
	// changed, by anyone. Notices are merged while nobody receives. The
	// channel is closed when ctx ends or the Store is closed.
	Watch(ctx context.Context) (<-chan struct{}, error)
	// Close releases what the Store holds; later calls return [ErrClosed]. It
	// does not wait for transactions. Closing twice is no error.
	Close() error
}

// Copier is a Store that can be copied as a whole.
type Copier interface {
	// Copy runs fn on one consistent state of the store and writes that state
	// to an empty file, for the same engine to open. It does not sync the file.
	// How long others have to wait is the engine's business.
	Copy(ctx context.Context, to *os.File, fn func(Reader) error) error
}

// Reader reads inside a transaction.
type Reader interface {
	// Get returns the value of key, or nil if there is none.
	Get(key []byte) ([]byte, error)
	// Scan calls fn for the keys of r in order. An error of fn ends the scan
	// and is returned, except [Stop], which only ends it. fn must not write.
	Scan(r Range, fn func(key, value []byte) error) error
}

// Writer reads and writes inside a transaction; it reads its own writes.
type Writer interface {
	Reader
	// Put stores copies of key and value. One outside the limits is refused
	// with [ErrKey] or [ErrValue], and the transaction may go on.
	Put(key, value []byte) error
	// Delete removes key; removing an absent key is no error.
	Delete(key []byte) error
}

// Range selects the keys From <= key < To. A nil To has no upper bound; an
// empty one that is not nil has nothing below it. Reverse scans from the last
// key to the first.
type Range struct {
	From, To []byte
	Reverse  bool
}

// Prefix returns the range of all keys that begin with p.
func Prefix(p []byte) Range {
	to := bytes.Clone(p)
	for i := len(to) - 1; i >= 0; i-- {
		if to[i] < 0xff {
			to[i]++
			return Range{From: bytes.Clone(p), To: to[:i+1]}
		}
	}
	return Range{From: bytes.Clone(p)}
}

// Contains reports whether key lies in the range.
func (r Range) Contains(key []byte) bool {
	return bytes.Compare(key, r.From) >= 0 && (r.To == nil || bytes.Compare(key, r.To) < 0)
}

// Errors that every engine uses; test with errors.Is.
var (
	// Stop, returned by a Scan callback, ends the scan without an error.
	//
	//lint:ignore ST1012 a signal, as io.EOF is, and no failure
	Stop = errors.New("stop scanning")
	// ErrReadOnly: Update on a store that was opened for reading only.
	ErrReadOnly = errors.New("store is open read-only")
	// ErrKey and ErrValue: a key or value outside the limits.
	ErrKey   = errors.New("key must have 1 to 512 bytes")
	ErrValue = errors.New("value must have 1 byte to 1 MiB")
	// ErrWriteFailed: the disk failed a write or a sync, in this transaction
	// or an earlier one of this Store. What is on the disk is unknown until
	// the store is opened anew, so the Store writes no more.
	ErrWriteFailed = errors.New("the disk failed a write; this process writes no more")
	// ErrFull: there was no room for a write. The transaction left nothing;
	// the next one is tried.
	ErrFull = errors.New("there is no room on the disk, so nothing was written")
	// ErrClosed: the Store was closed.
	ErrClosed = errors.New("store is closed")
)

// Holder is what is known of the process that holds a store. Unknown fields
// are zero.
type Holder struct {
	PID     int
	Command string
	Since   time.Time // when it took the store, or else when the process began
}

// BusyError says that the store was held by somebody else for all the time
// that the caller was ready to wait.
type BusyError struct {
	Path   string
	Waited time.Duration
	Holder Holder
}

func (e *BusyError) Error() string {
	by := "another process"
	if e.Holder.PID != 0 {
		by = fmt.Sprintf("pid %d", e.Holder.PID)
		if e.Holder.Command != "" {
			by += " (" + e.Holder.Command + ")"
		}
	}
	if !e.Holder.Since.IsZero() {
		by += " since " + e.Holder.Since.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("store %s is busy: held by %s; waited %v", e.Path, by, e.Waited.Round(time.Millisecond))
}
