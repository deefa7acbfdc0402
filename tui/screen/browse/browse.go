// Package browse is what the screens that list things have in common: a table,
// the line under it in which a filter or an answer is typed, and a pane with what
// is known of the row under the cursor, beside the table or in place of it.
//
// It knows nothing of what is listed: the screen fills the table and the pane, and
// says which keys do what.
package browse

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/field"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

const (
	// Margin is the blank cells at the sides of the pane.
	Margin = 1
	// Rest is how long the cursor stays on a row before the pane shows it, so that
	// scrolling stays cheap.
	Rest = 80 * time.Millisecond
)

// List is embedded in the model of a screen. It is a value; make it with [New].
type List struct {
	Table  table.Model
	Search search.Model
	Pane   facts.Model
	Whole  bool // the pane has the whole screen
	Head   int  // lines above it there
	W, H   int  // of the area

	side layout.Side
}

// New returns a list without rows and without a size.
func New(t theme.Theme, side layout.Side, s search.Model, columns []table.Column, opts ...table.Option) List {
	return List{Table: table.New(t, columns, opts...), Search: s, Pane: facts.New(t), side: side}
}

// Split returns the places of the table and the pane. Beside a pane that has the
// whole screen nothing is shown.
func (l *List) Split() layout.Split {
	area := layout.Rect{W: l.W, H: l.H}
	if l.Whole {
		return layout.Split{Main: area}
	}
	return l.side.Split(area)
}

// PaneWidth returns the cells that facts have in the pane.
func (l *List) PaneWidth() int {
	w, _ := l.pane()
	return max(0, w-2*Margin)
}

func (l *List) pane() (w, h int) {
	if l.Whole {
		return l.W, max(0, l.H-l.Head)
	}
	return l.Split().Detail.W, l.H
}

// Resize divides an area.
func (l *List) Resize(w, h int) {
	l.W, l.H = w, h
	s := l.Split()
	l.Table.SetSize(s.Main.W-s.Bar.W, max(0, h-search.Height))
	l.Search.SetWidth(s.Main.W)
	_, h = l.pane()
	l.Pane.SetSize(l.PaneWidth(), h)
}

// SetWhole gives the pane the whole screen or takes it back.
func (l *List) SetWhole(whole bool) {
	l.Whole = whole
	l.Pane.Top()
	l.Resize(l.W, l.H)
}

// Click moves the cursor to the row that was clicked, and reports whether there
// is one.
func (l *List) Click(msg tea.MouseClickMsg) bool {
	i, ok := l.Table.RowAt(msg.Y)
	if !ok || l.Whole || msg.X >= l.Split().Main.W {
		return false
	}
	l.Table.MoveTo(i)
	return true
}

// Input passes what is typed, pasted or scrolled to what has the focus, and
// reports whether another filter holds now.
func (l *List) Input(msg tea.Msg) (filtered bool, cmd tea.Cmd) {
	switch {
	case l.Typing():
		return l.Search.Update(msg)
	case l.Whole:
		l.Pane, cmd = l.Pane.Update(msg)
	default:
		l.Table, cmd = l.Table.Update(msg)
	}
	return false, cmd
}

// Filter opens the line for a filter; see [search.Model.Open].
func (l *List) Filter(t theme.Theme, complete func(string) []string) tea.Cmd {
	l.Table.Blur()
	return l.Search.Open(t, l.Split().Main.W, complete)
}

// Ask opens the line for an answer; see [search.Ask.Open].
func (l *List) Ask(t theme.Theme, title, label, value string, opts ...field.Option) tea.Cmd {
	l.Table.Blur()
	return l.Search.Ask.Open(t, l.Split().Main.W, title, label, value, opts...)
}

// Accept closes the line if what is typed is a filter, and reports whether it is.
func (l *List) Accept() bool {
	if l.Search.Accept(); l.Search.Editing() {
		return false
	}
	l.Table.Focus()
	return true
}

// Dismiss closes the line and makes nothing of what is typed; it reports whether
// another filter holds now.
func (l *List) Dismiss() (filtered bool) {
	if l.Search.Editing() {
		filtered = l.Search.Cancel()
	}
	l.Search.Ask.Close()
	l.Table.Focus()
	return filtered
}

// Close closes the innermost of the line, a pane that has the whole screen, marks
// and another filter than the one with which the list was opened. It reports
// whether there was one, and whether another filter holds now.
func (l *List) Close() (closed, filtered bool) {
	switch {
	case l.Typing():
		filtered = l.Dismiss()
	case l.Whole:
		l.SetWhole(false)
	case l.Table.Busy():
		l.Table.ClearMarks()
	default:
		filtered = l.Search.Reset()
		return filtered, filtered
	}
	return true, filtered
}

// Typing implements [screen.Screen].
func (l List) Typing() bool { return l.Search.Typing() }

// Unsaved implements [screen.Screen]: in a list there is never anything to lose.
func (l List) Unsaved() string { return "" }

// Help implements [screen.Helper].
func (l List) Help() []keymap.Section {
	switch {
	case l.Typing():
		return []keymap.Section{l.Search.Help()}
	case l.Whole:
		return []keymap.Section{keymap.BindingSection("Move", l.Pane.KeyMap.Bindings()...)}
	}
	return []keymap.Section{keymap.BindingSection("Move", l.Table.KeyMap.Bindings()...)}
}

// Draw shows the table with the two lines under it, and the pane.
func (l *List) Draw(t theme.Theme, under []string) screen.View {
	l.Table.SetTheme(t)
	lines := slices.Concat(l.Table.Lines(), under)
	v := screen.View{
		Content: strings.Join(l.Split().Beside(lines, l.PaneLines(t), t.Rule.Render(t.Glyphs.Bar)), "\n"),
		Cursor:  l.Table.Cursor(),
	}
	if l.Typing() {
		v.Cursor = layout.Move(l.Search.Cursor(), 0, l.H-search.Height)
	}
	return v
}

// PaneLines draws the pane with its left margin.
func (l *List) PaneLines(t theme.Theme) []string {
	l.Pane.SetTheme(t)
	return layout.Indent(l.Pane.Lines(), Margin)
}
