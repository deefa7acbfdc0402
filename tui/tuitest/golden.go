package tuitest

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update is the one flag of the package; it must exist before flags are read.
var update = flag.Bool("update", false, "rewrite the golden files of the tests")

// Updating reports whether the tests run with -update.
func Updating() bool { return *update }

// Golden compares the screen with testdata/golden/<name>.txt in the folder of
// the test. With -update it writes that file instead.
func (s *Screen) Golden(name string) {
	s.t.Helper()
	Golden(s.t, name, s.Text())
}

// Golden compares text with testdata/golden/<name>.txt in the folder of the
// test. With -update it writes that file instead.
func Golden(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", filepath.FromSlash(name)+".txt")
	text = strings.TrimRight(text, "\n") + "\n"
	if *update {
		write(t, path, text)
		return
	}
	want, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Fatalf("%s does not exist: run the test with -update and read what it writes\n%s", path, text)
	case err != nil:
		t.Fatal(err)
	case string(want) != text:
		t.Errorf("the screen differs from %s (-want +got):\n%s", path,
			cmp.Diff(strings.Split(string(want), "\n"), strings.Split(text, "\n")))
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
