package tuitest

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// Output collects what a program writes, and may be used by several goroutines at
// once. Its zero value is empty. With a real terminal, outside a synctest bubble,
// [Output.Await] is how a test knows that something has happened.
type Output struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{} // closed by the next Write; nil: nobody waits
}

// Write implements [io.Writer].
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.more != nil {
		close(o.more)
		o.more = nil
	}
	return o.b.Write(p)
}

// String returns what was written and not taken.
func (o *Output) String() string {
	s, _ := o.look()
	return s
}

func (o *Output) look() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.more == nil {
		o.more = make(chan struct{})
	}
	return o.b.String(), o.more
}

// Take returns what was written since the last time.
func (o *Output) Take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	b := bytes.Clone(o.b.Bytes())
	o.b.Reset()
	return b
}

// patience is how long Await waits, in real time.
const patience = 20 * time.Second

// Await waits until a text was written.
func (o *Output) Await(t testing.TB, text string) {
	t.Helper()
	late := time.After(patience)
	for {
		s, more := o.look()
		if strings.Contains(s, text) {
			return
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("%q was not written, but %q", text, s)
		}
	}
}
