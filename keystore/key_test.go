package keystore_test

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

const day = 24 * time.Hour

func prefixes(list ...string) []iprule.Entry {
	out := make([]iprule.Entry, len(list))
	for i, s := range list {
		out[i] = iprule.Entry{Prefix: netip.MustParsePrefix(s)}
	}
	return out
}

var sameTimes = cmp.Options{
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
	cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
	cmpopts.EquateEmpty(),
}

func TestACreatedKeyIsStoredWhole(t *testing.T) {
	f := newFixture(t)
	u := f.user("build-bot", "deploy:*")
	in := keystore.NewKey{
		User: u.ID, Name: "支払い worker / 2", Description: "deploys",
		Scopes: []keystore.Scope{"deploy:write"}, NotBefore: f.Now().Add(day).Truncate(time.Second),
		Expires: f.Now().Add(90 * day).Truncate(time.Second),
		Rules:   iprule.Rules{Allow: []iprule.Entry{{Prefix: netip.MustParsePrefix("10.4.7.0/26"), Note: "vpn"}}, Deny: prefixes("10.4.7.9/32", "2001:db8::/48")},
	}
	v, secret, err := f.CreateKey(t.Context(), in)
	must(t, err)
	stored, err := f.Key(t.Context(), string(v.ID))
	must(t, err)
	if diff := cmp.Diff(v, stored, sameTimes); diff != "" {
		t.Errorf("stored key differs from the returned one:\n%s", diff)
	}
	if stored.Name != in.Name || !stored.Expires.Equal(in.Expires) || stored.Version != 1 || stored.Owner.Name != "build-bot" {
		t.Errorf("stored = %+v", stored)
	}
	current := stored.Current()
	if current.ID != secret.ID() || !f.Pepper(current.Pepper).Digest(secret.Reveal()).Equal(current.Digest) {
		t.Error("the stored digest is not that of the key string")
	}
}

func TestAKeyCanBeFoundByEveryReference(t *testing.T) {
	f := newFixture(t)
	u, other := f.user("build-bot"), f.user("other")
	v := f.key(u, "ci/deploy")
	f.key(other, "twin")
	f.key(u, "twin")
	for _, ref := range []string{string(v.ID), v.Current().ID.String(), "build-bot/ci/deploy", "BUILD-BOT/ci/deploy", "ci/deploy"} {
		if got, err := f.Key(t.Context(), ref); err != nil || got.ID != v.ID {
			t.Errorf("Key(%q) = %q, %v", ref, got.Name, err)
		}
	}
	var several *keystore.AmbiguousError
	if _, err := f.Key(t.Context(), "twin"); !errors.As(err, &several) || len(several.Matches) != 2 {
		t.Errorf("a name that two users have: %v, want *AmbiguousError with 2", err)
	}
	var missing *keystore.NotFoundError
	for _, ref := range []string{"build-bot/ci/deplyo", "ci/deplo"} {
		if _, err := f.Key(t.Context(), ref); !errors.As(err, &missing) || len(missing.Near) == 0 || missing.Near[0] != "build-bot/ci/deploy" {
			t.Errorf("Key(%q): %v, want a near name", ref, err)
		}
	}
	for _, ref := range []string{"", "/", "nobody/x", strings.Repeat("x", 5000), "a\x00b"} {
		if _, err := f.Key(t.Context(), ref); !errors.Is(err, keystore.ErrNotFound) {
			t.Errorf("Key(%.20q): %v, want ErrNotFound", ref, err)
		}
	}
}

func TestWhatACreatedKeyMayNotBe(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:read")
	f.key(u, "taken")
	size := f.size()
	past, soon := f.Now().Add(-time.Hour), f.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		in   keystore.NewKey
		want string
	}{
		"no name":             {keystore.NewKey{}, "must not be empty"},
		"long name":           {keystore.NewKey{Name: strings.Repeat("長", 129)}, "at most 128"},
		"escape in the name":  {keystore.NewKey{Name: "a\x1b]0;x\x07"}, "control or invisible"},
		"C1 in the name":      {keystore.NewKey{Name: "a\u009b31m"}, "control or invisible"},
		"direction override":  {keystore.NewKey{Name: "a\u202eb"}, "control or invisible"},
		"line in description": {keystore.NewKey{Name: "k", Description: "a\nb"}, "control or invisible"},
		"taken name":          {keystore.NewKey{Name: "taken"}, "is taken"},
		"past expiry":         {keystore.NewKey{Name: "k", Expires: past}, "in the past"},
		"begins after its end": {
			keystore.NewKey{Name: "k", NotBefore: soon.Add(time.Hour), Expires: soon}, "before the expiry",
		},
		"foreign scope":    {keystore.NewKey{Name: "k", Scopes: []keystore.Scope{"chat:write"}}, "outside the permissions of bot (chat:read)"},
		"malformed scope":  {keystore.NewKey{Name: "k", Scopes: []keystore.Scope{"Chat"}}, "resource:action"},
		"dead allow entry": {keystore.NewKey{Name: "k", Rules: iprule.Rules{Allow: prefixes("10.0.0.0/24"), Deny: prefixes("10.0.0.0/8")}}, "10.0.0.0/24"},
		"allow everything": {keystore.NewKey{Name: "k", Rules: iprule.Rules{Allow: prefixes("0.0.0.0/0")}}, "0.0.0.0/0"},
	} {
		t.Run(name, func(t *testing.T) {
			c.in.User = u.ID
			_, secret, err := f.CreateKey(t.Context(), c.in)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("CreateKey = %v, want an error with %q", err, c.want)
			}
			if !secret.IsZero() {
				t.Error("a secret was handed out")
			}
			if checked := f.CheckNewKey(t.Context(), c.in); checked == nil || checked.Error() != err.Error() {
				t.Errorf("CheckNewKey = %v, CreateKey = %v", checked, err)
			}
		})
	}
	if f.size() != size {
		t.Errorf("the journal grew from %d to %d", size, f.size())
	}
}

func TestARevokedKeyIsFinalAndGivesItsNameUp(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	old := f.key(u, "ci")
	if _, err := f.RevokeKey(t.Context(), old.ID, old.Version, " "); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("without a reason: %v, want ErrInvalid", err)
	}
	old, err := f.RevokeKey(t.Context(), old.ID, old.Version, "leaked")
	must(t, err)
	if _, err := f.EnableKey(t.Context(), old.ID, old.Version); !errors.Is(err, keystore.ErrState) {
		t.Errorf("a change of a revoked key: %v, want ErrState", err)
	}
	if got, err := f.Key(t.Context(), "bot/ci"); err != nil || got.ID != old.ID {
		t.Errorf("the name still refers to the revoked key until it is taken: %v, %v", got.ID, err)
	}
	next := f.key(u, "ci")
	if got, err := f.Key(t.Context(), "bot/ci"); err != nil || got.ID != next.ID {
		t.Errorf("the name refers to %v (%v), want the new key", got.ID, err)
	}
	if got, err := f.Key(t.Context(), string(old.ID)); err != nil || got.RevokeReason != "leaked" {
		t.Errorf("the revoked key is gone: %v, %v", got, err)
	}
}

func TestAnEditChecksOnlyWhatItBrings(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot", "chat:read")
	v, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "k", Scopes: []keystore.Scope{"chat:read"}, Expires: f.Now().Add(time.Hour)})
	must(t, err)
	f.clock.Add(2 * time.Hour)
	none := []keystore.Scope{}
	u, err = f.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Permissions: &none})
	must(t, err)
	text := "expired, and out of its owner's permissions"
	v, err = f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &text})
	if err != nil {
		t.Fatalf("describing it: %v", err)
	}
	past := f.Now().Add(-time.Minute)
	if _, err := f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Expires: &past}); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("a new expiry in the past: %v, want ErrInvalid", err)
	}
	later := f.Now().Add(day)
	v, err = f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Expires: &later})
	must(t, err)
	if st := v.StateAt(f.Now(), 0); st != keystore.StateActive {
		t.Errorf("state after the extension = %s", st)
	}
}

func TestTheDiffInTheJournalHasBeforeAndAfter(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	rules := iprule.Rules{Allow: prefixes("10.0.0.0/8")}
	_, err := f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Rules: &rules})
	must(t, err)
	records := f.records()
	diff := records[len(records)-1].Diff
	if len(diff) != 1 || diff[0].Field != "allow" {
		t.Fatalf("diff = %+v, want allow alone", diff)
	}
	if got := fmt.Sprintf("%s -> %s", diff[0].Before, diff[0].After); got != `[] -> ["10.0.0.0/8"]` {
		t.Errorf("diff = %s", got)
	}
}

func TestTheLargestKeyFitsIntoTheJournal(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	rules := func(kind byte) (r iprule.Rules) {
		for i := range iprule.MaxEntries {
			e := func(list byte) iprule.Entry {
				a := netip.AddrFrom16([16]byte{0x26, list, byte(i), 3: kind, 8: 0xff, 15: 1})
				return iprule.Entry{Prefix: netip.PrefixFrom(a, 128), Note: strings.Repeat("注", iprule.MaxNote)}
			}
			r.Allow, r.Deny = append(r.Allow, e(1)), append(r.Deny, e(2))
		}
		return r
	}
	for kind, word := range []string{"説", "明"} {
		all, text := rules(byte(kind)), strings.Repeat(word, keystore.MaxDescription)
		var err error
		v, err = f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Rules: &all, Description: &text})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeyStates(t *testing.T) {
	now := epoch
	owner, off := keystore.User{}, keystore.User{Disabled: true}
	retiring := []keystore.Secret{{State: keystore.Current}, {State: keystore.Retiring, Retires: now.Add(time.Hour)}}
	for _, c := range []struct {
		name  string
		key   keystore.Key
		owner keystore.User
		want  keystore.State
	}{
		{"plain", keystore.Key{}, owner, keystore.StateActive},
		{"far from its expiry", keystore.Key{Expires: now.Add(15 * day)}, owner, keystore.StateActive},
		{"at the edge of the window", keystore.Key{Expires: now.Add(14 * day)}, owner, keystore.StateExpiring},
		{"within its own window", keystore.Key{Expires: now.Add(30 * day), WarnBefore: 30 * day}, owner, keystore.StateExpiring},
		{"before its own window", keystore.Key{Expires: now.Add(4 * day), WarnBefore: 3 * day}, owner, keystore.StateActive},
		{"at its expiry", keystore.Key{Expires: now}, owner, keystore.StateExpired},
		{"before its first day", keystore.Key{NotBefore: now.Add(time.Millisecond)}, owner, keystore.StatePending},
		{"on its first instant", keystore.Key{NotBefore: now}, owner, keystore.StateActive},
		{"two secrets", keystore.Key{Secrets: retiring}, owner, keystore.StateRotating},
		{"grace over", keystore.Key{Secrets: []keystore.Secret{{State: keystore.Retiring, Retires: now}}}, owner, keystore.StateActive},
		{"disabled beats expired", keystore.Key{DisabledAt: now, Expires: now}, owner, keystore.StateDisabled},
		{"owner disabled", keystore.Key{}, off, keystore.StateDisabled},
		{"revoked beats all", keystore.Key{Revoked: now, DisabledAt: now}, off, keystore.StateRevoked},
	} {
		if got := c.key.StateAt(now, c.owner, 14*day); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPolicyIsCheckedAtSave(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	old := f.key(u, "Old Name")
	must(t, os.WriteFile(f.PolicyPath(), []byte(`
[key]
max_lifetime = "90d"
name_pattern = '^[a-z-]+$'
require_allow = true
`), 0o600))
	_, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "Bad Name"})
	var refused *keystore.PolicyError
	if !errors.As(err, &refused) {
		t.Fatalf("error = %v, want *PolicyError", err)
	}
	var rules []string
	for _, v := range refused.Violations {
		rules = append(rules, v.Rule)
	}
	if d := cmp.Diff([]string{"name_pattern", "max_lifetime", "require_allow"}, rules); d != "" {
		t.Errorf("violations:\n%s", d)
	}
	good := keystore.NewKey{User: u.ID, Name: "good", Expires: f.Now().Add(90 * day), Rules: iprule.Rules{Allow: prefixes("10.0.0.0/8")}}
	if _, _, err := f.CreateKey(t.Context(), good); err != nil {
		t.Errorf("a key within the policy: %v", err)
	}
	text := "an old key may still be described"
	if _, err := f.EditKey(t.Context(), old.ID, old.Version, keystore.KeyEdit{Description: &text}); err != nil {
		t.Errorf("editing another field: %v", err)
	}
	never := time.Time{}
	if _, err := f.EditKey(t.Context(), old.ID, old.Version+1, keystore.KeyEdit{Expires: &never}); !errors.Is(err, keystore.ErrPolicy) {
		t.Errorf("an edit beyond the policy: %v, want ErrPolicy", err)
	}
}

func TestABadPolicyFileRefusesEverySave(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	for name, text := range map[string]string{
		"not TOML":        "max_lifetime",
		"unknown setting": "[key]\nmax_liftime = \"90d\"",
		"bad duration":    "[key]\nmax_lifetime = \"90 days\"",
		"zero duration":   "[key]\nmax_lifetime = \"0d\"",
		"bad pattern":     "[key]\nname_pattern = \"(\"",
	} {
		must(t, os.WriteFile(f.PolicyPath(), []byte(text), 0o600))
		if _, _, err := f.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "k"}); err == nil || !strings.Contains(err.Error(), "policy") {
			t.Errorf("%s: %v, want an error about the policy", name, err)
		}
	}
	if keys, err := f.Keys(t.Context()); err != nil || len(keys) != 0 {
		t.Errorf("%d keys (%v), want none", len(keys), err)
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add("[key]\nmax_lifetime = \"90d\"\nallow_never = true")
	f.Add("[key]\nname_pattern = '^a'\nwarn_before = \"36h\"")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := keystore.ParsePolicy(text)
		if err == nil && (p.MaxLifetime < 0 || p.WarnBefore <= 0) {
			t.Errorf("%q gives %+v", text, p)
		}
	})
}

func TestAKeyStringIsMintedWithTheStoresPrefix(t *testing.T) {
	path := t.TempDir() + "/store.db"
	st, err := keystore.Create(t.Context(), path, keystore.CreateOptions{Prefix: "acme"})
	must(t, err)
	u, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	_, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "k"})
	must(t, err)
	if _, err := token.Parse("acme", secret.Reveal()); err != nil {
		t.Error(err)
	}
	if _, err := keystore.Create(t.Context(), path+"2", keystore.CreateOptions{Prefix: "Ac me"}); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("prefix %q: %v, want ErrInvalid", "Ac me", err)
	}
}
