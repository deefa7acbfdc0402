package form

import (
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

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

// Differ returns the changes of a list of fields that really change, each with
// its values cut to a length that fits a question.
func Differ(all ...Change) []Change {
	var out []Change
	for _, c := range all {
		if c.Before != c.After {
			c.Before, c.After = text.Truncate(c.Before, longest), text.Truncate(c.After, longest)
			out = append(out, c)
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
