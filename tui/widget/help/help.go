// Package help lists the keys that work now.
//
// It is made from sections that the keymap and the widgets supply, so it
// cannot say anything that is not so. What is not possible now is listed with
// the reason, what cannot be undone is marked with a word.
package help

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/overlay"
)

// KeyMap is what the help listens to.
type KeyMap struct {
	Up, Down, PageUp, PageDown key.Binding
	Close                      key.Binding
}

// DefaultKeyMap returns the usual keys.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Up:       bind("k", "up", "k", "up"),
		Down:     bind("j", "down", "j", "down"),
		PageUp:   bind("pgup", "page up", "pgup"),
		PageDown: bind("pgdown", "page down", "pgdown", "space"),
		Close:    bind("esc", "close", "esc", "?", "q", "enter", "ctrl+c"),
	}
}

// columnWidth is the least width of a column of help, in cells.
const columnWidth = 44

// Model is the help. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme         theme.Theme
	title         string
	sections      []keymap.Section
	width, height int
	offset        int
	closed        bool
}

// New returns help with a title and sections.
func New(t theme.Theme, title string, sections ...keymap.Section) Model {
	m := Model{KeyMap: DefaultKeyMap(), theme: t, title: title, sections: sections}
	m.SetSize(80, 24)
	return m
}

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) { m.theme = t }

// SetSize sets the greatest size of the whole, with its frame, in cells.
func (m *Model) SetSize(w, h int) {
	m.width, m.height = w, h
	m.scroll(0)
}

// Closed reports whether the operator has closed the help.
func (m Model) Closed() bool { return m.closed }

// page is how many lines are visible.
func (m Model) page() int { return max(1, m.height-2) }

func (m *Model) scroll(by int) {
	last := max(0, len(m.lines())-m.page())
	m.offset = max(0, min(m.offset+by, last))
}

// Update scrolls and closes.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return m, nil
	}
	switch {
	case key.Matches(press, m.KeyMap.Close):
		m.closed = true
	case key.Matches(press, m.KeyMap.Up):
		m.scroll(-1)
	case key.Matches(press, m.KeyMap.Down):
		m.scroll(1)
	case key.Matches(press, m.KeyMap.PageUp):
		m.scroll(-m.page())
	case key.Matches(press, m.KeyMap.PageDown):
		m.scroll(m.page())
	}
	return m, nil
}

// View returns the help in its frame, no higher than it needs to be.
func (m Model) View() string {
	lines := m.lines()
	end := min(m.offset+m.page(), len(lines))
	title := m.title
	if more := len(lines) - end; more > 0 {
		title += "  (" + text.Plural(more, "more line") + " below)"
	}
	return overlay.Box(m.theme, title, lines[m.offset:end], m.width)
}

// Cursor returns the place of the real cursor: the first visible line, where
// a screen reader begins.
func (m Model) Cursor() *tea.Cursor { return m.theme.Caret(2, 1) }

// lines lays the sections out in as many columns as there is room for. A
// section is never divided.
func (m Model) lines() []string {
	inner := overlay.Inner(m.width)
	columns := max(1, inner/columnWidth)
	width := inner / columns
	total := 0
	for _, s := range m.sections {
		total += len(s.Lines) + 2
	}
	target := (total + columns - 1) / columns
	var lines []string
	left, at := 0, 0
	for _, s := range m.sections {
		if at > 0 && at+len(s.Lines) > target && left+2*width <= inner {
			left, at = left+width, 0
		}
		for _, line := range m.section(s, width-2) {
			for at >= len(lines) {
				lines = append(lines, "")
			}
			lines[at] = text.FitStyled(lines[at], left) + line
			at++
		}
		at++
	}
	return lines
}

// section returns a section as lines of at most w cells.
func (m Model) section(s keymap.Section, w int) []string {
	keys := 0
	for _, l := range s.Lines {
		keys = max(keys, text.Width(text.Safe(l.Keys)))
	}
	keys = min(keys, w/3)
	lines := []string{m.theme.Title.Render(text.Truncate(s.Title, w))}
	for _, l := range s.Lines {
		says, tone := l.Text, theme.Plain
		switch {
		case l.Reason != "":
			says, tone = says+": "+l.Reason, theme.Muted
		case l.Dangerous:
			says += " (for good)"
		}
		shown := m.theme.Key.Render(text.Fit(l.Keys, keys))
		lines = append(lines, " "+shown+"  "+m.theme.Paint(tone, text.Truncate(says, w-keys-3)))
	}
	return lines
}
