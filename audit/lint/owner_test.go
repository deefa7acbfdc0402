package lint_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
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
	"PAK306": {
		{"not needed", func(w *world) { w.scopes("deploy:write", "deploy:read"); w.demands(90*day, "deploy:write", 0) }, "info"},
		{"needed by a wildcard", func(w *world) { w.scopes("deploy:*"); w.demands(90*day, "deploy:write", 0) }, ""},
		{at + "90 days ago", func(w *world) {
			w.scopes("deploy:write", "deploy:read")
			w.demands(120*day, "deploy:write", 0)
			w.demands(120*day, "deploy:read", 90*day)
		}, ""},
		{"a day longer ago", func(w *world) {
			w.scopes("deploy:write", "deploy:read")
			w.demands(120*day, "deploy:write", 0)
			w.demands(120*day, "deploy:read", 91*day)
		}, "info"},
		{at + "known for less than 90 days", func(w *world) { w.scopes("deploy:write", "deploy:read"); w.demands(89*day, "deploy:write", 0) }, ""},
		{"needed by none", func(w *world) { w.scopes("deploy:read"); w.demands(90*day, "deploy:write", 0) }, "info"},
		{"nothing is known", func(w *world) { w.scopes("deploy:read") }, ""},
		{"nothing was needed", func(w *world) { w.scopes("deploy:read"); w.demands(120*day, "deploy:write", 100*day) }, ""},
		{"more than are kept apart", func(w *world) {
			w.scopes("deploy:read", "deploy:write")
			w.demands(90*day, "deploy:write", 0)
			d := w.Demands[w.key().Current().ID]
			d.More = true
			w.Demands[w.key().Current().ID] = d
		}, ""},
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

func (w *world) scopes(list ...keystore.Scope) { w.key().Scopes = list }

// demands makes it known for so long which scopes uses of the first key needed,
// and that one was needed so long ago.
func (w *world) demands(known time.Duration, s keystore.Scope, ago time.Duration) {
	if w.Demands == nil {
		w.Demands = map[token.ID]usage.Demands{}
	}
	id := w.key().Current().ID
	d, ok := w.Demands[id]
	if !ok {
		d = usage.Demands{Last: map[keystore.Scope]time.Time{}}
	}
	d.Since = now.Add(-known).Truncate(day)
	d.Last[s] = now.Add(-ago).Truncate(day)
	w.Demands[id] = d
}

func TestTheScopesInUseAreProposed(t *testing.T) {
	w := newWorld()
	w.scopes()
	w.demands(7*day, "deploy:write", 0)
	w.demands(7*day, "deploy:read", 40*day)
	w.uses("10.4.7.9", 99)
	fix := func() *lint.Proposal {
		t.Helper()
		for _, f := range lint.Run(w.Snapshot) {
			if f.Rule == "PAK305" {
				return f.Fix
			}
		}
		t.Fatal("PAK305 finds nothing")
		return nil
	}
	if fix().Change != nil {
		t.Error("proposed on too little evidence")
	}
	w.uses("10.4.7.9", 1)
	if got := fix(); got.Command != "pakdeck key edit build-bot/ci-deploy --scope deploy:write" || got.Change == nil {
		t.Errorf("%+v", got)
	}
	w.demands(6*day, "deploy:write", 0)
	if fix().Change != nil {
		t.Error("proposed after six days")
	}
}

func TestTheLastScopeIsNotTakenAway(t *testing.T) {
	w := newWorld()
	w.scopes("deploy:read")
	w.demands(90*day, "deploy:write", 0)
	for _, f := range lint.Run(w.Snapshot) {
		if f.Rule == "PAK306" && f.Fix.Change != nil {
			t.Errorf("%s would let the key do all that its owner may", f.Fix.Command)
		}
	}
}
