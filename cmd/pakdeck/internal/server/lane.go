package server

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// lane is a connection on which net/http has less to do for each request. All
// that it leaves out is what an answer made of headers in a few microseconds
// has no use for; connections with TLS are without.
//
// net/http copies, sorts and checks headers one by one, which takes as long as
// the whole decision. Here it writes an answer that lets a request pass
// without them, and the lane adds them behind the status line.
//
// net/http sets the deadline for reading six times a request, and reads in the
// background to see the client go. Here a deadline is set when there is a read
// for it, is left alone if it changes by less than slack, and nobody looks
// whether the client has gone.
type lane struct {
	net.Conn
	writer laneWriter
	head   []byte // header lines for the next write
	whole  []byte

	born    time.Time
	limit   atomic.Int64 // of reads, ns since born; 0: none, below 0: over
	reading atomic.Bool

	mu  sync.Mutex
	set int64 // the limit that the connection has
}

// slack is how much earlier than told a read may end.
const slack = int64(time.Second)

// lanes is a listener whose connections are lanes.
type lanes struct{ net.Listener }

// Accept implements net.Listener.
func (l lanes) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lane{Conn: conn, born: time.Now()}, nil
}

// SetReadDeadline implements net.Conn.
func (l *lane) SetReadDeadline(t time.Time) error {
	if t.IsZero() {
		l.limit.Store(0)
	} else {
		l.limit.Store(int64(t.Sub(l.born)))
	}
	if l.reading.Load() {
		return l.setLimit()
	}
	return nil
}

// Read implements net.Conn. A read of one byte without a deadline to come is
// the one in the background: it is told that there is nothing yet.
func (l *lane) Read(b []byte) (int, error) {
	if len(b) == 1 && l.limit.Load() <= 0 {
		return 0, nil
	}
	l.reading.Store(true)
	defer l.reading.Store(false)
	if err := l.setLimit(); err != nil {
		return 0, err
	}
	return l.Conn.Read(b)
}

// setLimit gives the connection the newest limit.
func (l *lane) setLimit() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	limit := l.limit.Load()
	if early := limit - l.set; limit == l.set || l.set > 0 && 0 < early && early < slack {
		return nil
	}
	var t time.Time
	if limit != 0 {
		t = l.born.Add(time.Duration(limit))
	}
	l.set = limit
	return l.Conn.SetReadDeadline(t)
}

// Write implements net.Conn.
func (l *lane) Write(b []byte) (int, error) {
	if len(l.head) == 0 {
		return l.Conn.Write(b)
	}
	end := bytes.IndexByte(b, '\n') + 1
	l.whole = append(append(append(l.whole[:0], b[:end]...), l.head...), b[end:]...)
	l.head = l.head[:0]
	if _, err := l.Conn.Write(l.whole); err != nil {
		return 0, err
	}
	return len(b), nil
}

type laneKey struct{}

// laneContext lets handlers find the lane that a request came on.
func laneContext(ctx context.Context, c net.Conn) context.Context {
	if l, ok := c.(*lane); ok {
		return context.WithValue(ctx, laneKey{}, l)
	}
	return ctx
}

// inLane returns the writer of the lane that a request came on, or w.
func inLane(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	l, ok := r.Context().Value(laneKey{}).(*lane)
	if !ok {
		return w
	}
	l.writer = laneWriter{w, l}
	return &l.writer
}

// laneWriter is an [httpauth.Passer].
type laneWriter struct {
	http.ResponseWriter
	lane *lane
}

// Lines implements httpauth.Passer.
func (w *laneWriter) Lines() []byte { return w.lane.head[:0] }

// Pass implements httpauth.Passer.
func (w *laneWriter) Pass(lines []byte) {
	w.lane.head = lines
	w.WriteHeader(http.StatusOK)
}
