package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

const footLines = 2

func columns() []table.Column {
	return []table.Column{{Title: "KEY", Width: 18, Min: 10, Flex: 1}, {Title: "VERDICT", Width: 8}}
}

// rows are the keys with what was decided.
type rows struct {
	board     *board.Board
	keys      []int32
	decisions map[keystore.KeyID]review.Decision
}

var _ table.Source = rows{}

func (r rows) Len() int        { return len(r.keys) }
func (r rows) ID(i int) string { return string(r.board.Keys[r.keys[i]].ID) }

func (r rows) Row(i int) []table.Cell {
	k := &r.board.Keys[r.keys[i]]
	d, decided := r.decisions[k.ID]
	if !decided {
		return []table.Cell{{Text: k.Ref()}, {}}
	}
	return []table.Cell{{Text: k.Ref(), Tone: theme.Muted}, {Text: string(d.Verdict), Tone: tones[d.Verdict]}}
}

var tones = map[review.Verdict]theme.Tone{
	review.Keep: theme.Good, review.Ask: theme.Accent, review.Restrict: theme.Warn, review.Rotate: theme.Warn,
	review.Disable: theme.Bad, review.Revoke: theme.Bad,
}

func (m Model) empty() string {
	switch {
	case m.problem != "":
		return "The review cannot be read: " + m.problem
	case !m.loaded:
		return "reading..."
	case m.s.Number == 0:
		return "There was no review yet. b begins one."
	}
	return "The review is about no key."
}

// resize gives the list two fifths: what is said of one key matters more.
func (m *Model) resize(w, h int) {
	m.area = layout.Rect{W: w, H: h}
	m.split = layout.SplitAt(layout.Rect{W: w, H: max(0, h-footLines)}, w*2/5)
	if m.s.Number == 0 {
		m.split = layout.Split{Main: layout.Rect{W: w, H: max(0, h-footLines)}}
	}
	m.table.SetSize(m.split.Main.W, m.split.Main.H)
	m.pane.SetSize(max(0, m.split.Detail.W-2), m.split.Detail.H)
	m.answer.SetWidth(w)
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	m.table.SetTheme(t)
	m.pane.SetTheme(t)
	lines := m.split.Beside(m.table.Lines(), layout.Indent(m.pane.Lines(), 1), t.Rule.Render(t.Glyphs.Bar))
	return screen.View{
		Content: strings.Join(layout.Fill(slices.Concat(lines, m.foot()), m.area.W, m.area.H), "\n"),
		Cursor:  m.cursor(),
	}
}

func (m Model) cursor() *tea.Cursor {
	if m.Typing() {
		return layout.Move(m.answer.Cursor(), 0, m.split.Main.H)
	}
	return m.table.Cursor()
}

// foot is the lines at the bottom: what is asked, or how the review stands.
func (m Model) foot() []string {
	t := m.env.Theme
	if !m.Typing() {
		return []string{"", " " + t.Hint.Render(text.Truncate(m.status(), m.area.W-2))}
	}
	return m.answer.Lines(t, m.area.W)
}

// status says how far the review is, and whose it is.
func (m Model) status() string {
	if m.s.Number == 0 {
		return ""
	}
	parts := []string{fmt.Sprintf("%d of %d decided", len(m.keys)-m.left, len(m.keys))}
	for _, v := range review.Verdicts {
		if n := m.counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", v, n))
		}
	}
	end := ""
	if !m.open() {
		end = "ended " + m.env.Clock(m.s.Ended)
	}
	return strings.Join(append(parts, cmp.Or(end, "begun "+m.env.Clock(m.s.Began)+" by "+m.s.By)), "  ")
}
