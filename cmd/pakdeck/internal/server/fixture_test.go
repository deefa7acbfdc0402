package server

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// fixture is a store with two keys: one for use, one to ask about others.
type fixture struct {
	*keystore.Store
	t            *testing.T
	folder       string
	key, manager string
	view         keystore.KeyView
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	// Paths of unix sockets must be short.
	folder, err := os.MkdirTemp("", "pakdeck-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	ctx := t.Context()
	st, err := keystore.Create(ctx, filepath.Join(folder, "store.db"), keystore.CreateOptions{})
	must(t, err)
	u, err := st.AddUser(ctx, keystore.NewUser{Name: "bot", Permissions: []keystore.Scope{"chat:*", "pakdeck:verify"}})
	must(t, err)
	view, key, err := st.CreateKey(ctx, keystore.NewKey{User: u.ID, Name: "k", Scopes: []keystore.Scope{"chat:*"}})
	must(t, err)
	_, manager, err := st.CreateKey(ctx, keystore.NewKey{User: u.ID, Name: "asks", Scopes: []keystore.Scope{"pakdeck:verify"}})
	must(t, err)
	return fixture{st, t, folder, key.Reveal(), manager.Reveal(), view}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// running is a server under test.
type running struct {
	t    *testing.T
	addr net.Addr
	stop func() error // ends it and returns Run's error
	log  *lines
}

// run starts the server; it is ended with the test if not before.
func (f fixture) run(c Config) running {
	f.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	log, ready, ended := &lines{}, make(chan net.Addr, 1), make(chan error, 1)
	c.Log, c.Ready = slog.New(slog.NewTextHandler(log, nil)), func(a net.Addr) { ready <- a }
	go func() { ended <- Run(ctx, f.Store, c) }()
	r := running{t: f.t, log: log, stop: sync.OnceValue(func() error { cancel(); return <-ended })}
	f.t.Cleanup(func() {
		if err := r.stop(); err != nil {
			f.t.Errorf("Run: %v", err)
		}
	})
	select {
	case r.addr = <-ready:
	case err := <-ended:
		f.t.Fatal(err)
	}
	return r
}

// client talks to the server, whatever it listens on.
func (r running) client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, r.addr.Network(), r.addr.String())
		},
	}}
}

// ask sends a request and returns the status, the headers and the body.
func (r running) ask(method, path, body string, headers ...string) (int, http.Header, string) {
	r.t.Helper()
	request, err := http.NewRequest(method, "http://pakdeck"+path, strings.NewReader(body))
	must(r.t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := r.client().Do(request)
	must(r.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(r.t, err)
	return answer.StatusCode, answer.Header, string(text)
}

// lines is a log that several goroutines write.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (f fixture) records(event string) []journal.Record {
	f.t.Helper()
	var out []journal.Record
	must(f.t, f.Journal(context.Background(), 0, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		if r.Event == event {
			out = append(out, r)
		}
		return err
	}))
	return out
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline.C:
			t.Fatalf("10 s have passed and still not: %s", what)
		case <-tick.C:
		}
	}
}
