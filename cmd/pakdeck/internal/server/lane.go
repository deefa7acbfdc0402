package server

import (
	"bytes"
	"context"
	"maps"
	"net"
	"net/http"
)

// lane is a connection on which an answer that lets a request pass goes a
// shorter way. Such an answer is nothing but headers, and net/http copies,
// sorts and checks them one by one, which takes as long as the whole decision.
// Here net/http writes the answer without them, and the lane adds them behind
// the status line. Every other answer is net/http's alone, and so are all
// connections with TLS.
type lane struct {
	net.Conn
	writer laneWriter
	header http.Header // of the answer in the making; one is made at a time
	head   []byte      // header lines for the next write
	whole  []byte
}

// lanes is a listener whose connections are lanes.
type lanes struct{ net.Listener }

// Accept implements net.Listener.
func (l lanes) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lane{Conn: conn, header: http.Header{}}, nil
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
	clear(l.header)
	l.writer = laneWriter{ResponseWriter: w, lane: l}
	return &l.writer
}

// laneWriter is an http.ResponseWriter for handlers whose header values are
// visible ASCII and blanks, as those of httpauth.ForwardAuth are.
type laneWriter struct {
	http.ResponseWriter
	lane  *lane
	begun bool
}

// Header implements http.ResponseWriter.
func (w *laneWriter) Header() http.Header { return w.lane.header }

// WriteHeader implements http.ResponseWriter.
func (w *laneWriter) WriteHeader(status int) {
	w.begun = true
	l := w.lane
	if status != http.StatusOK {
		maps.Copy(w.ResponseWriter.Header(), l.header)
		w.ResponseWriter.WriteHeader(status)
		return
	}
	for name, values := range l.header {
		for _, v := range values {
			l.head = append(append(l.head, name...), ": "...)
			l.head = append(append(l.head, v...), "\r\n"...)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *laneWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}
