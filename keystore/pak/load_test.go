package pak

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age/armor"
)

func TestLoadRefusesWhatOthersCanReach(t *testing.T) {
	path := write(t, "x.pak", []byte("content"))
	for bit := fs.FileMode(1); bit <= 0o100; bit <<= 1 {
		mode := 0o600 | bit
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		e, ok := errors.AsType[*ModeError](err)
		if refused := mode&0o077 != 0; ok != refused {
			t.Errorf("mode %04o: %v", mode, err)
		}
		if ok && (e.Path != path || e.Mode.Perm() != mode || !strings.Contains(err.Error(), "chmod 600")) {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if b, err := Load(path); err != nil || string(b) != "content" {
		t.Errorf("mode 0400: %q, %v", b, err)
	}
}

func TestLoadReadsRegularFilesOnly(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, fifo, os.DevNull} {
		if _, err := Load(path); !errors.Is(err, ErrNotRegular) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := Load(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

func TestLoadFollowsLinks(t *testing.T) {
	path := write(t, "x.pak", []byte("content"))
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if b, err := Load(link); err != nil || string(b) != "content" {
		t.Errorf("%q, %v", b, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(link); err == nil {
		t.Error("a link hid that others can read the file")
	}
}

func TestLoadBoundsTheSize(t *testing.T) {
	for _, tt := range []struct {
		name, head string
		size       int
		ok         bool
	}{
		{"empty", "", 0, true},
		{"plain", "#", MaxSize, true},
		{"large", "#", MaxSize + 1, false},
		{"encrypted", armor.Header + "\n", MaxEncrypted, true},
		{"large encrypted", armor.Header + "\n", MaxEncrypted + 1, false},
		{"huge", "#", 4 << 20, false},
	} {
		b := append([]byte(tt.head), bytes.Repeat([]byte("x"), tt.size)...)[:tt.size]
		got, err := Load(write(t, "x.pak", b))
		if tt.ok != (err == nil) || !tt.ok && !errors.Is(err, ErrTooLarge) || tt.ok && !bytes.Equal(got, b) {
			t.Errorf("%s: %d bytes, %v", tt.name, len(got), err)
		}
	}
}
