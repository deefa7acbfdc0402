package iprule

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"
)

// Simplify returns rules that decide the same about every address with the
// fewest entries for each list's addresses: entries inside others and allow
// entries that are denied altogether go, halves are merged. The notes of merged
// entries are joined, shortened to [MaxNote] runes. Entries keep the order of
// the first entry they come from.
//
// Deny entries outside the allow list stay, although they decide nothing now:
// they are there for the day when somebody widens the allow list. Allow entries
// stay if they are all denied, because an empty allow list means any address.
// Rules with an invalid prefix are returned as they are.
func (r Rules) Simplify() Rules {
	allow, deny := newList(Allow, r.Allow), newList(Deny, r.Deny)
	if slices.Contains(allow.prefixes, netip.Prefix{}) || slices.Contains(deny.prefixes, netip.Prefix{}) {
		return Rules{slices.Clone(r.Allow), slices.Clone(r.Deny)}
	}
	return Rules{mergeEntries(allow.without(deny.union())), mergeEntries(deny)}
}

// without returns the entries that are not denied altogether, or all of them
// if all are denied.
func (l *list) without(denied *netipx.IPSet) *list {
	var alive []Entry
	for i, e := range l.entries {
		if !denied.ContainsPrefix(l.prefixes[i]) {
			alive = append(alive, e)
		}
	}
	if len(alive) == 0 {
		return l
	}
	return newList(l.name, alive)
}

// mergeEntries returns the fewest entries for the addresses of l.
func mergeEntries(l *list) []Entry {
	type merged struct {
		Entry
		first int
	}
	var all []merged
	for _, p := range l.union().Prefixes() {
		m := merged{Entry{Prefix: p}, -1}
		var notes []string
		for i, q := range l.prefixes {
			if !inside(q, p) {
				continue
			}
			if m.first < 0 {
				m.first = i
			}
			notes = append(notes, l.entries[i].Note)
		}
		m.Note = joinNotes(notes)
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b merged) int { return cmp.Compare(a.first, b.first) })
	entries := make([]Entry, len(all))
	for i, m := range all {
		entries[i] = m.Entry
	}
	return entries
}

// joinNotes joins the different notes that are not empty.
func joinNotes(notes []string) string {
	var distinct []string
	for _, n := range notes {
		if n != "" && !slices.Contains(distinct, n) {
			distinct = append(distinct, n)
		}
	}
	joined := strings.Join(distinct, "; ")
	if r := []rune(joined); len(distinct) > 1 && len(r) > MaxNote {
		return string(r[:MaxNote-1]) + "…"
	}
	return joined
}
