// Package facts shows what is known of one thing: labelled values under
// headings, wrapped to the width and scrolled when there are more than fit.
//
// Labels and values may hold anything; they are made safe. What does not fit
// is never cut off silently: a value goes on on the next line under its own
// beginning, and the last line says how many lines follow.
package facts

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Fact is one thing that is known. The zero Fact is a blank line.
type Fact struct {
	Label string
	Text  string
	Tone  theme.Tone // of the text
	// Styled says that Text is one line that this program has styled. It is
	// cut, not wrapped.
	Styled bool
	// Head makes the fact a heading; a heading has no label.
	Head bool
}

// Head returns a heading.
func Head(s string) Fact { return Fact{Text: s, Head: true} }

// Of returns a fact in the terminal's own colour.
func Of(label, s string) Fact { return Fact{Label: label, Text: s} }

// KeyMap is what a scrolling view listens to.
type KeyMap struct {
	Up, Down, PageUp, PageDown, Top, Bottom key.Binding
}

// DefaultKeyMap returns the keys of vi and the arrows.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Up:       bind("k", "up", "k", "up"),
		Down:     bind("j", "down", "j", "down"),
		PageUp:   bind("pgup", "page up", "pgup", "ctrl+u"),
		PageDown: bind("pgdown", "page down", "pgdown", "ctrl+d"),
		Top:      bind("g", "first line", "g", "home"),
		Bottom:   bind("G", "last line", "G", "end"),
	}
}

// Bindings returns the bindings for the help.
func (k KeyMap) Bindings() []key.Binding {
	return []key.Binding{k.Down, k.Up, k.PageDown, k.PageUp, k.Top, k.Bottom}
}

// Model is the view. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme         theme.Theme
	facts         []Fact
	lines         []string // of the facts at this width
	width, height int
	offset        int
}

// New returns a view without facts and without a size.
func New(t theme.Theme) Model { return Model{KeyMap: DefaultKeyMap(), theme: t} }

// SetTheme changes the looks. It may be called before every View.
func (m *Model) SetTheme(t theme.Theme) {
	if t.Palette() == m.theme.Palette() && t.Glyphs.ASCII == m.theme.Glyphs.ASCII {
		return
	}
	m.theme = t
	m.lines = Lines(t, m.width, m.facts)
}

// SetSize sets the size in cells.
func (m *Model) SetSize(w, h int) {
	m.width, m.height = max(0, w), max(0, h)
	m.lines = Lines(m.theme, m.width, m.facts)
	m.scroll(0)
}

// SetFacts replaces the facts and stays where it was scrolled to.
func (m *Model) SetFacts(facts []Fact) {
	m.facts = slices.Clone(facts)
	m.lines = Lines(m.theme, m.width, m.facts)
	m.scroll(0)
}

// Top scrolls to the first line.
func (m *Model) Top() { m.offset = 0 }

// Scrolls reports whether there is more than fits.
func (m Model) Scrolls() bool { return len(m.lines) > m.height }

func (m *Model) scroll(by int) {
	m.offset = max(0, min(m.offset+by, len(m.lines)-m.height))
}

// Update scrolls. The mouse wheel moves by three lines.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	page := max(1, m.height-2)
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		for _, move := range []struct {
			binding key.Binding
			by      int
		}{
			{m.KeyMap.Up, -1},
			{m.KeyMap.Down, 1},
			{m.KeyMap.PageUp, -page},
			{m.KeyMap.PageDown, page},
			{m.KeyMap.Top, -len(m.lines)},
			{m.KeyMap.Bottom, len(m.lines)},
		} {
			if key.Matches(msg, move.binding) {
				m.scroll(move.by)
			}
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			m.scroll(-3)
		case tea.MouseWheelDown:
			m.scroll(3)
		}
	}
	return m, nil
}

// View returns the facts as text of exactly the view's size.
func (m Model) View() string { return strings.Join(m.Lines(), "\n") }

// Lines returns them as lines of exactly its width, as many as its height.
func (m Model) Lines() []string {
	lines := slices.Clone(m.lines[m.offset:min(len(m.lines), m.offset+m.height)])
	if hidden := len(m.lines) - m.offset - m.height; hidden > 0 && m.height > 0 {
		more := text.Fit(m.theme.Glyphs.More+" "+text.Plural(hidden+1, "more line"), m.width)
		lines[m.height-1] = m.theme.Hint.Render(more)
	}
	for len(lines) < m.height {
		lines = append(lines, text.Spaces(m.width))
	}
	return lines
}

// most cells of a label; longer ones are cut.
const most = 14

// Lines returns the facts as lines of exactly w cells. Values line up.
func Lines(t theme.Theme, w int, facts []Fact) []string {
	indent := 0
	for _, f := range facts {
		indent = max(indent, min(most, text.Width(text.Safe(f.Label)))+2)
	}
	if indent == 2 {
		indent = 0
	}
	var lines []string
	for _, f := range facts {
		lines = append(lines, f.lines(t, w, min(indent, w/2))...)
	}
	return lines
}

func (f Fact) lines(t theme.Theme, w, indent int) []string {
	if f.Head {
		return []string{t.Title.Render(text.Fit(f.Text, w))}
	}
	label := text.Truncate(f.Label, indent-2)
	begin := t.Label.Render(label) + text.Spaces(indent-text.Width(label))
	if f.Styled {
		return []string{begin + text.FitStyled(f.Text, w-indent)}
	}
	var lines []string
	for _, part := range text.Wrap(f.Text, w-indent) {
		part = text.Truncate(part, w-indent)
		blank := text.Spaces(w - indent - text.Width(part))
		lines = append(lines, begin+t.Paint(f.Tone, part)+blank)
		begin = text.Spaces(indent)
	}
	return lines
}
