package keys

import (
	"strings"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/browse"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// fit makes what the list shows fit its size.
func (m *Model) fit() {
	m.Table.SetJump(1)
	if m.Split().Detail.W > 0 {
		// The terminal cannot scroll half of its width, so that each scroll beside
		// the pane is a repaint: seldom and far is cheap over a slow line.
		m.Table.SetJump(max(1, m.H*7/8))
	}
	m.show()
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	if m.Whole {
		return m.viewWhole()
	}
	return m.Draw(m.env.Theme, m.under())
}

// viewWhole is the screen of one key. What is typed takes the place of the
// heading.
func (m Model) viewWhole() screen.View {
	lines := []string{text.Spaces(browse.Margin) + m.heading(), ""}
	if m.Typing() {
		lines = m.under()
	}
	lines = append(lines, m.PaneLines(m.env.Theme)...)
	v := screen.View{
		Content: strings.Join(layout.Fill(lines, m.W, m.H), "\n"),
		Cursor:  m.env.Theme.Caret(browse.Margin, 0),
	}
	if m.Typing() {
		v.Cursor = m.Search.Cursor()
	}
	return v
}

// heading is the first line of a key that is shown whole.
func (m Model) heading() string {
	v, _ := m.key()
	t, now := m.env.Theme, m.env.Board.Now
	state := v.StateAt(now, m.env.Board.Policy.WarnBefore)
	return t.Title.Render(text.Safe(v.Ref())) + "   " + t.Paint(stateTone(state), stateWords(v, state, now))
}

// under is the two lines under the list: the counts or what is being typed,
// and what is wrong with it.
func (m Model) under() []string {
	return m.Search.Lines(m.env.Theme, m.Split().Main.W, m.count(), m.status()...)
}

func (m Model) count() string {
	return text.Count(m.list.Len()) + " of " + text.Count(len(m.env.Board.Keys)) + " shown"
}

// status says what is listed and how.
func (m Model) status() []string {
	if why := m.Search.Refused(); why != "" {
		return []string{why}
	}
	var parts []string
	if n := m.Table.MarkCount(); n > 0 {
		parts = append(parts, text.Count(n)+" marked")
	}
	if n := m.Table.RangeLen(); n > 0 {
		parts = append(parts, "range of "+text.Count(n))
	}
	parts = append(parts, m.count())
	if m.Search.Text() != "" {
		parts = append(parts, "filter: "+text.Truncate(m.Search.Text(), 30))
	}
	if m.hidden > 0 {
		parts = append(parts, text.Count(m.hidden)+" revoked hidden")
	}
	parts = append(parts, "sort: "+orders[m.look.order].name)
	return parts
}
