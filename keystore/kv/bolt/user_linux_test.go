package bolt

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

const nobody = 65534

// asOrdinaryUser runs fn as the owner of the store, for whom permissions count.
// For root it gives the store and its folder to nobody and takes on nobody's
// rights to files, on one thread that ends with fn.
func asOrdinaryUser(t *testing.T, store string, fn func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		fn()
		return
	}
	folder := filepath.Dir(store)
	for _, path := range []string{store, folder} {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	// The folders of t.TempDir are 0700 down to the test's own.
	if err := os.Chmod(filepath.Dir(folder), 0o711); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked, so the thread ends here
		if err := unix.Setfsuid(nobody); err != nil {
			t.Error(err)
			return
		}
		fn()
	}()
	<-done
}

func TestAGateFileMadeByRootIsForTheOwnerOfTheStore(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make files for others")
	}
	s := newTestStore(t, Options{})
	if err := os.Chown(s.Path(), nobody, nobody); err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(kv.Reader) error { return nil }); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(s.gateFile())
	if err != nil {
		t.Fatal(err)
	}
	if st := info.Sys().(*syscall.Stat_t); st.Uid != nobody || st.Gid != nobody || info.Mode() != 0o600 {
		t.Errorf("the gate file is of %d:%d, mode %v; want %d:%d, 0600", st.Uid, st.Gid, info.Mode(), nobody, nobody)
	}
}
