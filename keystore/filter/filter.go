package filter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
	"github.com/pakdeck/pakdeck/keystore/quote"
)

// Limits of an expression.
const (
	MaxLength = 4096 // bytes
	MaxTerms  = 64
)

// Filter selects keys. It is immutable; the zero value selects all keys.
type Filter struct {
	terms   []term
	letters haystack.Letters // without which no key is selected
}

// term is one condition: any of its values must match.
type term struct {
	field  string // "" for a bare word
	not    bool
	values []string
	match  []matcher
}

// letters returns those without which the term selects no key.
func (t *term) letters() haystack.Letters {
	if t.not {
		return 0
	}
	common := t.match[0].letters
	for _, m := range t.match {
		common &= m.letters
	}
	return common
}

// matcher tells whether keys have a value.
type matcher struct {
	in      func(r *run) test
	letters haystack.Letters // that the texts of such a key hold
}

// run is a look at all keys of an index at a time.
type run struct {
	keys  []keystore.KeyView
	index *Index
	now   time.Time
	warn  time.Duration
}

// test tells something of the key with a place. It is for one goroutine.
type test func(i int) bool

// SyntaxError says why an expression is no filter. It matches
// [keystore.ErrInvalid].
type SyntaxError struct {
	Term string // the term as it was typed, "" if it is the expression as a whole
	Text string // what is wrong and what would be right
}

func (e *SyntaxError) Error() string {
	if e.Term == "" {
		return "filter: " + e.Text
	}
	return fmt.Sprintf("filter term %s: %s", quote.Text(e.Term), e.Text)
}

// Is makes errors.Is(err, keystore.ErrInvalid) true.
func (e *SyntaxError) Is(target error) bool { return target == keystore.ErrInvalid }

// Parse reads an expression. An empty one selects all keys. The error is a
// [*SyntaxError].
func Parse(expr string) (Filter, error) {
	words, err := Words(expr)
	if err != nil {
		return Filter{}, err
	}
	var f Filter
	for _, w := range words {
		match, err := table.Compile(w)
		if err != nil {
			return Filter{}, err
		}
		t := term{field: strings.ToLower(w.Field), not: w.Not, values: w.Values, match: match}
		f.terms = append(f.terms, t)
		f.letters |= t.letters()
	}
	return f, nil
}

// Empty reports whether the filter selects all keys.
func (f Filter) Empty() bool { return len(f.terms) == 0 }

// AsksFor reports whether the expression names a state by state:... without a
// "!". Lists that hide revoked keys show them when they are asked for.
func (f Filter) AsksFor(s keystore.State) bool {
	return slices.ContainsFunc(f.terms, func(t term) bool {
		return t.field == "state" && !t.not && slices.ContainsFunc(t.values, func(value string) bool {
			return strings.EqualFold(value, string(s))
		})
	})
}

// String returns the expression in its shortest form, which [Parse] reads as
// the same filter.
func (f Filter) String() string {
	var b strings.Builder
	for i, t := range f.terms {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(Word{Not: t.not, Field: t.field, Values: t.values}.String())
	}
	return b.String()
}
