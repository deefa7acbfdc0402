package lint_test

import (
	"crypto/rand"
	"regexp"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

func named(name string) func(*world)     { return func(w *world) { w.key().Name = name } }
func described(text string) func(*world) { return func(w *world) { w.key().Description = text } }

var metadataTrials = map[string][]trial{
	"PAK601": {
		{at + "3 characters", named("erp"), ""},
		{"2 characters", named("ci"), "info"},
		{"3 characters of 3 bytes", named("支払い"), ""},
		{"says nothing", named("API"), "info"},
		{"the owner's", named("Build-Bot"), "info"},
		{"hex", named("deadbeef01"), "info"},
		{"a UUID", named("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "info"},
		{"a word of hex letters", named("facade-1"), ""},
	},
	"PAK602": {
		{"blanks", named("Deploy Key"), "info"},
		{"two hyphens", named("ci--deploy"), "info"},
		{"words", named("ci-deploy-2"), ""},
		{"the policy's own", func(w *world) { w.Policy.NamePattern = regexp.MustCompile(`^[A-Z ]+$`); w.key().Name = "CI DEPLOY" }, ""},
		{"against the policy's own", func(w *world) { w.Policy.NamePattern = regexp.MustCompile(`^[A-Z ]+$`) }, "info"},
	},
	"PAK603": {
		{"none", described(""), "info"},
		{"none, of an admin", func(w *world) { w.key().Description = ""; w.admin() }, "warning"},
		{"one", func(*world) {}, ""},
	},
	"PAK604": {
		{at + "2 edits", second("ci-deplxx"), "warning"},
		{"3 edits", second("ci-depxxx"), ""},
		{"letters swapped", second("ci-dpeloy"), "warning"},
		{"same description", func(w *world) { w.add("0000000000000k02", "other").Description = " Deploys  the shop, CI-DEPLOY" }, "warning"},
		{"other scopes", func(w *world) { w.add("0000000000000k02", "ci-deploy2").Scopes = []keystore.Scope{"deploy:read"} }, ""},
		{"scopes in another order", func(w *world) {
			w.key().Scopes = []keystore.Scope{"a:a", "b:b"}
			w.add("0000000000000k02", "ci-deploy2").Scopes = []keystore.Scope{"b:b", "a:a"}
		}, "warning"},
		{"other owner", func(w *world) {
			u := w.Users[0]
			u.ID = "0000000000000u02"
			w.Users = append(w.Users, u)
			w.add("0000000000000k02", "ci-deploy2").User = u.ID
		}, ""},
		{"revoked", func(w *world) { w.add("0000000000000k02", "ci-deploy2").Revoked = now }, ""},
		{"numbered siblings", func(w *world) { w.key().Name = "ci-1"; second("ci-22")(w) }, ""},
		{"short names", func(w *world) { w.key().Name = "eu"; second("us")(w) }, ""},
		{"distance 0", func(w *world) { w.Config.NameDistance = 0; second("ci-deploy2")(w) }, ""},
	},
	"PAK605": {
		{"a key string", described("old: " + keyString()), "error"},
		{"a cut-off key string", described("old: " + keyString()[:30]), "error"},
		{"a public id", described("replaces " + keyString()[:16]), ""},
		{"in the name", named("AKIAIOSFODNN7EXAMPLE"), "error"},
		{"in both", func(w *world) {
			named("ghp_" + strings.Repeat("a", 36))(w)
			described("sk-" + strings.Repeat("b", 32))(w)
		}, "error error"},
		{at + "one character short", described("ghp_" + strings.Repeat("a", 35)), ""},
		{"a URL with a password", described("postgres://shop:hunter2@db/shop"), "error"},
		{"a URL", described("see https://wiki.corp/keys?a=b@c"), ""},
		{"a private key", described("-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXk"), "error"},
		{"plain words", func(*world) {}, ""},
	},
}

// second adds another key of the same owner and scopes.
func second(name string) func(*world) {
	return func(w *world) { w.add("0000000000000k02", name) }
}

func keyString() string {
	k, err := token.Mint(token.DefaultPrefix, rand.Reader)
	if err != nil {
		panic(err)
	}
	return k.Reveal()
}
