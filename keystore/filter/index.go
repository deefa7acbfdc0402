package filter

import (
	"bytes"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
)

// Index is what terms ask of keys, close together in memory: the texts in lower
// case, the times, what the states depend on, and which keys are alike in what is
// looked into once for all of those. It belongs to the list of keys that it was
// made of.
type Index struct {
	names, descriptions *haystack.Texts
	ownerNames          *haystack.Texts    // by the kind of owner
	letters             []haystack.Letters // of all three
	lives               []keystore.Life
	created, seen       []int64
	callers, refused    []int64 // the numbers of the addresses of the last use and refusal
	byID                bool    // the keys are in the order of their ids

	scopes, owners, rules kinds
}

// NewIndex returns the index of keys.
func NewIndex(keys []keystore.KeyView) *Index {
	n := len(keys)
	x := &Index{
		names:        haystack.Of(n, func(i int) string { return keys[i].Name }),
		descriptions: haystack.Of(n, func(i int) string { return keys[i].Description }),
		letters:      make([]haystack.Letters, n),
		lives:        make([]keystore.Life, n),
		created:      make([]int64, n),
		byID:         true,
	}
	scopes, owners, rules := byScopes(n), byOwner(n), byRules(n)
	for i := range keys {
		scopes.add(keys)
		owners.add(keys)
		rules.add(keys)
		x.byID = x.byID && (i == 0 || keys[i-1].ID <= keys[i].ID)
		x.lives[i], x.created[i] = keys[i].Life(), keys[i].Created.UnixMilli()
	}
	x.scopes, x.owners, x.rules = scopes.kinds, owners.kinds, rules.kinds
	x.ownerNames = haystack.Of(len(x.owners.first), func(kind int) string { return keys[x.owners.first[kind]].Owner.Name })
	for i := range keys {
		x.letters[i] = x.refLetters(i) | x.descriptions.Letters(i)
	}
	return x.WithUses(keys)
}

// WithUses returns the index of the same keys after more uses of them.
func (x *Index) WithUses(keys []keystore.KeyView) *Index {
	y := *x
	y.seen, y.callers, y.refused = make([]int64, len(keys)), make([]int64, len(keys)), make([]int64, len(keys))
	for i := range keys {
		u := &keys[i].Uses
		if !u.Last.Time.IsZero() {
			y.seen[i] = u.Last.Time.UnixMilli()
		}
		y.callers[i], y.refused[i] = addressNumber(u.Last.IP), addressNumber(u.LastDenied.IP)
	}
	return &y
}

// Len returns how many keys there are.
func (x *Index) Len() int { return len(x.lives) }

// Life returns what the state of key i depends on.
func (x *Index) Life(i int) keystore.Life { return x.lives[i] }

// Name returns the name of key i in lower case.
func (x *Index) Name(i int) string { return x.names.At(i) }

// Created returns when each key was made, in milliseconds since 1970.
func (x *Index) Created() []int64 { return x.created }

// Seen returns when each key was last used, in milliseconds since 1970; 0: never.
func (x *Index) Seen() []int64 { return x.seen }

// Callers returns numbers that put the keys in order by the address of their last
// use: those without one first, then IPv4, then IPv6.
func (x *Index) Callers() []int64 { return x.callers }

// Scopes returns how many of the keys have each scope.
func (x *Index) Scopes(keys []keystore.KeyView) map[keystore.Scope]int {
	alike := make([]int, len(x.scopes.first))
	for _, kind := range x.scopes.of {
		alike[kind]++
	}
	out := map[keystore.Scope]int{}
	for kind, n := range alike {
		for _, s := range keys[x.scopes.first[kind]].Scopes {
			out[s] += n
		}
	}
	return out
}

func (x *Index) ownerName(i int) string { return x.ownerNames.At(int(x.owners.of[i])) }

func (x *Index) refLetters(i int) haystack.Letters {
	return x.names.Letters(i) | x.ownerNames.Letters(int(x.owners.of[i]))
}

// RefHas returns a function that reports whether user/name of key i holds a part,
// which is in lower case. The function is for one goroutine.
func (x *Index) RefHas(part string) func(i int) bool {
	letters := haystack.LettersOf(strings.Split(part, "/")...)
	var ref []byte
	return func(i int) bool {
		if !x.refLetters(i).Cover(letters) {
			return false
		}
		ref = append(append(append(ref[:0], x.ownerName(i)...), '/'), x.names.At(i)...)
		return bytes.Contains(ref, []byte(part))
	}
}

// Among returns a function that reports whether the filter selects the key with a
// place among those of an index. now is the time at which states and ages are
// meant, warn how long before its expiry a key is "expiring": the policy's
// WarnBefore. The function is for one goroutine.
func (f Filter) Among(keys []keystore.KeyView, x *Index, now time.Time, warn time.Duration) func(i int) bool {
	r := &run{keys, x, now, warn}
	tests := make([]test, len(f.terms))
	for i := range f.terms {
		tests[i] = f.terms[i].in(r)
	}
	return func(i int) bool {
		if !x.letters[i].Cover(f.letters) {
			return false
		}
		for _, meets := range tests {
			if !meets(i) {
				return false
			}
		}
		return true
	}
}

// in returns what reports whether the key with a place meets the term.
func (t *term) in(r *run) test {
	tests := make([]test, len(t.match))
	for i, m := range t.match {
		tests[i] = m.in(r)
	}
	if len(tests) == 1 && !t.not {
		return tests[0]
	}
	return func(i int) bool {
		for _, has := range tests {
			if has(i) {
				return !t.not
			}
		}
		return t.not
	}
}
