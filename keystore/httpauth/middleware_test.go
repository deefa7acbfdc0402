package httpauth

import (
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestTheMiddlewareLetsGoodKeysThroughAndSaysWhoseTheyAre(t *testing.T) {
	f := newFixture(t)
	k, key := f.key(keystore.NewKey{Name: "k", Scopes: []keystore.Scope{"chat:*"}, Expires: noon.Add(time.Hour)})
	var got Identity
	var known bool
	h := Middleware(f.verify(), RequireScope("chat:write"), TrustProxies(proxies(t, "192.0.2.1")))(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got, known = FromContext(r.Context())
			body, _ := io.ReadAll(r.Body)
			_, _ = w.Write(body)
		}))
	w := call(h, http.MethodPost, "/v1/chat?q=secret", "hello", bearerLine(key), "X-Forwarded-For: 203.0.113.7")
	if w.Code != 200 || w.Body.String() != "hello" {
		t.Fatalf("%d %q", w.Code, w.Body)
	}
	if !known || got.Key != k.ID || got.KeyName != "k" || got.User != f.bot.ID || got.UserName != "bot" || got.Secret != k.Secrets[0].ID ||
		!got.Expires.Equal(noon.Add(time.Hour)) || got.Addr != netip.MustParseAddr("203.0.113.7") {
		t.Errorf("%+v", got)
	}
	if !got.May("chat:write") || got.May("files:read") {
		t.Errorf("scopes %v", got.Scopes)
	}
	if use := f.lastNote(); use.Route != "POST /v1/chat" {
		t.Errorf("route %q", use.Route)
	}
	if _, known := FromContext(t.Context()); known {
		t.Error("an identity out of nowhere")
	}
}

func TestTheMiddlewareAnswersTheRest(t *testing.T) {
	f := newFixture(t)
	keys := f.kinds()
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request was let through") })
	h := Middleware(f.verify(), RequireScope("admin:all"), TrustProxies(proxies(t, "192.0.2.1")), WithThrottle(NewThrottle(3)), f.watch())(next)
	for _, c := range []struct {
		name   string
		lines  []string
		status int
		code   string
	}{
		{"no key", nil, 401, "unauthorized"},
		{"a typo", []string{bearerLine(keys["typo"])}, 401, "invalid_token"},
		{"an expired key", []string{bearerLine(keys["short"])}, 401, "invalid_token"},
		{"another address", []string{bearerLine(keys["elsewhere"])}, 403, "access_denied"},
		{"a scope it lacks", []string{bearerLine(keys["good"])}, 403, "insufficient_scope"},
		{"an unreadable address", []string{bearerLine(keys["good"]), "X-Forwarded-For: unknown"}, 400, "invalid_request"},
		{"a wrong secret", []string{bearerLine(keys["wrong"])}, 401, "invalid_token"},
		{"another", []string{bearerLine(keys["wrong"])}, 401, "invalid_token"},
		{"one too many", []string{bearerLine(keys["wrong"])}, 429, "too_many_requests"},
	} {
		w := call(h, http.MethodGet, "/", "", c.lines...)
		checkError(t, c.name, w, c.status, c.code)
		if (c.status == 429) != (w.Header().Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After %q", c.name, w.Header().Get("Retry-After"))
		}
		for name, key := range keys {
			if len(key) > 20 && strings.Contains(w.Body.String()+w.Header().Get("WWW-Authenticate"), key[18:]) {
				t.Errorf("%s: the answer repeats the key %q", c.name, name)
			}
		}
	}
	if len(f.refusals) != 9 {
		t.Errorf("%d refusals were observed", len(f.refusals))
	}
}

func TestTheErrorBodyCanBeReplaced(t *testing.T) {
	f := newFixture(t)
	h := Middleware(f.verify(), WithErrorBody(func(w http.ResponseWriter, _ *http.Request, no Refusal) {
		w.WriteHeader(no.Status)
		_, _ = io.WriteString(w, "sorry: "+no.Text)
	}))(http.NotFoundHandler())
	w := call(h, http.MethodGet, "/", "")
	if w.Code != 401 || !strings.HasPrefix(w.Body.String(), "sorry: send a key") || w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}

func TestADemandThatIsNoScopeIsAProgrammingError(t *testing.T) {
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, `"chat"`) {
			t.Errorf("panic %q", text)
		}
	}()
	RequireScope("chat:read", "chat")
}

func TestHandlersDoNotShareTheirDemands(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k"})
	v := f.verify()
	shared := RequireScope("chat:read")
	strict := ForwardAuth(v, shared, RequireScope("admin:all"))
	strictToo := ForwardAuth(v, RequireScope("admin:all"), shared)
	plain := ForwardAuth(v, shared)
	for _, c := range []struct {
		h    http.Handler
		want int
	}{{strict, 403}, {strictToo, 403}, {plain, 200}} {
		if w := call(c.h, http.MethodGet, "/auth", "", bearerLine(key)); w.Code != c.want {
			t.Errorf("%d, want %d", w.Code, c.want)
		}
	}
}

func TestTheClientIsToldWhenItsKeyEndsIfThatIsWanted(t *testing.T) {
	f := newFixture(t)
	_, dated := f.key(keystore.NewKey{Name: "dated", Expires: noon.Add(time.Hour), RotateEvery: 30 * 24 * time.Hour})
	_, open := f.key(keystore.NewKey{Name: "open"})
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	v := f.verify()
	for _, c := range []struct {
		name, key, left, rotate string
		list                    []Option
	}{
		{"not asked for", dated, "", "", nil},
		{"asked for", dated, "3600", noon.AddDate(0, 0, 30).Format(time.RFC3339), []Option{TellClient()}},
		{"nothing to tell", open, "", "", []Option{TellClient()}},
		{"a refused one", "junk", "", "", []Option{TellClient()}},
	} {
		h := call(Middleware(v, c.list...)(next), http.MethodGet, "/", "", bearerLine(c.key)).Header()
		if h.Get("X-Pakdeck-Expires-In") != c.left || h.Get("X-Pakdeck-Rotate-By") != c.rotate {
			t.Errorf("%s: %v", c.name, h)
		}
	}
}
