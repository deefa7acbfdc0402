package keystore_test

import (
	"errors"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

func TestRecordsAreProvedOnesThatAreNotThereAreNot(t *testing.T) {
	f := newFixture(t)
	head, err := f.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := range head.Size {
		raw, err := f.JournalRecord(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		p, err := f.Prove(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := journal.OpenProof(p.Encode(), f.Verifier())
		if err != nil || string(opened.Record) != string(raw) {
			t.Errorf("record %d: %v", n, err)
		}
		c, err := f.ProveSince(t.Context(), n)
		if err != nil || c.Old != n || c.Checkpoint.Size != head.Size {
			t.Errorf("since %d: %+v, %v", n, c, err)
		}
	}
	for _, n := range []int64{-1, head.Size} {
		if _, err := f.JournalRecord(t.Context(), n); !errors.Is(err, keystore.ErrNotFound) {
			t.Errorf("record %d: %v", n, err)
		}
		if _, err := f.Prove(t.Context(), n); !errors.Is(err, keystore.ErrNotFound) {
			t.Errorf("proof of record %d: %v", n, err)
		}
	}
	if _, err := f.ProveSince(t.Context(), head.Size+1); err == nil {
		t.Error("the journal continues one that is longer")
	}
}

func TestACheckpointIsKeptBesideTheStore(t *testing.T) {
	f := newFixture(t)
	head, err := f.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before, err := journal.ReadCheckpointFile(f.CheckpointPath(), f.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	if err := f.KeepCheckpoint(head); err != nil {
		t.Fatal(err)
	}
	after, err := journal.ReadCheckpointFile(f.CheckpointPath(), f.Verifier())
	if err != nil || len(after) != len(before)+1 {
		t.Errorf("%d checkpoints, were %d, %v", len(after), len(before), err)
	}
}
