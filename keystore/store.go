package keystore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Actor is who makes a change, as the journal records it.
type Actor = journal.Actor

// Change is one field of a change in the journal.
type Change = journal.Change

// Store is an open keystore. It may be used by several goroutines, and by
// several processes at once: between calls it holds nothing open.
type Store struct {
	kv      kv.Store
	path    string
	meta    metaRecord
	ring    *keyring
	actor   Actor
	now     func() time.Time
	rand    io.Reader
	warn    func(error)
	ro      bool
	timeout time.Duration
	copied  *atomic.Int64 // when a checkpoint was last copied beside the store, Unix ms
}

// Option sets up a Store.
type Option func(*Store)

// WithActor says who makes the changes. Without it they are made by nobody
// known (uid -1).
func WithActor(a Actor) Option { return func(s *Store) { s.actor = a } }

// WithClock replaces time.Now.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.now = now } }

// WithRand replaces crypto/rand as the source of ids and secrets. It is meant
// for demonstrations and tests: keys made from a known source are worthless.
func WithRand(r io.Reader) Option { return func(s *Store) { s.rand = r } }

// WithReadOnly makes every change fail with [ErrReadOnly].
func WithReadOnly() Option { return func(s *Store) { s.ro = true } }

// WithTimeout says how long to wait for a store that another process holds;
// 0 means the engine's default of two seconds.
func WithTimeout(d time.Duration) Option { return func(s *Store) { s.timeout = d } }

// WithWarnings receives what went wrong beside a change that was made, such
// as a checkpoint file that could not be appended to.
func WithWarnings(f func(error)) Option { return func(s *Store) { s.warn = f } }

func newStore(path string, options []Option) *Store {
	s := &Store{
		path: path, actor: Actor{UID: -1}, now: time.Now, rand: rand.Reader,
		warn: func(error) {}, copied: new(atomic.Int64),
	}
	for _, o := range options {
		o(s)
	}
	return s
}

// As returns a view of the store whose changes are made by another actor.
func (s *Store) As(a Actor) *Store {
	c := *s
	c.actor = a
	return &c
}

// Actor returns who makes the changes.
func (s *Store) Actor() Actor { return s.actor }

// Close releases the store. Calls under way are not waited for.
func (s *Store) Close() error { return s.kv.Close() }

// Path returns the path of the store file; the files beside it have the same
// name with an ending.
func (s *Store) Path() string { return s.path }

// KeyringPath returns the path of the file with the pepper and the signing key.
func (s *Store) KeyringPath() string { return keyringPath(s.path) }

// PolicyPath returns the path of the policy file, which need not exist.
func (s *Store) PolicyPath() string { return PolicyPath(s.path) }

// CheckpointPath returns the path of the file to which every checkpoint of
// the journal is appended.
func (s *Store) CheckpointPath() string { return checkpointPath(s.path) }

func keyringPath(store string) string    { return store + ".keyring" }
func checkpointPath(store string) string { return store + ".checkpoints" }

// PolicyPath returns the path of the policy file of a store in a file.
func PolicyPath(store string) string { return store + ".policy.toml" }

// Prefix returns the first word of the store's key strings: "pak".
func (s *Store) Prefix() string { return s.meta.Prefix }

// Origin returns the name of the store in checkpoints: "pakdeck/" and its id.
func (s *Store) Origin() string { return originOf(s.meta.ID) }

// Demo reports whether the store was made for demonstration. Its secrets may
// be known to anyone.
func (s *Store) Demo() bool { return s.meta.Demo }

// Created returns when the store was made.
func (s *Store) Created() time.Time { return fromMillis(s.meta.Created) }

// ReadOnly reports whether this process may only look.
func (s *Store) ReadOnly() bool { return s.ro }

// Now returns the time by the store's clock, in UTC and milliseconds.
func (s *Store) Now() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// Rand is where random numbers for the store come from; see [WithRand].
func (s *Store) Rand() io.Reader { return s.rand }

// VerifierKey returns the public key of the journal's checkpoints, in the
// text form of golang.org/x/mod/sumdb/note.
func (s *Store) VerifierKey() string { return s.ring.file.Verifier }

// Verifier returns the public key of the journal's checkpoints.
func (s *Store) Verifier() note.Verifier { return s.ring.verifier }

// Pepper returns the pepper of the given name, or nil.
func (s *Store) Pepper(id string) *token.Pepper { return s.ring.peppers[id] }

// Fingerprint returns the keyed fingerprint under which the journal records a
// presented string that was refused.
func (s *Store) Fingerprint(presented string) string {
	return token.Fingerprint(s.ring.fingerprint, presented)
}

// Watch returns a channel that receives after anybody may have changed the
// store; it is closed when ctx ends.
func (s *Store) Watch(ctx context.Context) (<-chan struct{}, error) { return s.kv.Watch(ctx) }

// View runs fn on one consistent state of the rows.
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	return s.kv.View(ctx, fn)
}

// tx is one transaction of a use case.
type tx struct {
	kv.Writer
	now time.Time
}

// errUnchanged ends a use case that found nothing to do. Nothing is written,
// not even a journal record, and the caller sees no error.
var errUnchanged = errors.New("nothing to change")

// change runs one use case: fn works on the rows and returns the journal
// record of what it did, and both are committed together. fn may run twice.
func (s *Store) change(ctx context.Context, fn func(tx) (journal.Record, error)) error {
	return s.changes(ctx, always, func(t tx) ([]journal.Record, error) {
		r, err := fn(t)
		return []journal.Record{r}, err
	})
}

// occasion says how urgently a checkpoint is copied beside the store.
type occasion bool

const (
	always    occasion = true
	sometimes occasion = false // at most once in copyEvery
)

// copyEvery keeps a busy service from filling the checkpoint file: uses come
// every second, changes do not.
const copyEvery = time.Minute

func (s *Store) copyDue(o occasion, at time.Time) bool {
	last := s.copied.Load()
	if o == sometimes && at.UnixMilli()-last < copyEvery.Milliseconds() {
		return false
	}
	s.copied.Store(at.UnixMilli())
	return true
}

// changes is change for a transaction with any number of records.
func (s *Store) changes(ctx context.Context, o occasion, fn func(tx) ([]journal.Record, error)) error {
	if s.ro {
		return ErrReadOnly
	}
	var cp journal.Checkpoint
	err := s.kv.Update(ctx, func(w kv.Writer) error {
		cp = journal.Checkpoint{}
		now := s.Now()
		records, err := fn(tx{w, now})
		if err != nil || len(records) == 0 {
			return err
		}
		cp, err = s.append(w, now, records)
		return err
	})
	switch {
	case errors.Is(err, errUnchanged):
		return nil
	case errors.Is(err, kv.ErrReadOnly):
		return ErrReadOnly
	case err != nil:
		return err
	}
	if cp.Size > 0 && s.copyDue(o, cp.Time) {
		if err := journal.AppendCheckpointFile(s.CheckpointPath(), cp); err != nil {
			s.warn(fmt.Errorf("the change was made, but its checkpoint was not copied beside the store: %w", err))
		}
	}
	return nil
}

// append writes records to the journal and signs one checkpoint for them.
func (s *Store) append(w kv.Writer, now time.Time, records []journal.Record) (journal.Checkpoint, error) {
	a, err := journal.Begin(w)
	if err != nil {
		return journal.Checkpoint{}, err
	}
	for _, r := range records {
		if r.Time.IsZero() {
			r.Time = now
		}
		r.Actor = s.actor
		if _, err := a.Append(r); err != nil {
			return journal.Checkpoint{}, err
		}
	}
	return a.Commit(s.ring.signer, now)
}
