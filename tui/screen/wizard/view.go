package wizard

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

const (
	sideFrom  = 90 // columns from which the steps stand at the side
	sideWidth = 22
	mostCheck = 7 // lines of the policy check at most
)

// aside reports whether the steps stand at the side. The calendar and the lists
// of addresses need all the width there is.
func (m Model) aside() bool { return m.w >= sideFrom && !m.wide() }

// wide reports whether the step takes the whole width.
func (m Model) wide() bool { return m.step == ends || m.step == network }

// places is where the step itself is.
func (m Model) places() layout.Rect {
	r := layout.Rect{X: 1, Y: 2, W: m.w - 2, H: m.h - 2}
	if m.aside() {
		r = layout.Rect{X: sideWidth + 2, Y: 2, W: m.w - sideWidth - 3, H: m.h - 2}
	}
	switch {
	case m.step == network:
		r.X, r.W = 0, m.w
	case m.step == ends:
		r = layout.Rect{Y: 1, W: m.w, H: m.h - 1}
	case m.h < 12:
		r.Y, r.H = 1, m.h-1
	}
	if m.step != review && m.step != network {
		r.H -= len(m.check(r.W))
	}
	r.W, r.H = max(0, r.W), max(1, r.H)
	return r
}

func (m *Model) arrange() {
	r := m.places()
	m.span.SetSize(r.W, r.H)
	for s := range ends {
		h := r.H
		if s == scopes {
			h = max(1, h-len(m.effective(r.W)))
		}
		m.forms[s].SetSize(r.W, h)
	}
	m.rules.SetSize(r.W, r.H)
	m.words.SetSize(r.W, r.H)
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	r := m.places()
	body, cursor := m.body(r)
	lines := make([]string, r.Y)
	t := m.env.Theme
	question := t.Title.Render(text.Truncate(questions[m.step], m.w-2))
	if m.aside() {
		lines[0] = text.Spaces(1) + question
		for _, line := range body {
			lines = append(lines, text.Spaces(1)+line)
		}
		split := layout.SplitAt(layout.Rect{W: m.w, H: m.h}, sideWidth)
		all := split.Beside(m.side(), lines, t.Rule.Render(t.Glyphs.Bar))
		return screen.View{Content: strings.Join(all, "\n"), Cursor: layout.Move(cursor, r.X, r.Y)}
	}
	lines[0] = text.Spaces(1) + m.stepLine(question)
	for _, line := range body {
		lines = append(lines, text.Spaces(r.X)+line)
	}
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(cursor, r.X, r.Y),
	}
}

// body draws the step.
func (m Model) body(r layout.Rect) ([]string, *tea.Cursor) {
	switch m.step {
	case ends:
		lines := m.span.View()
		for _, line := range m.check(r.W - 2) {
			lines = append(lines, text.Spaces(1)+line)
		}
		return lines, m.span.Cursor()
	case network:
		return m.rules.View(), m.rules.Cursor()
	case review:
		return m.words.Lines(), m.env.Theme.Caret(0, 0)
	}
	lines := m.forms[m.step].View()
	if m.step == scopes {
		lines = append(lines, m.effective(r.W)...)
	}
	return append(lines, m.check(r.W)...), m.forms[m.step].Cursor()
}

// effective tells under the list of scopes what the key may do.
func (m Model) effective(w int) []string {
	t := m.env.Theme
	label := t.Label.Render(text.Fit("May do", 12))
	parts := text.Wrap(m.scopeWords(), max(2, w-14))
	const most = 3
	if len(parts) > most {
		parts = append(parts[:most-1:most-1], text.Truncate(parts[most-1], max(0, w-16))+text.Ellipsis)
	}
	lines := make([]string, len(parts))
	for i, part := range parts {
		lines[i] = text.FitStyled(label+"  "+part, w)
		label = text.Spaces(12)
	}
	return lines
}

// side is the steps with what became of them.
func (m Model) side() []string {
	t := m.env.Theme
	lines := []string{" " + t.Title.Render("NEW KEY"), " " + t.Hint.Render(text.Truncate(m.ref(), sideWidth-2)), ""}
	for s := range steps {
		lines = append(lines, m.sideLine(s, wrong(m.wrong, s)))
	}
	lines = append(lines, "", "")
	for _, line := range text.Wrap("No key is made before step 5 is confirmed. A draft is kept.", sideWidth-2) {
		lines = append(lines, " "+t.Hint.Render(line))
	}
	return lines
}

func (m Model) sideLine(s step, wrong string) string {
	t := m.env.Theme
	head := fmt.Sprintf("  %d %s", s+1, text.Fit(titles[s], 11))
	word, tone := "", theme.Muted
	switch {
	case s == m.step:
		head = " " + t.Glyphs.Cursor + strings.TrimPrefix(head, "  ")
		return t.Style(theme.Accent).Bold(true).Render(text.Fit(head, sideWidth))
	case s > m.furthest:
		return t.Hint.Render(head)
	case wrong != "":
		word, tone = "check", theme.Bad
	case s != review:
		word, tone = "done", theme.Good
	}
	return head + t.Paint(tone, word)
}

// stepLine is the steps on one line. On a narrow terminal it is the question
// alone with its number.
func (m Model) stepLine(question string) string {
	t := m.env.Theme
	var parts []string
	for s := range steps {
		part := fmt.Sprintf("%d %s", s+1, titles[s])
		switch {
		case s == m.step:
			parts = append(parts, t.Title.Render(t.Glyphs.Cursor+part))
		default:
			parts = append(parts, t.Hint.Render(" "+part))
		}
	}
	line := strings.Join(parts, " ")
	if m.w >= 116 {
		line += "   " + question
	}
	if room := m.w - 4 - text.Width(line); room >= leastRef {
		line += "   " + t.Hint.Render(text.Truncate(m.ref(), room))
	}
	return line
}

// leastRef is how many columns there must be for the name of the key.
const leastRef = 16

// ref names the key that is being made, once it has an owner and a name.
func (m Model) ref() string {
	d := m.draftOf()
	if d.Owner == "" || d.Name == "" {
		return ""
	}
	return text.Safe(d.Ref())
}
