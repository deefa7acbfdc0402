//go:build unix

package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// copyStep is how much is copied between two looks at the context, in bytes.
const copyStep = 64 << 20

// Copy runs fn on one consistent state of the store and writes that state to
// an empty file. Writers wait as long as it takes, about a second for a
// gigabyte; a file system that can share blocks between files takes no time.
func (s *Store) Copy(ctx context.Context, to *os.File, fn func(kv.Reader) error) error {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	h, err := s.acquire(ctx, shared)
	if err != nil {
		return err
	}
	defer s.leave(h)
	if err := h.view(ctx, fn); err != nil {
		return err
	}
	return h.copyTo(ctx, to)
}

// copyTo copies the file: while nobody may write, all that was committed is in
// it. File to file, the kernel does it.
func (h *handle) copyTo(ctx context.Context, to *os.File) error {
	if _, err := h.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("copying store: %w", err)
	}
	for left := h.size; left > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.CopyN(to, h.file, min(left, copyStep))
		if err != nil {
			return fmt.Errorf("copying store: %w", err)
		}
		left -= n
	}
	return nil
}

// Replace gives the store at path the second name aside, and its own name to
// the file by, on the same file system. It waits for transactions under way; those
// that come later find the new file. The store at path need not be sound.
func Replace(ctx context.Context, path, by, aside string, o Options) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("replacing store: %w", err)
	}
	s := newStore(path, o)
	h := &handle{path: path, mode: exclusive, release: func() {}}
	defer h.close()
	if err := s.lock(&waiter{ctx: ctx, store: s, began: time.Now(), pause: minPause}, h); err != nil {
		return err
	}
	if err := os.Link(path, aside); err != nil {
		return fmt.Errorf("replacing store: %w", err)
	}
	if err := os.Rename(by, path); err != nil {
		return errors.Join(fmt.Errorf("replacing store: %w", err), os.Remove(aside))
	}
	return syncFolder(filepath.Dir(path))
}
