//go:build unix

// Package bolt keeps a pakdeck store in one bbolt file on a local disk, shared
// by any number of processes and served by none.
//
// Nobody holds the file: every View and Update locks it, opens it, works and
// closes it, in about 0.06 ms for a View and in two syncs of the disk for an
// Update. Two files and two locks take part, both flock(2) locks, which the
// kernel drops when a process dies:
//
//	store.db       the store. Readers lock it together, a writer alone. It is
//	               bbolt's own lock, so bbolt's tools and pakdeck respect each other.
//	store.db.lock  the gate to it. Readers share the gate, a writer has it alone,
//	               and both let go of it as soon as they have the store.
//
// The gate is for fairness only, never for safety: nothing is lost if its file
// is removed, or may not be used by this process. A writer waits for the store
// with the gate in hand, so that readers who come one after another cannot keep
// it out. A reader does so once it has waited for 20 ms, so that writers who
// take turns cannot keep it out either.
//
// Locks are polled, first after 0.2 ms, later every 3 ms, with jitter; bbolt's
// own waiting takes steps of 50 ms. After [Options.Timeout] the error is a
// [*kv.BusyError] that names the holder: a writer leaves its process id in the
// gate file while it writes, a reader or a foreign program is looked up in
// /proc/locks, where there is one.
//
// The package promises that an Update that returned nil is on the disk, that
// one cut short by a crash is not there at all, and that a damaged file gives a
// [*CorruptError] where bbolt would panic. After a failed write or sync a Store
// writes no more ([kv.ErrWriteFailed]); it still reads. A disk that is full
// takes nothing and fails nothing ([kv.ErrFull]). It cannot protect a
// transaction from a program that writes to the file without its lock: to put
// back a backup, use [Replace].
//
// It refuses files that other users can use ([*ModeError]), network file
// systems and all that is behind FUSE ([*NetworkFSError]), symbolic links, and
// files that are not pakdeck stores ([*FormatError]).
package bolt

import (
	"cmp"
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// DefaultTimeout is how long a transaction waits for the store unless
// [Options] say otherwise.
const DefaultTimeout = 2 * time.Second

// maxReaders bounds the Views of one Store that run at once, each of which
// needs two file descriptors and a mapping. The others wait.
const maxReaders = 64

// Options say how a store is opened. The zero value is ready to use.
type Options struct {
	// Timeout is how long a transaction waits for other processes; 0 means
	// [DefaultTimeout]. It does not bound the transaction itself.
	Timeout time.Duration
	// ReadOnly makes every Update return [kv.ErrReadOnly]. The Store then gets
	// by with a file and a folder that it may only read, and makes no file.
	ReadOnly bool

	networkFS func(path string) (name string, err error) // nil, but in tests
}

// Store is a [kv.Store] in a file. It holds no file open between its calls and
// may be used by several goroutines.
type Store struct {
	path     string
	timeout  time.Duration
	readOnly bool
	command  string // what this process is called, for the gate file

	writing chan struct{} // one Update of this Store at a time
	reading chan struct{} // maxReaders Views at a time

	failure atomic.Pointer[error] // why this Store writes no more
	closed  chan struct{}
	closing sync.Once

	newNotifier func() (*fsnotify.Watcher, error)
}

var (
	_ kv.Store  = (*Store)(nil)
	_ kv.Copier = (*Store)(nil)
)

// newStore returns a Store for a file that is known to be one.
func newStore(path string, o Options) *Store {
	return &Store{
		path:        path,
		timeout:     cmp.Or(o.Timeout, DefaultTimeout),
		readOnly:    o.ReadOnly,
		command:     ownCommand(),
		writing:     make(chan struct{}, 1),
		reading:     make(chan struct{}, maxReaders),
		closed:      make(chan struct{}),
		newNotifier: fsnotify.NewWatcher,
	}
}

// Path returns the absolute path of the store file.
func (s *Store) Path() string { return s.path }

// View runs fn on one consistent state of the store.
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // for handle.caught
	h, err := s.acquire(ctx, shared)
	if err != nil {
		return err
	}
	defer s.leave(h)
	return h.view(ctx, fn)
}

// Update runs fn once and commits what it wrote if fn returns nil. A
// transaction that wrote nothing costs no sync.
func (s *Store) Update(ctx context.Context, fn func(kv.Writer) error) error {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	h, err := s.acquire(ctx, exclusive)
	if err != nil {
		return err
	}
	defer s.leave(h)
	return h.update(ctx, fn)
}

// leave ends a transaction. A writer that met damage or failed to commit is
// the last one of this Store; the next must know before it can come in.
func (s *Store) leave(h *handle) {
	if h.mode == exclusive && h.broken != nil && !errors.Is(h.broken, kv.ErrFull) {
		s.failure.CompareAndSwap(nil, &h.broken)
	}
	h.close()
}

// usable says why a transaction cannot even be tried.
func (s *Store) usable(ctx context.Context, m mode) error {
	if s.isClosed() {
		return kv.ErrClosed
	}
	if m == exclusive {
		if s.readOnly {
			return kv.ErrReadOnly
		}
		if failure := s.failure.Load(); failure != nil {
			return *failure
		}
	}
	return ctx.Err()
}

func (s *Store) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// Close ends the watches and makes every later call return [kv.ErrClosed]. It
// does not wait for transactions.
func (s *Store) Close() error {
	s.closing.Do(func() { close(s.closed) })
	return nil
}
