package form

import (
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// Value is one field of a record in words.
type Value struct{ Field, Words string }

// Change is one field before and after, in words.
type Change struct{ Field, Before, After string }

// Preview writes changes as the lines of a question: what is, and what will be.
func Preview(changes []Change) []confirm.Line {
	var out []confirm.Line
	for _, c := range changes {
		out = append(out, confirm.Line{Text: c.Field + ": " + None(c.Before) + " -> " + None(c.After)})
	}
	return out
}

// Changes returns what differs between two states of the same fields, the
// values cut to a length that fits a question.
func Changes(before, after []Value) []Change {
	var out []Change
	for i, v := range before {
		if v.Words != after[i].Words {
			out = append(out, Change{v.Field, text.Truncate(v.Words, longest), text.Truncate(after[i].Words, longest)})
		}
	}
	return out
}

// longest value in a preview, in cells.
const longest = 120

// None is s, or "none" if that is empty.
func None(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
