package keystore_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestParseScope(t *testing.T) {
	for in, want := range map[string]keystore.Scope{
		"chat:write": "chat:write", "*": "*:*", "*:read": "*:read", "artifact:*": "artifact:*", "a.b_c-1:x": "a.b_c-1:x",
	} {
		if got, err := keystore.ParseScope(in); err != nil || got != want {
			t.Errorf("ParseScope(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", ":", "chat", "chat:", ":write", "Chat:write", "chat:wr ite", "a:b:c", "ch*t:write", "chat:write\n"} {
		if got, err := keystore.ParseScope(in); !errors.Is(err, keystore.ErrInvalid) {
			t.Errorf("ParseScope(%q) = %q, %v; want ErrInvalid", in, got, err)
		}
	}
}

func TestEffectiveScopes(t *testing.T) {
	for _, c := range []struct{ name, key, owner, want string }{
		{"a key without scopes has its owner's", "", "chat:write", "chat:write"},
		{"an owner without permissions has none", "chat:write", "", ""},
		{"both narrow", "chat:*", "*:write", "chat:write"},
		{"what the owner lacks is lost", "chat:write deploy:write", "chat:*", "chat:write"},
		{"redundant ones are dropped", "*:*", "chat:* chat:write", "chat:*"},
		{"an admin's key keeps its own", "chat:write", "*:*", "chat:write"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := keystore.Effective(scopes(c.key), scopes(c.owner))
			if !slices.Equal(got, scopes(c.want)) {
				t.Errorf("Effective(%s; %s) = %v, want %s", c.key, c.owner, got, c.want)
			}
		})
	}
}

func TestEffectiveScopesCoverWhatBothCover(t *testing.T) {
	half := rapid.SampledFrom([]string{"*", "a", "b"})
	scope := rapid.Custom(func(t *rapid.T) keystore.Scope {
		return keystore.Scope(half.Draw(t, "resource") + ":" + half.Draw(t, "action"))
	})
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(scope, 1, 4).Draw(t, "key")
		owner := rapid.SliceOfN(scope, 0, 4).Draw(t, "owner")
		demand := scope.Draw(t, "demand")
		want := keystore.CoversAny(key, demand) && keystore.CoversAny(owner, demand)
		if got := keystore.CoversAny(keystore.Effective(key, owner), demand); got != want {
			t.Fatalf("Effective covers %s: %v, want %v", demand, got, want)
		}
	})
}

func FuzzParseScope(f *testing.F) {
	for _, s := range []string{"chat:write", "*", "*:*", "a:b:c", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		scope, err := keystore.ParseScope(s)
		if err != nil {
			return
		}
		again, err := keystore.ParseScope(string(scope))
		if err != nil || again != scope || !scope.Covers(scope) {
			t.Errorf("%q parses to %q, which parses to %q (%v)", s, scope, again, err)
		}
	})
}

func scopes(s string) []keystore.Scope {
	var out []keystore.Scope
	for _, f := range strings.Fields(s) {
		out = append(out, keystore.Scope(f))
	}
	return out
}
