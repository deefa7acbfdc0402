//go:build unix

package bolt

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestOpenRefusesWhatIsNoStore(t *testing.T) {
	folder := t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	version := make([]byte, 4096)
	binary.NativeEndian.PutUint32(version[16:], boltMagic)
	binary.NativeEndian.PutUint32(version[20:], 3)
	link := filepath.Join(folder, "link.db")
	if err := os.Symlink(newTestStore(t, Options{}).Path(), link); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(folder, "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, detail string }{
		{folder, "is a directory"},
		{link, "is a symbolic link"},
		{pipe, "is not a regular file"},
		{file("empty", nil), "is empty"},
		{file("short", []byte("short")), "is not a bbolt file"},
		{file("text", []byte(strings.Repeat("some text\n", 1000))), "is not a bbolt file"},
		{file("zeros", make([]byte, 1<<16)), "is not a bbolt file"},
		{file("newer", version), "is a bbolt file of version 3, want 2"},
	} {
		_, err := Open(c.path, Options{})
		var f *FormatError
		if !errors.As(err, &f) || f.Path != c.path || !strings.HasPrefix(f.Detail, c.detail) {
			t.Errorf("%s: got %v, want a FormatError that it %s", c.path, err, c.detail)
		}
	}
}

func TestOpenOfAMissingFileMakesNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	if _, err := Open(path, Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
	wantFiles(t, filepath.Dir(path))
}

func TestAStoreThatGoesAwayIsNotMadeAgain(t *testing.T) {
	s := newTestStore(t, Options{})
	if err := os.Remove(s.Path()); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"View":   s.View(t.Context(), func(kv.Reader) error { return nil }),
		"Update": s.Update(t.Context(), func(w kv.Writer) error { return w.Put([]byte("k"), []byte("v")) }),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want %v", what, err, fs.ErrNotExist)
		}
	}
	if _, err := os.Lstat(s.Path()); err == nil {
		t.Error("the file is back")
	}
}

func TestOpenRefusesAFileThatOthersCanUse(t *testing.T) {
	s := newTestStore(t, Options{})
	for mode := fs.FileMode(0o600); mode <= 0o677; mode++ {
		if err := os.Chmod(s.Path(), mode); err != nil {
			t.Fatal(err)
		}
		_, err := Open(s.Path(), Options{})
		if mode == 0o600 {
			if err != nil {
				t.Errorf("mode %o: %v", mode, err)
			}
			continue
		}
		var m *ModeError
		if !errors.As(err, &m) || m.Mode != mode {
			t.Errorf("mode %o: got %v, want a ModeError", mode, err)
		}
	}
}

func TestNetworkFileSystemsAreRefused(t *testing.T) {
	s := newTestStore(t, Options{})
	asked := ""
	nfs := func(path string) (string, error) { asked = path; return "NFS", nil }
	_, err := Open(s.Path(), Options{networkFS: nfs})
	var n *NetworkFSError
	if !errors.As(err, &n) || n.FS != "NFS" || n.Path != s.Path() || asked != s.Path() {
		t.Errorf("Open: got %v after asking about %q, want a NetworkFSError", err, asked)
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "not", "there", "store.db")
	err = create(t.Context(), path, func(kv.Writer) error { return nil }, nil, nfs)
	if !errors.As(err, &n) || n.Path != path || asked != folder {
		t.Errorf("Create: got %v after asking about %q, want a NetworkFSError after %q", err, asked, folder)
	}
	wantFiles(t, folder)
	unknown := func(string) (string, error) { return "", unix.EIO }
	if _, err := Open(s.Path(), Options{networkFS: unknown}); !errors.Is(err, unix.EIO) {
		t.Errorf("got %v, want %v", err, unix.EIO)
	}
}

func TestABboltFileOfAnotherProgramIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := openTestStore(t, path, Options{})
	for what, err := range map[string]error{
		"View":   s.View(t.Context(), func(kv.Reader) error { return nil }),
		"Update": s.Update(t.Context(), func(kv.Writer) error { return nil }),
	} {
		var f *FormatError
		if !errors.As(err, &f) {
			t.Errorf("%s: got %v, want a FormatError", what, err)
		}
	}
}

func TestPathIsAbsolute(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	if err := Create(t.Context(), "store.db", func(kv.Writer) error { return nil }); err != nil {
		t.Fatal(err)
	}
	s := openTestStore(t, "store.db", Options{})
	if want := filepath.Join(folder, "store.db"); s.Path() != want {
		t.Errorf("got %s, want %s", s.Path(), want)
	}
	t.Chdir("/")
	write(t, s, "k", "v")
}

// wantFiles compares the names in a folder.
func wantFiles(t *testing.T, folder string, wanted ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, wanted) {
		t.Errorf("%s has %q, want %q", folder, got, wanted)
	}
}
