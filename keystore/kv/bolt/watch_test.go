//go:build unix

package bolt

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func watchTestStore(ctx context.Context, t testing.TB, s *Store) <-chan struct{} {
	t.Helper()
	c, err := s.Watch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// awaitLine receives notices until the key "line" has the value.
func awaitLine(t testing.TB, s *Store, notices <-chan struct{}, line string) {
	t.Helper()
	for got := ""; got != line; {
		select {
		case <-notices:
		case <-time.After(30 * time.Second):
			t.Fatalf("no notice of %q", line)
		}
		err := s.View(t.Context(), func(r kv.Reader) error {
			v, err := r.Get([]byte("line"))
			got = string(v)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAWatcherHearsOfAnotherProcess(t *testing.T) {
	for name, blind := range map[string]bool{"by notice": false, "by looking": true} {
		t.Run(name, func(t *testing.T) {
			s := newTestStore(t, Options{})
			if blind {
				s.newNotifier = noNotifier
			}
			notices := watchTestStore(t.Context(), t, s)
			p := start(t, "set", s.Path())
			for i := range 20 {
				line := strconv.Itoa(i)
				p.tell(line)
				p.line(t)
				awaitLine(t, s, notices, line)
			}
			p.end(t)
		})
	}
}

func noNotifier() (*fsnotify.Watcher, error) { return nil, errors.New("too many open files") }

// BenchmarkNoticeFromAnotherProcess measures from the return of an Update in
// one process to the View in another that sees it.
func BenchmarkNoticeFromAnotherProcess(b *testing.B) {
	for name, blind := range map[string]bool{"by_notice": false, "by_looking": true} {
		b.Run(name, func(b *testing.B) {
			s := newTestStore(b, Options{})
			if blind {
				s.newNotifier = noNotifier
			}
			notices := watchTestStore(b.Context(), b, s)
			p := start(b, "set", s.Path())
			var late []time.Duration
			for i := 0; b.Loop(); i++ {
				p.tell(strconv.Itoa(i))
				awaitLine(b, s, notices, strconv.Itoa(i))
				seen := time.Now()
				committed, err := strconv.ParseInt(p.line(b), 10, 64)
				if err != nil {
					b.Fatal(err)
				}
				late = append(late, seen.Sub(time.Unix(0, committed)))
			}
			slices.Sort(late)
			b.ReportMetric(float64(late[len(late)/2].Microseconds()), "median-µs")
			b.ReportMetric(float64(late[len(late)*99/100].Microseconds()), "99%-µs")
		})
	}
}

func TestAWatcherFollowsAStoreThatIsReplaced(t *testing.T) {
	for name, blind := range map[string]bool{"by notice": false, "by looking": true} {
		t.Run(name, func(t *testing.T) {
			s, restored := newTestStore(t, Options{}), newTestStore(t, Options{})
			if blind {
				s.newNotifier = noNotifier
			}
			write(t, restored, "line", "restored")
			notices := watchTestStore(t.Context(), t, s)
			if err := os.Rename(restored.Path(), s.Path()); err != nil {
				t.Fatal(err)
			}
			awaitLine(t, s, notices, "restored")
			write(t, s, "line", "and on")
			awaitLine(t, s, notices, "and on")
		})
	}
}

func TestOnlyTheStoreGivesNotice(t *testing.T) {
	w := &watch{path: "/a/store.db", notices: make(chan struct{}, 1)}
	for _, c := range []struct {
		event  fsnotify.Event
		wanted bool
	}{
		{fsnotify.Event{Name: "/a/store.db", Op: fsnotify.Write}, true},
		{fsnotify.Event{Name: "/a/store.db", Op: fsnotify.Create}, true},
		{fsnotify.Event{Name: "/a/store.db", Op: fsnotify.Remove}, true},
		{fsnotify.Event{Name: "/a/store.db", Op: fsnotify.Write | fsnotify.Chmod}, true},
		{fsnotify.Event{Name: "/a/store.db", Op: fsnotify.Chmod}, false},
		{fsnotify.Event{Name: "/a/store.db.lock", Op: fsnotify.Write}, false},
		{fsnotify.Event{Name: "/a/other", Op: fsnotify.Create}, false},
	} {
		w.event(c.event)
		if got := len(w.notices) == 1; got != c.wanted {
			t.Errorf("%v: notice %v, want %v", c.event, got, c.wanted)
		}
		if len(w.notices) == 1 {
			<-w.notices
		}
	}
}

func TestLookingFindsAChangeThatLeavesTheSameStamp(t *testing.T) {
	w := &watch{path: filepath.Join(t.TempDir(), "store.db"), notices: make(chan struct{}, 1)}
	if err := os.WriteFile(w.path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	poll := func() bool {
		w.poll()
		select {
		case <-w.notices:
			return true
		default:
			return false
		}
	}
	touch := func(at time.Time) {
		if err := os.Chtimes(w.path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	hourAgo := time.Now().Add(-time.Hour)
	touch(hourAgo)
	w.see(stampOf(w.path))
	if poll() {
		t.Error("a notice without a change")
	}
	touch(hourAgo.Add(1)) // one nanosecond
	if !poll() || poll() {
		t.Error("want one notice of an old stamp")
	}
	young := stampOf(w.path)
	young.modified = time.Now().UnixNano()
	w.see(young)
	if w.settled {
		t.Error("a stamp of just now counts as settled")
	}
	young.modified = time.Now().Add(time.Hour).UnixNano()
	w.see(young)
	if !w.settled {
		t.Error("a stamp of the future would be reported for ever")
	}
	if err := os.Remove(w.path); err != nil || !poll() || poll() {
		t.Errorf("want one notice when the file goes (%v)", err)
	}
}

func TestNothingHappensNoNotice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestStore(t, Options{})
		s.newNotifier = noNotifier
		notices := watchTestStore(t.Context(), t, s)
		read(t, s, "k")
		if err := s.Update(t.Context(), nothing); err != nil {
			t.Fatal(err)
		}
		select {
		case <-notices:
			t.Error("a notice of nothing")
		case <-time.After(time.Minute):
		}
		write(t, s, "k", "v")
		before := time.Now()
		<-notices
		if late := time.Since(before); late > pollInterval {
			t.Errorf("the notice came after %v, want %v at most", late, pollInterval)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// running reports whether a goroutine is in the function of that name.
func running(t *testing.T, function string) bool {
	t.Helper()
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 2); err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(b.Bytes(), []byte(function))
}

func TestAWatchThatEndsLeavesNoGoroutine(t *testing.T) {
	s := newTestStore(t, Options{})
	for name, end := range map[string]func(cancel func()){
		"context": func(cancel func()) { cancel() },
		"close":   func(func()) { _ = s.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s = openTestStore(t, s.Path(), Options{})
			var all []<-chan struct{}
			for range 5 {
				all = append(all, watchTestStore(ctx, t, s))
			}
			if !running(t, "fsnotify") {
				t.Skip("this system has no file notices")
			}
			end(cancel)
			for _, c := range all {
				for range c {
				}
			}
			limit := time.Now().Add(30 * time.Second)
			for running(t, "fsnotify") || running(t, "(*watch).run") {
				if time.Now().After(limit) {
					t.Fatal("a goroutine of the watch goes on")
				}
				runtime.Gosched()
			}
		})
	}
}
