package iplist

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// Update edits the lists while the editor has the focus.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	if !m.focused {
		return m, nil
	}
	if m.mode != browsing {
		return m.typing(msg)
	}
	switch msg := msg.(type) {
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.KeyPressMsg:
		m.press(msg)
	}
	return m, nil
}

func (m *Model) press(msg tea.KeyPressMsg) {
	switch {
	case key.Matches(msg, m.KeyMap.Up):
		m.step(-1)
	case key.Matches(msg, m.KeyMap.Down):
		m.step(1)
	case key.Matches(msg, m.KeyMap.Top):
		m.goTo(m.side, 0)
	case key.Matches(msg, m.KeyMap.Bottom):
		m.goTo(m.side, len(m.value[m.side])-1)
	case key.Matches(msg, m.KeyMap.Switch):
		m.goTo(m.side.other(), m.index)
	default:
		m.act(msg)
	}
}

// act performs the keys that change something.
func (m *Model) act(msg tea.KeyPressMsg) {
	switch {
	case key.Matches(msg, m.KeyMap.Add):
		m.open(adding, Item{})
	case key.Matches(msg, m.KeyMap.Edit):
		if _, _, item, ok := m.Selected(); ok {
			m.open(editing, item)
		}
	case key.Matches(msg, m.KeyMap.Delete):
		m.deleteSelected()
	case key.Matches(msg, m.KeyMap.Move):
		m.moveSelected()
	case key.Matches(msg, m.KeyMap.Paste):
		m.open(pasting, Item{})
	case key.Matches(msg, m.KeyMap.Undo):
		m.Undo()
	case key.Matches(msg, m.KeyMap.Redo):
		m.Redo()
	}
}

// step moves the cursor, from the end of one list into the other.
func (m *Model) step(by int) {
	next := m.index + by
	switch {
	case next < 0 && m.side == Second:
		m.goTo(First, len(m.value[First])-1)
	case next >= len(m.value[m.side]) && m.side == First:
		m.goTo(Second, 0)
	default:
		m.goTo(m.side, next)
	}
}

func (m *Model) goTo(s Side, i int) {
	m.side = s
	m.index = max(0, min(i, len(m.value[s])-1))
	m.message = ""
	m.scroll()
}

// replaced returns items with drop of them at place i replaced by others.
func replaced(items []Item, i, drop int, with []Item) []Item {
	return slices.Insert(slices.Delete(slices.Clone(items), i, i+drop), i, with...)
}
