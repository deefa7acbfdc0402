package lint_test

import (
	"io/fs"
	"net/netip"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/backup"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

const day = 24 * time.Hour

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

// world is a snapshot with which nothing is wrong, to be spoilt.
type world struct{ lint.Snapshot }

func newWorld() *world {
	u := keystore.User{
		ID: "0000000000000u01", Name: "build-bot", Kind: keystore.Service, Contact: "platform team",
		Permissions: []keystore.Scope{"deploy:*"}, Created: now.Add(-400 * day),
	}
	w := &world{lint.Snapshot{
		Now: now, Users: []keystore.User{u}, Policy: keystore.DefaultPolicy(), Config: lint.DefaultConfig(),
		Store: lint.StoreFacts{
			ID: "pakdeck/000000000001", Path: "/data/store.db", UID: 1000, Size: 1 << 20,
			Created: now.Add(-400 * day), Oldest: now.Add(-400 * day),
			Files: []lint.File{
				{Path: "/data", Mode: fs.ModeDir | 0o700, UID: 1000},
				{Path: "/data/store.db", Mode: 0o600, UID: 1000},
				{Path: "/data/store.db.keyring", Mode: 0o600, UID: 1000},
				{Path: "/data/store.db.policy.toml", Mode: 0o644, UID: 1000, Open: true},
			},
			Disk:    &lint.Disk{Free: 1 << 40, FreeInodes: 1 << 20, Inodes: 1 << 21},
			Journal: &journal.Report{Intact: true, Size: 12}, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.5/32"), netip.MustParsePrefix("10.7.0.0/16")},
			Witnessed: &journal.Witnessed{Checkpoint: journal.Checkpoint{Size: 12, Time: now.Add(-time.Hour)}, By: []string{"witness.example"}},
			Backup:    &backup.Last{Made: now.Add(-time.Hour), Tried: now.Add(-day)},
		},
	}}
	w.add("0000000000000k01", "ci-deploy")
	return w
}

// add adds a key of the first user with which nothing is wrong.
func (w *world) add(id keystore.KeyID, name string) *keystore.KeyView {
	w.Keys = append(w.Keys, keystore.KeyView{
		Key: keystore.Key{
			ID: id, User: w.Users[0].ID, Name: name, Description: "deploys the shop, " + name, Scopes: []keystore.Scope{"deploy:write"},
			Created: now.Add(-40 * day), Expires: now.Add(40 * day), Rules: iprule.Rules{Allow: entries("10.4.7.0/26")},
			Secrets: []keystore.Secret{{State: keystore.Current, Created: now.Add(-40 * day)}},
		},
		Owner: w.Users[0],
		Uses: keystore.Uses{
			OK: 1000, First: keystore.Sighting{Time: now.Add(-39 * day)},
			Last: keystore.Sighting{Time: now.Add(-time.Hour), Caller: keystore.Caller{IP: netip.MustParseAddr("10.4.7.9")}},
		},
	})
	return &w.Keys[len(w.Keys)-1]
}

func (w *world) key() *keystore.KeyView { return &w.Keys[0] }

// own changes the user and what its keys know of it.
func (w *world) own(change func(*keystore.User)) {
	change(&w.Users[0])
	for i := range w.Keys {
		w.Keys[i].Owner = w.Users[0]
	}
}

func (w *world) admin() { w.own(func(u *keystore.User) { u.Admin = true }) }

// used makes the first key last used so long ago.
func (w *world) used(ago time.Duration) { w.key().Uses.Last.Time = now.Add(-ago) }

// made makes the first key and its secret so old.
func (w *world) made(ago time.Duration) {
	w.key().Created, w.key().Secrets[0].Created = now.Add(-ago), now.Add(-ago)
}

func (w *world) ends(in time.Duration) { w.key().Expires = now.Add(in) }

func (w *world) allow(list ...string) { w.key().Rules.Allow = entries(list...) }
func (w *world) deny(list ...string)  { w.key().Rules.Deny = entries(list...) }

func entries(list ...string) (out []iprule.Entry) {
	for _, s := range list {
		out = append(out, iprule.Entry{Prefix: netip.MustParsePrefix(s)})
	}
	return out
}

func ruleNamed(t *testing.T, id string) lint.Rule {
	t.Helper()
	r, ok := lint.RuleNamed(id)
	if !ok {
		t.Fatalf("there is no rule %s", id)
	}
	return r
}
