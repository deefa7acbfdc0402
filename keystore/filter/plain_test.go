package filter_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// plainly are terms and what they mean, without an index.
var plainly = []struct {
	term string
	is   func(v *keystore.KeyView) bool
}{
	{"user:bot", func(v *keystore.KeyView) bool { return strings.Contains(v.Owner.Name, "bot") }},
	{"name:ci", func(v *keystore.KeyView) bool { return strings.Contains(strings.ToLower(v.Name), "ci") }},
	{"bot", func(v *keystore.KeyView) bool {
		return strings.Contains(strings.ToLower(v.Owner.Name+" "+v.Name+" "+v.Description), "bot")
	}},
	{"state:active,expired", func(v *keystore.KeyView) bool {
		s := v.StateAt(now, warn)
		return s == keystore.StateActive || s == keystore.StateExpired
	}},
	{"state:revoked", func(v *keystore.KeyView) bool { return !v.Revoked.IsZero() }},
	{"scope:chat:write", has("chat:write")},
	{"scope:*:read", has("*:read")},
	{"scope:chat:read,mail:send", func(v *keystore.KeyView) bool { return has("chat:read")(v) || has("mail:send")(v) }},
	{"allow:none", func(v *keystore.KeyView) bool { return len(v.Rules.Allow) == 0 }},
	{"allow:10.0.0.1", lets("10.0.0.1")},
	{"allow:192.0.2.9,2001:db8::1", func(v *keystore.KeyView) bool { return lets("192.0.2.9")(v) || lets("2001:db8::1")(v) }},
	{"allow:10.0.0.0/16", func(v *keystore.KeyView) bool {
		return slices.ContainsFunc(v.Rules.Allow, func(e iprule.Entry) bool { return e.Prefix.Overlaps(netip.MustParsePrefix("10.0.0.0/16")) })
	}},
	{"ip:10.0.0.0/8", func(v *keystore.KeyView) bool {
		p := netip.MustParsePrefix("10.0.0.0/8")
		return p.Contains(v.Uses.Last.IP.Unmap()) || p.Contains(v.Uses.LastDenied.IP.Unmap())
	}},
	{"ip:255.255.255.255,::/16", func(v *keystore.KeyView) bool {
		return v.Uses.Last.IP.Is4() && v.Uses.Last.IP.As4()[0] == 255 || v.Uses.LastDenied.IP.Is4() && v.Uses.LastDenied.IP.As4()[0] == 255
	}},
	{"ip:2001:db8::7", func(v *keystore.KeyView) bool {
		return v.Uses.Last.IP == netip.MustParseAddr("2001:db8::7") || v.Uses.LastDenied.IP == netip.MustParseAddr("2001:db8::7")
	}},
	{"seen:never", func(v *keystore.KeyView) bool { return v.Uses.Last.Time.IsZero() }},
	{"seen:<7d", func(v *keystore.KeyView) bool {
		return !v.Uses.Last.Time.IsZero() && now.Sub(v.Uses.Last.Time) <= 7*day
	}},
	{"seen:>7d", func(v *keystore.KeyView) bool { return v.Uses.Last.Time.IsZero() || now.Sub(v.Uses.Last.Time) > 7*day }},
	{"expires:never", func(v *keystore.KeyView) bool { return v.Expires.IsZero() }},
	{"expires:<7d", func(v *keystore.KeyView) bool { return v.Expires.After(now) && v.Expires.Sub(now) <= 7*day }},
	{"expires:>7d", func(v *keystore.KeyView) bool { return v.Expires.IsZero() || v.Expires.Sub(now) > 7*day }},
	{"created:<7d", func(v *keystore.KeyView) bool { return now.Sub(v.Created) <= 7*day }},
	{"created:>7d", func(v *keystore.KeyView) bool { return now.Sub(v.Created) > 7*day }},
	{"id:06", func(v *keystore.KeyView) bool { return strings.HasPrefix(string(v.ID), "06") }},
	{"id:4kTMd9zqW8aB", func(v *keystore.KeyView) bool {
		return slices.ContainsFunc(v.Secrets, func(s keystore.Secret) bool { return s.ID.String() == "4kTMd9zqW8aB" })
	}},
}

func has(s keystore.Scope) func(*keystore.KeyView) bool {
	return func(v *keystore.KeyView) bool { return keystore.CoversAny(v.EffectiveScopes(), s) }
}

func lets(addr string) func(*keystore.KeyView) bool {
	return func(v *keystore.KeyView) bool { return v.Rules.Decide(netip.MustParseAddr(addr)).Allowed }
}

// What is drawn is drawn of few, so that keys have much in common, near the limits
// of the terms.
var (
	anyTime = rapid.SampledFrom([]time.Time{
		{}, now, now.Add(-day), now.Add(-7 * day), now.Add(-7*day - time.Millisecond), now.Add(7 * day), now.Add(7*day + time.Millisecond),
	})
	anyName   = rapid.SampledFrom([]string{"ci", "CI-Bot", "import", "支払い"})
	anyScopes = rapid.SliceOfN(rapid.SampledFrom([]keystore.Scope{"chat:write", "chat:*", "*:read", "mail:send", "*:*"}), 0, 3)
	anyRules  = rapid.Custom(func(t *rapid.T) iprule.Rules {
		list := rapid.SliceOfN(rapid.SampledFrom(entries("10.0.0.0/24", "10.0.0.1/32", "192.0.2.0/24", "2001:db8::/32", "0.0.0.0/0")), 0, 2)
		return iprule.Rules{Allow: list.Draw(t, "allow"), Deny: list.Draw(t, "deny")}
	})
	anyOwner = rapid.Custom(func(t *rapid.T) keystore.User {
		name := rapid.SampledFrom([]string{"bot", "ann"}).Draw(t, "owner")
		return keystore.User{Name: name, Permissions: anyScopes.Draw(t, "permissions"), Admin: rapid.Bool().Draw(t, "admin")}
	})
	anySighting = rapid.Custom(func(t *rapid.T) keystore.Sighting {
		s := keystore.Sighting{Time: anyTime.Draw(t, "time")}
		if !s.Time.IsZero() {
			s.IP = netip.MustParseAddr(rapid.SampledFrom([]string{"10.1.2.3", "::ffff:10.1.2.3", "11.0.0.1", "255.255.255.255", "2001:db8::7", "2001:db8::8"}).Draw(t, "ip"))
		}
		return s
	})
	anyKey = rapid.Custom(func(t *rapid.T) keystore.KeyView {
		v := keystore.KeyView{
			Key: keystore.Key{
				ID:   keystore.KeyID(rapid.SampledFrom([]string{"06f3aaaaaaaaaaaa", "06f4aaaaaaaaaaaa", "05", "07aaaaaaaaaaaaaa", "0"}).Draw(t, "id")),
				Name: anyName.Draw(t, "name"), Description: rapid.SampledFrom([]string{"", "for the bot"}).Draw(t, "description"),
				Scopes: anyScopes.Draw(t, "scopes"), Rules: anyRules.Draw(t, "rules"),
				Created: anyTime.Draw(t, "created"), Expires: anyTime.Draw(t, "expires"),
				Secrets: []keystore.Secret{{ID: token.ID([]byte(rapid.SampledFrom([]string{"4kTMd9zqW8aB", "000000000001"}).Draw(t, "secret")))}},
			},
			Owner: anyOwner.Draw(t, "owner"), Uses: keystore.Uses{Last: anySighting.Draw(t, "last"), LastDenied: anySighting.Draw(t, "denied")},
		}
		if rapid.IntRange(0, 3).Draw(t, "revoked") == 0 {
			v.Revoked = now.Add(-day)
		}
		return v
	})
)

func TestAnIndexSelectsWhatTheTermsMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(anyKey, 0, 12).Draw(t, "keys")
		if rapid.Bool().Draw(t, "in order") {
			slices.SortFunc(list, func(a, b keystore.KeyView) int { return strings.Compare(string(a.ID), string(b.ID)) })
		}
		index := filter.NewIndex(list)
		if rapid.Bool().Draw(t, "used") {
			for i := range list {
				list[i].Uses.Last = anySighting.Draw(t, "last")
			}
			index = index.WithUses(list)
		}
		expr, want := "", func(*keystore.KeyView) bool { return true }
		for range rapid.IntRange(1, 3).Draw(t, "terms") {
			term, not, before := rapid.SampledFrom(plainly).Draw(t, "term"), rapid.Bool().Draw(t, "not"), want
			want = func(v *keystore.KeyView) bool { return before(v) && term.is(v) != not }
			if not {
				expr += "!"
			}
			expr += term.term + " "
		}
		f, err := filter.Parse(expr)
		if err != nil {
			t.Fatal(err)
		}
		among := f.Among(list, index, now, warn)
		for i := range list {
			if got := among(i); got != want(&list[i]) {
				t.Errorf("%q selects key %d: %v", expr, i, got)
			}
		}
	})
}
