// Package storetest makes stores for tests: real ones, in a folder of the test's
// own, gone with it.
package storetest

import (
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// New returns an empty store that is closed at the end of the test.
func New(t testing.TB, options ...keystore.Option) *keystore.Store {
	t.Helper()
	st, err := keystore.Create(t.Context(), filepath.Join(t.TempDir(), "data", "store.db"), keystore.CreateOptions{}, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// Clock is a time that tests move by hand. It may be used by several goroutines at
// once.
type Clock struct{ at atomic.Int64 }

// At returns a clock that shows a time.
func At(at time.Time) *Clock {
	c := &Clock{}
	c.Set(at)
	return c
}

// Now returns the time.
func (c *Clock) Now() time.Time { return time.Unix(0, c.at.Load()).UTC() }

// Set moves the clock.
func (c *Clock) Set(at time.Time) { c.at.Store(at.UnixNano()) }

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) { c.at.Add(int64(d)) }
