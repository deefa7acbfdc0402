package bolt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The numbers are those of linux/magic.h and of the file systems' own sources,
// written out so that a wrong constant shows.
func TestNetworkTypes(t *testing.T) {
	for number, wanted := range map[uint32]string{
		0x6969: "NFS", 0x517B: "SMB", 0xFF534D42: "CIFS", 0xFE534D42: "SMB2", 0x01021997: "9P", 0x65735546: "FUSE (sshfs",
		0x5346414F: "AFS", 0x6B414653: "AFS", 0x00C36400: "Ceph", 0x73757245: "Coda", 0x564C: "NCP", 0x7461636F: "OCFS2",
		0x01161970: "GFS2", 0x0BD00BD0: "Lustre", 0x47504653: "GPFS", 0x19830326: "BeeGFS", 0x20030528: "OrangeFS",
		0xAAD7AAEA: "PanFS", 0xBEEFDEAD: "SNFS", 0x61636673: "ACFS", 0xBACBACBC: "a VMware", 0x786F4256: "a VirtualBox",
		0x7C7C6673: "a Parallels",
	} {
		if got := networkTypes[number]; !strings.HasPrefix(got, wanted) {
			t.Errorf("%#x: got %q, want %q", number, got, wanted)
		}
	}
	for name, number := range map[string]uint32{
		"ext4": 0xEF53, "xfs": 0x58465342, "btrfs": 0x9123683E, "zfs": 0x2FC12FC1, "tmpfs": 0x01021994, "overlay": 0x794C7630,
		"f2fs": 0xF2F52010, "bcachefs": 0xCA451A4E,
	} {
		if got := networkTypes[number]; got != "" {
			t.Errorf("%s counts as %s", name, got)
		}
	}
}

func TestLocalFileSystemsAreLocal(t *testing.T) {
	for _, path := range []string{"/proc", "/dev"} {
		if name, err := networkFS(path); name != "" || err != nil {
			t.Errorf("%s: got %q, %v", path, name, err)
		}
	}
	if _, err := networkFS(filepath.Join(t.TempDir(), "missing")); !os.IsNotExist(err) {
		t.Errorf("got %v, want %v", err, unix.ENOENT)
	}
}
