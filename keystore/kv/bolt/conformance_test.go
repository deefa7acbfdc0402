//go:build unix

package bolt

import (
	"path/filepath"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/kv/kvtest"
)

func TestConformance(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store { return newTestStore(t, patient) })
}

// Keys that lie in several buckets are one ordered map all the same.
func TestConformanceOfRegions(t *testing.T) {
	if testing.Short() {
		t.Skip("the same suite, in the pass without the race detector")
	}
	kvtest.Run(t, func(t *testing.T) kv.Store { return newTestStore(t, patient, "a", "k", "\xff") })
}

// newTestStore creates an empty store and opens it.
func newTestStore(t testing.TB, o Options, rising ...string) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	if err := Create(t.Context(), path, func(kv.Writer) error { return nil }, rising...); err != nil {
		t.Fatal(err)
	}
	return openTestStore(t, path, o)
}

func openTestStore(t testing.TB, path string, o Options) *Store {
	t.Helper()
	s, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
