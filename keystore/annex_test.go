package keystore_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

const (
	mine   keystore.Annex = "mine"
	others keystore.Annex = "miner" // begins with the name of the other
)

// fill puts rows whose values are their keys.
func (f fixture) fill(a keystore.Annex, keys ...string) {
	f.t.Helper()
	must(f.t, a.Change(f.t.Context(), f.Store, func(w kv.Writer, _ time.Time) ([]journal.Record, error) {
		for _, k := range keys {
			if err := w.Put([]byte(k), []byte(k)); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}))
}

func (f fixture) scan(a keystore.Annex, r kv.Range) []string {
	f.t.Helper()
	var got []string
	must(f.t, a.View(f.t.Context(), f.Store, func(r2 kv.Reader) error {
		got = nil
		return r2.Scan(r, func(key, value []byte) error {
			if !bytes.Equal(key, value) {
				f.t.Errorf("row %q holds %q", key, value)
			}
			got = append(got, string(key))
			return nil
		})
	}))
	return got
}

func TestAnAnnexHasItsOwnKeys(t *testing.T) {
	f := newFixture(t)
	f.user("bot")
	f.fill(mine, "a", "b", "\xff\xff")
	f.fill(others, "a", "c")
	for _, c := range []struct {
		r    kv.Range
		want []string
	}{
		{kv.Range{}, []string{"a", "b", "\xff\xff"}},
		{kv.Range{Reverse: true}, []string{"\xff\xff", "b", "a"}},
		{kv.Range{From: []byte("b")}, []string{"b", "\xff\xff"}},
		{kv.Range{To: []byte("b")}, []string{"a"}},
		{kv.Range{To: []byte{}}, nil},
		{kv.Prefix([]byte("\xff")), []string{"\xff\xff"}},
	} {
		if got := f.scan(mine, c.r); !slices.Equal(got, c.want) {
			t.Errorf("%q..%q holds %q, want %q", c.r.From, c.r.To, got, c.want)
		}
	}
	if got := f.scan(others, kv.Range{}); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("the other annex holds %q", got)
	}
	if users, err := f.Users(t.Context()); err != nil || len(users) != 1 {
		t.Errorf("%d users, %v", len(users), err)
	}
}

func TestAnAnnexIsCommittedWithItsRecordsOrNotAtAll(t *testing.T) {
	f := newFixture(t)
	before := f.size()
	broken := errors.New("broken")
	for _, fail := range []error{broken, nil} {
		err := mine.Change(t.Context(), f.Store, func(w kv.Writer, at time.Time) ([]journal.Record, error) {
			if !at.Equal(epoch) {
				t.Errorf("the change is of %v", at)
			}
			must(t, w.Put([]byte("a"), []byte("a")))
			must(t, w.Put([]byte("b"), []byte("b")))
			must(t, w.Delete([]byte("b")))
			return []journal.Record{{Code: journal.EventStoreDemo.Code, Event: journal.EventStoreDemo.Name, Outcome: "ok"}}, fail
		})
		if !errors.Is(err, fail) {
			t.Fatalf("Change = %v, want %v", err, fail)
		}
		want, rows := before, []string(nil)
		if fail == nil {
			want, rows = before+1, []string{"a"}
		}
		if f.size() != want || !slices.Equal(f.scan(mine, kv.Range{}), rows) {
			t.Errorf("after %v: %d records and %q, want %d and %q", fail, f.size(), f.scan(mine, kv.Range{}), want, rows)
		}
	}
}

func TestAnAnnexRefusesKeysThatDoNotFit(t *testing.T) {
	f := newFixture(t)
	must(t, mine.Change(t.Context(), f.Store, func(w kv.Writer, _ time.Time) ([]journal.Record, error) {
		for _, key := range [][]byte{nil, bytes.Repeat([]byte("k"), keystore.MaxAnnexKey+1)} {
			_, err := w.Get(key)
			for _, err := range []error{err, w.Put(key, []byte("v")), w.Delete(key)} {
				if !errors.Is(err, kv.ErrKey) {
					t.Errorf("a key of %d bytes: %v", len(key), err)
				}
			}
		}
		long := bytes.Repeat([]byte("k"), keystore.MaxAnnexKey)
		return nil, w.Put(long, long)
	}))
	if got := f.scan(mine, kv.Range{}); len(got) != 1 {
		t.Errorf("%d rows", len(got))
	}
	ro, err := keystore.Open(t.Context(), f.Path(), keystore.WithReadOnly())
	must(t, err)
	defer ro.Close()
	err = mine.Change(t.Context(), ro, func(kv.Writer, time.Time) ([]journal.Record, error) { return nil, nil })
	if !errors.Is(err, keystore.ErrReadOnly) {
		t.Errorf("a read-only store was changed: %v", err)
	}
}
