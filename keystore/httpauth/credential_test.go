package httpauth

import (
	"net/http"
	"strings"
	"testing"
)

func headers(lines ...string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}

func TestWhereTheKeyIsTakenFrom(t *testing.T) {
	for _, c := range []struct {
		name string
		h    http.Header
		want credential
	}{
		{"nothing", headers(), credential{}},
		{"bearer", headers("Authorization: Bearer k"), credential{key: "k", found: true}},
		{"bearer in another case", headers("authorization: bEARER k"), credential{key: "k", found: true}},
		{"more blanks", headers("Authorization: Bearer   k"), credential{key: "k", found: true}},
		{"bearer and nothing", headers("Authorization: Bearer"), credential{found: true}},
		{"bearer and two words", headers("Authorization: Bearer a b"), credential{key: "a b", found: true}},
		{"no blank behind the scheme", headers("Authorization: Bearerk"), credential{}},
		{"a tab behind the scheme", headers("Authorization: Bearer\tk"), credential{}},
		{"basic is not ours", headers("Authorization: Basic dTpw"), credential{}},
		{"X-API-Key", headers("X-API-Key: k"), credential{key: "k", found: true}},
		{"an empty X-API-Key", headers("X-API-Key: "), credential{}},
		{"basic and X-API-Key", headers("Authorization: Basic dTpw", "X-API-Key: k"), credential{key: "k", found: true}},
		{"bearer goes first", headers("X-API-Key: x", "Authorization: Bearer k"), credential{key: "k", found: true}},
		{"two of Authorization", headers("Authorization: Bearer k", "Authorization: Bearer k"), credential{several: true}},
		{"bearer and basic", headers("Authorization: Basic dTpw", "Authorization: Bearer k"), credential{several: true}},
		{"two of X-API-Key", headers("X-API-Key: k", "X-API-Key: j"), credential{several: true}},
	} {
		if got := credentialOf(c.h); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func FuzzBearer(f *testing.F) {
	for _, s := range []string{"Bearer k", "bearer  k", "Bearer", "Basic x", "", " Bearer k", "Bearer k "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		key, ok := bearer(value)
		switch {
		case !ok && key != "":
			t.Errorf("%q is no bearer but has a key", value)
		case ok && !strings.EqualFold(value[:6], "Bearer"):
			t.Errorf("%q is taken for a bearer", value)
		case ok && !strings.HasSuffix(value, key):
			t.Errorf("%q has the key %q", value, key)
		case ok && strings.HasPrefix(key, " "):
			t.Errorf("%q: the key begins with a blank", value)
		}
		if again, ok := bearer("BEARER " + strings.TrimLeft(value, " ")); !ok || again != strings.TrimLeft(value, " ") {
			t.Errorf("a bearer of %q is %q", value, again)
		}
	})
}
