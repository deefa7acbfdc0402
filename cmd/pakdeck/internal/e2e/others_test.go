package e2e

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
)

// caddy runs Caddy with the recommended configuration.
func (w *world) caddy() proxy {
	w.t.Helper()
	program, addr := find(w.t, "caddy"), freeAddr(w.t)
	path := w.config("Caddyfile",
		"/run/pakdeck/auth.sock", w.socket(),
		"127.0.0.1:8000", w.api.Listener.Addr().String(),
		"http://:8080", "http://"+addr)
	text, err := os.ReadFile(path)
	must(w.t, err)
	must(w.t, os.WriteFile(path, append([]byte("{\n\tadmin off\n\tauto_https off\n}\n"), text...), 0o600))
	return w.run(addr, program, "run", "--config", path, "--adapter", "caddyfile")
}

// haproxy runs HAProxy with the recommended configuration.
func (w *world) haproxy() proxy {
	w.t.Helper()
	program, addr := find(w.t, "haproxy"), freeAddr(w.t)
	script := w.config("pakdeck.lua", "/run/pakdeck/auth.sock", w.socket())
	path := w.config("haproxy.cfg",
		"/etc/haproxy/pakdeck.lua", script,
		"127.0.0.1:8000", w.api.Listener.Addr().String(),
		"bind :8080", "bind "+addr)
	return w.run(addr, program, "-db", "-f", path)
}

func TestCaddy(t *testing.T)   { testOther(t, (*world).caddy) }
func TestHAProxy(t *testing.T) { testOther(t, (*world).haproxy) }

// testOther checks what matters with a proxy other than nginx: who passes, what
// the others are told, what the API learns, and streams.
func testOther(t *testing.T, start func(*world) proxy) {
	w := newWorld(t)
	p := start(w)
	for _, c := range []struct {
		name, key string
		call      call
		status    int
		challenge string
	}{
		{"the issued key", "good", call{}, 200, ""},
		{"with a query", "good", call{path: "/v1/models?scope=x&y=%zz"}, 200, ""},
		{"for what needs a scope", "good", call{method: "POST", path: chat, body: "{}"}, 200, ""},
		{"no key", "", call{}, 401, `Bearer realm="pakdeck"`},
		{"a typo", "typo", call{}, 401, invalid},
		{"revoked", "revoked", call{}, 401, invalid},
		{"expired", "expired", call{}, 401, invalid},
		{"a scope it lacks", "readonly", call{method: "POST", path: chat, body: "{}"}, 403, noScope},
		{"from outside the allow list", "listed", call{}, 403, ""},
		{"with a forged X-Forwarded-For", "listed", call{headers: []string{"X-Forwarded-For: 203.0.113.7"}}, 403, ""},
	} {
		_, before := w.api.seen()
		got := c.call.as(w.keys[c.key].secret).get(t, p.base)
		_, after := w.api.seen()
		if got.status != c.status || got.header.Get("WWW-Authenticate") != c.challenge {
			t.Errorf("%s: %d %q, want %d %q", c.name, got.status, got.header["Www-Authenticate"], c.status, c.challenge)
		}
		if passed := after > before; passed != (c.status == 200) {
			t.Errorf("%s: the API was asked: %v", c.name, passed)
		}
	}
	w.expectRecord(t, expected{"good", "ok", client, "GET /v1/models", ""})
	w.expectRecord(t, expected{"good", "ok", client, "POST " + chat, ""})
	w.expectRecord(t, expected{"listed", "ip_denied", client, "GET /v1/models", "not in the allow list"})
	w.expectIdentity(t, p)
	w.expectStream(t, p)
	w.expectNoSecrets(t, p)
}

// as completes a call with a key, if there is one, and what it leaves out.
func (c call) as(key string) call {
	if c.from == "" {
		c.from = client
	}
	if c.path == "" {
		c.path = "/v1/models"
	}
	if c.method == "" {
		c.method = "GET"
	}
	if key != "" {
		c.headers = append(c.headers, "Authorization: Bearer "+key)
	}
	return c
}

// expectIdentity checks that the API learns whose key it is, and nothing that
// the client made up.
func (w *world) expectIdentity(t *testing.T, p proxy) {
	t.Helper()
	forged := []string{
		"X-Pakdeck-Key-Id: forged", "X-Pakdeck-Key-Name: forged", "X-Pakdeck-User: root", "X-Pakdeck-Scopes: *:*",
		"X-Pakdeck-Expires-In: forged", "X-Pakdeck-Rotate-By: forged", "X-Pakdeck-Reason: forged", "x-pakdeck-user: root",
		"X_Pakdeck_User: root", "X-Pakdeck_User: root", // one with the others to an API behind CGI or WSGI
	}
	good, open := w.keys["good"], w.keys["open"]
	call{headers: forged}.as(good.secret).get(t, p.base)
	got, _ := w.api.seen()
	for name, want := range map[string]string{
		"X-Pakdeck-Key-Id": string(good.view.ID), "X-Pakdeck-Key-Name": "%E7%94%9F%E4%BA%A7%20deploy",
		"X-Pakdeck-User": "bot", "X-Pakdeck-Scopes": "chat:write models:read", "X-Pakdeck-Reason": "ok",
	} {
		if values := got[name]; len(values) != 1 || values[0] != want {
			t.Errorf("%s: %q, want %q", name, values, want)
		}
	}
	if left := got.Get("X-Pakdeck-Expires-In"); len(left) != 4 {
		t.Errorf("expires in %q, want a little less than 3600 s", left)
	}
	checkNothingForged(t, got)

	// This key never expires: our own header is empty.
	call{headers: append(forged, "X-API-Key: "+open.secret)}.as("").get(t, p.base)
	got, _ = w.api.seen()
	if got.Get("X-Pakdeck-Expires-In") != "" || got.Get("X-Pakdeck-Key-Name") != "open" {
		t.Errorf("%v", got)
	}
	checkNothingForged(t, got)
}

// expectStream checks that the first chunk of an answer arrives before the
// API has made the second.
func (w *world) expectStream(t *testing.T, p proxy) {
	t.Helper()
	r := call{method: "POST", path: chat, body: `{"stream":true}`, headers: []string{"Content-Type: application/json"}}.
		as(w.keys["good"].secret).send(t, p.base)
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	next := func() string {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return text
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
	if got := next(); !strings.Contains(got, `"hel"`) {
		t.Errorf("first chunk %q", got)
	}
	close(w.api.proceed)
	if got := next(); !strings.Contains(got, `"lo"`) {
		t.Errorf("second chunk %q", got)
	}
	if got := next(); got != "[DONE]" {
		t.Errorf("last chunk %q", got)
	}
}

// expectNoSecrets checks that no file of the store and no log holds a key.
func (w *world) expectNoSecrets(t *testing.T, p proxy) {
	t.Helper()
	texts := map[string]string{"output": p.logs()}
	must(t, filepath.WalkDir(w.folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		texts[path] = string(b)
		return err
	}))
	for where, text := range texts {
		for name, k := range w.keys {
			if strings.Contains(text, k.secret[18:40]) {
				t.Errorf("%s holds the key %q", where, name)
			}
		}
	}
}

// expected is a record of a use that the journal should have.
type expected struct {
	key     string
	outcome keystore.Outcome
	ip      string
	route   string
	reason  string
}
