package iprule

import (
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"
)

// list is one list, prepared for checking. Prefixes of invalid entries are
// invalid and in no set.
type list struct {
	name     List
	entries  []Entry
	prefixes []netip.Prefix // canonical, by index of the entry
	set      *netipx.IPSet  // nil until [list.union] is asked for
}

func newList(name List, entries []Entry) *list {
	l := &list{name: name, entries: entries, prefixes: make([]netip.Prefix, len(entries))}
	for i := range entries {
		l.prefixes[i] = canonical(entries[i].Prefix)
	}
	return l
}

// union returns the addresses of the list. Most lists are judged without it.
func (l *list) union() *netipx.IPSet {
	if l.set == nil {
		l.set = union(slices.Values(l.prefixes))
	}
	return l.set
}

// label names an entry with its prefix: "a2 203.0.113.0/24".
func (l *list) label(i int) string {
	return fmt.Sprintf("%s %v", l.name.Label(i), l.prefixes[i])
}

type checker struct {
	allow, deny *list
	found       []Problem
}

func newChecker(r Rules) *checker {
	return &checker{allow: newList(Allow, r.Allow), deny: newList(Deny, r.Deny)}
}

func (c *checker) add(code Code, level Level, l *list, index int, format string, args ...any) *Problem {
	c.found = append(c.found, Problem{
		Code: code, Level: level, List: l.name, Index: index, Other: -1, Text: fmt.Sprintf(format, args...),
	})
	return &c.found[len(c.found)-1]
}

// with sets the entry that p's entry clashes with.
func (p *Problem) with(l *list, index int) { p.OtherList, p.Other = l.name, index }

// checkEntries finds what is wrong with entries by themselves.
func (c *checker) checkEntries(l *list) {
	for i, e := range l.entries {
		p := l.prefixes[i]
		if err := CheckNote(e.Note); err != nil {
			c.add(CodeBadNote, LevelError, l, i, "%s: %v", l.name.Label(i), err)
		}
		switch {
		case !p.IsValid():
			c.add(CodeInvalid, LevelError, l, i, "%s has no valid prefix", l.name.Label(i))
		case p.Bits() == 0:
			c.add(CodeAllCovering, LevelError, l, i, "%s covers every %s address: %s", l.label(i), familyOf(p), insteadOfAll(l))
		default:
			c.checkSpelling(l, i, e.Prefix)
			c.checkSpecial(l, i)
		}
	}
}

func insteadOfAll(l *list) string {
	if l.name == Allow {
		return "leave the allow list empty if any address may use the key"
	}
	return "list what is allowed instead"
}

// checkSpelling compares an entry as it was given with its canonical form.
func (c *checker) checkSpelling(l *list, i int, given netip.Prefix) {
	switch {
	case given.Addr().Is4In6() && l.prefixes[i].Addr().Is4():
		c.add(CodeMapped, LevelWarning, l, i, "%s %v is IPv4-mapped: it is read as %v", l.name.Label(i), given, l.prefixes[i])
	case given != l.prefixes[i]:
		c.add(CodeHostBits, LevelInfo, l, i, "%s %v has host bits set: it is read as %v", l.name.Label(i), given, l.prefixes[i])
	}
}

// checkWhole finds what is wrong with the length and extent of a list.
func (c *checker) checkWhole(l *list) {
	if n := len(l.entries); n > MaxEntries {
		c.add(CodeTooMany, LevelError, l, -1, "the %s list has %d entries, at most %d are possible", l.name, n, MaxEntries)
	}
	if len(l.entries) < 2 {
		return // one entry is judged by itself
	}
	for _, all := range families {
		if l.union().ContainsPrefix(all) && !slices.Contains(l.prefixes, all) {
			c.add(CodeAllCovering, LevelError, l, -1, "the %s list as a whole covers every %s address: %s",
				l.name, familyOf(all), insteadOfAll(l))
		}
	}
}

// families are the prefixes of all addresses of a family.
var families = []netip.Prefix{
	netip.PrefixFrom(netip.IPv4Unspecified(), 0),
	netip.PrefixFrom(netip.IPv6Unspecified(), 0),
}

// checkNesting compares the entries of a list with each other.
func (c *checker) checkNesting(l *list) {
	for i, p := range l.prefixes {
		if !p.IsValid() {
			continue
		}
		if j := slices.Index(l.prefixes, p); j < i {
			c.add(CodeDuplicate, LevelInfo, l, i, "%s is a duplicate of %s", l.label(i), l.name.Label(j)).with(l, j)
			continue
		}
		if j := slices.IndexFunc(l.prefixes, func(q netip.Prefix) bool { return wider(q, p) }); j >= 0 {
			c.add(CodeRedundant, LevelInfo, l, i, "%s is inside %s: redundant", l.label(i), l.label(j)).with(l, j)
			continue
		}
		if j := slices.Index(l.prefixes, sibling(p)); j >= 0 && j < i {
			c.add(CodeMergeable, LevelInfo, l, i, "%s and %s are the halves of %v", l.label(j), l.label(i), parent(p)).with(l, j)
		}
	}
}

// checkAgainstDeny compares the allow list with the deny list.
func (c *checker) checkAgainstDeny() {
	if len(c.allow.entries) == 0 {
		if len(c.deny.entries) > 0 {
			c.add(CodeDenyOnly, LevelInfo, c.deny, -1, "there is no allow list: any address that is not denied may use the key")
		}
		return
	}
	alive := false
	for i, p := range c.allow.prefixes {
		if p.IsValid() {
			alive = c.checkDenied(i, p) || alive
		}
	}
	if !alive && len(c.allow.union().Ranges()) > 0 {
		c.add(CodeEmpty, LevelError, c.allow, -1, "the deny list leaves nothing of the allow list: no address could use the key")
	}
	for i, p := range c.deny.prefixes {
		if p.IsValid() && !c.allow.union().OverlapsPrefix(p) {
			c.add(CodeNoEffect, LevelInfo, c.deny, i, "%s touches nothing of the allow list", c.deny.label(i))
		}
	}
}

// checkDenied finds what the deny list takes from allow entry i and reports
// whether it leaves anything.
func (c *checker) checkDenied(i int, p netip.Prefix) (alive bool) {
	var by []int
	for j, q := range c.deny.prefixes {
		if q.Overlaps(p) {
			by = append(by, j)
		}
	}
	switch {
	case len(by) == 0:
		return true
	case c.deny.union().ContainsPrefix(p):
		c.add(CodeDead, LevelError, c.allow, i, "%s is denied altogether by %s: it can never match",
			c.allow.label(i), c.deniers(by)).with(c.deny, by[0])
		return false
	default:
		c.add(CodePartlyDenied, LevelInfo, c.allow, i, "%s: %s denied by %s",
			c.allow.label(i), c.deniedSize(by), c.deniers(by)).with(c.deny, by[0])
		return true
	}
}

// deniers names the first of some deny entries and counts the others.
func (c *checker) deniers(by []int) string {
	first := c.deny.label(by[0])
	switch len(by) {
	case 1:
		return first
	case 2:
		return first + " and " + c.deny.name.Label(by[1])
	default:
		return fmt.Sprintf("%s and %d others", first, len(by)-1)
	}
}

// deniedSize says how many addresses some deny entries cover together.
func (c *checker) deniedSize(by []int) string {
	denied := union(func(yield func(netip.Prefix) bool) {
		for _, j := range by {
			if !yield(c.deny.prefixes[j]) {
				return
			}
		}
	})
	return sizeOf(denied.Prefixes())
}
