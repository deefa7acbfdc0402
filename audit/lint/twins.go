package lint

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

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
	if len(h.usable) < 2 {
		return
	}
	byScopes := map[string][]*subject{}
	for _, x := range h.usable {
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
	if len(scopes) == 1 {
		return string(scopes[0])
	}
	sorted := slices.Sorted(slices.Values(scopes))
	var b strings.Builder
	for _, s := range sorted {
		b.WriteString(string(s) + " ")
	}
	return b.String()
}

func sameDescription(group []*subject) {
	first := make(map[string]*subject, len(group))
	for _, x := range group {
		text := strings.ToLower(oneSpaced(x.Description))
		switch other := first[text]; {
		case text == "" || serial(x, other):
		case other == nil:
			first[text] = x
		default:
			x.twin, x.likeness = other, "description"
		}
	}
}

// oneSpaced returns a text with one blank between its words.
func oneSpaced(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for word := range strings.FieldsSeq(text) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

// serial reports whether two keys are numbered siblings.
func serial(a, b *subject) bool { return b != nil && numberedSiblings(a.Name, b.Name) }

// spelling is a key's name, prepared for comparison.
type spelling struct {
	*subject
	lower   string
	letters uint64
}

// letters returns which characters a text has, 64 of them told apart.
func letters(text string) (set uint64) {
	for _, r := range text {
		set |= 1 << (r % 64)
	}
	return set
}

// similarNames compares few keys each with each, and many with those whose
// names sort close, read from the front and from the back.
func similarNames(group []*subject, distance int) {
	names := make([]spelling, len(group))
	for i, x := range group {
		lower := strings.ToLower(x.Name)
		names[i] = spelling{x, lower, letters(lower)}
	}
	if len(group) <= comparedAll {
		compareBack(names, comparedAll, distance)
		return
	}
	slices.SortStableFunc(names, func(a, b spelling) int { return cmp.Compare(a.lower, b.lower) })
	compareBack(names, comparedNear, distance)
	slices.SortStableFunc(names, func(a, b spelling) int { return compareBackwards(a.lower, b.lower) })
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
func compareBackwards(a, b string) int {
	for len(a) > 0 && len(b) > 0 {
		x, m := utf8.DecodeLastRuneInString(a)
		y, n := utf8.DecodeLastRuneInString(b)
		if x != y {
			return cmp.Compare(x, y)
		}
		a, b = a[:len(a)-m], b[:len(b)-n]
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
// are siblings on purpose. An edit brings one letter and takes another at most,
// which tells most names apart without a comparison.
func (x spelling) similar(y spelling, distance int) bool {
	if bits.OnesCount64(x.letters^y.letters) > 2*distance {
		return false
	}
	a, b := []rune(x.lower), []rune(y.lower)
	most := min(distance, min(len(a), len(b))/3)
	return within(a, b, most) && !numberedSiblings(x.lower, y.lower)
}

// within reports whether b is at most `most` insertions, deletions and
// replacements away from a (Levenshtein). Only the diagonals that can matter
// are filled; what lies beside them counts as too far.
func within(a, b []rune, most int) bool {
	if max(len(a), len(b))-min(len(a), len(b)) > most {
		return false
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] { // what is the same at both ends needs no edit
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
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
