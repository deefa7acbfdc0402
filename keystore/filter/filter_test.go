package filter_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

const (
	warn = 14 * 24 * time.Hour
	day  = 24 * time.Hour
)

func entries(prefixes ...string) []iprule.Entry {
	var out []iprule.Entry
	for _, p := range prefixes {
		out = append(out, iprule.Entry{Prefix: netip.MustParsePrefix(p)})
	}
	return out
}

func sighting(ago time.Duration, ip string) keystore.Sighting {
	return keystore.Sighting{Time: now.Add(-ago), Caller: keystore.Caller{IP: netip.MustParseAddr(ip)}}
}

// keys are the store that the tests look through, by name.
func keys() []keystore.KeyView {
	bot := keystore.User{Name: "Build-Bot", Permissions: []keystore.Scope{"deploy:*", "chat:write"}}
	gone := keystore.User{Name: "contractor", Disabled: true, Admin: true}
	return []keystore.KeyView{
		{
			Key: keystore.Key{
				ID: "06f3aaaaaaaaaaaa", Name: "ci-deploy", Description: "Rolls out staging", Created: now.Add(-100 * day),
				Scopes: []keystore.Scope{"deploy:write"}, Expires: now.Add(2 * day),
				Rules:   iprule.Rules{Allow: entries("203.0.113.0/24"), Deny: entries("203.0.113.64/26")},
				Secrets: []keystore.Secret{{ID: token.ID([]byte("4kTMd9zqW8aB"))}},
			},
			Owner: bot, Uses: keystore.Uses{Last: sighting(3*time.Minute, "203.0.113.5")},
		},
		{
			Key:   keystore.Key{ID: "06f3bbbbbbbbbbbb", Name: "nightly import, v2", Created: now.Add(-2 * day)},
			Owner: bot, Uses: keystore.Uses{LastDenied: sighting(day, "2001:db8::7")},
		},
		{
			Key:   keystore.Key{ID: "07aaaaaaaaaaaaaa", Name: "支払い-Worker", Created: now.Add(-400 * day), Expires: now.Add(365 * day)},
			Owner: gone, Uses: keystore.Uses{Last: sighting(90*day, "::ffff:10.1.2.3")},
		},
		{
			Key:   keystore.Key{ID: "07bbbbbbbbbbbbbb", Name: "old-app", Expires: now.Add(-14 * day), Revoked: now.Add(-day), Created: now.Add(-800 * day)},
			Owner: bot, Uses: keystore.Uses{Last: sighting(15*day, "198.51.100.7")},
		},
	}
}

// alone tells whether a filter selects a key that there is nothing beside.
func alone(f filter.Filter, v keystore.KeyView) bool {
	list := []keystore.KeyView{v}
	return f.Among(list, filter.NewIndex(list), now, warn)(0)
}

func selected(t *testing.T, expr string) string {
	t.Helper()
	f, err := filter.Parse(expr)
	if err != nil {
		t.Fatalf("Parse(%q): %v", expr, err)
	}
	var names []string
	list := keys()
	among := f.Among(list, filter.NewIndex(list), now, warn)
	for i := range list {
		matches := alone(f, list[i])
		if matches {
			names = append(names, list[i].Name)
		}
		if got := among(i); got != matches {
			t.Errorf("%q selects %q: %v among all, %v alone", expr, list[i].Name, got, matches)
		}
	}
	return strings.Join(names, " | ")
}

func TestExpressionsSelect(t *testing.T) {
	const ci, nightly, cjk, old = "ci-deploy", "nightly import, v2", "支払い-Worker", "old-app"
	all := []string{ci, nightly, cjk, old}
	tests := []struct {
		expr string
		want []string
	}{
		{"", all},
		{"  \t ", all},
		{"user:build", []string{ci, nightly, old}},
		{"USER:BUILD-BOT", []string{ci, nightly, old}},
		{"user:build*", []string{ci, nightly, old}},
		{"user:*build", nil},
		{"!user:build", []string{cjk}},
		{"user:contractor,build", all},
		{"name:ci-*", []string{ci}},
		{"name:*oy", []string{ci}},
		{"name:*e*o*", []string{ci}},
		{"name:deploy*", nil},
		{`name:"nightly import"`, []string{nightly}},
		{`name:"import, v2"`, []string{nightly}},
		{"name:支払い", []string{cjk}},
		{"worker", []string{cjk}},
		{"staging", []string{ci}},
		{"~cdp", []string{ci}},
		{"~CDP", []string{ci}},
		{"~pdc", nil},
		{"name:~nim2", []string{nightly}},
		{"~払w", []string{cjk}},
		{"!~cdp", []string{nightly, cjk, old}},
		{"STAGING", []string{ci}},
		{"contractor", []string{cjk}},
		{"!staging !contractor", []string{nightly, old}},
		{"state:expiring", []string{ci}},
		{"state:active", []string{nightly}},
		{"state:revoked,disabled", []string{cjk, old}},
		{"!state:revoked,disabled", []string{ci, nightly}},
		{"scope:deploy:write", []string{ci, nightly, cjk, old}},
		{"scope:chat:write", []string{nightly, cjk, old}},
		{"scope:billing:read", []string{cjk}},
		{"allow:none", []string{nightly, cjk, old}},
		{"allow:203.0.113.5", all},
		{"allow:203.0.113.70", []string{nightly, cjk, old}},
		{"allow:192.0.2.1", []string{nightly, cjk, old}},
		{"allow:203.0.0.0/16", []string{ci}},
		{"allow:10.0.0.0/8", nil},
		{"ip:203.0.113.5", []string{ci}},
		{"ip:10.0.0.0/8", []string{cjk}},
		{"ip:2001:db8::/32", []string{nightly}},
		{"ip:10.0.0.0/8,2001:db8::7", []string{nightly, cjk}},
		{"seen:never", []string{nightly}},
		{"seen:<7d", []string{ci}},
		{"seen:7d", []string{ci}},
		{"seen:<3min", []string{ci}},
		{"seen:<2min", nil},
		{"seen:>30d", []string{nightly, cjk}},
		{"seen:>2w", []string{nightly, cjk, old}},
		{"expires:never", []string{nightly}},
		{"expires:<7d", []string{ci}},
		{"expires:>90d", []string{nightly, cjk}},
		{"expires:1y", []string{ci, cjk}},
		{"created:<7d", []string{nightly}},
		{"created:>1y", []string{cjk, old}},
		{"id:06f3", []string{ci, nightly}},
		{"id:06F3AAAA", []string{ci}},
		{"id:4kTMd9zqW8aB", []string{ci}},
		{"id:4ktmd9zqw8ab", nil},
		{"user:build state:expiring !seen:>30d deploy", []string{ci}},
		{`"ci-deploy"`, []string{ci}},
		{`"\"quoted\\"`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.expr, func(t *testing.T) {
			if got, want := selected(t, tt.expr), strings.Join(tt.want, " | "); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestBadExpressionsSayWhatIsRight(t *testing.T) {
	tests := []struct{ expr, want string }{
		{"stat:active", "use user: name:"},
		{":active", "there is no such field"},
		{"2001:db8::1", "quotes to look for the text"},
		{"state:aktive", "active, expiring, rotating, pending, disabled, expired, revoked"},
		{"state:active,", "a value is missing; write state:active,expiring"},
		{"name:", "a value is missing; write name:ci-*"},
		{"!", "a value is missing"},
		{`""`, "a value is missing"},
		{`name:"open`, "the closing quote is missing"},
		{"scope:deploy", "resource:action"},
		{"allow:nowhere", "nowhere"},
		{"allow:0.0.0.0/0", "covers every"},
		{"ip:10.0.0.1-10.0.0.9", "a range is more than one"},
		{"ip:fe80::1%eth0", "fe80::1%eth0"},
		{"seen:yesterday", "<7d or >30d"},
		{"seen:<99999y", "<7d or >30d"},
		{"seen:<d", "<7d or >30d"},
		{"seen:-7d", "<7d or >30d"},
		{"seen:<>7d", "<7d or >30d"},
		{"created:never", "<7d or >30d"},
		{"expires:7", "or never"},
		{strings.Repeat("x", filter.MaxLength+1), "at most 4096"},
		{strings.Repeat("x ", filter.MaxTerms+1), "at most 64"},
	}
	for _, tt := range tests {
		t.Run(tt.expr[:min(len(tt.expr), 30)], func(t *testing.T) {
			_, err := filter.Parse(tt.expr)
			var bad *filter.SyntaxError
			if !errors.As(err, &bad) || !errors.Is(err, keystore.ErrInvalid) {
				t.Fatalf("got %v, want a *SyntaxError that is ErrInvalid", err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %q, want it to say %q", err, tt.want)
			}
			if len(err.Error()) > 400 || strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("the error is not one bounded line: %q", err)
			}
		})
	}
}

func TestErrorsQuoteControlCharacters(t *testing.T) {
	_, err := filter.Parse("state:\x1b[2J")
	if err == nil || !strings.Contains(err.Error(), `\x1b`) {
		t.Errorf("got %v, want the escape visible", err)
	}
}

func TestAsksForStates(t *testing.T) {
	tests := []struct {
		expr string
		want bool
	}{
		{"", false},
		{"revoked", false},
		{"state:active", false},
		{"state:active,Revoked", true},
		{"!state:revoked", false},
		{"name:x state:revoked", true},
	}
	for _, tt := range tests {
		f, err := filter.Parse(tt.expr)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.AsksFor(keystore.StateRevoked); got != tt.want {
			t.Errorf("%q asks for revoked: %v, want %v", tt.expr, got, tt.want)
		}
	}
}

func TestStringIsTheShortestForm(t *testing.T) {
	tests := []struct{ expr, want string }{
		{"  a   b ", "a b"},
		{`"ci"`, "ci"},
		{`USER:"x"`, "user:x"},
		{`name:"a b",c`, `name:"a b",c`},
		{`!"!x"`, `!"!x"`},
		{"!!x", `!"!x"`},
		{`"a:b"`, `"a:b"`},
		{`name:a:b`, `name:a:b`},
		{`name:"\""`, `name:"\""`},
		{`name:a\b`, `name:a\b`},
	}
	for _, tt := range tests {
		f, err := filter.Parse(tt.expr)
		if err != nil {
			t.Fatal(err)
		}
		if f.String() != tt.want {
			t.Errorf("%q: got %q, want %q", tt.expr, f, tt.want)
		}
	}
}

func TestZeroFilterSelectsAll(t *testing.T) {
	var f filter.Filter
	if !f.Empty() || !alone(f, keystore.KeyView{}) || f.String() != "" {
		t.Error("the zero filter is not empty or refuses a key")
	}
	if f, _ := filter.Parse("x"); f.Empty() {
		t.Error("a filter with a word is empty")
	}
}

func TestExamplesOfFieldsParse(t *testing.T) {
	for _, f := range filter.Fields() {
		if _, err := filter.Parse(f.Example); err != nil || !strings.HasPrefix(f.Example, f.Name+":") || f.Help == "" {
			t.Errorf("field %s with example %q: %v", f.Name, f.Example, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "state:active,expiring user:build-bot !seen:<30d allow:203.0.113.70 deploy", `name:"a \" b",c !"!x"`,
		"scope:*:* ip:2001:db8::/32 expires:>1y id:4kTMd9zqW8aB name:a*b**c", `"`, "!", "a\xffb:\x1b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		parsed, err := filter.Parse(expr)
		if err != nil {
			return
		}
		again, err := filter.Parse(parsed.String())
		if err != nil && len(parsed.String()) <= filter.MaxLength {
			t.Fatalf("%q gives %q, which does not parse: %v", expr, parsed, err)
		}
		if err == nil && again.String() != parsed.String() {
			t.Fatalf("%q gives %q, then %q", expr, parsed, again)
		}
		if err == nil && selected(t, expr) != selected(t, parsed.String()) {
			t.Fatalf("%q and %q select different keys", expr, parsed)
		}
	})
}

// A term and its negation share the keys out between them.
func TestNegationIsTheRest(t *testing.T) {
	for _, f := range filter.Fields() {
		plain, _ := filter.Parse(f.Example)
		negated, err := filter.Parse("!" + f.Example)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys() {
			if alone(plain, k) == alone(negated, k) {
				t.Errorf("%s and its negation agree on %s", f.Example, k.Name)
			}
		}
	}
}

func TestMatchingByTheIndexDoesNotAllocate(t *testing.T) {
	f, err := filter.Parse("deploy user:build seen:<7d state:expiring")
	if err != nil {
		t.Fatal(err)
	}
	list := keys()
	among := f.Among(list, filter.NewIndex(list), now, warn)
	if n := testing.AllocsPerRun(100, func() { among(0) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestPartsOfReferencesAreFound(t *testing.T) {
	list := keys()
	index := filter.NewIndex(list)
	for _, part := range []string{"", "bot", "deploy", "bot/ci", "/", "t/支払", "or/支払い-w", "ci-deploy/", "bot/x", "staging"} {
		has := index.RefHas(part)
		for i, v := range list {
			if want := strings.Contains(strings.ToLower(v.Ref()), part); has(i) != want {
				t.Errorf("%q in %s: %v, want %v", part, v.Ref(), has(i), want)
			}
		}
	}
}

func TestScopesAreThoseThatAKeyHasWithinItsOwners(t *testing.T) {
	lists := [][]keystore.Scope{nil, {"chat:*"}, {"*:read"}, {"chat:write"}, {"files:read", "*:write"}, {keystore.AnyScope}}
	for _, own := range lists {
		for _, permissions := range lists {
			for _, admin := range []bool{false, true} {
				v := keystore.KeyView{Key: keystore.Key{Scopes: own}, Owner: keystore.User{Permissions: permissions, Admin: admin}}
				for _, demand := range []keystore.Scope{"chat:write", "chat:read", "files:read", "mail:send", "*:read", "chat:*", "*:*"} {
					f, err := filter.Parse("scope:" + string(demand))
					if err != nil {
						t.Fatal(err)
					}
					if got, want := alone(f, v), keystore.CoversAny(v.EffectiveScopes(), demand); got != want {
						t.Errorf("%v within %v (admin %v) has %s: %v, want %v", own, permissions, admin, demand, got, want)
					}
				}
			}
		}
	}
}
