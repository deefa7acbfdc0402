package e2e

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/cmd/pakdeck/internal/server"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Clients connect from these addresses. The first is a trusted proxy: what
// comes from it stands for a second proxy before the one under test.
const (
	front  = "127.0.0.1"
	client = "127.0.0.9"
)

// world is a store with keys, pakdeck's server on a unix socket and an API.
type world struct {
	t      testing.TB
	folder string
	store  *keystore.Store // the server's
	other  *keystore.Store // another handle, as another process would have
	api    *api
	keys   map[string]issued
	stop   func() // ends the server

	failures   int    // failed attempts a minute that the server lets pass; 0: as usual
	socketName string // where it listens; "": auth.sock
}

// issued is a key as its owner got it.
type issued struct {
	view   keystore.KeyView
	secret string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	// Paths of unix sockets must be short.
	folder, err := os.MkdirTemp("", "pakdeck-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	w := &world{t: t, folder: folder, keys: map[string]issued{}}
	w.store, err = keystore.Create(t.Context(), filepath.Join(folder, "store.db"), keystore.CreateOptions{})
	must(t, err)
	w.other, err = keystore.Open(t.Context(), w.store.Path())
	must(t, err)
	w.issueAll()
	w.api = newAPI(t)
	w.serve()
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// socket is where the server listens.
func (w *world) socket() string {
	return filepath.Join(w.folder, cmp.Or(w.socketName, "auth.sock"))
}

// serve runs the server until the test ends.
func (w *world) serve() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- server.Run(ctx, w.store, server.Config{
			Listen: "unix:" + w.socket(), TrustedProxies: []string{"unix", front}, FailuresPerMinute: w.failures,
			Ready: func(net.Addr) { close(ready) },
		})
	}()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
	w.t.Cleanup(w.stop)
	select {
	case <-ready:
	case err := <-ended:
		w.t.Fatal(err)
	}
}

// issueAll makes a key of every kind.
func (w *world) issueAll() {
	ctx := w.t.Context()
	bot := w.user("bot", "chat:*", "models:read")
	gone := w.user("gone", "chat:*")
	now := time.Now()
	w.issue(w.store, "good", keystore.NewKey{User: bot.ID, Name: "生产 deploy", Scopes: []keystore.Scope{"chat:write", "models:read"}, Expires: now.Add(time.Hour)})
	w.issue(w.store, "open", keystore.NewKey{User: bot.ID, Name: "open"})
	w.issue(w.store, "readonly", keystore.NewKey{User: bot.ID, Name: "readonly", Scopes: []keystore.Scope{"models:read"}})
	w.issue(w.store, "listed", keystore.NewKey{User: bot.ID, Name: "listed", Rules: rules("203.0.113.0/24", "203.0.113.64/26")})
	w.issue(w.store, "later", keystore.NewKey{User: bot.ID, Name: "later", NotBefore: now.Add(time.Hour)})
	w.issue(w.store, "disabled", keystore.NewKey{User: bot.ID, Name: "disabled"})
	w.issue(w.store, "revoked", keystore.NewKey{User: bot.ID, Name: "revoked"})
	w.issue(w.store, "owned", keystore.NewKey{User: gone.ID, Name: "owned"})
	past, err := keystore.Open(ctx, w.store.Path(), keystore.WithClock(func() time.Time { return now.Add(-2 * time.Hour) }))
	must(w.t, err)
	w.issue(past, "expired", keystore.NewKey{User: bot.ID, Name: "expired", Expires: now.Add(-time.Hour)})
	_, err = w.store.DisableKey(ctx, w.keys["disabled"].view.ID, 1)
	must(w.t, err)
	_, err = w.store.RevokeKey(ctx, w.keys["revoked"].view.ID, 1, "leaked")
	must(w.t, err)
	_, err = w.store.DisableUser(ctx, gone.ID, 1)
	must(w.t, err)
	good := w.keys["good"].secret
	w.keys["typo"] = issued{secret: good[:30] + swap(good[30]) + good[31:]}
	stray, err := token.Mint(w.store.Prefix(), nil)
	must(w.t, err)
	w.keys["stray"] = issued{secret: stray.Reveal()}
}

// swap returns another base62 digit.
func swap(c byte) string {
	if c == 'x' {
		return "y"
	}
	return "x"
}

func rules(allow, deny string) iprule.Rules {
	return iprule.Rules{
		Allow: []iprule.Entry{{Prefix: netip.MustParsePrefix(allow)}},
		Deny:  []iprule.Entry{{Prefix: netip.MustParsePrefix(deny)}},
	}
}

func (w *world) user(name string, permissions ...keystore.Scope) keystore.User {
	w.t.Helper()
	u, err := w.store.AddUser(w.t.Context(), keystore.NewUser{Name: name, Permissions: permissions})
	must(w.t, err)
	return u
}

func (w *world) issue(st *keystore.Store, as string, in keystore.NewKey) issued {
	w.t.Helper()
	view, secret, err := st.CreateKey(w.t.Context(), in)
	must(w.t, err)
	k := issued{view, secret.Reveal()}
	w.keys[as] = k
	return k
}

// uses returns the journal's records of uses.
func (w *world) uses() []journal.Record {
	w.t.Helper()
	var out []journal.Record
	must(w.t, w.other.Journal(w.t.Context(), 0, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		if r.Code == journal.EventUse.Code {
			out = append(out, r)
		}
		return err
	}))
	return out
}

// api answers like an OpenAI-compatible router and keeps what it was asked.
type api struct {
	*httptest.Server
	mu      sync.Mutex
	last    http.Header
	calls   int
	proceed chan struct{} // lets a stream go on to its last chunk
}

func newAPI(t testing.TB) *api {
	a := &api{proceed: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"small","object":"model"}]}`)
	})
	mux.HandleFunc("POST /v1/chat/completions", a.chat)
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.last, a.calls = r.Header.Clone(), a.calls+1
		a.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(a.Close)
	return a
}

// chat answers at once, or as a stream whose second half waits.
func (a *api) chat(w http.ResponseWriter, r *http.Request) {
	var body struct{ Stream bool }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !body.Stream {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"object":"chat.completion","choices":[{"message":{"role":"assistant","content":"hello"}}]}`)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	event := func(text string) {
		_, _ = fmt.Fprintf(w, "data: %s\n\n", text)
		w.(http.Flusher).Flush()
	}
	event(`{"choices":[{"delta":{"content":"hel"}}]}`)
	select {
	case <-a.proceed:
	case <-r.Context().Done():
		return
	}
	event(`{"choices":[{"delta":{"content":"lo"}}]}`)
	event("[DONE]")
}

// seen returns the headers of the last request and how many there were.
func (a *api) seen() (http.Header, int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last, a.calls
}

// call is one request of a client.
type call struct {
	from, method, path, body string
	headers                  []string // "Name: value"
}

// send sends a request to the proxy. The caller closes the body.
func (c call) send(t testing.TB, base string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), c.method, base+c.path, strings.NewReader(c.body))
	must(t, err)
	for _, line := range c.headers {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Add(name, value)
	}
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(c.from)}}
	transport := &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}
	answer, err := transport.RoundTrip(request)
	must(t, err)
	return answer
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (c call) get(t testing.TB, base string) answer {
	t.Helper()
	r := c.send(t, base)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	must(t, err)
	return answer{r.StatusCode, r.Header, string(body)}
}

func eventually(t testing.TB, within time.Duration, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline.C:
			t.Fatalf("%v have passed and still not: %s", within, what)
		case <-tick.C:
		}
	}
}

// freeAddr returns a loopback address that nobody listens on. Its port is
// below those that systems hand out to clients, or one of them could have it
// by the time the proxy starts.
func freeAddr(t testing.TB) string {
	t.Helper()
	for range 100 {
		port := 10000 + rand.IntN(20000)
		ln, err := net.Listen("tcp", fmt.Sprint(":", port))
		if err != nil {
			continue
		}
		must(t, ln.Close())
		return fmt.Sprint("127.0.0.1:", port)
	}
	t.Fatal("no port is free")
	return ""
}
