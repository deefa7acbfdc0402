package keystore

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// Read-ahead is advice: nothing depends on it, whatever the file.
func TestReadingAheadNeverFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, make([]byte, 3<<20+1), 0o600); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, p := range []string{path, path + ".gone", t.TempDir(), os.DevNull} {
		readAhead(t.Context(), p)
		readAhead(ended, p)
	}
}
