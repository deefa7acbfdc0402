//go:build unix

package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Open checks the file at path and returns a Store for it. Nothing stays open,
// and no lock is waited for, so it works while others hold the store.
//
// The error wraps [fs.ErrNotExist] if there is no file, or is a [*FormatError],
// [*ModeError] or [*NetworkFSError]. What can only be seen by reading the
// whole file is seen by the transactions.
func Open(path string, o Options) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening store: %w", err)
	}
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if err := checkFileSystem(path, path, o.networkFS); err != nil {
		return nil, err
	}
	if err := checkHeader(path); err != nil {
		return nil, err
	}
	return newStore(path, o), nil
}

// checkPath refuses what is no regular file, and a file for more than its
// owner. A symbolic link is refused because the files beside the store go by
// the store's name: two names would give it two keyrings.
func checkPath(path string) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return fmt.Errorf("opening store: %w", err)
	case info.IsDir():
		return &FormatError{Path: path, Detail: "is a directory"}
	case info.Mode()&fs.ModeSymlink != 0:
		target, _ := os.Readlink(path)
		return &FormatError{Path: path, Detail: fmt.Sprintf("is a symbolic link; name the file itself, %q", target)}
	case !info.Mode().IsRegular():
		return &FormatError{Path: path, Detail: "is not a regular file"}
	case info.Mode().Perm()&0o077 != 0:
		return &ModeError{Path: path, Mode: info.Mode().Perm()}
	}
	return nil
}

// checkFileSystem refuses a store on a file system of the network; at is the
// file or folder to look at.
func checkFileSystem(store, at string, lookup func(string) (string, error)) error {
	if lookup == nil {
		lookup = networkFS
	}
	name, err := lookup(at)
	if err != nil {
		return fmt.Errorf("file system of store %s: %w", store, err)
	}
	if name != "" {
		return &NetworkFSError{Path: store, FS: name}
	}
	return nil
}

// The first meta page of a bbolt file: a page header of 16 bytes, then the
// magic number and the version in the byte order of the machine.
const (
	metaOffset  = 16
	boltMagic   = 0xED0CDAED
	boltVersion = 2
)

// checkHeader tells a bbolt file from others. It needs no lock: every version
// of the page has these bytes.
func checkHeader(path string) error {
	f, err := openFile(path, unix.O_RDONLY)
	if err != nil {
		return fmt.Errorf("opening store: %w", err)
	}
	defer f.Close()
	var meta [metaOffset + 8]byte
	switch _, err := io.ReadFull(f, meta[:]); {
	case errors.Is(err, io.EOF):
		return &FormatError{Path: path, Detail: "is empty"}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &FormatError{Path: path, Detail: "is not a bbolt file"}
	case err != nil:
		return fmt.Errorf("opening store: %w", err)
	}
	if binary.NativeEndian.Uint32(meta[metaOffset:]) != boltMagic {
		return &FormatError{Path: path, Detail: "is not a bbolt file"}
	}
	if v := binary.NativeEndian.Uint32(meta[metaOffset+4:]); v != boltVersion {
		return &FormatError{Path: path, Detail: fmt.Sprintf("is a bbolt file of version %d, want %d", v, boltVersion)}
	}
	return nil
}

// statOf returns what stat(2) said of a file.
func statOf(info fs.FileInfo) syscall.Stat_t {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return *st
	}
	return syscall.Stat_t{}
}

// openFile is os.OpenFile for a file that is regular and no link. It spares
// the six calls in which os asks whether the file can be polled, half the cost
// of a View otherwise.
func openFile(path string, flag int) (*os.File, error) {
	for {
		fd, err := unix.Open(path, flag|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
		switch {
		case err == nil:
			return os.NewFile(uintptr(fd), path), nil
		case !errors.Is(err, unix.EINTR):
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
	}
}

// NetworkFS returns the name of the network file system that path is on, or ""
// if it is a local one as far as can be told.
func NetworkFS(path string) (string, error) { return networkFS(path) }
