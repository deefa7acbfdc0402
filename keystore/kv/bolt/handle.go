//go:build unix

package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
	"unicode"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// minSize is what an empty bbolt file has on the smallest page: two meta
// pages, a free list and a leaf.
const minSize = 4 * 4096

// handle is the locked store of one transaction.
type handle struct {
	path    string
	mode    mode
	release func() // gives the place in this process back
	gate    gate
	file    *os.File // locked; bbolt works on it
	size    int64    // of the file
	db      *bbolt.DB
	tx      *bbolt.Tx
	bucket  *bbolt.Bucket // of the keys that are in no region
	regions []region      // in the order of their prefixes
	changed bool          // there is something to commit

	broken error // damage or a failed commit: this handle must not write
	stuck  bool  // bbolt gave up with its mutexes held: its Close would wait for ever
}

// caught turns a panic of bbolt into an error. It is deferred by whatever calls
// bbolt, and by nothing that calls a closure, so a closure's own panic goes on.
func (h *handle) caught(err *error) {
	if p := recover(); p != nil {
		h.broken = &CorruptError{Path: h.path, Detail: bounded(fmt.Sprint(p))}
		*err = h.broken
	}
}

// bounded keeps a message of bbolt to one printable line: some show keys.
func bounded(s string) string {
	const most = 200
	r := []rune(s)
	for i := range r {
		if !unicode.IsPrint(r[i]) {
			r[i] = '?'
		}
	}
	if len(r) > most {
		return string(r[:most]) + "..."
	}
	return string(r)
}

// isAt reports whether path leads to the handle's file, and notes its size,
// which changes no more once the file is locked.
func (h *handle) isAt(path string) (bool, error) {
	opened, err := h.file.Stat()
	if err != nil {
		return false, err
	}
	h.size = opened.Size()
	there, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // opening it again says so, or finds the new file
	}
	return os.SameFile(opened, there), err
}

// open lets bbolt work on the locked file and begins the transaction.
func (h *handle) open() error {
	if h.size < minSize {
		return &CorruptError{Path: h.path, Detail: fmt.Sprintf("the file has only %d bytes", h.size)}
	}
	if err := h.openDB(); err != nil {
		return err
	}
	if err := h.begin(); err != nil {
		return err
	}
	if needed := h.tx.Size(); h.size < needed {
		return &CorruptError{Path: h.path, Detail: fmt.Sprintf("the file has only %d of %d bytes", h.size, needed)}
	}
	return h.openBuckets()
}

func (h *handle) openDB() (err error) {
	h.stuck = true
	defer h.caught(&err)
	h.db, err = bbolt.Open(h.path, 0, h.options())
	h.stuck = false
	switch {
	case err == nil:
		return nil
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return &CorruptError{Path: h.path, Detail: err.Error()}
	}
	return fmt.Errorf("opening store %s: %w", h.path, err)
}

// options keep opening cheap. The free list stays on the disk (NoFreelistSync
// would make every open scan the file), and a reader does not load it.
func (h *handle) options() *bbolt.Options {
	return &bbolt.Options{
		// bbolt locks the open file that it is given, which is locked already,
		// so it never waits; nor can it create a file that has gone.
		OpenFile:     func(string, int, os.FileMode) (*os.File, error) { return h.file, nil },
		Timeout:      time.Millisecond,
		ReadOnly:     h.mode == shared,
		FreelistType: bbolt.FreelistMapType,
		NoStatistics: true,
	}
}

func (h *handle) begin() (err error) {
	h.stuck = true
	defer h.caught(&err)
	h.tx, err = h.db.Begin(h.mode == exclusive)
	h.stuck = false
	return err
}

func (h *handle) openBuckets() (err error) {
	defer h.caught(&err)
	h.bucket = h.tx.Bucket([]byte(bucketName))
	if h.bucket == nil {
		return &FormatError{Path: h.path, Detail: "is a bbolt file of another program"}
	}
	names := h.tx.Cursor()
	for name, _ := names.Seek([]byte(regionName)); bytes.HasPrefix(name, []byte(regionName)); name, _ = names.Next() {
		h.addRegion(name, h.tx.Bucket(name))
	}
	return nil
}

// makeBuckets turns an empty bbolt file into a store.
func (h *handle) makeBuckets(rising []string) (err error) {
	defer h.caught(&err)
	h.changed = true
	for _, prefix := range rising {
		if _, err := h.tx.CreateBucket([]byte(regionName + prefix)); err != nil {
			return err
		}
	}
	if _, err = h.tx.CreateBucket([]byte(bucketName)); err != nil {
		return err
	}
	return h.openBuckets()
}

func (h *handle) view(ctx context.Context, fn func(kv.Reader) error) error {
	r := &reader{ctx: ctx, handle: h}
	defer r.end()
	if err := fn(r); err != nil {
		return err
	}
	return h.broken
}

func (h *handle) update(ctx context.Context, fn func(kv.Writer) error) error {
	w := &writer{reader{ctx: ctx, handle: h}}
	defer w.end()
	if err := fn(w); err != nil {
		return err
	}
	switch {
	case h.broken != nil: // even if fn took no notice
		return h.broken
	case ctx.Err() != nil:
		return ctx.Err()
	case !h.changed:
		return nil
	}
	return h.commit()
}

func (h *handle) commit() (err error) {
	defer h.caught(&err)
	if err := h.tx.Commit(); err != nil {
		h.broken = fmt.Errorf("store %s: %w: %w", h.path, failureOf(err), err)
	}
	return h.broken
}

// failureOf tells a disk that would not take a write from one that lost it:
// only after the latter nobody knows what is on the disk. A full disk that
// fails a sync is of the latter kind.
func failureOf(err error) error {
	e, ok := errors.AsType[*fs.PathError](err)
	if ok && e.Op == "write" && (errors.Is(e, unix.ENOSPC) || errors.Is(e, unix.EDQUOT) || errors.Is(e, unix.EFBIG)) {
		return kv.ErrFull
	}
	return kv.ErrWriteFailed
}

// close ends the transaction and lets go of everything. Errors are dropped:
// what was committed is on the disk, and the rest is not wanted.
func (h *handle) close() {
	h.rollback()
	h.gate.close() // while the store is locked, so that no other writer's name goes
	if h.db != nil && !h.stuck {
		_ = h.db.Close()
	}
	h.closeFiles()
	h.release()
}

// closeFiles lets go of both locks. The store is unlocked by name: when bbolt
// gave up, its mapping keeps the file, and the lock, beyond the close. If bbolt
// has closed the file already, both calls do nothing.
func (h *handle) closeFiles() {
	h.gate.close()
	if h.file != nil {
		_ = unix.Flock(int(h.file.Fd()), unix.LOCK_UN)
		_ = h.file.Close()
		h.file = nil
	}
}

func (h *handle) rollback() {
	if h.tx == nil {
		return
	}
	var err error
	h.stuck = true
	defer h.caught(&err)
	_ = h.tx.Rollback()
	h.stuck = false
}
