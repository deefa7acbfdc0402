package kvtest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Memory is a [kv.Store] in memory, for tests of what stands on kv. Every
// transaction has a map of its own, so it suits some thousand keys at most.
// It holds nothing back from a test: a View never waits.
type Memory struct {
	writing chan struct{} // held by the one Update that runs

	mu       sync.Mutex
	data     map[string][]byte // replaced by a commit, never changed
	watchers map[chan struct{}]func() bool
	closed   bool
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{writing: make(chan struct{}, 1), watchers: make(map[chan struct{}]func() bool)}
}

// View runs fn on the state of the last commit.
func (m *Memory) View(ctx context.Context, fn func(kv.Reader) error) error {
	data, err := m.state(ctx)
	if err != nil {
		return err
	}
	r := &memoryReader{ctx: ctx, data: data}
	defer r.end()
	return fn(r)
}

// Update runs fn on a copy and makes the copy the state if fn returns nil.
func (m *Memory) Update(ctx context.Context, fn func(kv.Writer) error) error {
	select {
	case m.writing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-m.writing }()
	data, err := m.state(ctx)
	if err != nil {
		return err
	}
	w := &memoryWriter{memoryReader{ctx: ctx, data: maps.Clone(data)}}
	if w.data == nil {
		w.data = make(map[string][]byte)
	}
	defer w.end()
	if err := fn(w); err != nil {
		return err
	}
	return m.commit(ctx, w.data)
}

func (m *Memory) state(ctx context.Context) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, kv.ErrClosed
	}
	return m.data, ctx.Err()
}

func (m *Memory) commit(ctx context.Context, data map[string][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	m.data = data
	for c := range m.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
	return nil
}

// Watch returns a channel that receives after every commit.
func (m *Memory) Watch(ctx context.Context) (<-chan struct{}, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, kv.ErrClosed
	}
	c := make(chan struct{}, 1)
	m.watchers[c] = context.AfterFunc(ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.watchers, c)
		close(c)
	})
	return c, nil
}

// Close ends the watches and refuses what comes later.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	for c, stop := range m.watchers {
		if stop() { // otherwise the context has ended, and its function closes c
			delete(m.watchers, c)
			close(c)
		}
	}
	return nil
}

var errEnded = errors.New("the transaction has ended")

type memoryReader struct {
	ctx   context.Context
	data  map[string][]byte
	ended bool
}

func (r *memoryReader) end() { r.ended = true }

func (r *memoryReader) alive() error {
	if r.ended {
		return errEnded
	}
	return r.ctx.Err()
}

func (r *memoryReader) Get(key []byte) ([]byte, error) {
	if err := r.alive(); err != nil {
		return nil, err
	}
	return r.data[string(key)], nil
}

func (r *memoryReader) Scan(rg kv.Range, fn func(key, value []byte) error) error {
	if r.ended {
		return errEnded
	}
	keys := slices.Sorted(maps.Keys(r.data))
	if rg.Reverse {
		slices.Reverse(keys)
	}
	for _, k := range keys {
		if err := r.alive(); err != nil {
			return err
		}
		if !rg.Contains([]byte(k)) {
			continue
		}
		switch err := fn([]byte(k), r.data[k]); {
		case errors.Is(err, kv.Stop):
			return nil
		case err != nil:
			return err
		}
	}
	return r.ctx.Err()
}

type memoryWriter struct{ memoryReader }

func (w *memoryWriter) Put(key, value []byte) error {
	switch err := w.alive(); {
	case err != nil:
		return err
	case len(key) == 0 || len(key) > kv.MaxKey:
		return kv.ErrKey
	case len(value) == 0 || len(value) > kv.MaxValue:
		return kv.ErrValue
	}
	w.data[string(key)] = bytes.Clone(value)
	return nil
}

func (w *memoryWriter) Delete(key []byte) error {
	if err := w.alive(); err != nil {
		return err
	}
	delete(w.data, string(key))
	return nil
}
