package iprule

import (
	"fmt"
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

// anyAddr draws addresses that are often near each other and near the ends of
// the families, so that prefixes and addresses meet.
var anyAddr = rapid.Custom(func(t *rapid.T) netip.Addr {
	near := byte(rapid.IntRange(-2, 2).Draw(t, "near"))
	last := rapid.Byte().Draw(t, "last")
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return netip.AddrFrom4([4]byte{0, 0, 0, near})
	case 1:
		return netip.AddrFrom4([4]byte{255, 255, 255, near})
	case 2, 3:
		return netip.AddrFrom4([4]byte{10, 0, near, last})
	case 4:
		return netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff, 12: 10, 14: near, 15: last})
	case 5:
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 7: near, 8: last}).WithZone("eth0")
	case 6:
		return netip.AddrFrom16([16]byte{0: near, 15: last})
	case 7:
		return netip.Addr{}
	default:
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 7: near, 8: last, 15: near})
	}
})

var anyEntry = rapid.Custom(func(t *rapid.T) Entry {
	a := anyAddr.Draw(t, "address").WithZone("")
	bits := rapid.OneOf(rapid.IntRange(a.BitLen()-10, a.BitLen()), rapid.IntRange(0, max(a.BitLen(), 0))).Draw(t, "bits")
	if a.Is4() || a.Is4In6() || rapid.Bool().Draw(t, "long") {
		bits = max(bits, min(8, a.BitLen()))
	}
	return Entry{netip.PrefixFrom(a, bits), rapid.SampledFrom([]string{"", "a", "b", "vpn"}).Draw(t, "note")}
})

var validEntry = anyEntry.Filter(func(e Entry) bool { return e.Prefix.IsValid() })

var anyRules = rapid.Custom(func(t *rapid.T) Rules {
	e := validEntry
	if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
		e = anyEntry
	}
	return Rules{rapid.SliceOfN(e, 0, 12).Draw(t, "allow"), rapid.SliceOfN(e, 0, 8).Draw(t, "deny")}
})

// naive is the definition in the package comment, word for word.
func naive(r Rules, a netip.Addr) bool {
	if len(r.Allow)+len(r.Deny) == 0 {
		return true
	}
	if !a.IsValid() {
		return false
	}
	zoned := a.Zone() != ""
	a = a.WithZone("").Unmap()
	in := func(list []Entry) bool {
		for _, e := range list {
			p := e.Prefix
			if p.Addr().Is4In6() && p.Bits() >= 96 {
				p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
			}
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	return !in(r.Deny) && (len(r.Allow) == 0 || !zoned && in(r.Allow))
}

func TestCompiledRulesDecideLikeDecideAndTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules.Draw(t, "rules")
		set := r.Compile()
		for range 30 {
			a := anyAddr.Draw(t, "address")
			want := naive(r, a)
			if got := set.Allowed(a); got != want {
				t.Fatalf("%v: compiled %v, by definition %v", a, got, want)
			}
			trace := r.Decide(a)
			if r.Allows(a) != trace.Allowed {
				t.Errorf("%v: Allows says %v", a, !trace.Allowed)
			}
			if trace.Allowed != want {
				t.Fatalf("%v: Decide %v, by definition %v", a, trace, want)
			}
			if trace.Addr != a.Unmap() || len(trace.Steps) != len(r.Allow)+len(r.Deny) {
				t.Fatalf("%v: %+v", a, trace)
			}
		}
	})
}

func TestCompiledRulesDecideAtTheEdgesOfEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules.Draw(t, "rules")
		set := r.Compile()
		for _, x := range r.effective().Ranges() {
			for _, a := range []netip.Addr{x.From(), x.To(), x.From().Prev(), x.To().Next()} {
				if set.Allowed(a) != naive(r, a) {
					t.Fatalf("%v: compiled %v", a, set.Allowed(a))
				}
			}
		}
	})
}

func TestNoRulesCompileToNil(t *testing.T) {
	set := Rules{Allow: []Entry{}}.Compile()
	if set != nil {
		t.Errorf("got %v", set)
	}
	for _, a := range []string{"10.0.0.1", "::1", "fe80::1%eth0", ""} {
		if !set.Allowed(addr(a)) {
			t.Errorf("nil *Set refuses %q", a)
		}
	}
}

func TestAllowedDoesNotAllocate(t *testing.T) {
	set := rules(many(50)+"2001:db8::/32", "10.0.0.0/26, 2001:db8:bad::/48").Compile()
	for _, s := range []string{"10.0.2.1", "::ffff:10.0.2.1", "2001:db8::1", "fe80::1%eth0", "192.0.2.1", ""} {
		a := addr(s)
		if n := testing.AllocsPerRun(100, func() { set.Allowed(a) }); n != 0 {
			t.Errorf("%q: %v allocations", s, n)
		}
	}
}

func BenchmarkAllowed(b *testing.B) {
	for _, n := range []int{1, 4, 16, 100} {
		r := rules(many(n), "")
		set := r.Compile()
		a := r.Allow[n-1].Prefix.Addr().Next()
		b.Run(fmt.Sprintf("set/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Allowed(a)
			}
		})
		b.Run(fmt.Sprintf("linear/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				linear(r.Allow, a)
			}
		})
	}
}

func BenchmarkAllowedIPv6(b *testing.B) {
	for _, n := range []int{1, 4, 16, 100} {
		var r Rules
		for i := range n {
			r.Allow = append(r.Allow, entry(fmt.Sprintf("2001:db8:%x::/48", 2*i), ""))
		}
		set := r.Compile()
		a := r.Allow[n-1].Prefix.Addr().Next()
		b.Run(fmt.Sprintf("set/%d", n), func(b *testing.B) {
			for b.Loop() {
				set.Allowed(a)
			}
		})
		b.Run(fmt.Sprintf("linear/%d", n), func(b *testing.B) {
			for b.Loop() {
				linear(r.Allow, a)
			}
		})
	}
}

func linear(list []Entry, a netip.Addr) bool {
	for _, e := range list {
		if e.Prefix.Contains(a) {
			return true
		}
	}
	return false
}
