//go:build unix

package bolt

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// hold keeps the store in a transaction until the returned function is called.
func hold(t *testing.T, s *Store, m mode) (release func()) {
	t.Helper()
	in, out, done := make(chan struct{}), make(chan struct{}), make(chan error)
	work := func() error { close(in); <-out; return nil }
	go func() {
		if m == exclusive {
			done <- s.Update(t.Context(), func(kv.Writer) error { return work() })
		} else {
			done <- s.View(t.Context(), func(kv.Reader) error { return work() })
		}
	}()
	<-in
	return func() {
		close(out)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestWaitingEndsAtTheTimeout(t *testing.T) {
	for _, c := range []struct{ holder, waiter mode }{{shared, exclusive}, {exclusive, shared}, {exclusive, exclusive}} {
		synctest.Test(t, func(t *testing.T) {
			s := newTestStore(t, Options{})
			release := hold(t, s, c.holder)
			defer release()
			// Another Store of the same file, as another process has.
			other := openTestStore(t, s.Path(), Options{Timeout: 700 * time.Millisecond})
			began := time.Now()
			var err error
			if c.waiter == exclusive {
				err = other.Update(t.Context(), nothing)
			} else {
				err = other.View(t.Context(), func(kv.Reader) error { return nil })
			}
			var b *kv.BusyError
			if !errors.As(err, &b) {
				t.Fatalf("got %v, want a BusyError", err)
			}
			if waited := time.Since(began); waited != 700*time.Millisecond || b.Waited != waited {
				t.Errorf("waited %v and says %v, want 700ms", waited, b.Waited)
			}
		})
	}
}

func TestTheDefaultTimeoutIsTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestStore(t, Options{})
		defer hold(t, s, exclusive)()
		var b *kv.BusyError
		if err := s.Update(t.Context(), nothing); !errors.As(err, &b) || b.Waited != 2*time.Second {
			t.Errorf("got %v, want a BusyError after 2s", err)
		}
	})
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestStore(t, Options{})
		defer hold(t, s, exclusive)()
		other := openTestStore(t, s.Path(), Options{})
		for name, st := range map[string]*Store{"in this process": s, "for another": other} {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			began := time.Now()
			err := st.Update(ctx, nothing)
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 100*time.Millisecond {
				t.Errorf("%s: got %v after %v, want %v after 100ms", name, err, time.Since(began), context.DeadlineExceeded)
			}
			cancel()
		}
	})
}

func TestAWaiterComesInWithinMillisecondsOfTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestStore(t, Options{})
		for range 20 {
			release := hold(t, s, exclusive)
			other := openTestStore(t, s.Path(), Options{})
			var came time.Time
			done := make(chan error)
			go func() {
				done <- other.Update(t.Context(), func(kv.Writer) error { came = time.Now(); return nil })
			}()
			time.Sleep(300 * time.Millisecond)
			free := time.Now()
			release()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if late := came.Sub(free); late > maxPause*3/2 {
				t.Errorf("came %v after the store was free", late)
			}
		}
	})
}

func TestBusyErrorNamesThisProcessToo(t *testing.T) {
	s := newTestStore(t, Options{})
	defer hold(t, s, exclusive)()
	other := openTestStore(t, s.Path(), Options{Timeout: 10 * time.Millisecond})
	if b := busy(t, other); b.Holder.PID != os.Getpid() || b.Holder.Command != s.command {
		t.Errorf("held by %+v, want this process, %d (%s)", b.Holder, os.Getpid(), s.command)
	}
}

// A restore renames another file over the store. Who was waiting must not
// write into the old one, which nobody will ever read.
func TestAWaiterFollowsAStoreThatIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, restored := newTestStore(t, Options{}), newTestStore(t, Options{})
		write(t, restored, "which", "restored")
		kept := filepath.Join(t.TempDir(), "kept.db")
		if err := os.Link(s.Path(), kept); err != nil {
			t.Fatal(err)
		}
		release := hold(t, s, shared)
		other := openTestStore(t, s.Path(), Options{})
		done := make(chan error)
		go func() {
			done <- other.Update(t.Context(), func(w kv.Writer) error { return w.Put([]byte("new"), []byte("v")) })
		}()
		synctest.Wait() // it has opened the old file and waits
		if err := os.Rename(restored.Path(), s.Path()); err != nil {
			t.Fatal(err)
		}
		release()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if which, new := read(t, s, "which"), read(t, s, "new"); which != "restored" || new != "v" {
			t.Errorf("which = %q, new = %q in the store of that name", which, new)
		}
		if new := read(t, openTestStore(t, kept, Options{}), "new"); new != "" {
			t.Errorf("new = %q in the old file, want nothing", new)
		}
	})
}

func TestAWaiterWhoseStoreGoesAwaySaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestStore(t, Options{})
		release := hold(t, openTestStore(t, s.Path(), Options{}), shared)
		done := make(chan error)
		go func() { done <- s.Update(t.Context(), nothing) }()
		synctest.Wait()
		if err := os.Remove(s.Path()); err != nil {
			t.Fatal(err)
		}
		release()
		if err := <-done; !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v, want %v", err, fs.ErrNotExist)
		}
	})
}

func TestTheGateFileMayGoAtAnyTime(t *testing.T) {
	s := newTestStore(t, Options{Timeout: 20 * time.Millisecond})
	write(t, s, "k", "1")
	release := hold(t, s, exclusive)
	if err := os.Remove(s.gateFile()); err != nil {
		t.Fatal(err)
	}
	busy(t, openTestStore(t, s.Path(), Options{Timeout: 20 * time.Millisecond}))
	release()
	write(t, s, "k", "2")
	if err := os.Remove(s.gateFile()); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(t.TempDir(), "victim"), s.gateFile()); err != nil {
		t.Fatal(err)
	}
	write(t, s, "k", "3")
	if got := read(t, s, "k"); got != "3" {
		t.Errorf("k = %q, want 3", got)
	}
	if target, err := os.Readlink(s.gateFile()); err != nil || fileExists(target) {
		t.Errorf("the link was followed: %v", err)
	}
}

func fileExists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestAForeignProgramIsKeptOut(t *testing.T) {
	s := newTestStore(t, Options{})
	for m, readOnly := range map[mode]bool{exclusive: true, shared: false} {
		release := hold(t, s, m)
		_, err := bbolt.Open(s.Path(), 0o600, &bbolt.Options{ReadOnly: readOnly, Timeout: time.Millisecond})
		if err == nil || !strings.Contains(err.Error(), "timeout") {
			t.Errorf("got %v, want a timeout", err)
		}
		release()
	}
}

func TestAPanicInAViewGoesOnUpAndFreesTheStore(t *testing.T) {
	s := newTestStore(t, Options{Timeout: 20 * time.Millisecond})
	func() {
		defer func() {
			if p := recover(); p != "own panic" {
				t.Errorf("recovered %v", p)
			}
		}()
		_ = s.View(t.Context(), func(kv.Reader) error { panic("own panic") })
	}()
	write(t, s, "k", "v")
}

func TestACallFromInsideATransactionTimesOut(t *testing.T) {
	s := newTestStore(t, Options{Timeout: 20 * time.Millisecond})
	err := s.View(t.Context(), func(kv.Reader) error { return s.Update(t.Context(), nothing) })
	var b *kv.BusyError
	if !errors.As(err, &b) {
		t.Errorf("got %v, want a BusyError", err)
	}
}

func TestWritingDuringAScanIsRefused(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "a", "1")
	err := s.Update(t.Context(), func(w kv.Writer) error {
		return w.Scan(kv.Range{}, func(k, _ []byte) error {
			if w.Put([]byte("b"), []byte("2")) == nil || w.Delete(k) == nil {
				t.Error("a write inside a scan was taken")
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := read(t, s, "a"), read(t, s, "b"); a != "1" || b != "" {
		t.Errorf("a = %q, b = %q", a, b)
	}
}

func TestAnUpdateThatChangesNothingLeavesTheFileAlone(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "k", "v")
	before := stampOf(s.Path())
	err := s.Update(t.Context(), func(w kv.Writer) error {
		_, err := w.Get([]byte("k"))
		return errors.Join(err, w.Delete([]byte("absent")))
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := stampOf(s.Path()); after != before {
		t.Errorf("the file changed from %+v to %+v", before, after)
	}
}

func TestAContextThatEndsInTheClosureStopsTheCommit(t *testing.T) {
	s := newTestStore(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(w kv.Writer) error {
		defer cancel()
		return w.Put([]byte("k"), []byte("v"))
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if got := read(t, s, "k"); got != "" {
		t.Errorf("k = %q, want nothing", got)
	}
}

func TestCloseDoesNotWaitForTransactions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestStore(t, Options{})
		release := hold(t, openTestStore(t, s.Path(), Options{}), exclusive)
		waiting := make(chan error)
		go func() { waiting <- s.Update(t.Context(), nothing) }()
		synctest.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		release()
		if err := <-waiting; !errors.Is(err, kv.ErrClosed) {
			t.Errorf("an Update that waited: got %v, want %v", err, kv.ErrClosed)
		}
	})
}

func TestNoDescriptorStaysOpen(t *testing.T) {
	const fds = "/dev/fd"
	if _, err := os.ReadDir(fds); err != nil {
		t.Skip("this system does not list open files")
	}
	s := newTestStore(t, Options{Timeout: time.Millisecond})
	write(t, s, "k", "v")
	count := func() int {
		entries, err := os.ReadDir(fds)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	before := count()
	for range 10 {
		write(t, s, "k", "v")
		read(t, s, "k")
		_ = s.Update(t.Context(), func(kv.Writer) error { return errors.New("own error") })
	}
	release := hold(t, s, shared)
	busy(t, s)
	release()
	if after := count(); after != before {
		t.Errorf("%d descriptors are open, %d were before", after, before)
	}
}
