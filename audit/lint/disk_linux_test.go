package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore"
)

// TestAFileSystemThatIsReallySmall puts a store on one of 4 MB and 64 files.
func TestAFileSystemThatIsReallySmall(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting a file system needs root")
	}
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=4m,nr_inodes=64,mode=0700"); err != nil {
		t.Skipf("nothing can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	st, err := keystore.Create(t.Context(), filepath.Join(dir, "store.db"), keystore.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	s := take(t, st)
	got := strings.Join(found(t, s, "PAK707"), "; ")
	if !strings.Contains(got, "MB free; at least 200 MB") || !strings.Contains(got, "more files; at least 1000") {
		t.Errorf("found %q; %+v", got, s.Store.Disk)
	}
	if got := found(t, s, "PAK706"); len(got) > 0 {
		t.Errorf("tmpfs is no network: %q", got)
	}
}
