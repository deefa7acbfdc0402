//go:build unix

package bolt

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// copyOf copies a store to a file beside it and returns its path.
func copyOf(t *testing.T, s *Store, fn func(kv.Reader) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Copy(t.Context(), f, fn), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestACopyIsTheStateThatItsReaderSaw(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "a", "0")
	write(t, s, "b", "0")
	stop, stopped := make(chan struct{}), make(chan error)
	go func() { // as another process would, always both
		other := newStore(s.Path(), Options{})
		for n := 1; ; n++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			v := []byte(strconv.Itoa(n))
			err := other.Update(context.Background(), func(w kv.Writer) error {
				return errors.Join(w.Put([]byte("a"), v), w.Put([]byte("b"), v))
			})
			if err != nil {
				stopped <- err
				return
			}
		}
	}()
	for range 10 {
		seen := ""
		path := copyOf(t, s, func(r kv.Reader) error {
			b, err := r.Get([]byte("a"))
			seen = string(b)
			return err
		})
		c := openTestStore(t, path, Options{})
		if a, b := read(t, c, "a"), read(t, c, "b"); a != seen || b != seen {
			t.Errorf("the reader saw %s, in the copy are %s and %s", seen, a, b)
		}
		write(t, c, "a", "the copy is a store") // with a sound free list
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
}

func TestACopyEndsWithTheContextAndWithItsReader(t *testing.T) {
	s := newTestStore(t, Options{})
	f, err := os.Create(filepath.Join(t.TempDir(), "copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ctx, cancel := context.WithCancel(t.Context())
	err = s.Copy(ctx, f, func(kv.Reader) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while it read: %v", err)
	}
	sick := errors.New("sick")
	if err := s.Copy(t.Context(), f, func(kv.Reader) error { return sick }); !errors.Is(err, sick) {
		t.Errorf("got %v, want the reader's error", err)
	}
	if info, err := f.Stat(); err != nil || info.Size() != 0 {
		t.Errorf("%v bytes were written, %v", info.Size(), err)
	}
}

func TestReplacePutsAnotherFileInThePlaceOfAStore(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "a", "old")
	path := copyOf(t, s, func(kv.Reader) error { return nil })
	write(t, openTestStore(t, path, Options{}), "a", "new")
	by, aside := filepath.Join(filepath.Dir(s.Path()), "by.db"), s.Path()+".before"
	if err := os.Rename(path, by); err != nil {
		t.Fatal(err)
	}
	release, done := hold(t, s, exclusive), make(chan error)
	go func() { done <- Replace(context.Background(), s.Path(), by, aside, Options{}) }()
	if _, err := os.Lstat(aside); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("replaced while a transaction was under way: %v", err)
	}
	release()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if v := read(t, s, "a"); v != "new" {
		t.Errorf("an open store reads %q after the replacement", v)
	}
	write(t, s, "a", "newer")
	if v := read(t, openTestStore(t, aside, Options{}), "a"); v != "old" {
		t.Errorf("aside is %q", v)
	}
	wantFiles(t, filepath.Dir(s.Path()), "store.db", "store.db.before", "store.db.before.lock", "store.db.lock")
}

func TestReplaceLeavesEverythingAsItWasIfItCannot(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "a", "old")
	aside := s.Path() + ".before"
	if err := Replace(t.Context(), s.Path(), s.Path()+".none", aside, Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("by nothing: %v", err)
	}
	if err := Replace(t.Context(), s.Path()+".none", s.Path(), aside, Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("where nothing is: %v", err)
	}
	if err := os.WriteFile(aside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Replace(t.Context(), s.Path(), s.Path(), aside, Options{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over what is aside: %v", err)
	}
	if v := read(t, s, "a"); v != "old" {
		t.Errorf("the store has %q", v)
	}
}

// A store that is beyond repair is what a backup is for.
func TestReplaceTakesTheStoreAsItIs(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "a", "sound")
	path := copyOf(t, s, func(kv.Reader) error { return nil })
	by := s.Path() + ".by"
	if err := errors.Join(os.Rename(path, by), os.Truncate(s.Path(), 1000)); err != nil {
		t.Fatal(err)
	}
	if err := Replace(t.Context(), s.Path(), by, s.Path()+".before", Options{}); err != nil {
		t.Fatal(err)
	}
	if v := read(t, s, "a"); v != "sound" {
		t.Errorf("the store has %q", v)
	}
}
