// Package kvtest proves that an engine keeps the contract of [kv.Store], and
// has a store in memory for tests.
//
// A test of an engine is one call:
//
//	func TestConformance(t *testing.T) {
//		kvtest.Run(t, func(t *testing.T) kv.Store { return openEmpty(t) })
//	}
//
// The suite asks for nothing that the contract does not promise: its closures
// may run any number of times, an Update may wait for a View that runs beside
// it, and no step depends on how long something takes. What it cannot see from
// one handle (durability, other processes, damaged files) is for the engine's
// own tests.
package kvtest

import (
	"slices"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// patience bounds every wait for something that must happen. A slow machine
// does not come near it; a test run that is itself short of time shortens it.
func patience(t *testing.T) time.Duration {
	const enough = 30 * time.Second
	if end, ok := t.Deadline(); ok {
		return min(enough, time.Until(end)/2)
	}
	return enough
}

// check is one promise of the contract.
type check struct {
	name string
	run  func(t *testing.T, s kv.Store)
}

// Run checks the store that open returns. It calls open once for every check;
// each time the store must be empty, writable and apart from the others. Run
// closes the stores.
func Run(t *testing.T, open func(t *testing.T) kv.Store) {
	all := slices.Concat(valueChecks, scanChecks, limitChecks, transactionChecks,
		concurrencyChecks, watchChecks, lifetimeChecks, modelChecks)
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			t.Cleanup(func() { _ = s.Close() })
			c.run(t, s)
		})
	}
}

// put stores keys, each followed by its value, in one transaction.
func put(t *testing.T, s kv.Store, keysValues ...string) {
	t.Helper()
	update(t, s, func(w kv.Writer) error {
		for kv := range slices.Chunk(keysValues, 2) {
			if err := w.Put([]byte(kv[0]), []byte(kv[1])); err != nil {
				return err
			}
		}
		return nil
	})
}

// update is a transaction that must succeed.
func update(t *testing.T, s kv.Store, fn func(kv.Writer) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

// view is a transaction that must succeed.
func view(t *testing.T, s kv.Store, fn func(kv.Reader) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// value reads one key; "" means absent, since empty values do not exist.
func value(t *testing.T, s kv.Store, key string) (v string) {
	t.Helper()
	view(t, s, func(r kv.Reader) error {
		b, err := r.Get([]byte(key))
		v = string(b)
		return err
	})
	return v
}

// pairs reads a range as "key=value".
func pairs(r kv.Reader, rg kv.Range) (got []string, err error) {
	err = r.Scan(rg, func(k, v []byte) error {
		got = append(got, string(k)+"="+string(v))
		return nil
	})
	return got, err
}

// scan reads a range in a transaction of its own.
func scan(t *testing.T, s kv.Store, rg kv.Range) (got []string) {
	t.Helper()
	view(t, s, func(r kv.Reader) (err error) {
		got, err = pairs(r, rg)
		return err
	})
	return got
}

// want compares what was read with what should be there.
func want(t *testing.T, what string, got []string, wanted ...string) {
	t.Helper()
	if !slices.Equal(got, wanted) {
		t.Errorf("%s: got %q, want %q", what, got, wanted)
	}
}

// finished waits for work in another goroutine.
func finished[T any](t *testing.T, what string, c <-chan T) (v T) {
	t.Helper()
	limit := patience(t)
	select {
	case v = <-c:
	case <-time.After(limit):
		t.Fatalf("%s: nothing happened in %v", what, limit)
	}
	return v
}

// closes waits until the channel of a watch is closed.
func closes(t *testing.T, notices <-chan struct{}) {
	t.Helper()
	end := time.After(patience(t))
	for {
		select {
		case _, open := <-notices:
			if !open {
				return
			}
		case <-end:
			t.Fatal("the channel of the watch stays open")
		}
	}
}
