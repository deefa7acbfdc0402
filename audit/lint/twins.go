package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
)

const (
	// comparedAll is how many keys of one purpose are compared each with each.
	comparedAll = 64
	// comparedNear is how many neighbours by name are looked at beyond that.
	comparedNear = 8
)

// findTwins finds for each usable key an older one of the same owner with the
// same scopes, and the same description or a name that is at most distance
// edits away. The time grows with the number of keys.
func (h *holder) findTwins(distance int) {
	usable := h.usableKeys()
	if len(usable) < 2 {
		return
	}
	byScopes := map[string][]*subject{}
	for _, x := range usable {
		key := scopeKey(x.Scopes)
		byScopes[key] = append(byScopes[key], x)
	}
	for _, group := range byScopes {
		sameDescription(group)
		similarNames(group, distance)
	}
}

func older(a, b *subject) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}

func scopeKey(scopes []keystore.Scope) string {
	sorted := slices.Sorted(slices.Values(scopes))
	var b strings.Builder
	for _, s := range sorted {
		b.WriteString(string(s) + " ")
	}
	return b.String()
}

func sameDescription(group []*subject) {
	first := map[string]*subject{}
	for _, x := range group {
		text := strings.ToLower(strings.Join(strings.Fields(x.Description), " "))
		switch other := first[text]; {
		case text == "" || serial(x, other):
		case other == nil:
			first[text] = x
		default:
			x.twin, x.likeness = other, "description"
		}
	}
}

// serial reports whether two keys are numbered siblings.
func serial(a, b *subject) bool { return b != nil && numberedSiblings(a.Name, b.Name) }

// spelling is a key's name, prepared for comparison.
type spelling struct {
	*subject
	lower string
	runes []rune
}

// similarNames compares few keys each with each, and many with those whose
// names sort close, read from the front and from the back.
func similarNames(group []*subject, distance int) {
	names := make([]spelling, len(group))
	for i, x := range group {
		lower := strings.ToLower(x.Name)
		names[i] = spelling{x, lower, []rune(lower)}
	}
	if len(group) <= comparedAll {
		compareBack(names, comparedAll, distance)
		return
	}
	slices.SortStableFunc(names, func(a, b spelling) int { return cmp.Compare(a.lower, b.lower) })
	compareBack(names, comparedNear, distance)
	slices.SortStableFunc(names, func(a, b spelling) int { return compareBackwards(a.runes, b.runes) })
	compareBack(names, comparedNear, distance)
}

// compareBack compares each name with so many before it.
func compareBack(names []spelling, back, distance int) {
	for i, x := range names {
		for _, y := range names[max(0, i-back):i] {
			x.compare(y, distance)
		}
	}
}

// compareBackwards orders texts by their ends.
func compareBackwards(a, b []rune) int {
	for i := 1; i <= min(len(a), len(b)); i++ {
		if c := cmp.Compare(a[len(a)-i], b[len(b)-i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// compare makes the older of two keys with similar names the twin of the
// newer, unless that one has an older twin already.
func (x spelling) compare(y spelling, distance int) {
	if older(x.subject, y.subject) < 0 {
		x, y = y, x
	}
	if x.twin != nil && older(x.twin, y.subject) <= 0 {
		return
	}
	if x.similar(y, distance) {
		x.twin, x.likeness = y.subject, "nearly the same name"
	}
}

// similar reports whether two names are at most distance edits apart, but no
// more than a third of the shorter one. Names that differ in a number alone
// are siblings on purpose.
func (x spelling) similar(y spelling, distance int) bool {
	most := min(distance, min(len(x.runes), len(y.runes))/3)
	return within(x.runes, y.runes, most) && !numberedSiblings(x.lower, y.lower)
}

// within reports whether b is at most `most` insertions, deletions and
// replacements away from a (Levenshtein). Only the diagonals that can matter
// are filled; what lies beside them counts as too far.
func within(a, b []rune, most int) bool {
	if max(len(a), len(b))-min(len(a), len(b)) > most {
		return false
	}
	var space [2][keystore.MaxKeyName + 1]int
	previous, row := space[0][:], space[1][:]
	if len(b) >= len(row) {
		previous, row = make([]int, len(b)+1), make([]int, len(b)+1)
	}
	for j := range min(len(b), most+1) + 1 {
		previous[j] = j
	}
	for i, c := range a {
		from, to := max(0, i-most), min(len(b), i+most+1)
		row[from] = most + 1
		if from == 0 {
			row[0] = i + 1
		}
		best := row[from]
		for j := from; j < to; j++ {
			cost := 1
			if c == b[j] {
				cost = 0
			}
			row[j+1] = min(previous[j]+cost, previous[j+1]+1, row[j]+1)
			best = min(best, row[j+1])
		}
		if best > most {
			return false
		}
		if to < len(b) {
			row[to+1] = most + 1
		}
		previous, row = row, previous
	}
	return previous[len(b)] <= most
}

// numberedSiblings reports whether two names have the same words around
// different numbers.
func numberedSiblings(a, b string) bool {
	return a != b && strings.ContainsAny(a, "0123456789") && withoutNumbers(a) == withoutNumbers(b)
}

func withoutNumbers(s string) string {
	var b strings.Builder
	inNumber := false
	for _, r := range s {
		digit := r >= '0' && r <= '9'
		switch {
		case !digit:
			b.WriteRune(r)
		case !inNumber:
			b.WriteByte('0')
		}
		inNumber = digit
	}
	return b.String()
}
