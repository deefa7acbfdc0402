package pak

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestSaveIsPrivateWhateverTheUmask(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o077, 0o777} {
		path := filepath.Join(t.TempDir(), "x.pak")
		old := syscall.Umask(mask)
		err := Save(path, []byte("content"))
		syscall.Umask(old)
		if err != nil {
			t.Errorf("umask %04o: %v", mask, err)
			continue
		}
		info, err := os.Lstat(path)
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("umask %04o: mode %v, %v", mask, info.Mode(), err)
		}
		if b, err := Load(path); err != nil || string(b) != "content" {
			t.Errorf("umask %04o: %q, %v", mask, b, err)
		}
	}
}

func TestSaveReplacesAndFollowsNothing(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(
		os.WriteFile(at("file"), []byte("old"), 0o644),
		os.Mkdir(at("folder"), 0o700),
		syscall.Mkfifo(at("fifo"), 0o600),
		os.Symlink(at("file"), at("link")),
		os.Symlink(at("nowhere"), at("dangling")),
		os.Symlink(at("loop"), at("loop")),
	); err != nil {
		t.Fatal(err)
	}
	for name, symlink := range map[string]bool{"file": false, "folder": false, "fifo": false, "link": true, "dangling": true, "loop": true} {
		before, _ := os.Lstat(at(name))
		err := Save(at(name), []byte("new"))
		e, ok := errors.AsType[*ExistsError](err)
		if !ok || e.Symlink != symlink || e.Path != at(name) || !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.Lstat(at(name)); err != nil || !os.SameFile(before, after) || before.Mode() != after.Mode() {
			t.Errorf("%s was changed: %v, %v", name, after, err)
		}
	}
	if b, err := os.ReadFile(at("file")); err != nil || string(b) != "old" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := os.Lstat(at("nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the dangling link was followed")
	}
}

func TestFileNameOfAnyKeyCanBeSavedTo(t *testing.T) {
	dir := t.TempDir()
	for _, name := range append(hostileNames, strings.Repeat("Ünïcode ", 300)) {
		path := filepath.Join(dir, FileName(name))
		if err := Save(path, []byte(name)); err != nil && !errors.Is(err, fs.ErrExist) {
			t.Errorf("%q: %v", name, err)
		}
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestSaveIntoALinkedFolder(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if err := Save(filepath.Join(link, "x.pak"), []byte("content")); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(filepath.Join(dir, "x.pak")); err != nil {
		t.Error(err)
	}
}

func TestSaveMakesNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	if err := Save(filepath.Join(dir, "x.pak"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	if _, err := os.Lstat(dir); err == nil {
		t.Error("the folder was made")
	}
	for _, path := range []string{"", filepath.Join(t.TempDir(), "x.pak") + "/"} {
		if err := Save(path, nil); err == nil {
			t.Errorf("%q: no error", path)
		}
	}
}

func TestSaveIntoAnUnwritableFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if err := Save(filepath.Join(dir, "x.pak"), nil); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}

func TestSaveLeavesNothingWhenItFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.pak")
	failures := map[string]struct {
		write func(*os.File, []byte) error
		want  error
	}{
		"disk full": {func(f *os.File, b []byte) error {
			_, err := f.Write(b[:1])
			return errors.Join(err, syscall.ENOSPC)
		}, syscall.ENOSPC},
		"sync fails": {func(f *os.File, b []byte) error {
			return errors.Join(fill(f, b), syscall.EIO)
		}, syscall.EIO},
		"close fails": {func(f *os.File, b []byte) error {
			return errors.Join(fill(f, b), f.Close())
		}, os.ErrClosed},
		"mode is not kept": {func(f *os.File, _ []byte) error {
			return errors.Join(f.Chmod(0o644), checkPrivate(f))
		}, &ModeError{}},
	}
	for name, tt := range failures {
		err := save(path, []byte("content"), tt.write)
		if mode, ok := tt.want.(*ModeError); ok {
			if !errors.As(err, &mode) {
				t.Errorf("%s: %v", name, err)
			}
		} else if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Fatalf("%s: left %v, %v", name, left, err)
		}
	}
	if err := Save(path, []byte("content")); err != nil {
		t.Errorf("the next try: %v", err)
	}
}
