// Package iplist edits two lists of entries that belong together, such as the
// addresses that are denied and those that are allowed.
//
// What an entry is, its owner decides: it supplies functions that parse what
// is typed or pasted and that name the problems of the two lists. The editor
// adds, edits, deletes, moves entries to the other list, takes a pasted list
// whole, and can undo all of it. It changes nothing but its own value, which
// its owner reads with [Model.Value] and saves when the operator says so.
//
// Nothing that does not parse gets into a list, and a paste tells what it had
// to leave out.
package iplist

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Item is one entry.
type Item struct {
	Text string // in normal form, as the owner's parser gives it
	Note string
}

// Side names one of the two lists.
type Side uint8

// The lists: the first is on top or on the left.
const (
	First Side = iota
	Second
)

// other returns the opposite list.
func (s Side) other() Side { return 1 - s }

// Problem is something to know about an entry.
type Problem struct {
	Side  Side
	Index int        // of the entry in its list; -1 is about the whole list
	Tone  theme.Tone // how bad it is
	Text  string
}

// Config is what the owner supplies. Its functions are called from Update, so
// they only compute.
type Config struct {
	Titles  [2]string // "DENY", "ALLOW"
	Letters [2]string // before the number of an entry: "d", "a"
	Remarks [2]string // behind the title: "empty list = any address"
	Entry   string    // what an entry is: "prefix"
	Entries string    // and several of them: "prefixes"
	Info    string    // title of the last column; empty for none
	Limit   int       // most entries in a list; 0 is no limit

	// Parse reads one typed entry. It may stand for several; the hint tells
	// what was made of it. The error says what would be right.
	Parse func(s string) (items []Item, hint string, err error)
	// ParseList reads a pasted list and goes on after what is wrong.
	ParseList func(text string) (items []Item, errs []error)
	// Problems names what is wrong or odd about the lists. It may be nil.
	Problems func(first, second []Item) []Problem
	// Infos returns the texts of the last column for all entries of both lists.
	// It may be nil.
	Infos func(first, second []Item) [2][]string
}

// lists is a value of the editor. The slices are never changed in place.
type lists [2][]Item

func (l lists) equal(o lists) bool {
	return slices.Equal(l[First], o[First]) && slices.Equal(l[Second], o[Second])
}

// mode is what keys mean.
type mode uint8

const (
	browsing mode = iota
	adding
	editing
	pasting
)

// Model is the editor. It is a value; make it with [New].
type Model struct {
	KeyMap KeyMap

	theme    theme.Theme
	config   Config
	value    lists
	saved    lists
	undo     []lists
	redo     []lists
	problems []Problem
	infos    [2][]string
	rejected []error

	side          Side
	index         int
	mode          mode
	entry, note   field.Model
	hint          string // what the typed entry becomes
	message       string
	tone          theme.Tone
	focused       bool
	width, height int
	offset        int
}

// New returns an editor of two empty lists.
func New(t theme.Theme, c Config) Model {
	m := Model{KeyMap: DefaultKeyMap(), theme: t, config: c}
	m.entry = field.New(t, c.Entry, field.WithInline(), field.WithLabelWidth(formLabel))
	m.note = field.New(t, "note", field.WithInline(), field.WithLabelWidth(formLabel), field.WithLimit(maxNote))
	m.SetSize(60, 20)
	m.check()
	return m
}

// maxNote is the greatest length of a note in characters.
const maxNote = 80

// SetTheme changes the looks.
func (m *Model) SetTheme(t theme.Theme) {
	m.theme = t
	m.entry.SetTheme(t)
	m.note.SetTheme(t)
}

// SetSize sets the size in cells.
func (m *Model) SetSize(w, h int) {
	m.width, m.height = max(0, w), max(0, h)
	m.entry.SetWidth(m.width)
	m.note.SetWidth(m.width)
	m.scroll()
}

// SetValue replaces both lists and forgets what could be undone. The value is
// what [Model.Changed] compares with.
func (m *Model) SetValue(first, second []Item) {
	m.value = lists{slices.Clone(first), slices.Clone(second)}
	m.saved, m.undo, m.redo = m.value, nil, nil
	m.check()
}

// Replace puts other entries into both lists, as a change that can be undone.
func (m *Model) Replace(first, second []Item) {
	if next := (lists{slices.Clone(first), slices.Clone(second)}); !next.equal(m.value) {
		m.change(next)
	}
}

// Value returns both lists.
func (m Model) Value() (first, second []Item) {
	return slices.Clone(m.value[First]), slices.Clone(m.value[Second])
}

// Changed reports whether the lists differ from those that were set.
func (m Model) Changed() bool { return !m.value.equal(m.saved) }

// Problems returns what the owner's function says of the lists now.
func (m Model) Problems() []Problem { return m.problems }

// Rejected returns what the last paste had to leave out, and why.
func (m Model) Rejected() []error { return m.rejected }

// Selected returns the entry under the cursor; ok is false in an empty list.
func (m Model) Selected() (side Side, index int, item Item, ok bool) {
	if m.index >= len(m.value[m.side]) {
		return m.side, 0, Item{}, false
	}
	return m.side, m.index, m.value[m.side][m.index], true
}

// Message returns what happened last.
func (m Model) Message() string { return m.message }

// Focus lets the editor take keys.
func (m *Model) Focus() { m.focused = true }

// Blur makes it ignore keys and drops what is half typed.
func (m *Model) Blur() {
	m.focused = false
	m.browse()
}

// Focused reports whether the editor takes keys.
func (m Model) Focused() bool { return m.focused }

// Typing reports whether keys are text now. Its owner must then leave all keys
// to the editor, esc included.
func (m Model) Typing() bool { return m.mode != browsing }

// say sets the message.
func (m *Model) say(tone theme.Tone, s string) { m.message, m.tone = s, tone }

// SetConfig replaces what the owner supplies, when it knows more.
func (m *Model) SetConfig(c Config) {
	m.config = c
	m.check()
}

// Remark shows a message of the owner's, until something else happens.
func (m *Model) Remark(tone theme.Tone, s string) { m.say(tone, s) }

// check makes everything that depends on the lists fit them.
func (m *Model) check() {
	m.problems, m.infos = nil, [2][]string{}
	if m.config.Problems != nil {
		m.problems = m.config.Problems(m.Value())
	}
	if m.config.Infos != nil {
		m.infos = m.config.Infos(m.Value())
	}
	m.index = max(0, min(m.index, len(m.value[m.side])-1))
	m.scroll()
}

// Cursor returns the place of the real cursor in the view, or nil without the
// focus.
func (m Model) Cursor() *tea.Cursor {
	if !m.focused || m.height == 0 || m.width == 0 {
		return nil
	}
	body := m.bodyHeight()
	if m.mode != browsing {
		return m.formCursor(body)
	}
	_, at := m.body()
	if y := at.y - m.offset; y >= 0 && y < min(body, m.height) {
		return m.theme.Caret(at.x, y)
	}
	return nil
}
