package lint_test

import (
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

var ownerTrials = map[string][]trial{
	"PAK301": {
		{"of an admin", func(w *world) { w.admin() }, "error"},
		{"of an admin, allowed", func(w *world) { w.admin(); w.Config.AllowAdminKeys = true }, ""},
		{"of an admin, expired", func(w *world) { w.admin(); w.ends(0) }, ""},
		{"of a service", func(*world) {}, ""},
	},
	"PAK302": {
		{"owner disabled", func(w *world) { w.own(func(u *keystore.User) { u.Disabled = true }) }, "error"},
		{"owner gone", func(w *world) { w.Users = nil; w.key().Owner = keystore.User{} }, "error"},
		{"both disabled", func(w *world) {
			w.own(func(u *keystore.User) { u.Disabled = true })
			w.key().DisabledAt = now
		}, ""},
		{"neither", func(*world) {}, ""},
	},
	"PAK304": {
		{at + "5 keys", func(w *world) { w.more(5) }, ""},
		{"6 keys", func(w *world) { w.more(6) }, "warning"},
		{"one of 6 revoked", func(w *world) { w.more(6); w.key().Revoked = now }, ""},
	},
	"PAK305": {
		{"no scope", func(w *world) { w.key().Scopes = nil }, "warning"},
		{"every scope", func(w *world) { w.key().Scopes = []keystore.Scope{"a:b", "*:*"} }, "warning"},
		{"no scope, of an admin", func(w *world) { w.key().Scopes = nil; w.admin() }, "error"},
		{"every action of a resource", func(w *world) { w.key().Scopes = []keystore.Scope{"deploy:*"} }, ""},
	},
	"PAK307": {
		{"no contact", func(w *world) { w.own(func(u *keystore.User) { u.Contact = "" }) }, "info"},
		{"no contact, no key", func(w *world) { w.own(func(u *keystore.User) { u.Contact = "" }); w.Keys = nil }, ""},
		{"a contact", func(*world) {}, ""},
	},
	"PAK501": {
		{at + "90 days", func(w *world) { w.made(90 * day) }, ""},
		{"a second more", func(w *world) { w.made(90*day + time.Second) }, "warning"},
		{at + "180 days", func(w *world) { w.made(180 * day) }, "warning"},
		{"more than twice", func(w *world) { w.made(180*day + time.Second) }, "error"},
		{"old key, new secret", func(w *world) { w.made(400 * day); w.key().Secrets[0].Created = now.Add(-day) }, ""},
	},
	"PAK505": {
		{"handed over after", func(w *world) { w.own(func(u *keystore.User) { u.HandedOver = now.Add(-40*day + time.Second) }) }, "warning"},
		{at + "with the secret", func(w *world) { w.own(func(u *keystore.User) { u.HandedOver = now.Add(-40 * day) }) }, ""},
		{"never", func(*world) {}, ""},
		{"a revoked key", func(w *world) { w.own(func(u *keystore.User) { u.HandedOver = now }); w.key().Revoked = now }, ""},
	},
}

// more makes it n keys.
func (w *world) more(n int) {
	for i := 1; i < n; i++ {
		w.add(keystore.KeyID(fmt.Sprintf("0000000000000k%02d", i+1)), fmt.Sprintf("runner-%d", i))
	}
}
