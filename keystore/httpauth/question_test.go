package httpauth

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
)

func TestAQuestionIsRead(t *testing.T) {
	q, err := parseQuestion([]byte(` {"key":"k", "ip":"::ffff:203.0.113.7", "scope":"chat:write files:read", "agent":"curl", "route":"GET /"} `))
	if err != nil {
		t.Fatal(err)
	}
	if q.key != "k" || q.addr != netip.MustParseAddr("203.0.113.7") || q.agent != "curl" || q.route != "GET /" || len(q.demand) != 2 {
		t.Errorf("%+v", q)
	}
	if q, err = parseQuestion([]byte(`{"key":"k"}`)); err != nil || q.addr.IsValid() || q.demand != nil {
		t.Errorf("a key alone: %+v, %v", q, err)
	}
}

func TestAQuestionThatIsNotUnderstoodIsRefused(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{``, "must be a JSON object"},
		{`[]`, "must be a JSON object"},
		{`null`, "must be a JSON object"},
		{`{`, "not well-formed"},
		{`{"key"`, "not well-formed"},
		{`{"key":`, "not well-formed"},
		{`{"key":"k",}`, "not well-formed"},
		{`{"key":"k"`, "not well-formed"},
		{`{"key":"k"]`, "not well-formed"},
		{`{"key":"k"}{}`, "more in the body"},
		{`{"key":"k"} x`, "more in the body"},
		{`{}`, `"key" is missing`},
		{`{"key":""}`, `"key" is missing`},
		{`{"key":"k","key":"j"}`, `"key" is given twice`},
		{`{"KEY":"k"}`, `unknown field "KEY"`},
		{`{"key":"k","sope":"a:b"}`, `unknown field "sope"; key, ip, scope, agent and route are known`},
		{`{"key":1}`, `"key" must be a string`},
		{`{"key":null}`, `"key" must be a string`},
		{`{"key":{"key":"k"}}`, `"key" must be a string`},
		{`{"key":"k","ip":"host"}`, `ip "host" is not an address`},
		{`{"key":"k","ip":"fe80::1%eth0"}`, "not an address"},
		{`{"key":"k","ip":"10.0.0.1:80"}`, "not an address"},
		{`{"key":"k","scope":"chat"}`, `"chat" is no scope`},
		{`{"key":"k","scope":" "}`, "not named"},
	} {
		_, err := parseQuestion([]byte(c.body))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.body, err, c.want)
		}
	}
}

func FuzzQuestion(f *testing.F) {
	for _, s := range []string{
		`{"key":"k"}`, `{"key":"k","ip":"10.0.0.1","scope":"a:b c:*","agent":"x","route":"GET /"}`,
		`{"key":"k","key":"j"}`, `{"a":[{}]}`, `{"key":"k"}}`, "{\"key\":\"\xff\"}", `{"key":{}}`, `{1:2}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		q, err := parseQuestion(body)
		if err != nil {
			return
		}
		// What the strict reader takes, the lax one of the library takes too,
		// and reads the same.
		var lax struct{ Key, IP, Scope, Agent, Route string }
		if err := json.Unmarshal(body, &lax); err != nil {
			t.Fatalf("%q was taken, but it is no JSON: %v", body, err)
		}
		if lax.Key != q.key || lax.IP != q.ip || lax.Scope != q.scope || lax.Agent != q.agent || lax.Route != q.route {
			t.Errorf("%q: %+v, want %+v", body, q, lax)
		}
		if q.key == "" || (q.ip != "") != q.addr.IsValid() || (q.scope != "") != (len(q.demand) > 0) {
			t.Errorf("%q: %+v", body, q)
		}
	})
}
