//go:build unix

package bolt

import (
	"fmt"
	"io/fs"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// ModeError says that other users may read or write the store file. It holds
// who owns which key, so it is for its owner alone.
type ModeError struct {
	Path string
	Mode fs.FileMode // permission bits only
}

func (e *ModeError) Error() string {
	return fmt.Sprintf("store %s can be used by other users (mode %04o); run: chmod 600 %s", e.Path, e.Mode, quote.Shell(e.Path))
}

// NetworkFSError says that the store is, or would be, on a file system where
// locks and memory mapping do not work reliably between machines or at all.
type NetworkFSError struct {
	Path string
	FS   string // for people: "NFS", "FUSE (sshfs and the like)"
}

func (e *NetworkFSError) Error() string {
	return fmt.Sprintf("store %s is on a network file system, %s, where locks cannot be relied on; keep it on a local disk", e.Path, e.FS)
}

// FormatError says that there is something at the path, but not a pakdeck
// store.
type FormatError struct {
	Path   string
	Detail string // completes "it ...": "is a directory"
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s is not a pakdeck store: it %s", e.Path, e.Detail)
}

// CorruptError says that the store file is damaged: restore a backup. The
// transaction that met the damage wrote nothing.
type CorruptError struct {
	Path   string
	Detail string // what bbolt says, or what is wrong with the file as a whole
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("store %s is damaged: %s", e.Path, e.Detail)
}
