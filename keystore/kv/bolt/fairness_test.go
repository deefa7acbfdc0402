//go:build unix

package bolt

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Without the gate the readers, who are never all out at once, keep the writer
// out until it gives up.
func TestReadersDoNotKeepAWriterOut(t *testing.T) {
	s := newTestStore(t, Options{Timeout: 10 * time.Second})
	var stop atomic.Bool
	var views atomic.Int64
	done := make(chan error)
	const readers = 16
	for range readers {
		go func() {
			done <- func() error {
				for !stop.Load() {
					err := s.View(t.Context(), func(r kv.Reader) error {
						views.Add(1)
						for range 2000 {
							if _, err := r.Get([]byte("k")); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						return err
					}
				}
				return nil
			}()
		}()
	}
	for i := range 10 {
		if err := s.Update(t.Context(), func(w kv.Writer) error { return w.Put([]byte("k"), fmt.Append(nil, i)) }); err != nil {
			t.Errorf("update %d beside %d views: %v", i, views.Load(), err)
			break
		}
	}
	stop.Store(true)
	for range readers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestWritersInALoopDoNotKeepAReaderOut(t *testing.T) {
	s := newTestStore(t, patient)
	var stop atomic.Bool
	done := make(chan error)
	const writers = 3
	for i := range writers {
		one := openTestStore(t, s.Path(), patient)
		go func() {
			done <- func() error {
				for !stop.Load() {
					if err := one.Update(t.Context(), func(w kv.Writer) error { return setNumber(w, "k", i) }); err != nil {
						return err
					}
				}
				return nil
			}()
		}()
	}
	for range 10 {
		read(t, s, "k")
	}
	stop.Store(true)
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestManyMoreReadersThanFileDescriptorsAreAllowed(t *testing.T) {
	s := newTestStore(t, Options{Timeout: time.Minute})
	const n = 20 * maxReaders
	var inside, most atomic.Int64
	done := make(chan error)
	for range n {
		go func() {
			done <- s.View(t.Context(), func(kv.Reader) error {
				most.Store(max(most.Load(), inside.Add(1)))
				inside.Add(-1)
				return nil
			})
		}()
	}
	for range n {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() > maxReaders {
		t.Errorf("%d views at once, want %d at most", most.Load(), maxReaders)
	}
}

// tryGate reports whether somebody else could have the gate now.
func tryGate(t *testing.T, s *Store, m mode) bool {
	t.Helper()
	f, err := os.Open(s.gateFile())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ok, err := tryFlock(f, m)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestWhoWaitsInTheGate(t *testing.T) {
	for _, c := range []struct {
		waiter  mode
		waited  time.Duration
		readers bool // may another reader pass
		writers bool // may another writer
	}{
		{shared, readerPatience / 2, true, true},
		{shared, 5 * readerPatience, true, false},
		{exclusive, readerPatience / 2, false, false},
		{exclusive, 5 * readerPatience, false, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newTestStore(t, Options{})
			release := hold(t, s, exclusive)
			other := openTestStore(t, s.Path(), Options{})
			if !tryGate(t, s, exclusive) {
				t.Error("a transaction that has the store keeps the gate")
			}
			done := make(chan error)
			go func() {
				if c.waiter == shared {
					done <- other.View(t.Context(), func(kv.Reader) error { return nil })
				} else {
					done <- other.Update(t.Context(), nothing)
				}
			}()
			time.Sleep(c.waited)
			synctest.Wait()
			if got := tryGate(t, s, shared); got != c.readers {
				t.Errorf("%+v: another reader passes: %v", c, got)
			}
			if got := tryGate(t, s, exclusive); got != c.writers {
				t.Errorf("%+v: another writer passes: %v", c, got)
			}
			release()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}
