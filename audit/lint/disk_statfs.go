//go:build linux || darwin || freebsd || dragonfly

package lint

import (
	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
)

// diskAt returns the room on the file system of a path.
func diskAt(path string) (*Disk, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return nil, err
	}
	network, err := bolt.NetworkFS(path)
	if err != nil {
		return nil, err
	}
	return &Disk{
		Network:    network,
		Free:       uint64(max(0, st.Bavail)) * uint64(st.Bsize),
		FreeInodes: uint64(max(0, st.Ffree)),
		Inodes:     uint64(st.Files),
	}, nil
}
