package token

import "strings"

// Match is where a key string, or the beginning of one, stands in a text.
type Match struct {
	Start, End int  // bytes, text[Start:End]
	ID         ID   // public id
	Complete   bool // a whole key string with a right checksum
}

// FindAll returns the key strings in text, in order, without overlap.
//
// A cut-off or damaged one counts from the prefix and the whole id on and
// reaches to the last base62 digit that follows; a line break ends it. Any
// character may stand before a key string: in an escaped log line that may be
// the n of \n or the D of %3D. The time is linear in the length of text.
func FindAll(prefix, text string) []Match {
	if ValidatePrefix(prefix) != nil {
		return nil
	}
	var found []Match
	for at := nextHead(prefix, text, 0); at >= 0; {
		m := matchAt(prefix, text, at)
		if m.Complete {
			found = append(found, m)
			at = nextHead(prefix, text, m.End)
			continue
		}
		// Two run together: the later one has the better claim to the
		// characters that both could own, as it may be whole.
		next := nextHead(prefix, text, at+1)
		if next >= 0 {
			m.End = min(m.End, next)
		}
		if m.End >= headEnd(prefix, at) {
			found = append(found, m)
		}
		at = next
	}
	return found
}

// Redact returns text with every key string, whole or not, in its redacted
// form. One of which nothing but prefix and id is left stays as it is, so
// redacting twice changes nothing.
func Redact(prefix, text string) string {
	var b strings.Builder
	done := 0
	for _, m := range FindAll(prefix, text) {
		if m.End <= headEnd(prefix, m.Start)+1 {
			continue
		}
		b.WriteString(text[done:m.Start])
		b.WriteString(redactedForm(prefix, m.ID))
		done = m.End
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// headEnd returns where prefix_id ends if it begins at start.
func headEnd(prefix string, start int) int { return start + len(prefix) + 1 + idWidth }

// nextHead returns where the next prefix_id begins, at or after from, or -1.
func nextHead(prefix, text string, from int) int {
	for {
		i := strings.Index(text[from:], prefix+"_")
		if i < 0 {
			return -1
		}
		from += i
		if isHead(text[from+len(prefix)+1:]) {
			return from
		}
		from++
	}
}

// isHead reports whether rest begins with an id that ends there.
func isHead(rest string) bool {
	return len(rest) >= idWidth && isBase62(rest[:idWidth]) &&
		(len(rest) == idWidth || values[rest[idWidth]] == foreign)
}

// matchAt returns the match whose prefix_id begins at start.
func matchAt(prefix, text string, start int) Match {
	end := headEnd(prefix, start)
	m := Match{Start: start, End: end, ID: ID([]byte(text[end-idWidth : end]))}
	if whole := start + Length(prefix); whole <= len(text) {
		if _, err := Check(prefix, text[start:whole]); err == nil {
			m.End, m.Complete = whole, true
			return m
		}
	}
	if end < len(text) && text[end] == '_' {
		m.End = end + 1 + leadingBase62(text[end+1:])
	}
	return m
}
