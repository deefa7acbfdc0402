package keystore

import (
	"bytes"
	"context"
	"fmt"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// JournalRecord returns the stored bytes of journal record n.
func (s *Store) JournalRecord(ctx context.Context, n int64) ([]byte, error) {
	var out []byte
	err := s.kv.View(ctx, func(r kv.Reader) error {
		size, err := journal.Size(r)
		if err != nil {
			return err
		}
		if n < 0 || n >= size {
			return &recordError{n, size}
		}
		return journal.Read(r, n, func(_ int64, raw []byte) error {
			out = bytes.Clone(raw)
			return kv.Stop
		})
	})
	return out, err
}

// Prove returns the proof of journal record n under the newest checkpoint.
func (s *Store) Prove(ctx context.Context, n int64) (journal.Proof, error) {
	var p journal.Proof
	err := s.kv.View(ctx, func(r kv.Reader) error {
		size, err := journal.Size(r)
		if err != nil {
			return err
		}
		if n < 0 || n >= size {
			return &recordError{n, size}
		}
		p, err = journal.Prove(r, n)
		return err
	})
	return p, err
}

// ProveSince returns the proof that the journal continues the one of old records.
func (s *Store) ProveSince(ctx context.Context, old int64) (journal.Consistency, error) {
	var c journal.Consistency
	err := s.kv.View(ctx, func(r kv.Reader) (err error) {
		c, err = journal.ProveSince(r, old)
		return err
	})
	return c, err
}

// recordError says that there is no record of a number.
type recordError struct{ n, size int64 }

func (e *recordError) Error() string {
	return fmt.Sprintf("there is no record %d: the journal has %d, numbered from 0", e.n, e.size)
}

func (e *recordError) Is(target error) bool { return target == ErrNotFound }

// VerifyJournal recomputes the journal and holds it against its checkpoints:
// the newest one, those in the file beside the store, and the given ones that
// somebody kept elsewhere. Others may write meanwhile.
func (s *Store) VerifyJournal(ctx context.Context, kept ...journal.Checkpoint) (journal.Report, error) {
	return s.VerifyJournalWatched(ctx, func(int64) {}, kept...)
}

// VerifyJournalWatched is [Store.VerifyJournal] that tells watch now and then how
// many records were read.
func (s *Store) VerifyJournalWatched(ctx context.Context, watch func(done int64), kept ...journal.Checkpoint) (journal.Report, error) {
	side, err := journal.ReadCheckpointFile(s.CheckpointPath(), s.ring.verifier)
	if err != nil {
		return journal.Report{}, err
	}
	c, err := journal.NewCheck(s.ring.verifier, append(side, kept...), watch)
	if err != nil {
		return journal.Report{}, err
	}
	ahead, stop := context.WithCancel(ctx)
	defer stop()
	go readAhead(ahead, s.path)
	for done := false; err == nil && !done; {
		err = s.kv.View(ctx, func(r kv.Reader) (err error) {
			done, err = c.Step(r)
			return err
		})
	}
	return c.Report(), err
}

// ReindexJournal builds the index of the journal anew, in steps between which
// others can write. watch is told how many records are left.
func (s *Store) ReindexJournal(ctx context.Context, watch func(left int64)) error {
	if s.ro {
		return ErrReadOnly
	}
	for gone := false; !gone; {
		err := s.kv.Update(ctx, func(w kv.Writer) (err error) {
			gone, err = journal.DropIndex(w)
			return err
		})
		if err != nil {
			return err
		}
	}
	for left := int64(1); left > 0; watch(left) {
		err := s.kv.Update(ctx, func(w kv.Writer) (err error) {
			left, err = journal.Reindex(w)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// KeepCheckpoint adds a checkpoint of this store, with the signatures of
// witnesses on it, to the file beside the store.
func (s *Store) KeepCheckpoint(c journal.Checkpoint) error {
	if s.ro {
		return ErrReadOnly
	}
	return journal.AppendCheckpointFile(s.CheckpointPath(), c)
}
