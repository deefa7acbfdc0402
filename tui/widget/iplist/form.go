package iplist

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

const (
	formLabel = 6 // cells of the labels of the form
	formLines = 4 // entry, note, what it becomes, a problem
)

// open shows the form in a mode with an entry in it.
func (m *Model) open(mo mode, item Item) {
	m.mode = mo
	m.entry.SetValue(item.Text)
	m.note.SetValue(item.Note)
	m.note.Blur()
	m.entry.Focus()
	m.message = ""
	m.preview()
	m.scroll()
}

// browse leaves the form.
func (m *Model) browse() {
	m.mode = browsing
	m.entry.Blur()
	m.note.Blur()
	m.hint = ""
	m.scroll()
}

// typing handles input while the form is open.
func (m Model) typing(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if m.takesList(msg.Content) {
			m.paste(msg.Content)
			m.reopen(m.mode)
			return m, nil
		}
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, m.KeyMap.Cancel):
			m.browse()
			return m, nil
		case key.Matches(msg, m.KeyMap.Accept):
			m.accept()
			return m, nil
		case key.Matches(msg, m.KeyMap.NextItem):
			m.next()
			return m, nil
		}
	}
	return m.fill(msg)
}

// fill passes input to the field that has the focus.
func (m Model) fill(msg tea.Msg) (Model, tea.Cmd) {
	var cmd tea.Cmd
	if m.note.Focused() {
		m.note, cmd = m.note.Update(msg)
		return m, cmd
	}
	before := m.entry.Value()
	m.entry, cmd = m.entry.Update(msg)
	if m.entry.Value() != before {
		m.preview()
	}
	return m, cmd
}

// takesList reports whether a paste is a list rather than one entry.
func (m Model) takesList(content string) bool {
	if m.note.Focused() || m.mode == editing {
		return false
	}
	return m.mode == pasting || strings.ContainsAny(strings.TrimSpace(content), "\n\r,;")
}

// reopen empties the form after something was added and keeps it open for more.
func (m *Model) reopen(mo mode) {
	said, tone := m.message, m.tone
	m.open(mo, Item{})
	m.say(tone, said)
}

// next goes to the other field.
func (m *Model) next() {
	if m.mode == pasting {
		return
	}
	if m.note.Focused() {
		m.note.Blur()
		m.entry.Focus()
		return
	}
	m.entry.Blur()
	m.note.Focus()
}

// accept takes what is typed. An empty entry ends typing.
func (m *Model) accept() {
	typed := strings.TrimSpace(m.entry.Value())
	switch {
	case typed == "":
		m.browse()
	case m.mode == pasting:
		m.paste(typed)
		m.reopen(pasting)
	default:
		m.put(typed)
	}
}

// put parses one entry and adds it, or puts it in the place of the one that
// is edited.
func (m *Model) put(typed string) {
	items, hint, err := m.config.Parse(typed)
	if err != nil {
		m.entry.SetError(err.Error())
		return
	}
	if note := m.note.Value(); note != "" {
		for i := range items {
			items[i].Note = note
		}
	}
	at, drop := m.target()
	added, refused := m.insert(m.side, at, drop, items)
	if added == 0 {
		m.entry.SetError(refused)
		return
	}
	m.say(theme.Good, m.done(added, hint))
	if m.mode == editing {
		m.browse()
		return
	}
	m.reopen(adding)
}

// target returns where the form's entry goes and how many it replaces.
func (m Model) target() (at, drop int) {
	if m.mode == editing {
		return m.index, 1
	}
	return len(m.value[m.side]), 0
}

// done says what became of the form's entry, which has the cursor now.
func (m Model) done(added int, hint string) string {
	said := "added " + m.name(m.side, m.index)
	switch {
	case added > 1:
		said = "added " + m.count(added)
	case m.mode == editing:
		said = "changed " + m.name(m.side, m.index)
	}
	if hint != "" {
		said += " (" + hint + ")"
	}
	return said
}

// preview tells what the typed entry would become, as long as it is right:
// nobody is scolded while typing.
func (m *Model) preview() {
	m.hint = ""
	typed := strings.TrimSpace(m.entry.Value())
	if typed == "" || m.mode == pasting {
		return
	}
	items, hint, err := m.config.Parse(typed)
	if err != nil {
		return
	}
	m.hint = hint
	switch {
	case hint == "" && len(items) == 1 && items[0].Text != typed:
		m.hint = "becomes " + items[0].Text
	case len(items) > 1:
		m.hint += ": " + texts(items)
	}
	if p, ok := m.foresee(items); ok {
		m.say(p.Tone, p.Text)
	} else {
		m.say(theme.Good, "ok")
	}
}

// texts lists entries for a line, which cuts what it has no room for.
func texts(items []Item) string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = item.Text
	}
	return strings.Join(out, " ")
}

// foresee returns the first problem that the lists would have with the items.
func (m Model) foresee(items []Item) (Problem, bool) {
	if m.config.Problems == nil {
		return Problem{}, false
	}
	at, drop := m.target()
	next := m.value.with(m.side, replaced(m.value[m.side], at, drop, items))
	for _, p := range m.config.Problems(next[First], next[Second]) {
		if p.Side == m.side && p.Index >= at && p.Index < at+len(items) {
			return p, true
		}
	}
	return Problem{}, false
}

// form draws the form.
func (m Model) form() []string {
	about := text.Spaces(formLabel + 1 + 2)
	room := m.width - len(about)
	if m.mode == pasting {
		return []string{m.entry.View(), about + m.theme.Hint.Render(text.Truncate("paste the list, or type entries; enter adds, esc ends", room)), "", m.said(about, room)}
	}
	return []string{m.entry.View(), about + m.theme.Hint.Render(text.Truncate(m.hint, room)), m.note.View(), m.said(about, room)}
}

// said draws what is wrong with the entry, or else the message.
func (m Model) said(indent string, room int) string {
	if s, wrong := m.entry.Message(); wrong {
		return indent + m.theme.Error.Render(text.Truncate(s, room))
	}
	if s, wrong := m.note.Message(); wrong {
		return indent + m.theme.Error.Render(text.Truncate(s, room))
	}
	return indent + m.theme.Paint(m.tone, text.Truncate(m.message, room))
}

// formCursor returns the real cursor in the form, which begins at line y.
func (m Model) formCursor(y int) *tea.Cursor {
	c := layout.Move(m.entry.Cursor(), 0, y+2) // below a blank line and the title
	if m.note.Focused() {
		c = layout.Move(m.note.Cursor(), 0, y+4)
	}
	if c == nil || c.Y >= m.height {
		return nil
	}
	return c
}
