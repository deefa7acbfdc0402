package trail

import (
	"bytes"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// glimpse is a record that was not decoded: its head and the bytes behind it.
type glimpse struct {
	journal.Glimpse
	rest []byte
}

// glance tells what can be told of a record without decoding it.
func (f *Filter) glance(raw []byte) answer {
	head, ok := journal.Glance(raw)
	if !ok {
		return maybe // decoding it says what is wrong
	}
	if string(head.Time) < f.since || f.until != "" && string(head.Time) >= f.until {
		return no
	}
	g := glimpse{head, raw[headLen(head, raw):]}
	all := yes
	for i := range f.terms {
		switch f.terms[i].glance(&g) {
		case no:
			return no
		case maybe:
			all = maybe
		}
	}
	return all
}

// headLen is where the time of a record ends; what is looked for lies behind it,
// and the hash before it costs a search as much as a third of the record.
func headLen(g journal.Glimpse, raw []byte) int {
	return cap(raw) - cap(g.Time) + len(g.Time)
}

func (t *term) glance(g *glimpse) answer {
	all := no
	for _, m := range t.any {
		a := m.glance(g)
		if a == yes {
			return invert(yes, t.not)
		}
		if a == maybe {
			all = maybe
		}
	}
	return invert(all, t.not)
}

func invert(a answer, not bool) answer {
	switch {
	case not && a == yes:
		return no
	case not && a == no:
		return yes
	}
	return a
}

func sure(b bool) answer {
	if b {
		return yes
	}
	return no
}

// unless is the answer where only "no" can be told.
func unless(not bool) answer {
	if not {
		return no
	}
	return maybe
}

// holds tells that a record does not match because its bytes nowhere hold a text,
// whatever the case. A text that the journal writes with escapes, or whose case
// is not that of ASCII, cannot be told by its bytes.
func holds(lower string) func(*glimpse) answer {
	if !plain(lower) {
		return func(*glimpse) answer { return maybe }
	}
	return func(g *glimpse) answer {
		return unless(!containsFold(g.rest, lower))
	}
}

// plain reports whether a text stands in a record as it is, in ASCII.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\' {
			return false
		}
	}
	return true
}

// quotes tells that a record does not match because it nowhere holds a text in
// quotes.
func quotes(value string) func(*glimpse) answer {
	if !plain(value) {
		return func(*glimpse) answer { return maybe }
	}
	part := []byte(`"` + value + `"`)
	return func(g *glimpse) answer {
		return unless(!bytes.Contains(g.rest, part))
	}
}

// behind judges the text that a member of the record holds. A quote within a text
// is escaped, so what opens a member cannot stand in one. A text with escapes
// must be decoded.
func behind(opening string, judge func([]byte) answer) func(*glimpse) answer {
	part := []byte(opening)
	return func(g *glimpse) answer {
		i := bytes.Index(g.rest, part)
		if i < 0 {
			return judge(nil)
		}
		text := g.rest[i+len(part):]
		end := bytes.IndexAny(text, `"\`)
		if end < 0 || text[end] == '\\' {
			return maybe
		}
		return judge(text[:end])
	}
}

// containsFold reports whether b holds lower, an ASCII text in lower case,
// whatever the case of b. Beyond ASCII there are letters that lower-case into it
// (the Kelvin sign), so a record that has any is not told by its bytes.
func containsFold(b []byte, lower string) bool {
	first := lower[0]
	other := first
	if 'a' <= first && first <= 'z' {
		other = first - 'a' + 'A'
	}
	for i, c := range b {
		switch {
		case c >= 0x80:
			return true
		case c != first && c != other:
		case i+len(lower) <= len(b) && equalFold(b[i:i+len(lower)], lower):
			return true
		}
	}
	return false
}

func equalFold(b []byte, lower string) bool {
	for i := range len(lower) {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
