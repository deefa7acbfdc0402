//go:build unix

package bolt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestAReadOnlyStoreRefusesToWrite(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "k", "v")
	ro := openTestStore(t, s.Path(), Options{ReadOnly: true})
	ran := false
	if err := ro.Update(t.Context(), func(kv.Writer) error { ran = true; return nil }); !errors.Is(err, kv.ErrReadOnly) || ran {
		t.Errorf("got %v (ran: %v), want %v", err, ran, kv.ErrReadOnly)
	}
	if got := read(t, ro, "k"); got != "v" {
		t.Errorf("k = %q, want v", got)
	}
}

func TestAReadOnlyStoreMakesNoFile(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "k", "v")
	if err := os.Remove(s.gateFile()); err != nil {
		t.Fatal(err)
	}
	if got := read(t, openTestStore(t, s.Path(), Options{ReadOnly: true}), "k"); got != "v" {
		t.Errorf("k = %q, want v", got)
	}
	wantFiles(t, filepath.Dir(s.Path()), "store.db")
}

// readOnlyFolder returns a store that this user may read and nothing else, in
// a folder of that kind.
func readOnlyFolder(t *testing.T) (path string) {
	t.Helper()
	s := newTestStore(t, Options{})
	write(t, s, "k", "v")
	folder := filepath.Dir(s.Path())
	for _, err := range []error{
		os.Remove(s.gateFile()),
		os.Chmod(s.Path(), 0o400),
		os.Chmod(folder, 0o500),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	return s.Path()
}

func TestReadingAStoreThatMayOnlyBeRead(t *testing.T) {
	path := readOnlyFolder(t)
	asOrdinaryUser(t, path, func() {
		for _, o := range []Options{{ReadOnly: true}, {}} {
			s, err := Open(path, o)
			if err != nil {
				t.Error(err)
				return
			}
			if got := read(t, s, "k"); got != "v" {
				t.Errorf("k = %q, want v", got)
			}
			if err := s.Update(t.Context(), nothing); !errors.Is(err, kv.ErrReadOnly) && !errors.Is(err, fs.ErrPermission) {
				t.Errorf("Update: got %v, want %v or %v", err, kv.ErrReadOnly, fs.ErrPermission)
			}
		}
	})
	wantFiles(t, filepath.Dir(path), "store.db")
}

func TestAReaderWithoutAGateWaitsForAWriter(t *testing.T) {
	s := newTestStore(t, Options{})
	db, err := bbolt.Open(s.Path(), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(s.Path())
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	asOrdinaryUser(t, s.Path(), func() {
		ro, err := Open(s.Path(), Options{ReadOnly: true, Timeout: 20 * time.Millisecond})
		if err != nil {
			t.Error(err)
			return
		}
		var b *kv.BusyError
		if err := ro.View(t.Context(), func(kv.Reader) error { return nil }); !errors.As(err, &b) {
			t.Errorf("got %v, want a BusyError", err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if err := ro.View(t.Context(), func(kv.Reader) error { return nil }); err != nil {
			t.Error(err)
		}
	})
}
