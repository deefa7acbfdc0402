//go:build unix

package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Create makes a store at path with what init writes, or nothing at all. The
// store is made under another name in the same folder, synced, and only then
// given its name, so nobody ever sees half a store. Folders that are missing
// are made for their owner alone (0700), the file likewise (0600), whatever the
// umask.
//
// Keys with one of the prefixes in rising, none of which begins with another, are
// mostly put in rising order; they take half the room then.
//
// The error wraps [fs.ErrExist] if there is something at path, also if another
// process was faster; it is a [*NetworkFSError] if the folder is no place for a
// store; an error of init is returned as it is.
func Create(ctx context.Context, path string, init func(kv.Writer) error, rising ...string) error {
	return create(ctx, path, init, rising, networkFS)
}

func create(ctx context.Context, path string, init func(kv.Writer) error, rising []string, lookup func(string) (string, error)) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("creating store: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return exists(path)
	}
	c := creation{path: path, folder: filepath.Dir(path)}
	defer c.end() // also if init panics
	if err := c.prepare(lookup); err != nil {
		return err
	}
	if err := c.fill(ctx, init, rising); err != nil {
		return err
	}
	return c.publish(ctx)
}

func exists(path string) error {
	return &fs.PathError{Op: "create store", Path: path, Err: fs.ErrExist}
}

// creation is a store on its way to its name.
type creation struct {
	path, folder string
	made         []string // folders, outermost first
	temp         string   // the file under its first name
	linked       bool     // path is the new file
	done         bool     // and it stays
}

// prepare makes the folder and the file.
func (c *creation) prepare(lookup func(string) (string, error)) error {
	missing, nearest, err := missingFolders(c.folder)
	if err != nil {
		return fmt.Errorf("creating store: %w", err)
	}
	if err := checkFileSystem(c.path, nearest, lookup); err != nil {
		return err
	}
	for _, folder := range missing {
		switch err := os.Mkdir(folder, 0o700); {
		case errors.Is(err, fs.ErrExist): // somebody else makes a store here too
			continue
		case err != nil:
			return fmt.Errorf("creating store: %w", err)
		}
		c.made = append(c.made, folder)
		if err := os.Chmod(folder, 0o700); err != nil {
			return fmt.Errorf("creating store: %w", err)
		}
	}
	return nil
}

// missingFolders returns the folders that must be made, outermost first, and
// the nearest one that is there.
func missingFolders(folder string) (missing []string, nearest string, err error) {
	for nearest = folder; ; nearest = filepath.Dir(nearest) {
		switch info, err := os.Stat(nearest); {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, nearest)
		case err != nil:
			return nil, "", err
		case !info.IsDir():
			return nil, "", &fs.PathError{Op: "create folder", Path: nearest, Err: syscall.ENOTDIR}
		default:
			slices.Reverse(missing)
			return missing, nearest, nil
		}
	}
}

// fill makes the file and commits what init writes to it.
func (c *creation) fill(ctx context.Context, init func(kv.Writer) error, rising []string) error {
	file, err := os.CreateTemp(c.folder, "."+filepath.Base(c.path)+".*")
	if err != nil {
		return fmt.Errorf("creating store: %w", err)
	}
	c.temp = file.Name()
	h := &handle{path: c.path, mode: exclusive, file: file, release: func() {}}
	defer h.close()
	if err := file.Chmod(0o600); err != nil {
		return fmt.Errorf("creating store: %w", err)
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	if err := h.openDB(); err != nil {
		return err
	}
	if err := h.begin(); err != nil {
		return err
	}
	if err := h.makeBuckets(rising); err != nil {
		return err
	}
	return h.update(ctx, init)
}

// publish gives the file its name. Link, unlike rename, never replaces what
// another process has put there.
func (c *creation) publish(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch err := os.Link(c.temp, c.path); {
	case errors.Is(err, fs.ErrExist):
		return exists(c.path)
	case err != nil:
		return fmt.Errorf("creating store: %w", err)
	}
	c.linked = true
	folders := []string{c.folder}
	for _, made := range c.made {
		folders = append(folders, filepath.Dir(made))
	}
	for _, folder := range folders {
		if err := syncFolder(folder); err != nil {
			return fmt.Errorf("creating store: %w", err)
		}
	}
	c.done = true
	return nil
}

// end removes the first name and, unless all went well, everything.
func (c *creation) end() {
	if c.temp != "" {
		_ = os.Remove(c.temp)
	}
	if c.done {
		return
	}
	if c.linked {
		_ = os.Remove(c.path)
	}
	for _, folder := range slices.Backward(c.made) {
		_ = os.Remove(folder) // stays if somebody else uses it
	}
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
