package field

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// marker is before the input and shows the focus.
const marker = 2

// Height returns the lines that [Model.View] has: two, or one with
// [WithInline].
func (m Model) Height() int {
	if m.inline {
		return 1
	}
	return 2
}

// View returns the field: label and input, and under it what is wrong, or what
// happened to the last input, or the hint. Every line is as wide as the field.
func (m Model) View() string {
	line := text.FitStyled(m.inputLine(), m.width)
	if m.inline {
		return line
	}
	indent := m.indent()
	under := text.Spaces(indent) + m.message(m.width-indent)
	return line + "\n" + text.FitStyled(under, m.width)
}

// Message returns what would be said under the field and whether it is about
// something wrong.
func (m Model) Message() (s string, wrong bool) {
	switch {
	case m.err != "":
		return m.err, true
	case m.note != "":
		return m.note, true
	default:
		return m.hint, false
	}
}

func (m Model) message(w int) string {
	s, wrong := m.Message()
	s = text.Fit(s, w)
	switch {
	case m.err != "":
		return m.theme.Error.Render(s)
	case wrong:
		return m.theme.Style(theme.Warn).Render(s)
	default:
		return m.theme.Hint.Render(s)
	}
}

func (m Model) inputLine() string {
	var b strings.Builder
	if n := m.indent() - marker; n > 0 {
		b.WriteString(m.theme.Label.Render(text.Fit(m.label, n-1)) + " ")
	}
	if m.Focused() {
		b.WriteString(m.theme.Key.Render(text.Fit(m.marker, 1)) + " ")
	} else {
		b.WriteString(text.Spaces(marker))
	}
	w := m.room()
	if m.Value() == "" && m.placeholder != "" {
		b.WriteString(m.theme.Hint.Render(text.Fit(m.placeholder, w)))
	} else {
		b.WriteString(m.theme.Input.Render(text.Fit(m.visible(w), w)))
	}
	b.WriteString(m.theme.Hint.Render(m.counter()))
	return b.String()
}

// indent returns where the input begins.
func (m Model) indent() int {
	w := m.labelWidth
	if w < 0 {
		w = text.Width(text.Safe(m.label))
	}
	if w > 0 {
		w++
	}
	return w + marker
}

// room returns the cells for the value.
func (m Model) room() int { return max(1, m.width-m.indent()-text.Width(m.counter())) }

// counter shows the length once it comes near the limit.
func (m Model) counter() string {
	limit, n := m.input.CharLimit, len([]rune(m.Value()))
	if limit <= 0 || n < limit-max(5, limit/10) {
		return ""
	}
	return fmt.Sprintf(" %d/%d", n, limit)
}

// pieces returns the value as it is drawn, one string a character.
func (m Model) pieces() []string {
	value := []rune(m.Value())
	pieces := make([]string, len(value))
	for i, r := range value {
		switch {
		case m.masked:
			pieces[i] = m.theme.Glyphs.Mask
		case i == 0:
			pieces[i] = text.Safe(string(r))
		default:
			pieces[i] = text.Safe("x" + string(r))[1:] // a mark stands on what is before it
		}
	}
	return pieces
}

func width(pieces []string) int {
	sum := 0
	for _, p := range pieces {
		sum += text.Width(p)
	}
	return sum
}

// visible returns the part of the value that is in view, at most w cells.
func (m Model) visible(w int) string {
	pieces := m.pieces()[m.offset:]
	n := 0
	for used := 0; n < len(pieces); n++ {
		used += text.Width(pieces[n])
		if used > w {
			break
		}
	}
	return strings.Join(pieces[:n], "")
}

// follow scrolls the value so that the cursor is in view and no room is left
// unused.
func (m *Model) follow() {
	if m.input == nil {
		return
	}
	pieces, pos, w := m.pieces(), m.input.Position(), m.room()-1
	m.offset = min(m.offset, pos)
	for m.offset < pos && width(pieces[m.offset:pos]) > w {
		m.offset++
	}
	for m.offset > 0 && width(pieces[m.offset-1:]) <= w {
		m.offset--
	}
}

// Cursor returns the place of the real cursor in the view, or nil without the
// focus.
func (m Model) Cursor() *tea.Cursor {
	if !m.Focused() {
		return nil
	}
	x := m.indent() + width(m.pieces()[m.offset:m.input.Position()])
	return m.theme.Caret(min(x, max(0, m.width-1)), 0)
}
