package pak

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// private is the mode of a .pak file.
const private fs.FileMode = 0o600

// ExistsError says that something is already where a file was to be saved. It
// matches [fs.ErrExist].
type ExistsError struct {
	Path    string
	Symlink bool // a symbolic link, whether or not it leads anywhere
}

// Error says what is in the way and what to do.
func (e *ExistsError) Error() string {
	if e.Symlink {
		return fmt.Sprintf("%q is a symbolic link: save to a path that is free", e.Path)
	}
	return fmt.Sprintf("%q exists already: save to a path that is free", e.Path)
}

// Unwrap returns [fs.ErrExist].
func (e *ExistsError) Unwrap() error { return fs.ErrExist }

// Save writes b to a new file with mode 0600, whatever the umask, and returns
// when the file and its folder are on the disk. It makes no folder, replaces
// no file and follows no symbolic link at path: an [*ExistsError]. If anything
// fails, nothing is left behind.
func Save(path string, b []byte) error { return save(path, b, fill) }

func save(path string, b []byte, write func(*os.File, []byte) error) error {
	f, err := create(path)
	if err != nil {
		return err
	}
	err = errors.Join(write(f, b), f.Close())
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("save .pak file: %w", err), os.Remove(path))
	}
	return nil
}

func create(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, private)
	if errors.Is(err, fs.ErrExist) {
		info, err := os.Lstat(path)
		return nil, &ExistsError{Path: path, Symlink: err == nil && info.Mode()&fs.ModeSymlink != 0}
	}
	if err != nil {
		return nil, fmt.Errorf("save .pak file: %w", err)
	}
	return f, nil
}

// fill writes b to the new file f.
func fill(f *os.File, b []byte) error {
	if err := f.Chmod(private); err != nil {
		return err
	}
	// Some file systems accept a mode and do not keep it.
	if err := checkPrivate(f); err != nil {
		return err
	}
	if _, err := f.Write(b); err != nil {
		return err
	}
	return f.Sync()
}

// syncFolder makes the entries of a folder durable. A file system that cannot
// sync folders is no reason to lose the file.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
