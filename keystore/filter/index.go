package filter

import (
	"bytes"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
)

// Index is what terms mostly ask of keys, close together in memory: the texts in
// lower case, and what the states depend on. It belongs to the list of keys that
// it was made of.
type Index struct {
	names, owners, descriptions *haystack.Texts
	letters                     []haystack.Letters // of all three
	lives                       []keystore.Life
}

// NewIndex returns the index of keys.
func NewIndex(keys []keystore.KeyView) *Index {
	texts := func(part func(*keystore.KeyView) string) *haystack.Texts {
		return haystack.Of(len(keys), func(i int) string { return part(&keys[i]) })
	}
	x := &Index{
		names:        texts(func(v *keystore.KeyView) string { return v.Name }),
		owners:       texts(func(v *keystore.KeyView) string { return v.Owner.Name }),
		descriptions: texts(func(v *keystore.KeyView) string { return v.Description }),
		letters:      make([]haystack.Letters, len(keys)),
		lives:        make([]keystore.Life, len(keys)),
	}
	for i := range keys {
		x.letters[i] = x.names.Letters(i) | x.owners.Letters(i) | x.descriptions.Letters(i)
		x.lives[i] = keys[i].Life()
	}
	return x
}

// Len returns how many keys there are.
func (x *Index) Len() int { return len(x.lives) }

// Life returns what the state of key i depends on.
func (x *Index) Life(i int) keystore.Life { return x.lives[i] }

// Name returns the name of key i in lower case.
func (x *Index) Name(i int) string { return x.names.At(i) }

// RefHas returns a function that reports whether user/name of key i holds a part,
// which is in lower case. The function is for one goroutine.
func (x *Index) RefHas(part string) func(i int) bool {
	letters := haystack.LettersOf(strings.Split(part, "/")...)
	var ref []byte
	return func(i int) bool {
		if !(x.names.Letters(i) | x.owners.Letters(i)).Cover(letters) {
			return false
		}
		ref = append(append(append(ref[:0], x.owners.At(i)...), '/'), x.names.At(i)...)
		return bytes.Contains(ref, []byte(part))
	}
}

// subject is a key as terms see it: one of an index, of which only what is asked
// for is looked up.
type subject struct {
	key   *keystore.KeyView
	index *Index
	at    int
	now   time.Time
	warn  time.Duration // see [Filter.Match]
}

func (x *subject) life() keystore.Life { return x.index.lives[x.at] }

// Match reports whether the filter selects a key. now is the time at which
// states and ages are meant, warn how long before its expiry a key is
// "expiring": the policy's WarnBefore.
func (f Filter) Match(v *keystore.KeyView, now time.Time, warn time.Duration) bool {
	return f.Empty() || f.selects(&subject{key: v, index: NewIndex([]keystore.KeyView{*v}), now: now, warn: warn})
}

// Among returns [Filter.Match] for the keys of an index by their places, which is
// much quicker. The function is for one goroutine.
func (f Filter) Among(keys []keystore.KeyView, x *Index, now time.Time, warn time.Duration) func(i int) bool {
	s := &subject{index: x, now: now, warn: warn}
	return func(i int) bool {
		if !x.letters[i].Cover(f.letters) {
			return false
		}
		s.key, s.at = &keys[i], i
		return f.selects(s)
	}
}

func (f Filter) selects(x *subject) bool {
	for i := range f.terms {
		if f.terms[i].matches(x) == f.terms[i].not {
			return false
		}
	}
	return true
}

func (t *term) matches(x *subject) bool {
	for _, m := range t.match {
		if m.is(x) {
			return true
		}
	}
	return false
}
