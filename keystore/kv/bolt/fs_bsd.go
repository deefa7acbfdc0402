//go:build darwin || freebsd || dragonfly

package bolt

import "golang.org/x/sys/unix"

// networkFS returns the name of the network file system that path is on, or
// "" if the system calls it local.
func networkFS(path string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return "", err
	}
	if uint64(st.Flags)&unix.MNT_LOCAL != 0 {
		return "", nil
	}
	return unix.ByteSliceToString(st.Fstypename[:]), nil
}
