package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
)

func TestTheRoutes(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0"})
	auth, asks := "Bearer "+f.key, "Bearer "+f.manager
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		want                     string
	}{
		{"a good key", "GET", "/auth", "", []string{"Authorization", auth}, 200, ""},
		{"a demand", "GET", "/auth?scope=chat:read", "", []string{"X-API-Key", f.key}, 200, ""},
		{"no key", "POST", "/auth", "ignored", nil, 401, `"unauthorized"`},
		{"Envoy", "PUT", "/auth/v1//chat/../x?scope=%zz", "", []string{"Authorization", auth}, 200, ""},
		{"a question", "POST", "/v1/verify", `{"key":"` + f.key + `"}`, []string{"Authorization", asks, "Content-Type", "application/json"}, 200, `"outcome":"ok"`},
		{"introspection", "POST", "/oauth/introspect", "token=" + f.key, []string{"Authorization", asks, "Content-Type", "application/x-www-form-urlencoded"}, 200, `"active":true`},
		{"a question without the scope", "POST", "/v1/verify", `{}`, []string{"Authorization", auth}, 403, "insufficient_scope"},
		{"alive", "GET", "/healthz", "", nil, 200, "ok"},
		{"ready", "GET", "/readyz", "", nil, 200, "ready"},
		{"metrics", "GET", "/metrics", "", nil, 200, "pakdeck_index_secrets 2"},
		{"anything else", "GET", "/", "", nil, 404, "nothing here"},
		{"nearly", "GET", "/authx", "", nil, 404, "nothing here"},
		{"nearly", "GET", "/v1/verify/", "", nil, 404, "nothing here"},
	} {
		status, _, body := r.ask(c.method, c.path, c.body, c.headers...)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %q, want %d with %q", c.name, status, body, c.status, c.want)
		}
	}
}

func TestTheConfigurationReachesTheHandlers(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0", Realm: "the lab", TrustedProxies: []string{"127.0.0.1"}, FailuresPerMinute: 1})
	_, h, _ := r.ask("GET", "/auth", "")
	if got := h.Get("WWW-Authenticate"); got != `Bearer realm="the lab"` {
		t.Errorf("WWW-Authenticate: %s", got)
	}
	junk := func(from string) string {
		_, h, _ := r.ask("GET", "/auth", "", "Authorization", "Bearer junk", "X-Forwarded-For", from)
		return h.Get("Retry-After")
	}
	if a, b, c := junk("203.0.113.7"), junk("203.0.113.8"), junk("198.51.100.7"); a != "" || b == "" || c != "" {
		t.Errorf("Retry-After %q, %q and %q from another network", a, b, c)
	}
}

func TestAnUnlimitedServerDoesNotThrottle(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0", FailuresPerMinute: -1})
	for range 100 {
		if _, h, _ := r.ask("GET", "/auth", "", "Authorization", "Bearer junk"); h.Get("Retry-After") != "" {
			t.Fatal("throttled")
		}
	}
}

func TestTheMetricsCount(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0", FailuresPerMinute: 1})
	r.ask("GET", "/auth", "", "Authorization", "Bearer "+f.key)
	r.ask("GET", "/auth?scope=admin:all", "", "Authorization", "Bearer "+f.key)
	for range 3 {
		r.ask("GET", "/auth", "", "Authorization", "Bearer junk")
	}
	var text string
	eventually(t, "the counts", func() bool {
		_, _, text = r.ask("GET", "/metrics", "")
		return strings.Contains(text, `pakdeck_verifications_total{outcome="ok"} 1`)
	})
	for _, want := range []string{
		`pakdeck_verifications_total{outcome="scope_denied"} 1`, `pakdeck_verifications_total{outcome="malformed"} 3`,
		`pakdeck_verifications_total{outcome="revoked"} 0`, "pakdeck_throttled_total 2",
		"# TYPE pakdeck_verifications_total counter", "# TYPE pakdeck_store_age_seconds gauge", "go_goroutines", "process_cpu_seconds_total",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %q", want)
		}
	}
}

func TestStartAndStopAreInTheJournalAndTheLog(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0"})
	where := r.addr.String()
	if got := f.records("serve.start"); len(got) != 1 || got[0].Reason != where {
		t.Errorf("start: %+v, want one at %s", got, where)
	}
	if got := f.records("serve.stop"); len(got) != 0 {
		t.Errorf("stopped already: %+v", got)
	}
	must(t, r.stop())
	if got := f.records("serve.stop"); len(got) != 1 || got[0].Reason != where {
		t.Errorf("stop: %+v", got)
	}
	for _, want := range []string{"msg=serving listen=" + where + " secrets=2", "msg=stopped listen=" + where} {
		if !strings.Contains(r.log.String(), want) {
			t.Errorf("the log lacks %q: %s", want, r.log)
		}
	}
	if report, err := f.VerifyJournal(t.Context()); err != nil || !report.Intact {
		t.Errorf("journal: %+v, %v", report, err)
	}
}

func TestTheLastUsesAreWrittenAtTheEnd(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0"})
	for range 5 {
		r.ask("GET", "/auth", "", "Authorization", "Bearer "+f.key)
	}
	must(t, r.stop())
	v, err := f.Key(t.Context(), string(f.view.ID))
	if err != nil || v.Uses.OK != 5 {
		t.Errorf("%d uses, %v; want 5", v.Uses.OK, err)
	}
}

// TestTheLinterLearnsFromTheServer asks as a proxy would, with a scope, and with a
// key in the URL of the client.
func TestTheLinterLearnsFromTheServer(t *testing.T) {
	f := newFixture(t)
	s := f.run(Config{Listen: "127.0.0.1:0", TrustedProxies: []string{"127.0.0.1"}})
	for _, uri := range []string{"/v1/chat", "/v1/chat?api_key=" + f.key, "/v1/" + f.key} {
		status, _, _ := s.ask(http.MethodGet, "/auth?scope=chat:write", "", "Authorization", "Bearer "+f.key,
			"X-Forwarded-Method", "GET", "X-Forwarded-Uri", uri, "X-Forwarded-For", "203.0.113.7")
		if status != http.StatusOK {
			t.Fatalf("%s: %d", uri, status)
		}
	}
	must(t, s.stop())
	d, known, err := usage.DemandsOf(t.Context(), f.Store, f.view.Key)
	if err != nil || !known || fmt.Sprint(d.After(time.Now().Add(-time.Hour))) != "[chat:write]" {
		t.Errorf("demanded %+v, %v, %v", d, known, err)
	}
	snapshot, err := lint.Take(t.Context(), f.Store, lint.Options{})
	must(t, err)
	got := map[string]string{}
	for _, x := range lint.Run(snapshot) {
		if x.Object.ID == string(f.view.ID) {
			got[x.Rule] = x.Text
		}
	}
	if got["PAK410"] != "2 requests had a key string in the URL" {
		t.Errorf("%q", got)
	}
	if fmt.Sprint(snapshot.Store.Proxies) != "[127.0.0.1/32]" {
		t.Errorf("proxies %v", snapshot.Store.Proxies)
	}
}

// A request that has begun when the server is told to stop is answered, and
// its use is recorded.
func TestARequestUnderWayIsFinished(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0"})
	conn, err := net.Dial("tcp", r.addr.String())
	must(t, err)
	defer conn.Close()
	body := `{"key":"` + f.key + `"}`
	fmt.Fprintf(conn, "POST /v1/verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		f.manager, len(body), body[:5])
	// The management key has been counted: the handler waits for the body.
	eventually(t, "the handler at work", func() bool {
		_, _, text := r.ask("GET", "/metrics", "")
		return strings.Contains(text, `pakdeck_verifications_total{outcome="ok"} 1`)
	})
	r.ask("GET", "/auth", "", "Authorization", "Bearer "+f.key)
	uses := func() uint64 {
		v, err := f.Key(context.Background(), string(f.view.ID))
		must(t, err)
		return v.Uses.OK
	}
	stopped := make(chan error)
	go func() { stopped <- r.stop() }()
	eventually(t, "no new connections", func() bool {
		c, err := net.Dial("tcp", r.addr.String())
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	eventually(t, "the use before the stop is written", func() bool { return uses() == 1 })
	_, err = io.WriteString(conn, body[5:])
	must(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 || !strings.Contains(string(text), `"outcome":"ok"`) {
		t.Errorf("%d %s, %v", answer.StatusCode, text, err)
	}
	must(t, <-stopped)
	if n := uses(); n != 2 {
		t.Errorf("%d uses, want 2", n)
	}
}

func TestAStoreThatIsGoneMakesTheServerUnready(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0", MaxStale: 50 * time.Millisecond})
	must(t, os.Rename(f.Path(), f.Path()+".away"))
	eventually(t, "unready", func() bool {
		status, _, _ := r.ask("GET", "/readyz", "")
		return status == http.StatusServiceUnavailable
	})
	if status, _, _ := r.ask("GET", "/auth", "", "Authorization", "Bearer "+f.key); status != http.StatusServiceUnavailable {
		t.Errorf("/auth: %d", status)
	}
	if status, _, _ := r.ask("GET", "/healthz", ""); status != 200 {
		t.Errorf("/healthz: %d", status)
	}
	must(t, os.Rename(f.Path()+".away", f.Path()))
	eventually(t, "ready again", func() bool {
		status, _, _ := r.ask("GET", "/readyz", "")
		return status == 200
	})
	if !strings.Contains(r.log.String(), `msg="the store can be read again"`) {
		t.Errorf("the log lacks the end: %s", r.log)
	}
	if n := strings.Count(r.log.String(), "msg=warning"); n == 0 || n > 10 {
		t.Errorf("%d warnings: %s", n, r.log)
	}
}

func TestTheHourlyRecord(t *testing.T) {
	f := newFixture(t)
	s, err := newServer(t.Context(), f.Store, Config{Listen: "127.0.0.1:0"}.withDefaults())
	must(t, err)
	before, err := f.Head(t.Context())
	must(t, err)
	s.heartbeat(t.Context())
	after, err := f.Head(t.Context())
	if err != nil || after.Size != before.Size+1 || len(f.records("serve.heartbeat")) != 1 {
		t.Errorf("from %d to %d, %v", before.Size, after.Size, err)
	}
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	f := newFixture(t)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer busy.Close()
	readOnly, err := keystore.Open(t.Context(), f.Path(), keystore.WithReadOnly())
	must(t, err)
	for _, c := range []struct {
		name  string
		store *keystore.Store
		c     Config
		want  string
	}{
		{"a port in use", f.Store, Config{Listen: busy.Addr().String()}, "is in use by another program"},
		{"every address", f.Store, Config{Listen: ":0"}, "is not loopback, and keys would cross the network in the clear"},
		{"another address", f.Store, Config{Listen: "192.0.2.1:7425"}, "--insecure-listen"},
		{"a name", f.Store, Config{Listen: "example.org:7425"}, "is not loopback"},
		{"no port", f.Store, Config{Listen: "127.0.0.1"}, "write host:port"},
		{"a proxy that is everybody", f.Store, Config{Listen: "127.0.0.1:0", TrustedProxies: []string{"::/0"}}, "anybody could claim any address"},
		{"half of TLS", f.Store, Config{Listen: "127.0.0.1:0", TLSCert: "cert.pem"}, "both a certificate file and a key file"},
		{"no certificate", f.Store, Config{Listen: "127.0.0.1:0", TLSCert: "/none/cert.pem", TLSKey: "/none/key.pem"}, "/none/cert.pem"},
		{"a store for reading", readOnly, Config{Listen: "127.0.0.1:0"}, "writing the start to the journal: read-only"},
	} {
		err := Run(t.Context(), c.store, c.c)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.name, err, c.want)
		}
	}
	if got := f.records("serve.start"); len(got) != 0 {
		t.Errorf("servers that did not start are in the journal: %+v", got)
	}
}

func TestALoopbackNameIsEnough(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "0.0.0.0": false, "::": false, "10.0.0.1": false, "localhost.example.org": false,
	} {
		if isLoopback(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
}

func TestAnEndedContextStartsNothing(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, f.Store, Config{Listen: "127.0.0.1:0"}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestNoKeyIsEverLogged(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "127.0.0.1:0", TrustedProxies: []string{"127.0.0.1"}})
	for _, headers := range [][]string{
		{"Authorization", "Bearer " + f.key + "x"},
		{"Authorization", "Bearer junk", "User-Agent", f.key},
		{"Authorization", "Bearer " + f.key, "X-Forwarded-For", f.key},
		{"Authorization", "Bearer junk", "X-Original-Method", "GET", "X-Original-URI", "/" + f.key},
		{"X-API-Key", f.key[:60]},
	} {
		for _, path := range []string{"/auth", "/auth/" + f.key, "/auth?scope=" + f.key, "/auth?" + f.key + "=1", "/v1/verify", "/" + f.key} {
			_, _, body := r.ask("POST", path, f.key, append(slices.Clone(headers), "Content-Type", "application/json")...)
			if strings.Contains(body, f.key[18:40]) {
				t.Errorf("%s with %v: the answer repeats the key", path, headers[:1])
			}
		}
	}
	must(t, r.stop())
	if strings.Contains(r.log.String(), f.key[18:40]) {
		t.Errorf("the log holds the key:\n%s", r.log)
	}
	must(t, f.Journal(t.Context(), 0, func(seq int64, raw []byte) error {
		if strings.Contains(string(raw), f.key[18:40]) {
			t.Errorf("record %d holds the key", seq)
		}
		return nil
	}))
}
