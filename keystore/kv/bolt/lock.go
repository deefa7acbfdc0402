//go:build unix

package bolt

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// mode is how a transaction locks the gate and the store, as flock(2) says it.
type mode int

const (
	shared    mode = unix.LOCK_SH
	exclusive mode = unix.LOCK_EX
)

// Pauses between two attempts at a lock. Go's timers do not wake before about
// a millisecond has passed, so the first pauses are alike.
const (
	minPause = 200 * time.Microsecond
	maxPause = 3 * time.Millisecond
)

// readerPatience is how long a reader lets writers go first.
const readerPatience = 20 * time.Millisecond

// acquire waits for the store and opens it. The caller leaves the handle.
func (s *Store) acquire(ctx context.Context, m mode) (*handle, error) {
	if err := s.usable(ctx, m); err != nil {
		return nil, err
	}
	w := &waiter{ctx: ctx, store: s, began: time.Now(), pause: minPause}
	slots := s.reading
	if m == exclusive {
		slots = s.writing
	}
	if err := w.slot(slots); err != nil {
		return nil, err
	}
	h := &handle{path: s.path, mode: m, release: func() { <-slots }}
	if err := s.enter(w, h); err != nil {
		s.leave(h)
		return nil, err
	}
	return h, nil
}

func (s *Store) enter(w *waiter, h *handle) error {
	if err := s.lock(w, h); err != nil {
		return err
	}
	// What happened to this Store meanwhile counts too.
	if err := s.usable(w.ctx, h.mode); err != nil {
		return err
	}
	return h.open()
}

// lock takes the gate, then the store, then lets go of the gate. A restore may
// put another file in the place of the store meanwhile, so the lock counts only
// if the path still leads to the locked file.
func (s *Store) lock(w *waiter, h *handle) error {
	for {
		if err := s.openFiles(h); err != nil {
			return err
		}
		if err := w.through(h); err != nil {
			return err
		}
		h.gate.pass(h.mode, s.command)
		current, err := h.isAt(s.path)
		if err != nil {
			return fmt.Errorf("opening store: %w", err)
		}
		if current {
			return nil
		}
		h.closeFiles()
	}
}

// openFiles opens both files before either is locked: a gate that is held for
// longer than it takes, by readers that come one after another, is hard for a
// writer to catch free.
func (s *Store) openFiles(h *handle) (err error) {
	flag := unix.O_RDONLY
	if h.mode == exclusive {
		flag = unix.O_RDWR
	}
	if h.file, err = openFile(s.path, flag); err != nil {
		return fmt.Errorf("opening store: %w", err)
	}
	h.gate = s.openGate()
	return nil
}

// waiter is one transaction's wait for everything that it must lock.
type waiter struct {
	ctx   context.Context
	store *Store
	began time.Time
	pause time.Duration
}

// left is what remains of the timeout.
func (w *waiter) left() time.Duration { return w.store.timeout - time.Since(w.began) }

// slot waits for a place among the transactions of this process.
func (w *waiter) slot(slots chan<- struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	default:
	}
	timeout := time.NewTimer(w.left())
	defer timeout.Stop()
	select {
	case slots <- struct{}{}:
		return nil
	case <-w.ctx.Done():
		return w.ended()
	case <-timeout.C:
		return w.busy()
	}
}

// through takes the gate and then the store. A writer waits for the store with
// the gate in hand. A reader at first waits outside, because readers in the
// gate keep the next writer from it; but it insists once it has waited for
// long, or else writers that take turns would keep it out for ever.
func (w *waiter) through(h *handle) error {
	for {
		if err := w.flock(h.gate.file, h.mode); err != nil {
			return err
		}
		if h.mode == exclusive || time.Since(w.began) > readerPatience {
			return w.flock(h.file, h.mode)
		}
		if ok, err := tryFlock(h.file, h.mode); ok || err != nil {
			return err
		}
		h.gate.unlock()
		if err := w.sleep(); err != nil {
			return err
		}
	}
}

// flock polls for the lock: a blocking flock could not be called off.
func (w *waiter) flock(f *os.File, m mode) error {
	for {
		if ok, err := tryFlock(f, m); ok || err != nil {
			return err
		}
		if err := w.sleep(); err != nil {
			return err
		}
	}
}

// tryFlock reports whether the lock could be had at once. Where there is no
// gate file there is nothing to lock.
func tryFlock(f *os.File, m mode) (bool, error) {
	if f == nil {
		return true, nil
	}
	for {
		err := unix.Flock(int(f.Fd()), int(m)|unix.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, unix.EINTR):
			return false, fmt.Errorf("locking %s: %w", f.Name(), err)
		}
	}
}

// sleep pauses for half to one and a half times the present pause, which grows,
// so that waiters do not come back in step.
func (w *waiter) sleep() error {
	left := w.left()
	if left <= 0 {
		return w.busy()
	}
	t := time.NewTimer(min(left, w.pause/2+rand.N(w.pause)))
	defer t.Stop()
	w.pause = min(w.pause*3/2, maxPause)
	select {
	case <-t.C:
		return nil
	case <-w.ctx.Done():
		return w.ended()
	}
}

func (w *waiter) ended() error {
	return fmt.Errorf("waiting for store %s: %w", w.store.path, w.ctx.Err())
}

func (w *waiter) busy() error {
	return &kv.BusyError{Path: w.store.path, Waited: time.Since(w.began), Holder: w.store.holder()}
}
