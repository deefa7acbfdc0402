package edit

import (
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// refresh makes everything that follows from what is filled in fit it.
func (m *Model) refresh() {
	for _, row := range []string{form.Expiry, form.NotBefore} {
		m.form = m.form.Hint(row, m.words(row))
	}
	m.form = m.form.Hint(form.Rotate, m.span(form.Rotate, form.Interval, form.IntervalWords)).
		Hint(form.Warn, m.span(form.Warn, form.Warning, form.WarningWords))
	if m.dates.open {
		m.dates.span.Judge(m.dateProblems())
		m.dates.span.SetSize(m.w, max(1, m.h-top+1))
	}
	m.form = m.form.Judge(m.problems())
	m.form.SetSize(max(0, m.w-2), max(1, m.h-top))
}

// span says what a length of time means. What the policy says is of interest
// to who is about to say otherwise.
func (m Model) span(row string, read func(string) (time.Duration, error), words func(time.Duration, keystore.Policy) string) string {
	d, err := read(m.form.Value(row))
	switch {
	case err != nil:
		return "such as 14d, 24h; empty is as the policy says"
	case d == 0 && m.form.Focused() != row:
		return ""
	}
	return words(d, m.env.Board.Policy)
}

// words says what an instant means.
func (m Model) words(row string) string {
	at, note, err := m.instant(row)
	now := m.env.Board.Now
	switch {
	case err != nil:
		return "such as 90d, 2027-02-21, eom, next fri, never; ctrl+u empties the line"
	case at.IsZero() && row == form.NotBefore:
		return "empty: it works at once"
	case at.IsZero():
		return "it works until somebody revokes it"
	}
	words := form.When(at, now, m.env.Zone)
	if note != "" {
		words += "; " + note
	}
	if why := m.env.Board.Policy.CheckExpiry(at, m.before.Created); why != "" && row == form.Expiry && m.typed(row) {
		words += "; not allowed: " + why
	}
	return words
}

// top is where the form begins.
const top = 2

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	state := m.before.StateAt(m.env.Board.Now, m.env.Board.Policy.WarnBefore)
	title := t.Title.Render(text.Truncate(m.before.Ref(), max(0, m.w-20))) + "   " + t.Hint.Render(string(state))
	if n := len(m.changes(m.before)); n > 0 {
		title += "   " + t.Paint(theme.Warn, text.Plural(n, "unsaved change"))
	}
	if m.moved() {
		title += "   " + t.Paint(theme.Warn, form.Moved)
	}
	lines := []string{text.FitStyled(" "+title, m.w), ""}
	if m.dates.open {
		return screen.View{
			Content: strings.Join(layout.Fill(append(lines[:1], m.dates.span.View()...), m.w, m.h), "\n"),
			Cursor:  layout.Move(m.dates.span.Cursor(), 0, 1),
		}
	}
	lines = append(lines, layout.Indent(m.form.View(), 1)...)
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(m.form.Cursor(), 1, top),
	}
}
