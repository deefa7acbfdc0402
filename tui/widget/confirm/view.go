package confirm

import (
	"cmp"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/overlay"
)

// SetWidth sets the width of the dialog in cells; 76 without it. An owner
// gives it less on a narrow terminal.
func (m *Model) SetWidth(w int) {
	m.width = w
	m.input.SetWidth(overlay.Inner(w))
}

// View returns the dialog in its frame.
func (m Model) View() string {
	lines, _ := m.lines()
	return overlay.Box(m.theme, m.question.Title, lines, m.width)
}

// Cursor returns the place of the real cursor in the view.
func (m Model) Cursor() *tea.Cursor {
	lines, input := m.lines()
	if input >= 0 {
		return layout.Move(m.input.Cursor(), 2, 1+input)
	}
	x := 2
	for i, label := range m.labels() {
		if button(i) < m.at && label != "" {
			x += text.Width(m.button(label, false, true)) + gap
		}
	}
	return m.theme.Caret(x, len(lines))
}

// lines returns what is in the frame and which line is the input, or -1.
func (m Model) lines() (lines []string, input int) {
	w := overlay.Inner(m.width)
	for _, l := range m.question.Lines {
		for _, part := range text.Wrap(l.Text, w) {
			lines = append(lines, m.theme.Paint(l.Tone, part))
		}
	}
	lines = append(lines, "")
	input = -1
	if want := m.question.want(); want != "" {
		lines = append(lines, m.demand(w)...)
		input = len(lines)
		lines = append(lines, m.input.View(), m.remark(w))
	}
	return append(lines, m.buttons()), input
}

// demand says what to type.
func (m Model) demand(w int) []string {
	what := "the name " + text.Safe(m.question.Name)
	if m.question.Name == "" {
		what = fmt.Sprintf("how many: %d", m.question.Count)
	}
	return text.Wrap(fmt.Sprintf("To %s, type %s", m.question.Verb, what), w)
}

func (m Model) remark(w int) string {
	s, wrong := m.input.Message()
	if !wrong {
		return ""
	}
	return m.theme.Error.Render(text.Fit(s, w))
}

const gap = 2

// labels are the texts of the buttons; that of one that is not there is empty.
func (m Model) labels() [buttons]string {
	return [buttons]string{refuse: cmp.Or(m.question.Refuse, "Cancel"), other: m.question.Other, agree: m.question.Verb}
}

func (m Model) buttons() string {
	var parts []string
	for i, label := range m.labels() {
		if label != "" {
			parts = append(parts, m.button(label, button(i) == m.at, button(i) != agree || m.matches()))
		}
	}
	line := strings.Join(parts, text.Spaces(gap))
	if m.deaf {
		line += text.Spaces(gap) + m.theme.Hint.Render("a moment"+text.Ellipsis)
	}
	return line
}

// button draws a button; the one with the focus shows it without colour too.
func (m Model) button(label string, focused, enabled bool) string {
	s := "[ " + text.Safe(label) + " ]"
	switch {
	case focused:
		return m.theme.Selected.Render(m.theme.Glyphs.Cursor + s)
	case enabled:
		return " " + s
	default:
		return m.theme.Paint(theme.Muted, " "+s)
	}
}
