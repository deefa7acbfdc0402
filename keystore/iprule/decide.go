package iprule

import (
	"fmt"
	"net/netip"
)

// Step is the part of one entry in a decision.
type Step struct {
	Label   string // "d1", "a2": see [List.Label]
	List    List
	Index   int
	Prefix  netip.Prefix // canonical
	Note    string
	Match   bool // the address matches Prefix
	Reached bool // the decision had not fallen before this entry
}

// Trace explains a decision.
type Trace struct {
	Addr    netip.Addr // the address that was tested, IPv4 if it was IPv4-mapped
	Allowed bool
	Steps   []Step // all entries: the deny list, then the allow list
	By      string // label of the entry that decided, or "" if none matched
}

// Decide decides about an address and explains it. It agrees with
// [Set.Allowed], which is quicker.
func (r Rules) Decide(a netip.Addr) Trace {
	t := Trace{Addr: a.Unmap(), Allowed: len(r.Allow) == 0 && a.IsValid() || r.IsZero()}
	bare := a.WithZone("").Unmap()
	t.walk(Deny, r.Deny, bare)
	if a.Zone() != "" {
		bare = netip.Addr{}
	}
	t.walk(Allow, r.Allow, bare)
	return t
}

// Allows is what [Rules.Decide] decides, for who asks that of many keys and needs
// no steps.
func (r Rules) Allows(a netip.Addr) bool {
	bare := a.WithZone("").Unmap()
	switch {
	case contains(r.Deny, bare):
		return false
	case len(r.Allow) == 0:
		return a.IsValid() || r.IsZero()
	}
	return a.Zone() == "" && contains(r.Allow, bare)
}

func contains(entries []Entry, a netip.Addr) bool {
	for i := range entries {
		p := entries[i].Prefix
		if p.Addr().Is4In6() {
			p = canonical(p) // of others only what is masked differs, which Contains does not look at
		}
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// walk adds the steps of a list. The first match decides, unless the decision
// has already fallen.
func (t *Trace) walk(l List, entries []Entry, a netip.Addr) {
	for i, e := range entries {
		p := canonical(e.Prefix)
		s := Step{l.Label(i), l, i, p, e.Note, p.Contains(a), t.By == ""}
		if s.Match && s.Reached {
			t.By, t.Allowed = s.Label, l == Allow
		}
		t.Steps = append(t.Steps, s)
	}
}

// String returns the decision in one sentence: "denied by d1 203.0.113.64/26".
func (t Trace) String() string {
	denies, allows := 0, 0
	for _, s := range t.Steps {
		switch {
		case s.Label == t.By:
			return fmt.Sprintf("%s by %s %v", t.verdict(), s.Label, s.Prefix)
		case s.List == Deny:
			denies++
		default:
			allows++
		}
	}
	return t.verdict() + ": " + t.unmatched(denies, allows)
}

func (t Trace) verdict() string {
	if t.Allowed {
		return "allowed"
	}
	return "denied"
}

// unmatched is the reason if no entry matched.
func (t Trace) unmatched(denies, allows int) string {
	switch {
	case denies+allows == 0:
		return "no allow list, any address"
	case !t.Addr.IsValid():
		return "there is no address to test"
	case allows == 0:
		return fmt.Sprintf("no allow list, and not in the deny list (%s)", count(denies))
	case t.Addr.Zone() != "":
		return "an address with a zone is in no allow list"
	default:
		return fmt.Sprintf("not in the allow list (%s)", count(allows))
	}
}

func count(entries int) string {
	if entries == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", entries)
}
