//go:build !race

// The race detector makes sync.Pool drop things at random.

package httpauth

import (
	"net/http"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// discard is a [Passer] that keeps nothing.
type discard struct {
	h      http.Header
	status int
	lines  []byte
}

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Lines() []byte               { return d.lines[:0] }
func (d *discard) Pass(lines []byte)           { d.status, d.lines = http.StatusOK, lines }

// proxied returns the handler without the server around it and what nginx asks.
func proxied(t testing.TB) (http.Handler, *http.Request) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "ci deploy", Expires: noon.Add(time.Hour), RotateEvery: 24 * time.Hour})
	h := ForwardAuth(f.verify(), TrustProxies(proxies(t, "127.0.0.1")))
	r := asked("127.0.0.1:4711", "203.0.113.7")
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("X-Original-Method", "POST")
	r.Header.Set("X-Original-Uri", "/v1/chat/completions")
	r.Header.Set("User-Agent", "curl/8.5.0")
	return h, r
}

func TestAnAnswerAllocatesNothingButTheRoute(t *testing.T) {
	h, r := proxied(t)
	w := &discard{}
	if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n > 1 || w.status != http.StatusOK {
		t.Errorf("%d with %v allocations", w.status, n)
	}
}

func BenchmarkForwardAuth(b *testing.B) {
	h, r := proxied(b)
	w := &discard{}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
}
