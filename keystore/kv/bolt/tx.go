//go:build unix

package bolt

import (
	"bytes"
	"context"
	"errors"

	"go.etcd.io/bbolt"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

var (
	errEnded    = errors.New("the transaction has ended")
	errScanning = errors.New("a scan is under way; write when it is over")
)

// scanStride is how many keys a scan passes between two looks at the context.
const scanStride = 256

// reader is the transaction as a View sees it.
type reader struct {
	ctx    context.Context
	handle *handle // nil once the transaction has ended
	scans  int     // under way
}

// end makes later calls fail instead of reading memory that is gone.
func (r *reader) end() { r.handle = nil }

// ready says why nothing can be done in this transaction any more.
func (r *reader) ready() error {
	switch {
	case r.handle == nil:
		return errEnded
	case r.handle.broken != nil:
		return r.handle.broken
	}
	return r.ctx.Err()
}

// Get returns the value of key, or nil.
func (r *reader) Get(key []byte) (value []byte, err error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	defer r.handle.caught(&err)
	return r.handle.bucketOf(key).Get(key), nil
}

// Scan calls fn for the keys of a range in order.
func (r *reader) Scan(rg kv.Range, fn func(key, value []byte) error) error {
	if err := r.ready(); err != nil {
		return err
	}
	r.scans++
	defer func() { r.scans-- }()
	for _, p := range r.handle.partsOf(rg) {
		if err := r.scan(p, fn); err != nil {
			if errors.Is(err, kv.Stop) {
				return nil
			}
			return err
		}
	}
	return nil
}

func (r *reader) scan(p part, fn func(key, value []byte) error) error {
	c := cursor{handle: r.handle, cursor: p.bucket.Cursor(), rg: p.rg}
	k, v, err := c.first()
	for n := 1; err == nil && k != nil && p.rg.Contains(k); n++ {
		if err := fn(k, v); err != nil {
			return err
		}
		if n%scanStride == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		k, v, err = c.next()
	}
	return err
}

// cursor walks a range in its direction.
type cursor struct {
	handle *handle
	cursor *bbolt.Cursor
	rg     kv.Range
}

func (c *cursor) first() (k, v []byte, err error) {
	defer c.handle.caught(&err)
	switch {
	case !c.rg.Reverse:
		k, v = c.cursor.Seek(c.rg.From)
	case c.rg.To == nil:
		k, v = c.cursor.Last()
	default:
		// Seek finds the first key that lies beyond the range.
		if k, _ = c.cursor.Seek(c.rg.To); k != nil {
			k, v = c.cursor.Prev()
		} else {
			k, v = c.cursor.Last()
		}
	}
	return k, v, nil
}

func (c *cursor) next() (k, v []byte, err error) {
	defer c.handle.caught(&err)
	if c.rg.Reverse {
		k, v = c.cursor.Prev()
	} else {
		k, v = c.cursor.Next()
	}
	return k, v, nil
}

// writer is the transaction as an Update sees it.
type writer struct{ reader }

// Put stores a copy of value; bbolt copies the key itself.
func (w *writer) Put(key, value []byte) (err error) {
	switch err := w.writable(); {
	case err != nil:
		return err
	case len(key) == 0 || len(key) > kv.MaxKey:
		return kv.ErrKey
	case len(value) == 0 || len(value) > kv.MaxValue:
		return kv.ErrValue
	}
	w.handle.changed = true
	defer w.handle.caught(&err)
	return w.handle.bucketOf(key).Put(key, bytes.Clone(value))
}

// Delete removes key if it is there.
func (w *writer) Delete(key []byte) (err error) {
	if err := w.writable(); err != nil {
		return err
	}
	defer w.handle.caught(&err)
	b := w.handle.bucketOf(key)
	if b.Get(key) == nil {
		return nil
	}
	w.handle.changed = true
	return b.Delete(key)
}

func (w *writer) writable() error {
	if w.scans > 0 {
		return errScanning
	}
	return w.ready()
}
