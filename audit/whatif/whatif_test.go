package whatif_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

const day = 24 * time.Hour

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

func seen(ip string, ok, denied uint64) whatif.Address {
	return whatif.Address{IP: netip.MustParseAddr(ip), OK: ok, Denied: denied, First: now.Add(-9 * day), Last: now.Add(-time.Hour)}
}

// month is thirty days with three callers and one who was refused.
func month() whatif.Evidence {
	return whatif.Evidence{From: now.Add(-30 * day), To: now, Addresses: []whatif.Address{
		seen("10.4.7.9", 12_000, 0), seen("10.4.7.40", 340, 0), seen("2001:db8:20::9", 5, 0), seen("203.0.113.70", 0, 917),
	}}
}

func rules(allow, deny string) (r iprule.Rules) {
	for s := range strings.FieldsSeq(allow) {
		r.Allow = append(r.Allow, iprule.Entry{Prefix: netip.MustParsePrefix(s)})
	}
	for s := range strings.FieldsSeq(deny) {
		r.Deny = append(r.Deny, iprule.Entry{Prefix: netip.MustParsePrefix(s)})
	}
	return r
}

func TestRulesSayWhoIsTreatedDifferently(t *testing.T) {
	before := rules("10.4.7.0/26 2001:db8:20::/48", "")
	for _, c := range []struct {
		name, allow, deny string
		refused, admitted uint64
		changed, why      string
	}{
		{"the same", "10.4.7.0/26 2001:db8:20::/48", "", 0, 0, "", ""},
		{"narrower", "10.4.7.0/27 2001:db8:20::/48", "", 340, 0, "10.4.7.40", "denied: not in the allow list (2 entries)"},
		{"one family lost", "10.4.7.0/26", "", 5, 0, "2001:db8:20::9", "denied: not in the allow list (1 entry)"},
		{"a deny", "10.4.7.0/26 2001:db8:20::/48", "10.4.7.8/31", 12_000, 0, "10.4.7.9", "denied by d1 10.4.7.8/31"},
		{"wider", "10.4.7.0/26 2001:db8:20::/48 203.0.113.0/24", "", 0, 917, "203.0.113.70", "allowed by a3 203.0.113.0/24"},
		{"all", "", "", 0, 917, "203.0.113.70", "allowed: no allow list, any address"},
		{"others", "10.4.7.9/32 203.0.113.0/24", "", 345, 917, "203.0.113.70 10.4.7.40 2001:db8:20::9", "allowed by a2 203.0.113.0/24"},
	} {
		e := whatif.Rules(before, rules(c.allow, c.deny), month())
		var changed []string
		for _, v := range e.Changed() {
			changed = append(changed, v.IP.String())
		}
		why := ""
		if len(changed) > 0 {
			why = e.Verdicts[0].Why
		}
		if e.Refused != c.refused || e.Admitted != c.admitted || strings.Join(changed, " ") != c.changed || why != c.why {
			t.Errorf("%s: refuses %d, admits %d, changes %q (%s)", c.name, e.Refused, e.Admitted, changed, why)
		}
		if len(e.Verdicts) != 4 || e.Uses != 12_345 || e.Uncertain != 0 {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}

// TestTheNumbersEqualARecount decides about every use by itself.
func TestTheNumbersEqualARecount(t *testing.T) {
	prefix := rapid.Custom(func(t *rapid.T) iprule.Entry {
		a := netip.AddrFrom4([4]byte{10, 0, byte(rapid.IntRange(0, 3).Draw(t, "net")), byte(rapid.IntRange(0, 255).Draw(t, "host"))})
		return iprule.Entry{Prefix: netip.PrefixFrom(a, rapid.IntRange(20, 32).Draw(t, "bits")).Masked()}
	})
	list := rapid.SliceOfN(prefix, 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		before := iprule.Rules{Allow: list.Draw(t, "allow"), Deny: list.Draw(t, "deny")}
		after := iprule.Rules{Allow: list.Draw(t, "allow after"), Deny: list.Draw(t, "deny after")}
		var e whatif.Evidence
		var refused, admitted uint64
		for i := range rapid.IntRange(0, 60).Draw(t, "callers") {
			a := netip.AddrFrom4([4]byte{10, 0, byte(i % 4), byte(rapid.IntRange(0, 255).Draw(t, "caller"))})
			n := rapid.Uint64Range(1, 99).Draw(t, "uses")
			x := whatif.Address{IP: a, First: now, Last: now}
			was, will := before.Decide(a).Allowed, after.Decide(a).Allowed
			switch {
			case was && !will:
				x.OK, refused = n, refused+n
			case was:
				x.OK = n
			case will:
				x.Denied, admitted = n, admitted+n
			default:
				x.Denied = n
			}
			e.Addresses = append(e.Addresses, x)
		}
		got := whatif.Rules(before, after, e)
		if got.Refused != refused || got.Admitted != admitted || got.Uses != e.Uses() {
			t.Fatalf("refuses %d, admits %d of %d; recounted %d and %d of %d", got.Refused, got.Admitted, got.Uses, refused, admitted, e.Uses())
		}
	})
}

func TestCallersThatWereNotToldApartAreUncertain(t *testing.T) {
	e := month()
	e.Beyond = 55
	got := whatif.Rules(iprule.Rules{}, rules("10.4.7.0/26 2001:db8:20::/48", ""), e)
	if got.Uncertain != 55 || got.Uses != 12_400 || !strings.Contains(got.String(), "55 uncertain: there were more callers") {
		t.Errorf("%+v", got)
	}
	if got = whatif.Rules(rules("10.4.7.0/26", ""), iprule.Rules{}, e); got.Uncertain != 0 {
		t.Errorf("without lists nothing is uncertain: %+v", got)
	}
}

func key(change func(*keystore.KeyView)) keystore.KeyView {
	k := keystore.KeyView{
		Key:   keystore.Key{Rules: rules("10.4.7.0/26 2001:db8:20::/48", ""), Scopes: []keystore.Scope{"deploy:*"}, Expires: now.Add(90 * day)},
		Owner: keystore.User{Permissions: []keystore.Scope{"deploy:*", "artifact:read"}},
	}
	change(&k)
	return k
}

func TestOfTellsWhatAChangeMeans(t *testing.T) {
	same := func(*keystore.KeyView) {}
	disabled := func(k *keystore.KeyView) { k.DisabledAt = now }
	for _, c := range []struct {
		name          string
		before, after func(*keystore.KeyView)
		refused       uint64
		want          string
	}{
		{"nothing", same, same, 0, "would have refused 0 of 12,345 uses of the last 30 days (first: never)"},
		{"disabled", same, disabled, 12_345, "would have refused 12,345 of 12,345 uses of the last 30 days (first: 2026-11-14T14:32:00Z)"},
		{"disabled already", disabled, disabled, 0, "refused 0 of"},
		{"enabled", disabled, same, 0, "refused 0 of"},
		{"revoked", same, func(k *keystore.KeyView) { k.Revoked = now }, 12_345, "refused 12,345 of"},
		{"owner disabled", same, func(k *keystore.KeyView) { k.Owner.Disabled = true }, 12_345, "refused 12,345 of"},
		{"expired", same, func(k *keystore.KeyView) { k.Expires = now }, 12_345, "refused 12,345 of"},
		{"nearer end", same, func(k *keystore.KeyView) { k.Expires = now.Add(day) }, 0, "refuses everybody from 2026-11-24T14:32:00Z on"},
		{"an end", func(k *keystore.KeyView) { k.Expires = time.Time{} }, same, 0, "refuses everybody from 2027-02-21T14:32:00Z on"},
		{"later beginning", same, func(k *keystore.KeyView) { k.NotBefore = now.Add(day) }, 0, "refuses everybody until 2026-11-24T14:32:00Z"},
		{"fewer scopes", same, func(k *keystore.KeyView) { k.Scopes = []keystore.Scope{"deploy:write"} }, 0, "12,345 uncertain: which scopes they needed is not known for all of that time"},
		{"scopes instead of all", func(k *keystore.KeyView) { k.Scopes = nil }, same, 0, "12,345 uncertain"},
		{"narrower and fewer scopes", same, func(k *keystore.KeyView) {
			k.Scopes, k.Rules = []keystore.Scope{"deploy:write"}, rules("10.4.7.0/27", "")
		}, 345, "12,000 uncertain"},
	} {
		e := whatif.Of(key(c.before), key(c.after), now, month())
		if e.Refused != c.refused || !strings.Contains(e.String(), c.want) {
			t.Errorf("%s: refuses %d; %s", c.name, e.Refused, e)
		}
	}
	more := whatif.Of(key(same), key(func(k *keystore.KeyView) { k.Scopes = nil; k.Expires = time.Time{} }), now, month())
	if more.Uncertain != 0 || !more.Closes.IsZero() {
		t.Errorf("a key that may do more: %+v", more)
	}
}

func TestScopesThatWereNotNeededCanBeTaken(t *testing.T) {
	before := key(func(*keystore.KeyView) {})
	after := key(func(k *keystore.KeyView) { k.Scopes = []keystore.Scope{"deploy:write"} })
	for _, c := range []struct {
		name    string
		demands usage.Demands
		want    string
	}{
		{"only what stays", usage.Demands{Since: now.Add(-30 * day), Last: map[keystore.Scope]time.Time{"deploy:write": now}}, "(first: never)"},
		{"what goes", usage.Demands{Since: now.Add(-30 * day), Last: map[keystore.Scope]time.Time{"deploy:write": now, "deploy:read": now.Add(-3 * day)}}, "12,345 uncertain: some needed deploy:read (last on 2026-11-20)"},
		{"what goes, long ago", usage.Demands{Since: now.Add(-90 * day), Last: map[keystore.Scope]time.Time{"deploy:read": now.Add(-40 * day)}}, "(first: never)"},
		{"known too short", usage.Demands{Since: now.Add(-30*day + time.Second), Last: map[keystore.Scope]time.Time{"deploy:write": now}}, "not known for all of that time"},
		{"too many", usage.Demands{Since: now.Add(-90 * day), More: true}, "not known for all of that time"},
	} {
		seen := month()
		seen.Demands = &c.demands
		if e := whatif.Of(before, after, now, seen); !strings.HasSuffix(e.String(), c.want) {
			t.Errorf("%s: %s", c.name, e)
		}
	}
}

func TestWithoutUsesNothingIsClaimed(t *testing.T) {
	e := whatif.Rules(iprule.Rules{}, rules("10.0.0.0/8", ""), whatif.Evidence{From: now.Add(-day), To: now})
	if e.String() != "no use was seen in the last day" || len(e.Changed()) != 0 {
		t.Errorf("%q", e)
	}
}

func TestChangedAddressesComeFirst(t *testing.T) {
	e := whatif.Rules(iprule.Rules{}, rules("10.4.7.40/32", ""), month())
	if !slices.IsSortedFunc(e.Verdicts, func(a, b whatif.Verdict) int {
		switch {
		case a.Changed() && !b.Changed():
			return -1
		case !a.Changed() && b.Changed():
			return 1
		}
		return 0
	}) || len(e.Changed()) != 3 {
		t.Errorf("%+v", e.Verdicts)
	}
}
