package httpauth

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// ours are the headers that are in every answer.
var ours = []string{
	"X-Pakdeck-Key-Id", "X-Pakdeck-Key-Name", "X-Pakdeck-User",
	"X-Pakdeck-Scopes", "X-Pakdeck-Expires-In", "X-Pakdeck-Rotate-By", "X-Pakdeck-Reason",
}

func TestWhatAProxyIsTold(t *testing.T) {
	f := newFixture(t)
	keys := f.kinds()
	h := ForwardAuth(f.verify(), f.watch())
	const invalid = `Bearer realm="pakdeck", error="invalid_token"`
	for _, c := range []struct {
		name, target, auth string
		status             int
		challenge, reason  string
	}{
		{"good", "/auth", bearerLine(keys["good"]), 200, "", "ok"},
		{"good by X-API-Key", "/auth", "X-API-Key: " + keys["good"], 200, "", "ok"},
		{"a scope it has", "/auth?scope=chat:write", bearerLine(keys["good"]), 200, "", "ok"},
		{"two scopes it has", "/auth?scope=chat:write&scope=files:read", bearerLine(keys["good"]), 200, "", "ok"},
		{"no key", "/auth", "Accept: */*", 401, `Bearer realm="pakdeck"`, ""},
		{"another scheme", "/auth", "Authorization: Basic dTpw", 401, `Bearer realm="pakdeck"`, ""},
		{"an empty bearer", "/auth", "Authorization: Bearer", 401, invalid, ""},
		{"typo", "/auth", bearerLine(keys["typo"]), 401, invalid, ""},
		{"wrong secret", "/auth", bearerLine(keys["wrong"]), 401, invalid, ""},
		{"revoked", "/auth", bearerLine(keys["revoked"]), 401, invalid, "revoked"},
		{"disabled", "/auth", bearerLine(keys["disabled"]), 401, invalid, "disabled"},
		{"owner disabled", "/auth", bearerLine(keys["owned"]), 401, invalid, "owner_disabled"},
		{"not yet valid", "/auth", bearerLine(keys["later"]), 401, invalid, "not_yet_valid"},
		{"expired", "/auth", bearerLine(keys["short"]), 401, invalid, "expired"},
		{"another address", "/auth", bearerLine(keys["elsewhere"]), 403, "", "ip_denied"},
		{
			"a scope it lacks", "/auth?scope=files:write", bearerLine(keys["good"]), 403,
			`Bearer realm="pakdeck", error="insufficient_scope", scope="files:write"`, "scope_denied",
		},
		{
			"one scope of two", "/auth?scope=chat:read+admin:all", bearerLine(keys["good"]), 403,
			`Bearer realm="pakdeck", error="insufficient_scope", scope="chat:read admin:all"`, "scope_denied",
		},
	} {
		w := call(h, http.MethodGet, c.target, "", c.auth)
		if w.Code != c.status || w.Header().Get("WWW-Authenticate") != c.challenge {
			t.Errorf("%s: %d %q, want %d %q", c.name, w.Code, w.Header().Get("WWW-Authenticate"), c.status, c.challenge)
		}
		if got := w.Header().Get("X-Pakdeck-Reason"); got != c.reason {
			t.Errorf("%s: reason %q, want %q", c.name, got, c.reason)
		}
		checkForwardAnswer(t, c.name, w)
	}
}

// checkForwardAnswer checks what holds of every answer to a proxy.
func checkForwardAnswer(t *testing.T, name string, w *httptest.ResponseRecorder) {
	t.Helper()
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("%s: Cache-Control %q", name, got)
	}
	for _, header := range ours {
		values := w.Header()[header]
		if len(values) != 1 {
			t.Errorf("%s: %s is there %d times", name, header, len(values))
		} else if w.Code != 200 && header != "X-Pakdeck-Reason" && values[0] != "" {
			t.Errorf("%s: a refusal says %s: %s", name, header, values[0])
		}
	}
	if w.Code == 200 && w.Body.Len() > 0 {
		t.Errorf("%s: body %q", name, w.Body)
	}
	if w.Code != 200 && !strings.Contains(w.Body.String(), `"error":`) {
		t.Errorf("%s: body %q says nothing", name, w.Body)
	}
}

func TestAProxyIsToldWhoseKeyItIs(t *testing.T) {
	f := newFixture(t)
	k, key := f.key(keystore.NewKey{Name: "生产 100%", Scopes: []keystore.Scope{"chat:read", "files:read"}, Expires: noon.Add(90 * time.Second)})
	_, never := f.key(keystore.NewKey{Name: "plain"})
	f.now = func() time.Time { return noon.Add(500 * time.Millisecond) }
	h := ForwardAuth(f.verify())
	got := call(h, http.MethodGet, "/auth", "", bearerLine(key)).Header()
	want := map[string]string{
		"X-Pakdeck-Key-Id": string(k.ID), "X-Pakdeck-Key-Name": "%E7%94%9F%E4%BA%A7%20100%25", "X-Pakdeck-User": "bot",
		"X-Pakdeck-Scopes": "chat:read files:read", "X-Pakdeck-Expires-In": "89", "X-Pakdeck-Reason": "ok",
	}
	for name, value := range want {
		if got.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, got.Get(name), value)
		}
	}
	if got := call(h, http.MethodGet, "/auth", "", bearerLine(never)).Header(); got.Get("X-Pakdeck-Expires-In") != "" || got.Get("X-Pakdeck-Key-Name") != "plain" {
		t.Errorf("a key that never expires: %v", got)
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"ci-deploy", "a b", "100%", "生产", "\x00\r\n", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := string(appendEscaped(nil, s))
		for i := range len(e) {
			if e[i] <= 0x20 || e[i] >= 0x7f {
				t.Fatalf("%q is escaped as %q", s, e)
			}
		}
		if back, err := url.PathUnescape(e); err != nil || back != s {
			t.Errorf("%q comes back as %q, %v", s, back, err)
		}
	})
}

func TestEveryMethodIsAnsweredAndNoBodyIsRead(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k"})
	h := ForwardAuth(f.verify())
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"} {
		r := httptest.NewRequest(method, "/auth", unreadable{t})
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
}

type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, fmt.Errorf("unreadable")
}

func TestSeveralKeysAreRefusedWithAStatusThatNginxPassesOn(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k"})
	w := call(ForwardAuth(f.verify()), http.MethodGet, "/auth", "", bearerLine(key), bearerLine(key))
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") != `Bearer realm="pakdeck", error="invalid_request"` {
		t.Errorf("%d %q", w.Code, w.Header().Get("WWW-Authenticate"))
	}
	checkForwardAnswer(t, "two keys", w)
}

func TestAnAddressThatCannotBeToldIsRefusedBeforeTheKeyIsLookedAt(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k"})
	h := ForwardAuth(f.verify(), TrustProxies(proxies(t, "192.0.2.0/24")), f.watch())
	w := call(h, http.MethodGet, "/auth", "", bearerLine(key), "X-Forwarded-For: unknown")
	if w.Code != 403 || w.Header().Get("X-Pakdeck-Reason") != "" || w.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	checkForwardAnswer(t, "bad hop", w)
	if no := f.lastRefusal(); no.Err == nil || no.Outcome != "" {
		t.Errorf("%+v", no)
	}
	if n := f.verifier.Counts(); n != [len(keystore.Outcomes)]uint64{} {
		t.Errorf("counted: %v", n)
	}
}

func TestADemandThatIsNotUnderstoodIsAMistakeInTheConfiguration(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k"})
	h := ForwardAuth(f.verify(), f.watch())
	for _, query := range []string{"scope=chat", "scope=", "scope", "scopes=chat:read", "scope=chat:read&x=1", "a;b", "scope=%zz", "scope=CHAT:READ"} {
		w := call(h, http.MethodGet, "/auth?"+query, "", bearerLine(key))
		if w.Code != 500 {
			t.Errorf("%s: %d", query, w.Code)
		}
		checkForwardAnswer(t, query, w)
		if no := f.lastRefusal(); no.Err == nil || no.Status != 500 {
			t.Errorf("%s: %+v", query, no)
		}
	}
}

func TestScopesOfTheHandlerAreDemandedToo(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k", Scopes: []keystore.Scope{"chat:read"}})
	h := ForwardAuth(f.verify(), RequireScope("chat:read"))
	if w := call(h, http.MethodGet, "/auth", "", bearerLine(key)); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	for range 2 {
		if w := call(h, http.MethodGet, "/auth?scope=chat:write", "", bearerLine(key)); w.Code != 403 {
			t.Errorf("with one more: %d", w.Code)
		}
	}
}

func TestStaleAnswersAre503(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k"})
	h := ForwardAuth(f.verify(), WithThrottle(NewThrottle(1)))
	f.now = func() time.Time { return noon.Add(2 * time.Hour) }
	for range 3 {
		w := call(h, http.MethodGet, "/auth", "", bearerLine(key))
		if w.Code != 503 || w.Header().Get("Retry-After") != "1" {
			t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
		}
		checkForwardAnswer(t, "stale", w)
	}
}

func TestAThrottledNetworkIsToldToWaitAndItsGoodKeysWork(t *testing.T) {
	f := newFixture(t)
	keys := f.kinds()
	th := NewThrottle(2)
	h := ForwardAuth(f.verify(), WithThrottle(th))
	send := func(key string) *httptest.ResponseRecorder {
		return call(h, http.MethodGet, "/auth", "", bearerLine(key))
	}
	for range 5 {
		send(keys["good"])
		send(keys["revoked"]) // proven: no guess
		call(h, http.MethodGet, "/auth", "")
	}
	for range 2 {
		if w := send(keys["typo"]); w.Code != 401 || w.Header().Get("Retry-After") != "" {
			t.Errorf("within the allowance: %d %v", w.Code, w.Header())
		}
	}
	w := send(keys["wrong"])
	if w.Code != 401 || w.Header().Get("Retry-After") != "30" || w.Header().Get("WWW-Authenticate") != `Bearer realm="pakdeck", error="invalid_token"` {
		t.Errorf("over the allowance: %d %v", w.Code, w.Header())
	}
	checkForwardAnswer(t, "throttled", w)
	if w := send(keys["good"]); w.Code != 200 {
		t.Errorf("a good key from a throttled network: %d", w.Code)
	}
	if w := send(keys["revoked"]); w.Code != 401 || w.Header().Get("Retry-After") != "" {
		t.Errorf("a revoked key from a throttled network: %d %v", w.Code, w.Header())
	}
	if th.Refused() != 1 {
		t.Errorf("%d were refused for being too many", th.Refused())
	}
}

func TestTheCallerThatIsRecorded(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k"})
	v := f.verify()
	trusting := ForwardAuth(v, TrustProxies(proxies(t, "192.0.2.1")))
	other := ForwardAuth(v)
	for i, c := range []struct {
		name  string
		h     http.Handler
		lines []string
		route string
		ip    string
	}{
		{"nginx", trusting, []string{"X-Original-Method: POST", "X-Original-URI: /v1/chat?user=x#y"}, "POST /v1/chat", "192.0.2.1"},
		{"Traefik", trusting, []string{"X-Forwarded-Method: PUT", "X-Forwarded-Uri: /v1/files", "X-Forwarded-For: 203.0.113.7"}, "PUT /v1/files", "203.0.113.7"},
		{
			"a client that sends nginx's headers through Traefik", trusting,
			[]string{"X-Forwarded-Method: PUT", "X-Forwarded-Uri: /v1/a", "X-Original-Method: GET", "X-Original-URI: /v1/b"},
			"PUT /v1/a", "192.0.2.1",
		},
		{"half of it", trusting, []string{"X-Forwarded-Method: PUT", "X-Original-Method: GET", "X-Original-URI: /v1/b"}, "GET /v1/b", "192.0.2.1"},
		{"nothing", trusting, nil, "GET /auth", "192.0.2.1"},
		{"absolute form", trusting, []string{"X-Original-Method: GET", "X-Original-URI: http://h:80/v1/c?x"}, "GET /v1/c", "192.0.2.1"},
		{"absolute form without a path", trusting, []string{"X-Original-Method: GET", "X-Original-URI: http://h?x"}, "GET /", "192.0.2.1"},
		{"authority form", trusting, []string{"X-Original-Method: CONNECT", "X-Original-URI: h:443"}, "CONNECT h:443", "192.0.2.1"},
		{"a key in the query", trusting, []string{"X-Original-Method: GET", "X-Original-URI: /v1/e?a=1&api_key=" + key}, "GET /v1/e?{key}", "192.0.2.1"},
		{"a key in the path", trusting, []string{"X-Original-Method: GET", "X-Original-URI: /v1/" + key + "?x"}, "GET /v1/" + token.Redact("pak", key), "192.0.2.1"},
		{"an untrusted peer", other, []string{"X-Original-Method: POST", "X-Original-URI: /v1/d", "X-Forwarded-For: 203.0.113.9"}, "GET /auth", "192.0.2.1"},
	} {
		agent := fmt.Sprint("agent/", i)
		lines := append(c.lines, bearerLine(key), "User-Agent: "+agent)
		if w := call(c.h, http.MethodGet, "/auth", "", lines...); w.Code != 200 {
			t.Fatalf("%s: %d", c.name, w.Code)
		}
		use := f.lastNote()
		if use.Route != c.route || use.IP != netip.MustParseAddr(c.ip) || use.Agent != agent {
			t.Errorf("%s: %+v, want %q from %s", c.name, use.Caller, c.route, c.ip)
		}
	}
}

func TestAKeyStringInTheWrongPlaceIsRedacted(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k"})
	h := ForwardAuth(f.verify(), TrustProxies(proxies(t, "192.0.2.1")), f.watch())
	hidden := key[:20] + "%" + fmt.Sprintf("%02X", key[20]) + key[21:]
	for _, lines := range [][]string{
		{"X-Original-Method: GET", "X-Original-URI: /v1/" + key + "/x"},
		{"X-Original-Method: GET", "X-Original-URI: /v1/" + hidden},
		{"X-Forwarded-Method: " + key, "X-Forwarded-Uri: /v1"},
		{"User-Agent: curl " + key},
		{"X-Original-Method: GET", "X-Original-URI: /" + key[:60]},
	} {
		for _, auth := range []string{bearerLine(key), "Authorization: Bearer junk"} {
			call(h, http.MethodGet, "/auth", "", append(lines, auth)...)
			use := f.lastNote()
			if text := fmt.Sprintf("%+v %+v", use.Caller, f.refusals); strings.Contains(text, key[18:40]) || strings.Contains(text, hidden[18:40]) {
				t.Errorf("%q is recorded as %s", lines, text)
			}
		}
	}
}

func TestEnvoyAsksWithTheTargetOfTheClient(t *testing.T) {
	f := newFixture(t)
	_, key := f.key(keystore.NewKey{Name: "k", Scopes: []keystore.Scope{"chat:read"}})
	h := http.StripPrefix("/auth", ExtAuthz(f.verify(), TrustProxies(proxies(t, "192.0.2.1"))))
	w := call(h, http.MethodPost, "/auth/v1/chat?scope=admin:all&x=%zz", "", bearerLine(key),
		"X-Forwarded-For: 203.0.113.7", "X-Original-Method: GET", "X-Original-URI: /forged")
	if w.Code != 200 {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	if use := f.lastNote(); use.Route != "POST /v1/chat" || use.IP != netip.MustParseAddr("203.0.113.7") {
		t.Errorf("%+v", use.Caller)
	}
}

func TestTheRealmIsQuoted(t *testing.T) {
	f := newFixture(t)
	w := call(ForwardAuth(f.verify(), WithRealm("a \"b\"\\c\r\né")), http.MethodGet, "/auth", "")
	if got := w.Header().Get("WWW-Authenticate"); got != `Bearer realm="a \"b\"\\c???"` {
		t.Errorf("%q", got)
	}
}
