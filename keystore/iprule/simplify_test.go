package iprule

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSimplify(t *testing.T) {
	for _, c := range []struct{ name, allow, deny, wantAllow, wantDeny string }{
		{"nothing to do", "10.0.0.0/8 # vpn, 2001:db8::/32", "10.1.0.0/16", "10.0.0.0/8 # vpn, 2001:db8::/32", "10.1.0.0/16"},
		{"inside", "10.1.0.0/16 # b, 12.0.0.0/8, 10.0.0.0/8 # a", "", "10.0.0.0/8 # b; a, 12.0.0.0/8", ""},
		{"halves of halves", "10.0.3.0/24 # x, 10.0.0.0/23 # y, 9.0.0.0/8, 10.0.2.0/24 # x", "", "10.0.0.0/22 # x; y, 9.0.0.0/8", ""},
		{"denied altogether", "10.1.0.0/16, 11.0.0.0/8", "10.0.0.0/8", "11.0.0.0/8", "10.0.0.0/8"},
		{"all denied: an empty allow list would allow everything", "10.0.0.0/16, 10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/15", "10.0.0.0/8"},
		{"deny entries outside the allow list stay", "10.0.0.0/8", "12.0.0.0/8, 13.0.0.0/8", "10.0.0.0/8", "12.0.0.0/7"},
		{"canonical", "10.0.0.9/8", "", "10.0.0.0/8", ""},
		{
			"long notes", "10.0.0.0/9 # " + strings.Repeat("ä", 50) + ", 10.128.0.0/9 # " + strings.Repeat("ö", 50), "",
			"10.0.0.0/8 # " + strings.Repeat("ä", 50) + "; " + strings.Repeat("ö", 27) + "…", "",
		},
		{"empty notes are not joined", "10.0.0.0/9, 10.128.0.0/9 # b", "", "10.0.0.0/8 # b", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := rules(c.allow, c.deny).Simplify()
			want := rules(c.wantAllow, c.wantDeny)
			if joinEntries(got.Allow, ", ") != joinEntries(want.Allow, ", ") || joinEntries(got.Deny, ", ") != joinEntries(want.Deny, ", ") {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestSimplifyKeepsDecisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules.Draw(t, "rules")
		s := r.Simplify()
		for range 20 {
			a := anyAddr.Draw(t, "address")
			if before, after := r.Decide(a), s.Decide(a); before.Allowed != after.Allowed {
				t.Fatalf("%v: before %v, after %v: %v", a, before, after, s)
			}
		}
		if !r.effective().Equal(s.effective()) {
			t.Fatalf("other addresses pass: %v", s)
		}
	})
}

func TestSimplifyIsShorterIdempotentAndLeavesNothingToMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules.Draw(t, "rules")
		s := r.Simplify()
		if len(s.Allow) > len(r.Allow) || len(s.Deny) > len(r.Deny) {
			t.Fatalf("longer: %v", s)
		}
		if again := s.Simplify(); !sameRules(again, s) {
			t.Fatalf("%v simplified again is %v", s, again)
		}
		if r.Validate() != nil {
			return
		}
		for _, p := range s.Problems() {
			switch p.Code {
			case CodeDuplicate, CodeRedundant, CodeMergeable, CodeDead:
				t.Fatalf("%v still has %+v", s, p)
			}
		}
	})
}

func sameRules(a, b Rules) bool {
	same := func(x, y []Entry) bool { return len(x) == 0 && len(y) == 0 || reflect.DeepEqual(x, y) }
	return same(a.Allow, b.Allow) && same(a.Deny, b.Deny)
}
