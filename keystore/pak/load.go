package pak

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// ErrNotRegular: the path leads to a folder, a FIFO or a device.
var ErrNotRegular = errors.New("not a regular file")

// ModeError says that others than the owner may read, write or run a file.
type ModeError struct {
	Path string
	Mode fs.FileMode
}

// Error says how to make the file private.
func (e *ModeError) Error() string {
	return fmt.Sprintf("%q is open to others (mode %04o): make it private with chmod 600", e.Path, e.Mode.Perm())
}

// Load reads a .pak file, plain or encrypted. It refuses a file that has any
// permission for group or others ([*ModeError]), whatever is not a regular file
// ([ErrNotRegular]) and more than the limits ([ErrTooLarge]). It follows
// symbolic links, because mounted secrets are reached through them.
func Load(path string) ([]byte, error) {
	// A FIFO would otherwise block until somebody writes to it.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("load .pak file: %w", err)
	}
	defer f.Close()
	b, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("load .pak file: %w", err)
	}
	return b, nil
}

func read(f *os.File) ([]byte, error) {
	if err := checkPrivate(f); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxEncrypted+1))
	if err != nil {
		return nil, err
	}
	if len(b) > MaxEncrypted || len(b) > MaxSize && !Encrypted(b) {
		return nil, fmt.Errorf("%q: %w", f.Name(), ErrTooLarge)
	}
	return b, nil
}

// checkPrivate asks the open file, so that it cannot be exchanged in between.
func checkPrivate(f *os.File) error {
	info, err := f.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%q: %w", f.Name(), ErrNotRegular)
	case info.Mode().Perm()&0o077 != 0:
		return &ModeError{Path: f.Name(), Mode: info.Mode()}
	}
	return nil
}
