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

// newTestStore creates an empty store and opens it.
func newTestStore(t testing.TB, o Options) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	if err := Create(t.Context(), path, func(kv.Writer) error { return nil }); err != nil {
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
