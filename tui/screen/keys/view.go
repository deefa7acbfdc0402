package keys

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

const (
	margin     = 1   // blank columns at the sides of text
	paneFrom   = 100 // columns from which there is a pane
	paneNarrow = 31  // columns of the pane there; it gets a fifth of what is beyond
	paneWidest = 60
)

// resize divides the area.
func (m *Model) resize(w, h int) {
	m.area = layout.Rect{W: w, H: h}
	m.arrange()
	m.show()
}

func (m *Model) arrange() {
	m.split = layout.Split{Main: m.area}
	m.table.SetJump(1)
	if m.area.W >= paneFrom && !m.open {
		// The terminal cannot scroll half of its width, so that each scroll beside
		// the pane is a repaint: seldom and far is cheap over a slow line.
		m.split = layout.Details(m.area, min(paneWidest, paneNarrow+(m.area.W-paneFrom)/5))
		m.table.SetJump(max(1, m.area.H*7/8))
	}
	m.table.SetSize(m.split.Main.W-m.split.Bar.W, max(0, m.area.H-search.Height))
	m.search.SetWidth(m.split.Main.W)
	if m.open {
		m.pane.SetSize(max(0, m.area.W-2*margin), max(0, m.area.H-search.Height))
	} else {
		m.pane.SetSize(max(0, m.split.Detail.W-2*margin), m.area.H)
	}
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	m.table.SetTheme(m.env.Theme)
	m.pane.SetTheme(m.env.Theme)
	if m.open {
		return m.viewWhole()
	}
	t := m.env.Theme
	lines := slices.Concat(m.table.Lines(), m.under())
	all := m.split.Beside(lines, indent(m.pane.View()), t.Rule.Render(t.Glyphs.Bar))
	v := screen.View{Content: strings.Join(all, "\n"), Cursor: m.table.Cursor()}
	if m.Typing() {
		v.Cursor = m.lineCursor(m.area.H - search.Height)
	}
	return v
}

// viewWhole is the screen of one key. What is typed takes the place of the
// heading.
func (m Model) viewWhole() screen.View {
	lines := []string{text.Spaces(margin) + m.heading(), ""}
	if m.Typing() {
		lines = m.under()
	}
	lines = append(lines, indent(m.pane.View())...)
	v := screen.View{
		Content: strings.Join(layout.Fill(lines, m.area.W, m.area.H), "\n"),
		Cursor:  m.env.Theme.Caret(margin, 0),
	}
	if m.Typing() {
		v.Cursor = m.lineCursor(0)
	}
	return v
}

func indent(view string) []string {
	lines := strings.Split(view, "\n")
	for i := range lines {
		lines[i] = text.Spaces(margin) + lines[i]
	}
	return lines
}

// heading is the first line of a key that is shown whole.
func (m Model) heading() string {
	v, _ := m.key()
	t, now := m.env.Theme, m.env.Board.Now
	state := v.StateAt(now, m.env.Board.Policy.WarnBefore)
	return t.Title.Render(text.Safe(v.Ref())) + "   " + t.Paint(stateTone(state), stateWords(v, state, now))
}

// lineCursor is the cursor in the line being typed, which stands at y.
func (m Model) lineCursor(y int) *tea.Cursor {
	return layout.Move(m.search.Cursor(), 0, y)
}

// under is the two lines under the list: the counts or what is being typed,
// and what is wrong with it.
func (m Model) under() []string {
	return m.search.Lines(m.env.Theme, m.split.Main.W, m.count(), m.status()...)
}

func (m Model) count() string {
	return text.Count(int64(m.list.Len())) + " of " + text.Count(int64(len(m.env.Board.Keys))) + " shown"
}

// status says what is listed and how.
func (m Model) status() []string {
	if why := m.search.Refused(); why != "" {
		return []string{why}
	}
	var parts []string
	if n := m.table.MarkCount(); n > 0 {
		parts = append(parts, text.Count(int64(n))+" marked")
	}
	parts = append(parts, m.count())
	if m.search.Text() != "" {
		parts = append(parts, "filter: "+text.Truncate(m.search.Text(), 30))
	}
	if m.hidden > 0 {
		parts = append(parts, text.Count(int64(m.hidden))+" revoked hidden")
	}
	parts = append(parts, "sort: "+orders[m.look.order].name)
	return parts
}
