package iprule

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func prefixes(list string) (out []netip.Prefix) {
	for s := range strings.FieldsSeq(list) {
		if !strings.Contains(s, "/") {
			out = append(out, netip.PrefixFrom(addr(s), addr(s).BitLen()))
			continue
		}
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

func written(list []netip.Prefix) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = p.String()
	}
	return strings.Join(words, " ")
}

func TestTheTightestList(t *testing.T) {
	office := "10.4.7.1 10.4.7.9 10.4.7.33 172.16.3.9 172.16.12.1 198.51.100.9 203.0.113.17 203.0.113.18 203.0.113.22"
	for _, c := range []struct {
		name, sources string
		k             int
		want          string
	}{
		{"nothing", "", 3, ""},
		{"one address", "192.0.2.1", 3, "192.0.2.1/32"},
		{"the same twice", "192.0.2.1 192.0.2.1 ::ffff:192.0.2.1", 3, "192.0.2.1/32"},
		{"halves become one", "192.0.2.0 192.0.2.1", 2, "192.0.2.0/31"},
		{"one prefix", office, 1, "0.0.0.0/0"},
		{"four prefixes", office, 4, "10.4.7.0/26 172.16.0.0/20 198.51.100.9/32 203.0.113.16/29"},
		{"a source inside another", "10.0.0.0/8 10.1.2.3 11.0.0.1", 3, "10.0.0.0/8 11.0.0.1/32"},
		{"a source with host bits", "10.0.0.9/8", 1, "10.0.0.0/8"},
		{"both families", "192.0.2.1 2001:db8::1 192.0.2.9", 3, "192.0.2.1/32 192.0.2.9/32 2001:db8::1/128"},
		{"too few for both families", "192.0.2.1 2001:db8::1", 1, ""},
		{"all of IPv6, and IPv4", ":: 8000:: 192.0.2.1", 2, "192.0.2.1/32 ::/0"},
		{"IPv6 hosts of one network are cheap", "2001:db8::1 2001:db8::ffff:1 192.0.2.1 192.0.2.9", 3, "192.0.2.1/32 192.0.2.9/32 2001:db8::/96"},
		{"more than there is", "10.0.0.1 10.0.0.4", 200, "10.0.0.1/32 10.0.0.4/32"},
		{"none asked for", "10.0.0.1", 0, ""},
	} {
		got := written(NewCover(prefixes(c.sources), max(c.k, 2)).With(c.k))
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestACoverKnowsItsLimits(t *testing.T) {
	for _, c := range []struct {
		sources                  string
		limit, least, most, knee int
	}{
		{"", 8, 0, 0, 0},
		{"10.0.0.1", 8, 1, 1, 1},
		{"10.0.0.1 2001:db8::1", 1, 2, 2, 2},
		{"10.0.0.1 10.9.0.1 10.90.0.1", 2, 1, 2, 2},
		{"10.0.0.0/24 10.0.2.0/24 10.9.0.0/30 10.9.0.4/31", 8, 1, 4, 3},
	} {
		cover := NewCover(prefixes(c.sources), c.limit)
		if cover.Least() != c.least || cover.Most() != c.most || cover.Elbow() != c.knee {
			t.Errorf("%s: least %d, most %d, elbow %d; want %d, %d, %d", c.sources,
				cover.Least(), cover.Most(), cover.Elbow(), c.least, c.most, c.knee)
		}
	}
}

func TestRoomCountsAddressesAndNetworks(t *testing.T) {
	for list, want := range map[string]float64{
		"":                              0,
		"10.0.0.0/24 192.0.2.1":         257,
		"2001:db8::/62 ::ffff:10.0.0.1": 5,
		"0.0.0.0/0":                     1 << 32,
		"::/0":                          1 << 64,
	} {
		if got := Room(prefixes(list)); got != want {
			t.Errorf("%q lets in %v, want %v", list, got, want)
		}
	}
}

// clustered draws sources that share much, so that a cover has something to
// choose.
var clustered = rapid.Custom(func(t *rapid.T) netip.Prefix {
	far, near := rapid.IntRange(0, 3).Draw(t, "far"), rapid.IntRange(0, 15).Draw(t, "near")
	a := netip.AddrFrom4([4]byte{10, byte(far * 77), byte(near * 17), byte(near)})
	if rapid.IntRange(0, 2).Draw(t, "family") == 0 {
		a = netip.AddrFrom16([16]byte{0x20, 1, 0xd, byte(far), 6: byte(near), 7: byte(near), 15: byte(near)})
	}
	return netip.PrefixFrom(a, a.BitLen()-rapid.SampledFrom([]int{0, 0, 0, 1, 3}).Draw(t, "short")).Masked()
})

// TestNoListIsTighter compares with every way to divide the sources into
// groups: 6,000 small sets, 500 in the short run.
func TestNoListIsTighter(t *testing.T) {
	sets := 60
	if testing.Short() {
		sets = 5
	}
	rapid.Check(t, func(t *rapid.T) {
		for range sets {
			sources := rapid.SliceOfN(clustered, 1, 7).Draw(t, "sources")
			cover := NewCover(sources, 7)
			for k := 1; k <= 7; k++ {
				list := cover.With(k)
				want := tightest(sources, k)
				switch {
				case want == nil && len(list) > 0:
					t.Fatalf("%v with %d: %v, but there is no such list", sources, k, list)
				case want != nil && sizeSum(list).Cmp(want) != 0:
					t.Fatalf("%v with %d: %v has size %v, want %v", sources, k, list, sizeSum(list), want)
				case len(list) > k:
					t.Fatalf("%v with %d: %v", sources, k, list)
				}
			}
		}
	})
}

// tightest returns the size of the tightest list by trying all groupings, each
// group covered by what its members have in common; nil if there is none.
func tightest(sources []netip.Prefix, k int) (least *big.Int) {
	var try func(i int, groups []netip.Prefix)
	try = func(i int, groups []netip.Prefix) {
		if i == len(sources) {
			if size := sizeSum(groups); least == nil || size.Cmp(least) < 0 {
				least = size
			}
			return
		}
		for j, g := range groups {
			if g.Addr().Is4() == sources[i].Addr().Is4() {
				wider := slices.Clone(groups)
				wider[j] = around(g, sources[i])
				try(i+1, wider)
			}
		}
		if len(groups) < k {
			try(i+1, append(slices.Clone(groups), sources[i]))
		}
	}
	try(0, nil)
	return least
}

// around widens p bit by bit until it holds q.
func around(p, q netip.Prefix) netip.Prefix {
	for !inside(q, p) {
		p = parent(p)
	}
	return p
}

// sizeSum adds sizes in 2^-64 of an IPv4 address.
func sizeSum(list []netip.Prefix) *big.Int {
	sum := new(big.Int)
	for _, p := range list {
		exponent := p.Addr().BitLen() - p.Bits()
		if p.Addr().Is4() {
			exponent += 64
		}
		sum.Add(sum, new(big.Int).Lsh(big.NewInt(1), uint(exponent)))
	}
	return sum
}

func TestACoverLetsAllSourcesInAndNeverGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sources := rapid.SliceOfN(clustered, 0, 40).Draw(t, "sources")
		most := rapid.IntRange(2, 12).Draw(t, "most")
		cover := NewCover(sources, most)
		for k := cover.Least(); k <= cover.Most() && k > 0; k++ {
			list := cover.With(k)
			for _, s := range sources {
				if !slices.ContainsFunc(list, func(p netip.Prefix) bool { return inside(s, p) }) {
					t.Fatalf("%v is not in %v", s, list)
				}
			}
			if !slices.IsSortedFunc(list, netip.Prefix.Compare) {
				t.Fatalf("%v is not sorted", list)
			}
			if k > cover.Least() && cover.Room(k) > cover.Room(k-1) {
				t.Fatalf("%d prefixes let in %v, one fewer %v", k, cover.Room(k), cover.Room(k-1))
			}
			if cover.Room(k) != Room(list) {
				t.Fatalf("%v lets in %v, not %v", list, Room(list), cover.Room(k))
			}
		}
	})
}

func BenchmarkCover(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{100, 1000, 10_000} {
		sources := make([]netip.Prefix, n)
		for i := range sources {
			a := netip.AddrFrom4([4]byte{byte(r.IntN(5) * 40), byte(r.IntN(20)), byte(r.IntN(256)), byte(r.IntN(256))})
			if i%4 == 0 {
				a = netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 5: byte(r.IntN(256)), 14: byte(r.IntN(256)), 15: byte(r.IntN(256))})
			}
			sources[i] = netip.PrefixFrom(a, a.BitLen())
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if list := NewCover(sources, 8).With(8); len(list) != 8 {
					b.Fatal(list)
				}
			}
		})
	}
}
