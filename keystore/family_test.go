package keystore_test

import (
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestAFamilyIsWhatStaysTheSame(t *testing.T) {
	for _, c := range []struct{ agent, want string }{
		{"", ""},
		{"curl/8.5.0", "curl"},
		{"python-requests/2.31.0", "python-requests"},
		{"Go-http-client/1.1", "Go-http-client"},
		{"  deploy-bot (linux; amd64)", "deploy-bot"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36", "Chrome"},
		{"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "Edge"},
		{"Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15", "Safari"},
		{"Mozilla/5.0 (X11; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox"},
		{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"},
		{"Mozilla/4.0", "Mozilla"},
		{"*", "*"},
		{"\x1b[31mred\u202e/1", "?[31mred?"},
		{strings.Repeat("x", 99), strings.Repeat("x", 32)},
	} {
		if got := (keystore.Caller{Agent: c.agent}).Family().Agent; got != c.want {
			t.Errorf("%q is of the family %q, want %q", c.agent, got, c.want)
		}
	}
	for _, c := range []struct{ route, want string }{
		{"", ""},
		{"GET /", "GET /"},
		{"POST /v1/chat/completions", "POST /v1/chat/completions"},
		{"GET /users/4711?token=abc", "GET /users/{id}"},
		{"GET /users/4711/keys/12", "GET /users/{id}/keys/{id}"},
		{"GET /o/123e4567-e89b-12d3-a456-426614174000", "GET /o/{id}"},
		{"GET /c/9f86d081884c7d65", "GET /c/{id}"},
		{"GET /t/eyJhbGciOiJIUzI1NiJ9x", "GET /t/{id}"},
		{"GET /api/v2/decade/facade", "GET /api/v2/decade/facade"},
		{"GET /a/b/c/d/e/f/g/h/i", "GET /a/b/c/d/e/f/g/..."},
		{"GET /v1/pak_4kTMd9zqW8aB_[redacted]/x", "GET /v1/{key}/x"},
		{"GET /v1/x?{key}", "GET /v1/x?{key}"},
		{"GET /v1/" + strings.Repeat("x", 99) + "?{key}", "GET /v1/" + strings.Repeat("x", 50) + "?{key}"},
		{"OPTIONS *", "OPTIONS *"},
		{"nothing", "nothing"},
	} {
		if got := (keystore.Caller{Route: c.route}).Family().Route; got != c.want {
			t.Errorf("%q is of the family %q, want %q", c.route, got, c.want)
		}
	}
}

func FuzzFamily(f *testing.F) {
	f.Add("Mozilla/5.0 (compatible; x", "GET /users/4711?x")
	f.Add("\xff", " ")
	f.Fuzz(func(t *testing.T, agent, route string) {
		got := keystore.Caller{Agent: agent, Route: route}.Family()
		if len(got.Agent) > 32 || len(got.Route) > 64 {
			t.Errorf("%q and %q are too long", got.Agent, got.Route)
		}
		if again := got.Family(); again.Agent != got.Agent && !strings.HasPrefix(got.Agent, again.Agent) {
			t.Errorf("%q is of the family %q", got.Agent, again.Agent)
		}
		for _, c := range got.Agent + got.Route {
			if c < ' ' || c > '~' {
				t.Errorf("%q and %q hold %q", got.Agent, got.Route, c)
			}
		}
	})
}
