package trail

import (
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore/filter"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Filter selects journal records. It is immutable; the zero value selects all.
type Filter struct {
	terms []term
	words []string
	Since time.Time // zero: no bound
	Until time.Time // zero: no bound; exclusive

	since, until string // the same as stamps of the journal
}

// term is one condition: any of its values must match.
type term struct {
	not bool
	any []matcher
}

// answer is what can be told of a record that was not decoded.
type answer int8

const (
	maybe answer = iota
	no
	yes
)

// matcher tells whether a record has a value. Glance may be nil; what it says
// must be what match would say.
type matcher struct {
	match  func(*journal.Record) bool
	glance func(*glimpse) answer
	// found, if it is not nil, is a term of all records that match.
	found *journal.Term
}

// term returns what finds all records that the filter selects, and few others,
// if the journal has an index for it.
func (f *Filter) term() (found journal.Term, ok bool) {
	for i := range f.terms {
		if t := &f.terms[i]; !t.not {
			if found, ok := t.found(); ok {
				return found, true
			}
		}
	}
	return found, false
}

// found returns the term that finds all values.
func (t *term) found() (found journal.Term, ok bool) {
	for i, m := range t.any {
		if m.found == nil || i > 0 && *m.found != found {
			return found, false
		}
		found = *m.found
	}
	return found, true
}

// Parse reads a filter. Ages count back from now.
func Parse(text string, now time.Time) (Filter, error) {
	words, err := filter.Words(text)
	if err != nil {
		return Filter{}, err
	}
	var f Filter
	for _, w := range words {
		w.Field = strings.ToLower(w.Field)
		if err := f.add(w, now); err != nil {
			return Filter{}, err
		}
		f.words = append(f.words, w.String())
	}
	return f, nil
}

// String returns the filter as text that [Parse] reads as the same filter.
func (f Filter) String() string { return strings.Join(f.words, " ") }

// Empty reports whether the filter selects everything.
func (f Filter) Empty() bool { return len(f.words) == 0 }

func (f *Filter) add(w filter.Word, now time.Time) error {
	match, err := table.Compile(w)
	switch {
	case err != nil:
		return err
	case w.Field == "since" || w.Field == "until":
		return f.addTime(w, now)
	}
	f.terms = append(f.terms, term{not: w.Not, any: match})
	return nil
}

// Match reports whether the filter selects a record.
func (f Filter) Match(r journal.Record) bool {
	if at := journal.Stamp(r.Time); at < f.since || f.until != "" && at >= f.until {
		return false
	}
	for i := range f.terms {
		if f.terms[i].match(&r) == f.terms[i].not {
			return false
		}
	}
	return true
}

func (t *term) match(r *journal.Record) bool {
	for _, m := range t.any {
		if m.match(r) {
			return true
		}
	}
	return false
}
