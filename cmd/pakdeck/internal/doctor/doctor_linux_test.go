package doctor

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// lookAsNobody looks with the rights of an ordinary user who owns nothing, on a
// thread that ends with it.
func lookAsNobody(t *testing.T, p Patient) (wrong []string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked, so the thread ends here
		if err := unix.Setfsuid(65534); err != nil {
			t.Error(err)
			return
		}
		wrong = look(t, p)
	}()
	<-done
	return wrong
}

func TestWhatBelongsToSomebodyElse(t *testing.T) {
	home := t.TempDir()
	for _, above := range []string{home, filepath.Dir(home)} {
		must(t, os.Chmod(above, 0o711))
	}
	folder := filepath.Join(home, "f")
	must(t, os.Mkdir(folder, 0o700))
	p := newPatient(t, folder)
	// The process is root all the same, so it is told to take its rights back.
	wrong := lookAsNobody(t, p)
	want := "folder fail: " + folder + " (mode 0700, of root) cannot be looked into: permission denied; chmod u+rwX " + folder
	if !slices.Equal(wrong, []string{want}) {
		t.Errorf("found %q, want %q", wrong, want)
	}
	must(t, os.Chmod(folder, 0o755))
	wrong = lookAsNobody(t, p)
	if len(wrong) != 3 || !strings.HasPrefix(wrong[0], "folder warn: no file can be made in "+folder) ||
		wrong[1] != "store fail: store.db (mode 0600, of root) cannot be read: permission denied; chmod u+rwX "+p.Store ||
		!strings.HasPrefix(wrong[2], "keyring fail: store.db.keyring (mode 0600, of root) cannot be read: permission denied; ") {
		t.Errorf("found %q", wrong)
	}
	must(t, os.Chown(p.Store, 65534, 65534))
	wrong = lookAsNobody(t, p)
	if i := slices.IndexFunc(wrong, func(s string) bool { return strings.HasPrefix(s, "files fail: ") }); i < 0 || !strings.Contains(wrong[i], "store.db.keyring belongs to somebody else") {
		t.Errorf("found %q", wrong)
	}
}

func TestWhoDoesNotOwnAFileIsToldWhoDoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	must(t, os.WriteFile(path, nil, 0o600))
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	must(t, os.Chown(path, 54321, 0))
	info, err := os.Stat(path)
	must(t, err)
	if got := byOwner(path, info); got != "run it as uid 54321" {
		t.Error(got)
	}
}

// On a file system of 1 MB that then may only be read.
func TestAFileSystemWithoutRoom(t *testing.T) {
	folder := t.TempDir()
	if os.Geteuid() != 0 {
		t.Skip("mounting a file system needs root")
	}
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=900k,nr_inodes=64,mode=0700"); err != nil {
		t.Skipf("nothing can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(folder, unix.MNT_DETACH) })
	p := newPatient(t, folder)
	disk := said(t, Look(t.Context(), p).Checks, "disk")
	if want := "fail: 0 MB free; at least 200 MB; room for "; !strings.HasPrefix(disk, want) || !strings.Contains(disk, "nothing can be changed; make room") {
		t.Errorf("the disk is %q, want %q", disk, want)
	}
	must(t, unix.Mount("tmpfs", folder, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, "size=900k,nr_inodes=64,mode=0700"))
	wrong := look(t, p)
	if len(wrong) != 2 || !strings.HasPrefix(wrong[0], "folder warn: no file can be made in "+folder) ||
		!strings.Contains(wrong[1], "store fail: store.db (mode 0600, of root) cannot be changed: read-only file system; find out why") {
		t.Errorf("found %q", wrong)
	}
	p.ReadOnly = true
	if wrong := look(t, p); len(wrong) > 0 {
		t.Errorf("for who only reads: %q", wrong)
	}
}
