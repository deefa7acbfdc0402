//go:build unix

package bolt

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// pollInterval is how often a watch looks at the file itself. The kernel's
// notices come at once but may be lost, or not be had at all.
const pollInterval = 25 * time.Millisecond

// Watch returns a channel that receives after the store may have been changed
// by any process. A notice may come while the writer is still at it; a View
// then waits for the commit. The channel is closed when ctx ends or the Store is
// closed.
func (s *Store) Watch(ctx context.Context) (<-chan struct{}, error) {
	if s.isClosed() {
		return nil, kv.ErrClosed
	}
	w := &watch{path: s.path, notices: make(chan struct{}, 1)}
	w.notifier = s.notifier()
	w.see(stampOf(s.path))
	go w.run(ctx, s.closed)
	return w.notices, nil
}

// notifier watches the folder of the store: a watch on the file itself would
// stay with a file that is replaced. It is nil if there is none to be had.
func (s *Store) notifier() *fsnotify.Watcher {
	n, err := s.newNotifier()
	if err != nil {
		return nil
	}
	if err := n.Add(filepath.Dir(s.path)); err != nil {
		_ = n.Close()
		return nil
	}
	return n
}

// watch is the work behind one channel.
type watch struct {
	path     string
	notices  chan struct{}
	notifier *fsnotify.Watcher
	seen     stamp
	settled  bool // seen can be trusted
}

func (w *watch) run(ctx context.Context, closed <-chan struct{}) {
	defer close(w.notices)
	var events <-chan fsnotify.Event
	var lost <-chan error
	if w.notifier != nil {
		defer w.notifier.Close()
		events, lost = w.notifier.Events, w.notifier.Errors
	}
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-closed:
			return
		case e := <-events:
			w.event(e)
		case <-lost: // some events were dropped, perhaps the store's
			w.notify()
		case <-ticker.C:
			w.poll()
		}
	}
}

func (w *watch) event(e fsnotify.Event) {
	if filepath.Base(e.Name) == filepath.Base(w.path) && e.Op != fsnotify.Chmod {
		w.notify()
	}
}

// notify leaves a notice unless one waits to be received.
func (w *watch) notify() {
	select {
	case w.notices <- struct{}{}:
	default:
	}
}

// poll notices a change that no event told of. A stamp younger than the tick of
// the file system's clock proves nothing: the next commit may leave the same
// one. Such a stamp is reported once more.
func (w *watch) poll() {
	now := stampOf(w.path)
	if now == w.seen && w.settled {
		return
	}
	w.see(now)
	w.notify()
}

func (w *watch) see(now stamp) {
	age := time.Since(time.Unix(0, now.modified))
	w.seen, w.settled = now, age < 0 || age > pollInterval
}

// stamp tells one state of the file from another. It is zero while there is no
// file.
type stamp struct {
	device, inode  uint64
	size, modified int64 // bytes, nanoseconds since 1970
}

func stampOf(path string) stamp {
	info, err := os.Lstat(path)
	if err != nil {
		return stamp{}
	}
	st := statOf(info)
	return stamp{uint64(st.Dev), uint64(st.Ino), info.Size(), info.ModTime().UnixNano()}
}
