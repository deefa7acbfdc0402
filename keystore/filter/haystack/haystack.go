// Package haystack keeps many short texts together so that each letter typed can
// be looked for in all of them: in lower case, one behind the other in memory,
// and each with the set of its letters, which rules most of them out at a glance.
//
// A hundred thousand names take a millisecond or two. Texts cannot be changed;
// what differs is made anew, off the path on which somebody waits.
package haystack

import "strings"

// Texts are texts by their places. The zero value holds none.
type Texts struct {
	all     string
	ends    []int
	letters []Letters
}

// Of returns the n texts that text returns, each in lower case.
func Of(n int, text func(i int) string) *Texts {
	t := &Texts{ends: make([]int, n), letters: make([]Letters, n)}
	lower, size := make([]string, n), 0
	for i := range n {
		lower[i] = strings.ToLower(text(i))
		size += len(lower[i])
		t.ends[i], t.letters[i] = size, LettersOf(lower[i])
	}
	t.all = strings.Join(lower, "")
	return t
}

// Len returns how many texts there are.
func (t *Texts) Len() int { return len(t.ends) }

// At returns a text in lower case.
func (t *Texts) At(i int) string {
	begin := 0
	if i > 0 {
		begin = t.ends[i-1]
	}
	return t.all[begin:t.ends[i]]
}

// Letters returns which letters a text holds.
func (t *Texts) Letters(i int) Letters { return t.letters[i] }

// HasAll reports whether a text holds all the words, which are in lower case and
// have the letters of [LettersOf].
func (t *Texts) HasAll(i int, words []string, letters Letters) bool {
	if !t.letters[i].Cover(letters) {
		return false
	}
	said := t.At(i)
	for _, w := range words {
		if !strings.Contains(said, w) {
			return false
		}
	}
	return true
}

// Letters is a set of letters. Some share a place in it, so that what is covered
// may still be missing, but what is not covered is.
type Letters uint64

// LettersOf returns the letters of texts, which are in lower case.
func LettersOf(texts ...string) Letters {
	var l Letters
	for _, s := range texts {
		for i := range len(s) {
			// Letters in the lower half, digits and signs in the upper one.
			l |= 1 << (s[i]&31 | ^s[i]>>1&32)
		}
	}
	return l
}

// Cover reports whether all of other's letters may be there.
func (l Letters) Cover(other Letters) bool { return l&other == other }
