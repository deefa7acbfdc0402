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

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func nothing(kv.Writer) error { return nil }

func TestCreateKeepsWhatInitWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	err := Create(t.Context(), path, func(w kv.Writer) error {
		return errors.Join(w.Put([]byte("a"), []byte("1")), w.Put([]byte("b"), []byte("2")), w.Delete([]byte("a")))
	})
	if err != nil {
		t.Fatal(err)
	}
	s := openTestStore(t, path, Options{})
	if a, b := read(t, s, "a"), read(t, s, "b"); a != "" || b != "2" {
		t.Errorf("a = %q, b = %q", a, b)
	}
	checkFile(t, path)
	wantFiles(t, filepath.Dir(path), "store.db", "store.db.lock")
}

func TestCreateMakesPrivateFoldersAndFilesWhateverTheUmask(t *testing.T) {
	for _, umask := range []int{0o000, 0o022, 0o777} {
		parent := t.TempDir()
		path := filepath.Join(parent, "a", "b", "store.db")
		before := unix.Umask(umask)
		err := Create(t.Context(), path, nothing)
		var s *Store
		if err == nil {
			s, err = Open(path, Options{})
		}
		if err == nil {
			err = s.Update(t.Context(), nothing) // makes the gate file
		}
		unix.Umask(before)
		if err != nil {
			t.Fatalf("umask %o: %v", umask, err)
		}
		for name, wanted := range map[string]fs.FileMode{
			"a":                 fs.ModeDir | 0o700,
			"a/b":               fs.ModeDir | 0o700,
			"a/b/store.db":      0o600,
			"a/b/store.db.lock": 0o600,
		} {
			info, err := os.Lstat(filepath.Join(parent, name))
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode() != wanted {
				t.Errorf("umask %o: %s has mode %v, want %v", umask, name, info.Mode(), wanted)
			}
		}
	}
}

func TestCreateReplacesNothing(t *testing.T) {
	folder := t.TempDir()
	for name, put := range map[string]func(path string) error{
		"file":     func(path string) error { return os.WriteFile(path, []byte("precious"), 0o600) },
		"folder":   func(path string) error { return os.Mkdir(path, 0o700) },
		"dangling": func(path string) error { return os.Symlink("nowhere", path) },
	} {
		path := filepath.Join(folder, name)
		if err := put(path); err != nil {
			t.Fatal(err)
		}
		before, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		ran := false
		err = Create(t.Context(), path, func(kv.Writer) error { ran = true; return nil })
		if !errors.Is(err, fs.ErrExist) || ran {
			t.Errorf("%s: got %v (init ran: %v), want %v", name, err, ran, fs.ErrExist)
		}
		after, err := os.Lstat(path)
		if err != nil || !os.SameFile(before, after) || after.Size() != before.Size() {
			t.Errorf("%s was changed: %v", name, err)
		}
	}
	wantFiles(t, folder, "dangling", "file", "folder")
}

func TestCreateYieldsToAFileThatComesWhileItWorks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	err := Create(t.Context(), path, func(kv.Writer) error { return os.WriteFile(path, []byte("first"), 0o600) })
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want %v", err, fs.ErrExist)
	}
	if b, err := os.ReadFile(path); string(b) != "first" {
		t.Errorf("the file has %q, %v", b, err)
	}
	wantFiles(t, filepath.Dir(path), "store.db")
}

func TestAFailedCreateLeavesNothing(t *testing.T) {
	errOwn := errors.New("own error")
	cancelled, cancel := context.WithCancel(t.Context())
	for _, c := range []struct {
		name string
		ctx  context.Context
		init func(kv.Writer) error
		want error
	}{
		{"init fails", t.Context(), func(kv.Writer) error { return errOwn }, errOwn},
		{"init puts nonsense", t.Context(), func(w kv.Writer) error { return w.Put(nil, nil) }, kv.ErrKey},
		{"the context ends in init", cancelled, func(kv.Writer) error { cancel(); return nil }, context.Canceled},
		{"the context has ended", cancelled, nothing, context.Canceled},
	} {
		parent := t.TempDir()
		err := Create(c.ctx, filepath.Join(parent, "a", "b", "store.db"), c.init)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		wantFiles(t, parent)
	}
}

func TestAPanicInInitLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	func() {
		defer func() {
			if p := recover(); p != "own panic" {
				t.Errorf("recovered %v", p)
			}
		}()
		_ = Create(t.Context(), filepath.Join(parent, "a", "store.db"), func(kv.Writer) error { panic("own panic") })
	}()
	wantFiles(t, parent)
}

func TestCreateNeedsAFolder(t *testing.T) {
	parent := t.TempDir()
	file := filepath.Join(parent, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(file, "store.db"), filepath.Join(file, "a", "store.db")} {
		if err := Create(t.Context(), path, nothing); !errors.Is(err, unix.ENOTDIR) {
			t.Errorf("%s: got %v, want %v", path, err, unix.ENOTDIR)
		}
	}
	wantFiles(t, parent, "file")
}

func TestCreateTakesANameOfAnyKind(t *testing.T) {
	// CreateTemp gives the last star a meaning.
	path := filepath.Join(t.TempDir(), "odd * name?.db")
	if err := Create(t.Context(), path, nothing); err != nil {
		t.Fatal(err)
	}
	openTestStore(t, path, Options{})
	if err := Create(t.Context(), filepath.Join(t.TempDir(), strings.Repeat("n", 300)), nothing); err == nil {
		t.Error("a name of 300 bytes was taken")
	}
}
