package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// CreateOptions are settled for ever when a store is made.
type CreateOptions struct {
	Prefix string // first word of the key strings; "" means token.DefaultPrefix
	Demo   bool   // the store is a demonstration
}

// Create makes a new store at path, with its keyring beside it and the first
// record in its journal. An existing store is never touched: the error is
// fs.ErrExist.
func Create(ctx context.Context, path string, o CreateOptions, options ...Option) (*Store, error) {
	s := newStore(path, options)
	if s.ro {
		return nil, ErrReadOnly
	}
	if o.Prefix == "" {
		o.Prefix = token.DefaultPrefix
	}
	if err := token.ValidatePrefix(o.Prefix); err != nil {
		return nil, &FieldError{"prefix", o.Prefix, err.Error()}
	}
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("a store at %s: %w", path, fs.ErrExist)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	ring, made, err := s.firstKeyring()
	if err != nil {
		return nil, err
	}
	s.ring = ring
	s.meta = metaRecord{Format: format, ID: ring.file.Store, Prefix: o.Prefix, Created: millis(s.Now()), Demo: o.Demo}
	if err := s.createRows(ctx); err != nil {
		if made {
			err = errors.Join(err, os.Remove(keyringPath(path)))
		}
		return nil, err
	}
	return Open(ctx, path, options...)
}

// firstKeyring makes the keyring of a new store. One that is there without a
// store and without checkpoints is of a creation that was cut short before
// the store existed, and is used; with checkpoints it belongs to a store that
// was lost, and a second one under its name would look like a forgery.
func (s *Store) firstKeyring() (ring *keyring, made bool, err error) {
	path := s.KeyringPath()
	if _, err := os.Lstat(path); err == nil {
		if _, err := os.Lstat(s.CheckpointPath()); err == nil {
			return nil, false, fmt.Errorf("%w: %s and %s are there but the store %s is missing: restore it from a backup, or move both files away to begin anew",
				ErrKeyring, path, s.CheckpointPath(), s.path)
		}
		ring, err := loadKeyring(path, "")
		return ring, false, err
	}
	id, err := newStoreID(s.rand)
	if err != nil {
		return nil, false, err
	}
	if ring, err = newKeyring(id, s.Now(), s.rand); err != nil {
		return nil, false, err
	}
	return ring, true, ring.save(path)
}

func (s *Store) createRows(ctx context.Context) error {
	var cp journal.Checkpoint
	err := bolt.Create(ctx, s.path, func(w kv.Writer) error {
		b, err := cbor.Marshal(s.meta)
		if err != nil {
			return err
		}
		if err := w.Put(metaRow, b); err != nil {
			return err
		}
		cp, err = s.append(w, s.Now(), []journal.Record{record(journal.EventStoreInit, storeObject(s.meta), []Change{
			{Field: "prefix", After: s.meta.Prefix}, {Field: "demo", After: s.meta.Demo},
		})})
		return err
	}, journal.Rising)
	if err != nil {
		return err
	}
	return journal.AppendCheckpointFile(s.CheckpointPath(), cp)
}

// Open opens the store at path. A missing one is fs.ErrNotExist; one that
// others may read, one on a network file system, and one whose keyring is
// missing are refused.
func Open(ctx context.Context, path string, options ...Option) (*Store, error) {
	s := newStore(path, options)
	engine, err := bolt.Open(path, bolt.Options{Timeout: s.timeout, ReadOnly: s.ro})
	if err != nil {
		return nil, err
	}
	s.kv = engine
	if err := s.readMeta(ctx); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	if s.ring, err = loadKeyring(keyringPath(path), s.meta.ID); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return s, nil
}

func (s *Store) readMeta(ctx context.Context) error {
	return s.kv.View(ctx, func(r kv.Reader) (err error) {
		s.meta, err = s.metaIn(r)
		return err
	})
}

// metaIn returns what the file says of itself.
func (s *Store) metaIn(r kv.Reader) (m metaRecord, err error) {
	b, err := r.Get(metaRow)
	if err != nil {
		return m, err
	}
	if b == nil {
		return m, fmt.Errorf("%s is not a pakdeck store", s.path)
	}
	if err := decode("store", b, &m); err != nil {
		return m, err
	}
	if m.Format != format {
		return m, fmt.Errorf("%s has format %d; this version reads %d", s.path, m.Format, format)
	}
	return m, nil
}

// sameStore refuses a file that was put in the place of the one that was opened:
// this process has the keyring of the other.
func (s *Store) sameStore(r kv.Reader) error {
	m, err := s.metaIn(r)
	if err == nil && m.ID != s.meta.ID {
		err = fmt.Errorf("%s is now the store %s, and was %s when it was opened: put that one back, or start again",
			s.path, originOf(m.ID), s.Origin())
	}
	return err
}

func storeObject(m metaRecord) journal.Object {
	return journal.Object{Kind: "store", ID: m.ID}
}

// record returns the journal record of a change that was made.
func record(e journal.Event, o journal.Object, diff []Change) journal.Record {
	return journal.Record{Code: e.Code, Event: e.Name, Outcome: string(OK), Object: o, Diff: diff}
}
