package httpauth

import (
	"net/http"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// discard is a ResponseWriter that keeps nothing.
type discard struct {
	h      http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// BenchmarkForwardAuth is the handler without the server around it.
func BenchmarkForwardAuth(b *testing.B) {
	f := newFixture(b)
	_, key := f.key(keystore.NewKey{Name: "ci deploy", Expires: noon.Add(time.Hour)})
	h := ForwardAuth(f.verify(), TrustProxies(proxies(b, "127.0.0.1")))
	r := asked("127.0.0.1:4711", "203.0.113.7")
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("X-Original-Method", "POST")
	r.Header.Set("X-Original-Uri", "/v1/chat/completions")
	r.Header.Set("User-Agent", "curl/8.5.0")
	w := &discard{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		h.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
}
