package iprule

import (
	"net/netip"
	"strings"
	"testing"
)

func TestDecide(t *testing.T) {
	const (
		allow = "198.51.100.0/24 # office, 203.0.113.0/24 # edge, 203.0.113.0/25, 2001:db8:20::/48"
		deny  = "203.0.113.64/26 # scanner, 2001:db8:bad::/48"
	)
	for _, c := range []struct {
		name, allow, deny, addr string
		allowed                 bool
		want                    string
	}{
		{"deny wins", allow, deny, "203.0.113.70", false, "denied by d1 203.0.113.64/26"},
		{"first allow entry decides", allow, deny, "203.0.113.5", true, "allowed by a2 203.0.113.0/24"},
		{"IPv6", allow, deny, "2001:db8:20::9", true, "allowed by a4 2001:db8:20::/48"},
		{"outside", allow, deny, "192.0.2.1", false, "denied: not in the allow list (4 entries)"},
		{"one entry", "10.0.0.0/8", "", "192.0.2.1", false, "denied: not in the allow list (1 entry)"},
		{"IPv4-mapped", allow, deny, "::ffff:198.51.100.7", true, "allowed by a1 198.51.100.0/24"},
		{"IPv4-mapped and denied", allow, deny, "::ffff:203.0.113.70", false, "denied by d1 203.0.113.64/26"},
		{"IPv4-mapped is not IPv6", "::/1", "", "::ffff:10.0.0.1", false, "denied: not in the allow list (1 entry)"},
		{"no rules", "", "", "192.0.2.1", true, "allowed: no allow list, any address"},
		{"deny list alone", "", deny, "192.0.2.1", true, "allowed: no allow list, and not in the deny list (2 entries)"},
		{"deny list alone matches", "", deny, "203.0.113.64", false, "denied by d1 203.0.113.64/26"},
		{"zone and no rules", "", "", "fe80::1%eth0", true, "allowed: no allow list, any address"},
		{"zone and allow list", "fe80::/10", "", "fe80::1%eth0", false, "denied: an address with a zone is in no allow list"},
		{"zone does not slip past the deny list", "", "fe80::/10", "fe80::1%eth0", false, "denied by d1 fe80::/10"},
		{"zone and deny list that does not match", "", "fe80::/64", "fe80:1::1%eth0", true, "allowed: no allow list, and not in the deny list (1 entry)"},
		{"mapped with zone does not slip past the deny list", "", "10.0.0.0/8", "::ffff:10.0.0.1%x", false, "denied by d1 10.0.0.0/8"},
		{"mapped with zone and allow list", "10.0.0.0/8", "", "::ffff:10.0.0.1%x", false, "denied: not in the allow list (1 entry)"},
		{"no address and no rules", "", "", "", true, "allowed: no allow list, any address"},
		{"no address and allow list", "10.0.0.0/8", "", "", false, "denied: there is no address to test"},
		{"no address and deny list", "", "10.0.0.0/8", "", false, "denied: there is no address to test"},
		{"entries by hand", "::ffff:10.0.0.9/104, 10.0.0.0/8", "10.9.9.9/16", "10.1.1.1", true, "allowed by a1 10.0.0.0/8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := addr(c.addr)
			got := handmade(c.allow, c.deny).Decide(a)
			if got.Allowed != c.allowed || got.String() != c.want || got.Addr != a.Unmap() {
				t.Errorf("got %v %q for %v, want %v %q", got.Allowed, got, got.Addr, c.allowed, c.want)
			}
			if handmade(c.allow, c.deny).Allows(a) != c.allowed {
				t.Errorf("Allows says %v", !c.allowed)
			}
			if set := handmade(c.allow, c.deny).Compile(); set.Allowed(a) != c.allowed {
				t.Errorf("compiled rules decide otherwise")
			}
		})
	}
}

// handmade is rules for prefixes that netip.ParsePrefix does not read.
func handmade(allow, deny string) Rules {
	if rest, ok := strings.CutPrefix(allow, "::ffff:10.0.0.9/104"); ok {
		r := rules(rest, deny)
		r.Allow = append([]Entry{{Prefix: netip.PrefixFrom(addr("::ffff:10.0.0.9"), 104)}}, r.Allow...)
		return r
	}
	return rules(allow, deny)
}

func addr(s string) netip.Addr {
	a, _ := netip.ParseAddr(s)
	return a
}

func TestDecideShowsEveryStep(t *testing.T) {
	r := rules("198.51.100.0/24, 203.0.113.0/24 # edge", "203.0.113.64/26 # scanner, 203.0.113.0/24")
	got := r.Decide(addr("203.0.113.70"))
	want := []Step{
		{"d1", Deny, 0, r.Deny[0].Prefix, "scanner", true, true},
		{"d2", Deny, 1, r.Deny[1].Prefix, "", true, false},
		{"a1", Allow, 0, r.Allow[0].Prefix, "", false, false},
		{"a2", Allow, 1, r.Allow[1].Prefix, "edge", true, false},
	}
	if got.By != "d1" || len(got.Steps) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got.Steps[i] != want[i] {
			t.Errorf("step %d is %+v, want %+v", i, got.Steps[i], want[i])
		}
	}
}

func TestInvalidEntriesMatchNothingAndStillRestrict(t *testing.T) {
	r := Rules{Allow: []Entry{{}}, Deny: []Entry{{}}}
	if got := r.Decide(addr("10.0.0.1")); got.Allowed || got.By != "" {
		t.Errorf("got %+v", got)
	}
	if r.Compile().Allowed(addr("10.0.0.1")) {
		t.Error("compiled rules decide otherwise")
	}
}
