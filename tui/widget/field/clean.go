package field

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/tui/text"
)

// oneLine turns a paste into one line: line breaks at its end go, others and
// tabs become spaces. The note says what was changed inside, if anything.
func oneLine(s string) (line, note string) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = strings.Trim(s, "\n")
	if n := strings.Count(s, "\n"); n > 0 {
		note = text.Plural(n, "line break") + " became " + spaces(n)
	}
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(s), note
}

func spaces(n int) string {
	if n == 1 {
		return "a space"
	}
	return "spaces"
}

// refuse returns why s cannot be put in at the cursor, or "".
func (m Model) refuse(s string) string {
	before := string([]rune(m.input.Value())[:m.input.Position()])
	if _, already := text.Unsafe(before); already {
		before = "" // do not blame what is new for what was there
	}
	if c, found := text.Unsafe(before + s); found {
		return "it holds " + c + ", which does not print"
	}
	return ""
}

// full notes it if n more characters are more than the limit allows.
func (m *Model) full(n int) {
	limit := m.input.CharLimit
	if limit <= 0 {
		return
	}
	if over := len([]rune(m.input.Value())) + n - limit; over > 0 {
		m.note = fmt.Sprintf("at most %s: %s left out", text.Plural(limit, "character"), text.Count(over))
	}
}
