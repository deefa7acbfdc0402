// Package pick lets the operator tick any number of items in a list that is
// narrowed by typing.
//
// What is typed filters: every item stays that contains it in its label or its
// help, whatever the case. Space ticks the item under the cursor. Ticks belong
// to items, so they stay while the filter hides them. With [WithNew] what is
// typed can be added as an item of its own.
package pick

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Item is one thing to tick.
type Item struct {
	ID       string // what identifies it and is returned
	Label    string
	Help     string     // shown behind it
	Tag      string     // a word at the end of the line: "high"
	Tone     theme.Tone // of the tag
	Disabled string     // why it cannot be ticked, or ""
}

// KeyMap is what the widget listens to besides text.
type KeyMap struct {
	Up, Down, PageUp, PageDown key.Binding
	Toggle                     key.Binding
	Clear                      key.Binding // empties the filter, if there is one
}

// DefaultKeyMap returns the usual keys. Letters are text.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Up:       bind("up", "up", "up", "ctrl+p"),
		Down:     bind("down", "down", "down", "ctrl+n"),
		PageUp:   bind("pgup", "page up", "pgup"),
		PageDown: bind("pgdown", "page down", "pgdown"),
		Toggle:   bind("space", "tick", "space"),
		Clear:    bind("ctrl+u", "empty the filter", "ctrl+u"),
	}
}

// Model is the list. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme  theme.Theme
	items  []Item
	ticked map[string]bool
	filter field.Model
	parse  func(string) (Item, error)
	added  Item // what the filter would add, if it has an ID

	found          []int // items that pass the filter
	cursor, offset int
	width, height  int
}

// Option configures a list.
type Option func(*Model)

// WithNew lets what is typed be added as an item. parse returns it, or an
// error if it cannot be one.
func WithNew(parse func(string) (Item, error)) Option { return func(m *Model) { m.parse = parse } }

// New returns a list of items with none ticked.
func New(t theme.Theme, items []Item, opts ...Option) Model {
	m := Model{KeyMap: DefaultKeyMap(), theme: t, items: slices.Clone(items), ticked: map[string]bool{}}
	m.filter = field.New(t, "filter", field.WithInline())
	for _, opt := range opts {
		opt(&m)
	}
	m.search()
	m.SetSize(60, 10)
	return m
}

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) {
	m.theme = t
	m.filter.SetTheme(t)
}

// SetSize sets the size in cells; the first line is the filter.
func (m *Model) SetSize(w, h int) {
	m.width, m.height = w, h
	m.filter.SetWidth(max(0, w-counterWidth))
	m.move(0)
}

// Focus lets the list take keys.
func (m *Model) Focus() tea.Cmd { return m.filter.Focus() }

// Blur makes it ignore keys.
func (m *Model) Blur() { m.filter.Blur() }

// Focused reports whether the list takes keys.
func (m Model) Focused() bool { return m.filter.Focused() }

// Ticked returns the ids of the ticked items in the order of the list.
func (m Model) Ticked() []string {
	var ids []string
	for _, item := range m.items {
		if m.ticked[item.ID] {
			ids = append(ids, item.ID)
		}
	}
	return ids
}

// SetTicked ticks exactly the items with the given ids. Ids that are not in
// the list are added to it if [WithNew] can parse them, else left out.
func (m *Model) SetTicked(ids ...string) {
	m.ticked = map[string]bool{}
	for _, id := range ids {
		if !m.has(id) && m.parse != nil {
			if item, err := m.parse(id); err == nil {
				m.items = append(slices.Clip(m.items), item)
				id = item.ID
			}
		}
		if m.has(id) {
			m.ticked[id] = true
		}
	}
	m.search()
}

// Len returns how many items there are.
func (m Model) Len() int { return len(m.items) }

// Filter returns what is typed.
func (m Model) Filter() string { return m.filter.Value() }

func (m Model) has(id string) bool {
	return slices.ContainsFunc(m.items, func(i Item) bool { return i.ID == id })
}

// search finds what passes the filter, and what it could add.
func (m *Model) search() {
	want := strings.ToLower(strings.TrimSpace(m.Filter()))
	m.found = nil
	for i, item := range m.items {
		if strings.Contains(strings.ToLower(item.Label+" "+item.Help), want) {
			m.found = append(m.found, i)
		}
	}
	m.added = Item{}
	if m.parse != nil && want != "" {
		if item, err := m.parse(strings.TrimSpace(m.Filter())); err == nil && !m.has(item.ID) {
			m.added = item
		}
	}
	m.cursor = 0
	m.move(0)
}

// rows is how many lines the list has now, the one that adds included.
func (m Model) rows() int {
	if m.added.ID != "" {
		return len(m.found) + 1
	}
	return len(m.found)
}

func (m Model) page() int { return max(1, m.height-1) }

func (m *Model) move(by int) {
	m.cursor = max(0, min(m.cursor+by, m.rows()-1))
	m.offset = max(m.cursor-m.page()+1, min(m.offset, m.cursor))
	m.offset = max(0, min(m.offset, m.rows()-m.page()))
}

// Why returns why the item under the cursor cannot be ticked, or "".
func (m Model) Why() string {
	if m.cursor < len(m.found) {
		return m.items[m.found[m.cursor]].Disabled
	}
	return ""
}

// Update filters, moves and ticks while the list has the focus.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	switch {
	case !m.Focused():
	case !ok:
		return m.edit(msg)
	case key.Matches(press, m.KeyMap.Up):
		m.move(-1)
	case key.Matches(press, m.KeyMap.Down):
		m.move(1)
	case key.Matches(press, m.KeyMap.PageUp):
		m.move(-m.page())
	case key.Matches(press, m.KeyMap.PageDown):
		m.move(m.page())
	case key.Matches(press, m.KeyMap.Toggle):
		m.toggle()
	case key.Matches(press, m.KeyMap.Clear):
		m.filter.Reset()
		m.search()
	default:
		return m.edit(msg)
	}
	return m, nil
}

func (m Model) edit(msg tea.Msg) (Model, tea.Cmd) {
	before := m.Filter()
	var cmd tea.Cmd
	m.filter, cmd = m.filter.Update(msg)
	if m.Filter() != before {
		m.search()
	}
	return m, cmd
}

// toggle ticks or unticks the item under the cursor, or adds what is typed.
func (m *Model) toggle() {
	if m.cursor >= m.rows() || m.Why() != "" {
		return
	}
	if m.cursor == len(m.found) {
		id := m.added.ID
		m.items = append(slices.Clip(m.items), m.added)
		m.tick(id, true)
		m.filter.Reset()
		m.search()
		m.move(slices.IndexFunc(m.items, func(i Item) bool { return i.ID == id }))
		return
	}
	id := m.items[m.found[m.cursor]].ID
	m.tick(id, !m.ticked[id])
}

// tick changes a copy, because other values of the list share the old one.
func (m *Model) tick(id string, on bool) {
	ticked := map[string]bool{}
	for _, old := range m.Ticked() {
		ticked[old] = true
	}
	ticked[id] = on
	m.ticked = ticked
}
