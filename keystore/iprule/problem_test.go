package iprule

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rules makes rules of two lists of entries, each a prefix with "# note".
func rules(allow, deny string) Rules {
	list := func(s string) (entries []Entry) {
		for item := range strings.FieldsFuncSeq(s, func(c rune) bool { return c == ',' }) {
			prefix, note, _ := strings.Cut(item, "#")
			entries = append(entries, entry(strings.TrimSpace(prefix), strings.TrimSpace(note)))
		}
		return entries
	}
	return Rules{list(allow), list(deny)}
}

func many(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, "10.%d.%d.0/24,", i/100, 2*(i%100))
	}
	return s.String()
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, allow, deny string
		want              string // "code level place other: text" a line
	}{
		{"nothing to say", "10.0.0.0/8, 2001:db9::/32 # v6", "10.1.0.0/24", "partly-denied info a1 d1: a1 10.0.0.0/8: 256 addresses are denied by d1 10.1.0.0/24"},
		{"no rules", "", "", ""},
		{"redundant and duplicate", "10.1.0.0/16, 10.0.0.0/8, 10.0.0.0/8", "", "" +
			"redundant info a1 a2: a1 10.1.0.0/16 is inside a2 10.0.0.0/8: redundant\n" +
			"duplicate info a3 a2: a3 10.0.0.0/8 is a duplicate of a2"},
		{"halves", "10.0.1.0/24, 11.0.0.0/8, 10.0.0.0/24", "", "mergeable info a3 a1: a1 10.0.1.0/24 and a3 10.0.0.0/24 are the halves of 10.0.0.0/23"},
		{"neighbours that are no halves", "10.0.1.0/24, 10.0.2.0/24", "", ""},
		{"deny list without an allow list", "", "9.0.0.0/8, 9.9.9.9/32", "" +
			"deny-only info deny -: there is no allow list: any address that is not denied may use the key\n" +
			"redundant info d2 d1: d2 9.9.9.9/32 is inside d1 9.0.0.0/8: redundant"},
		{"all-covering entries", "0.0.0.0/0", "::/0", "" +
			"all-covering error a1 -: a1 0.0.0.0/0 covers every IPv4 address: leave the allow list empty if any address may use the key\n" +
			"all-covering error d1 -: d1 ::/0 covers every IPv6 address: list what is allowed instead\n" +
			"no-effect info d1 -: d1 ::/0 touches nothing of the allow list"},
		{"all-covering union", "0.0.0.0/1, 128.0.0.0/2, 192.0.0.0/2", "", "" +
			"all-covering error allow -: the allow list as a whole covers every IPv4 address: leave the allow list empty if any address may use the key\n" +
			"mergeable info a3 a2: a2 128.0.0.0/2 and a3 192.0.0.0/2 are the halves of 128.0.0.0/1"},
		{"all-covering IPv6 union in the deny list", "10.0.0.0/8", "::/1, 8000::/1", "" +
			"all-covering error deny -: the deny list as a whole covers every IPv6 address: list what is allowed instead\n" +
			"mapped warning d1 -: d1 ::/1 does not include IPv4: add the IPv4 prefixes that are meant\n" +
			"no-effect info d1 -: d1 ::/1 touches nothing of the allow list\n" +
			"mergeable info d2 d1: d1 ::/1 and d2 8000::/1 are the halves of ::/0\n" +
			"no-effect info d2 -: d2 8000::/1 touches nothing of the allow list"},
		{"allow inside deny", "11.0.0.0/8, 10.1.0.0/16", "10.0.0.0/8", "dead error a2 d1: a2 10.1.0.0/16 is denied altogether by d1 10.0.0.0/8: it can never match"},
		{"allow equal to deny", "12.0.0.0/8, 10.0.0.0/8", "10.0.0.0/8", "dead error a2 d1: a2 10.0.0.0/8 is denied altogether by d1 10.0.0.0/8: it can never match"},
		{"allow inside the union of the deny list, and nothing left", "10.0.0.0/23", "9.0.0.0/8, 10.0.0.0/24, 10.0.1.0/24", "" +
			"empty error allow -: the deny list leaves nothing of the allow list: no address could use the key\n" +
			"dead error a1 d2: a1 10.0.0.0/23 is denied altogether by d2 10.0.0.0/24 and d3: it can never match\n" +
			"no-effect info d1 -: d1 9.0.0.0/8 touches nothing of the allow list\n" +
			"mergeable info d3 d2: d2 10.0.0.0/24 and d3 10.0.1.0/24 are the halves of 10.0.0.0/23"},
		{"carve-outs", "10.0.0.0/24, 2001:db9::/32", "10.0.0.1/32, 10.0.0.0/30, 10.0.0.8/32, 2001:db9:1::/48", "" +
			"partly-denied info a1 d1: a1 10.0.0.0/24: 5 addresses are denied by d1 10.0.0.1/32 and 2 others\n" +
			"partly-denied info a2 d4: a2 2001:db9::/32: 2^80 addresses are denied by d4 2001:db9:1::/48\n" +
			"redundant info d1 d2: d1 10.0.0.1/32 is inside d2 10.0.0.0/30: redundant"},
		{"carve-out of one address", "10.0.0.0/24", "10.0.0.1/32", "partly-denied info a1 d1: a1 10.0.0.0/24: 1 address is denied by d1 10.0.0.1/32"},
		{"carve-out of an odd number", "2001:db9::/32", "2001:db9::/64, 2001:db9:1::/65", "" +
			"partly-denied info a1 d1: a1 2001:db9::/32: more than 2^64 addresses are denied by d1 2001:db9::/64 and d2"},
		{"special use", "127.0.0.1/32, 169.254.0.0/16, 224.1.0.0/16, 192.0.2.0/25, 255.255.255.255/32, 0.0.0.0/32, 2001:db8::/48, fe80::/64, ff02::/16, ::1/128, ::/128, 192.168.0.0/16, fd00::/8, 128.0.0.0/3", "", "" +
			"special-use warning a1 -: a1 127.0.0.1/32 is loopback: only programs on the same machine have it (RFC 1122)\n" +
			"special-use warning a2 -: a2 169.254.0.0/16 is link-local: only machines on the same wire have it (RFC 3927)\n" +
			"special-use warning a3 -: a3 224.1.0.0/16 is multicast: no client has it (RFC 5771)\n" +
			"special-use warning a4 -: a4 192.0.2.0/25 is for examples in documents (TEST-NET-1, RFC 5737)\n" +
			"special-use warning a5 -: a5 255.255.255.255/32 is reserved: no client has it (RFC 1112)\n" +
			"special-use warning a6 -: a6 0.0.0.0/32 is no client's address (RFC 1122)\n" +
			"special-use warning a7 -: a7 2001:db8::/48 is for examples in documents (RFC 3849)\n" +
			"special-use warning a8 -: a8 fe80::/64 is link-local: only machines on the same wire have it (RFC 4291)\n" +
			"special-use warning a9 -: a9 ff02::/16 is multicast: no client has it (RFC 4291)\n" +
			"special-use warning a10 -: a10 ::1/128 is loopback: only programs on the same machine have it (RFC 4291)\n" +
			"special-use warning a11 -: a11 ::/128 is no client's address (RFC 4291)\n" +
			"mergeable info a11 a10: a10 ::1/128 and a11 ::/128 are the halves of ::/127"},
		{"special use in the deny list", "10.0.0.0/8, 224.0.0.0/3", "224.0.0.0/4", "partly-denied info a2 d1: a2 224.0.0.0/3: 268435456 addresses are denied by d1 224.0.0.0/4"},
		{"NAT64", "64:ff9b::a00:0/104, 64:ff9b::/32", "", "" +
			"nat64 warning a1 -: a1 64:ff9b::a00:0/104 is NAT64: such clients arrive with their own address, write 10.0.0.0/8 if that is meant\n" +
			"redundant info a1 a2: a1 64:ff9b::a00:0/104 is inside a2 64:ff9b::/32: redundant"},
		{"NAT64 in the deny list", "10.0.0.0/8,64:ff9a::/31", "64:ff9b::a00:0/128", "" +
			"nat64 warning d1 -: d1 64:ff9b::a00:0/128 is NAT64: such clients arrive with their own address, write 10.0.0.0/32 if that is meant\n" +
			"partly-denied info a2 d1: a2 64:ff9a::/31: 1 address is denied by d1 64:ff9b::a00:0/128"},
		{"IPv6 that seems to include IPv4", "::/64", "", "mapped warning a1 -: a1 ::/64 does not include IPv4: add the IPv4 prefixes that are meant"},
		{"not masked", "10.0.0.9/8", "10.1.0.9/16", "" +
			"host-bits info a1 -: a1 10.0.0.9/8 has host bits set: it is read as 10.0.0.0/8\n" +
			"partly-denied info a1 d1: a1 10.0.0.0/8: 65536 addresses are denied by d1 10.1.0.0/16\n" +
			"host-bits info d1 -: d1 10.1.0.9/16 has host bits set: it is read as 10.1.0.0/16"},
		{"bad note", "10.0.0.0/8 # a\u202eb", "", "bad-note error a1 -: a1: note contains the control character U+202E: use plain text on one line"},
		{"long lists", many(101), "10.0.0.0/8", "too-many error allow -: the allow list has 101 entries, at most 100 are possible"},
		{"longest lists", many(100), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var lines []string
			for _, p := range rules(c.allow, c.deny).Problems() {
				lines = append(lines, describe(p))
			}
			if got := strings.Join(lines, "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func describe(p Problem) string {
	place, other := string(p.List), "-"
	if p.Index >= 0 {
		place = p.List.Label(p.Index)
	}
	if p.Other >= 0 {
		other = p.OtherList.Label(p.Other)
	}
	return fmt.Sprintf("%s %s %s %s: %s", p.Code, p.Level, place, other, p.Text)
}

func TestProblemsOfPrefixesThatParseDoesNotReturn(t *testing.T) {
	r := Rules{Allow: []Entry{{Prefix: netip.PrefixFrom(netip.MustParseAddr("::ffff:10.0.0.0"), 104)}, {}}}
	var lines []string
	for _, p := range r.Problems() {
		lines = append(lines, describe(p))
	}
	want := []string{
		"invalid error a2 -: a2 has no valid prefix",
		"mapped warning a1 -: a1 ::ffff:10.0.0.0/104 is IPv4-mapped: it is read as 10.0.0.0/8",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct{ allow, deny, want string }{
		{"", "", ""},
		{"10.0.0.0/8, 127.0.0.1/32, 10.0.0.0/8", "10.1.0.0/16", ""},
		{"", "10.0.0.0/8", ""},
		{"0.0.0.0/0", "", "address rules: a1 0.0.0.0/0 covers every IPv4 address: leave the allow list empty if any address may use the key"},
		{
			"10.0.0.0/32,10.0.0.1/32,10.0.0.2/32,10.0.0.3/32", "10.0.0.0/8", "address rules: " +
				"the deny list leaves nothing of the allow list: no address could use the key; " +
				"a1 10.0.0.0/32 is denied altogether by d1 10.0.0.0/8: it can never match; " +
				"a2 10.0.0.1/32 is denied altogether by d1 10.0.0.0/8: it can never match; and 2 more",
		},
	} {
		err := rules(c.allow, c.deny).Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("allow %q deny %q: got  %v\n\twant %s", c.allow, c.deny, err, c.want)
		}
		if pe := (*ProblemError)(nil); err != nil && (!errors.As(err, &pe) || len(pe.Problems) == 0) {
			t.Errorf("error is a %T", err)
		}
	}
}

func TestProblemsPointIntoTheLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules.Draw(t, "rules")
		for _, p := range r.Problems() {
			if p.Index < -1 || p.Index >= len(r.Entries(p.List)) {
				t.Fatalf("%+v", p)
			}
			if (p.Other < 0) != (p.OtherList == "") || p.Other >= len(r.Entries(p.OtherList)) {
				t.Fatalf("%+v", p)
			}
			if !slices.Contains(levels, p.Level) || p.Text == "" || strings.HasSuffix(p.Text, ".") {
				t.Fatalf("%+v", p)
			}
		}
	})
}

func TestDeadEntriesMatchNothingAndValidRulesLeaveSomething(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules.Draw(t, "rules")
		dead := map[int]bool{}
		for _, p := range r.Problems() {
			if p.Code == CodeDead {
				dead[p.Index] = true
			}
		}
		for i, e := range r.Allow {
			one := Rules{Allow: []Entry{e}, Deny: r.Deny}
			if p := canonical(e.Prefix); p.IsValid() && dead[i] != (len(one.effective().Ranges()) == 0) {
				t.Fatalf("%s reported dead: %v, leaves %v", Allow.Label(i), dead[i], one.effective().Ranges())
			}
		}
		if r.Validate() == nil && len(r.effective().Ranges()) == 0 {
			t.Fatal("valid rules that nobody can use")
		}
	})
}
