//go:build unix

// Package bolt keeps a pakdeck store in one bbolt file on a local disk, shared
// by any number of processes and served by none.
//
// Nobody holds the file: every View and Update locks it, opens it, works and
// closes it. Two files and two locks take part, both flock(2) locks, which the
// kernel drops when a process dies:
//
//	store.db       the store. Readers lock it shared, a writer exclusively. It is
//	               bbolt's own lock, so the bbolt tools keep out of the way too.
//	store.db.lock  the gate. Who wants the store takes the gate first, waits for
//	               the store with the gate in hand, and lets go of the gate once
//	               it has the store. Readers share the gate, a writer has it alone.
//
// The gate is for fairness only, never for safety. A writer that waits at the
// store keeps new readers from slipping in before it; a process that writes in
// a loop finds the gate in the hands of whoever waits. Nothing is lost when the
// gate file is missing, removed or not allowed to this process.
//
// Locks are polled, because bbolt's own waiting takes steps of 50 ms: from
// 0.2 ms up to 3 ms, with jitter, for [Options.Timeout] at most. Then the error is a
// [*kv.BusyError] that names the holder: a writer leaves its process id in the
// gate file while it writes, a reader or a foreign program is looked up in
// /proc/locks.
//
// The package promises that an Update that returned nil is on the disk (two
// fdatasync calls by bbolt), that an Update cut short by a crash is not there at
// all, and that a damaged file gives a [*CorruptError], not a crash. After a failed
// write or sync a Store writes no more ([kv.ErrWriteFailed]); it still reads.
//
// It refuses files that other users can read ([*ModeError]), network file
// systems and everything behind FUSE ([*NetworkFSError]), symbolic links, and
// files that are not pakdeck stores ([*FormatError]).
//
// A closure must not call its Store: the inner call would wait for the outer
// one until it times out.
package bolt

import (
	"cmp"
	"context"
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
	// by with a file and a folder that it may only read.
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

var _ kv.Store = (*Store)(nil)

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
	defer h.close()
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
	defer h.close()
	err = h.update(ctx, fn)
	if h.broken != nil {
		s.failure.CompareAndSwap(nil, &h.broken)
	}
	return err
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
