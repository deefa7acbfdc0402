package httpauth

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// manager issues a key that may ask about others.
func (f *fixture) manager() string {
	f.t.Helper()
	u := f.user("gateway", "pakdeck:*")
	_, key := f.key(keystore.NewKey{User: u.ID, Name: "asks", Scopes: []keystore.Scope{"pakdeck:verify"}, Rules: rules("192.0.2.0/24", "")})
	return key
}

const jsonLine = "Content-Type: application/json; charset=utf-8"

func verifyQuestion(h http.Handler, manager, body string) *httptest.ResponseRecorder {
	return call(h, http.MethodPost, "/v1/verify", body, bearerLine(manager), jsonLine)
}

func questionAbout(key string, more ...string) string {
	m := map[string]string{"key": key}
	for i := 0; i < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	b, _ := json.Marshal(m)
	return string(b)
}

func TestAProgramAsksAboutAKey(t *testing.T) {
	f := newFixture(t)
	manager := f.manager()
	keys := f.kinds()
	k, dated := f.key(keystore.NewKey{Name: "dated", Expires: noon.Add(time.Hour), Scopes: []keystore.Scope{"chat:read"}})
	h := VerifyAPI(f.verify(), f.watch())
	nobody := `"valid":false,"key_id":"","key_name":"","user":"","scopes":[],"expires":null,"expires_in":null,"rotate_by":null}`
	for _, c := range []struct{ name, body, want string }{
		{
			"a good key", questionAbout(dated, "scope", "chat:read", "ip", "203.0.113.7"),
			`{"outcome":"ok","valid":true,"key_id":"` + string(k.ID) + `","key_name":"dated","user":"bot","scopes":["chat:read"],` +
				`"expires":"2026-11-23T13:00:00Z","expires_in":3599,"rotate_by":null}`,
		},
		{"junk", questionAbout("junk"), `{"outcome":"malformed",` + nobody},
		{"a wrong secret", questionAbout(keys["wrong"]), `{"outcome":"wrong_secret",` + nobody},
		{"an expired key", questionAbout(keys["short"]), `"expires":"2026-11-23T12:00:01Z","expires_in":0,"rotate_by":null}`},
		{"a scope it lacks", questionAbout(dated, "scope", "chat:read chat:write"), `{"outcome":"scope_denied","valid":false,"key_id":"` + string(k.ID)},
		{"a denied address", questionAbout(keys["elsewhere"], "ip", "203.0.113.7"), `{"outcome":"ip_denied"`},
		{"an allowed address", questionAbout(keys["elsewhere"], "ip", "10.0.0.1"), `{"outcome":"ok"`},
		{"an unknown address", questionAbout(keys["elsewhere"]), `{"outcome":"ip_denied"`},
		{"a key that never expires", questionAbout(keys["good"]), `"expires":null,"expires_in":null,"rotate_by":null}`},
	} {
		w := verifyQuestion(h, manager, c.body)
		if w.Code != 200 || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: %d %s, want %s", c.name, w.Code, w.Body, c.want)
		}
		if w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", c.name, w.Header())
		}
	}
	if no := f.lastRefusal(); no.Status != http.StatusOK || no.Route != "POST /v1/verify" || no.Outcome != keystore.IPDenied {
		t.Errorf("of a negative answer the log learns %+v", no)
	}
}

func TestAQuestionCountsAsAUseOfBothKeys(t *testing.T) {
	f := newFixture(t)
	manager := f.manager()
	k, key := f.key(keystore.NewKey{Name: "k"})
	h := VerifyAPI(f.verify())
	verifyQuestion(h, manager, questionAbout(key, "ip", "203.0.113.7", "agent", "sdk/1 "+key, "route", "POST /v1/"+key))
	f.must(f.verifier.Flush(t.Context()))
	if len(f.notes) != 2 {
		t.Fatalf("%d uses noted, want 2", len(f.notes))
	}
	if asks := f.notes[0]; asks.Ref != "gateway/asks" || asks.Route != "POST /v1/verify" || asks.IP != netip.MustParseAddr("192.0.2.1") {
		t.Errorf("the management key: %+v", asks)
	}
	use := f.notes[1]
	if use.Key != k.ID || use.IP != netip.MustParseAddr("203.0.113.7") || !strings.HasPrefix(use.Agent, "sdk/1 pak_") || !strings.HasPrefix(use.Route, "POST /v1/pak_") {
		t.Errorf("the key: %+v", use)
	}
	if strings.Contains(use.Agent+use.Route, key[18:]) {
		t.Errorf("the key string is recorded: %+v", use.Caller)
	}
}

func TestWhoMayAsk(t *testing.T) {
	f := newFixture(t)
	manager := f.manager()
	keys := f.kinds()
	v := f.verify()
	for path, h := range map[string]http.Handler{"/v1/verify": VerifyAPI(v), "/oauth/introspect": Introspection(v)} {
		for _, c := range []struct {
			name, auth string
			status     int
			code       string
		}{
			{"no key", "Accept: */*", 401, "unauthorized"},
			{"a key without the scope", bearerLine(keys["good"]), 403, "insufficient_scope"},
			{"a revoked key", bearerLine(keys["revoked"]), 401, "invalid_token"},
			{"junk", bearerLine("junk"), 401, "invalid_token"},
		} {
			w := call(h, http.MethodPost, path, `{"key":"x"}`, c.auth, jsonLine)
			checkError(t, path+": "+c.name, w, c.status, c.code)
		}
		if w := call(h, http.MethodPost, path, "", bearerLine(manager), bearerLine(manager)); w.Code != 400 {
			t.Errorf("%s: two keys: %d", path, w.Code)
		}
	}
	far := httptest.NewRequest(http.MethodPost, "/v1/verify", strings.NewReader(`{"key":"x"}`))
	far.RemoteAddr = "198.51.100.1:1"
	far.Header.Set("Authorization", "Bearer "+manager)
	w := httptest.NewRecorder()
	VerifyAPI(v).ServeHTTP(w, far)
	checkError(t, "a management key from an address it may not be used from", w, 403, "access_denied")
}

// checkError checks the status and the code of a JSON error.
func checkError(t *testing.T, name string, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	var body struct {
		Code string `json:"error"`
		Text string `json:"error_description"`
	}
	err := json.Unmarshal(w.Body.Bytes(), &body)
	if w.Code != status || err != nil || body.Code != code || body.Text == "" {
		t.Errorf("%s: %d %s (%v), want %d %s", name, w.Code, w.Body, err, status, code)
	}
	if challenged := w.Header().Get("WWW-Authenticate") != ""; challenged != (status == 401 || code == "insufficient_scope") {
		t.Errorf("%s: %d with WWW-Authenticate %q", name, status, w.Header().Get("WWW-Authenticate"))
	}
}

func TestAQuestionInTheWrongForm(t *testing.T) {
	f := newFixture(t)
	manager := f.manager()
	v := f.verify()
	ask := VerifyAPI(v)
	introspect := Introspection(v)
	auth := bearerLine(manager)
	const form = "Content-Type: application/x-www-form-urlencoded"
	for _, c := range []struct {
		name   string
		w      *httptest.ResponseRecorder
		status int
	}{
		{"GET", call(ask, "GET", "/v1/verify", "", auth), 405},
		{"GET", call(introspect, "GET", "/oauth/introspect", "", auth), 405},
		{"no content type", call(ask, "POST", "/v1/verify", `{"key":"x"}`, auth), 415},
		{"a form", call(ask, "POST", "/v1/verify", "key=x", auth, form), 415},
		{"JSON", call(introspect, "POST", "/oauth/introspect", `{}`, auth, jsonLine), 415},
		{"too much", call(ask, "POST", "/v1/verify", `{"key":"`+strings.Repeat("x", maxBody)+`"}`, auth, jsonLine), 413},
		{"as much as may be", call(ask, "POST", "/v1/verify", `{"key":"`+strings.Repeat("x", maxBody-10)+`"}`, auth, jsonLine), 200},
		{"no JSON", call(ask, "POST", "/v1/verify", `key`, auth, jsonLine), 400},
		{"no token", call(introspect, "POST", "/oauth/introspect", "tok=x", auth, form), 400},
		{"two tokens", call(introspect, "POST", "/oauth/introspect", "token=x&token=y", auth, form), 400},
		{"two addresses", call(introspect, "POST", "/oauth/introspect", "token=x&ip=10.0.0.1&ip=10.0.0.2", auth, form), 400},
		{"no address", call(introspect, "POST", "/oauth/introspect", "token=x&ip=y", auth, form), 400},
		{"no form", call(introspect, "POST", "/oauth/introspect", "token=%zz", auth, form), 400},
	} {
		if c.w.Code != c.status {
			t.Errorf("%s: %d %s, want %d", c.name, c.w.Code, c.w.Body, c.status)
		}
		if c.status == 405 && c.w.Header().Get("Allow") != "POST" {
			t.Errorf("%s: Allow %q", c.name, c.w.Header().Get("Allow"))
		}
	}
}

func TestAnErrorAboutAQuestionDoesNotRepeatAKeyString(t *testing.T) {
	f := newFixture(t)
	manager := f.manager()
	_, key := f.key(keystore.NewKey{Name: "k"})
	h := VerifyAPI(f.verify())
	for _, body := range []string{
		`{"` + key + `":"x"}`, `{"key":"x","ip":"` + key + `"}`, `{"key":"x","scope":"` + key + `"}`,
		`{"key":"x","scope":"a:b ` + key + `"}`, `"` + key + `"`, `{"key":"x"}` + key,
	} {
		w := verifyQuestion(h, manager, body)
		if w.Code != 400 || strings.Contains(w.Body.String(), key[18:30]) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestIntrospection(t *testing.T) {
	f := newFixture(t)
	manager := f.manager()
	keys := f.kinds()
	k, dated := f.key(keystore.NewKey{Name: "dated", Expires: noon.Add(time.Hour)})
	h := Introspection(f.verify())
	ask := func(form url.Values) *httptest.ResponseRecorder {
		return call(h, http.MethodPost, "/oauth/introspect", form.Encode(), bearerLine(manager), "Content-Type: application/x-www-form-urlencoded")
	}
	w := ask(url.Values{"token": {dated}, "token_type_hint": {"access_token"}, "unknown": {"1", "2"}})
	want := `{"active":true,"scope":"chat:* files:read","client_id":"` + string(k.ID) + `","username":"bot","token_type":"Bearer","exp":1795438800,"sub":"` + string(f.bot.ID) + `"}` + "\n"
	if w.Code != 200 || w.Body.String() != want {
		t.Errorf("%d %s, want %s", w.Code, w.Body, want)
	}
	for _, form := range []url.Values{
		{"token": {"junk"}},
		{"token": {keys["wrong"]}},
		{"token": {keys["revoked"]}},
		{"token": {keys["short"]}},
		{"token": {keys["elsewhere"]}},
		{"token": {keys["elsewhere"]}, "ip": {"192.0.2.1"}},
	} {
		if w := ask(form); w.Code != 200 || w.Body.String() != `{"active":false}`+"\n" {
			t.Errorf("%v: %d %s", form, w.Code, w.Body)
		}
	}
	if w := ask(url.Values{"token": {keys["elsewhere"]}, "ip": {"10.0.0.1"}}); !strings.Contains(w.Body.String(), `"active":true`) {
		t.Errorf("from an allowed address: %s", w.Body)
	}
}

func TestFailuresOfClientsCountAgainstTheirOwnNetwork(t *testing.T) {
	f := newFixture(t)
	manager := f.manager()
	_, key := f.key(keystore.NewKey{Name: "k"})
	h := VerifyAPI(f.verify(), WithThrottle(NewThrottle(2)), f.watch())
	for i := range 2 {
		if w := verifyQuestion(h, manager, questionAbout("junk", "ip", "203.0.113.7")); w.Code != 200 {
			t.Fatalf("failure %d: %d %s", i+1, w.Code, w.Body)
		}
	}
	w := verifyQuestion(h, manager, questionAbout("junk", "ip", "203.0.113.200"))
	checkError(t, "the third", w, 429, "too_many_requests")
	if w.Header().Get("Retry-After") != "30" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	for name, body := range map[string]string{
		"a good key from there":      questionAbout(key, "ip", "203.0.113.7"),
		"a failure from elsewhere":   questionAbout("junk", "ip", "198.51.100.7"),
		"a failure without address":  questionAbout("junk"),
		"another without an address": questionAbout("junk"),
		"a third":                    questionAbout("junk"),
	} {
		if w := verifyQuestion(h, manager, body); w.Code != 200 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	for range 2 {
		call(h, http.MethodPost, "/v1/verify", "", bearerLine("junk"))
	}
	checkError(t, "a bad management key", call(h, http.MethodPost, "/v1/verify", "", bearerLine("junk")), 429, "too_many_requests")
	if w := verifyQuestion(h, manager, questionAbout(key)); w.Code != 200 {
		t.Errorf("the good management key from the same network: %d", w.Code)
	}
}

func TestNoQuestionIsAnsweredFromAStaleStore(t *testing.T) {
	f := newFixture(t)
	manager := f.manager()
	h := VerifyAPI(f.verify())
	f.now = func() time.Time { return noon.Add(2 * time.Hour) }
	checkError(t, "stale", verifyQuestion(h, manager, questionAbout("x")), 503, "temporarily_unavailable")
}
