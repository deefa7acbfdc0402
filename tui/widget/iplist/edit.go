package iplist

import (
	"fmt"
	"slices"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// maxUndo is how many changes can be taken back.
const maxUndo = 100

// change makes next the value and lets it be undone.
func (m *Model) change(next lists) {
	m.undo = append(slices.Clip(m.undo), m.value)
	m.undo = m.undo[max(0, len(m.undo)-maxUndo):]
	m.redo = nil
	m.value = next
	m.check()
}

// with returns the value with one list replaced.
func (l lists) with(s Side, items []Item) lists {
	l[s] = items
	return l
}

// Undo takes back the last change and reports whether there was one.
func (m *Model) Undo() bool { return m.travel(&m.undo, &m.redo, "undo", "undone") }

// Redo makes the change again that was undone last.
func (m *Model) Redo() bool { return m.travel(&m.redo, &m.undo, "redo", "done again") }

// travel takes the value from one end of the history, and leaves the present one at
// the other.
func (m *Model) travel(from, to *[]lists, what, done string) bool {
	last := len(*from) - 1
	if last < 0 {
		m.say(theme.Muted, "nothing to "+what)
		return false
	}
	*to = append(slices.Clip(*to), m.value)
	m.value, *from = (*from)[last], (*from)[:last]
	m.say(theme.Plain, done)
	m.check()
	return true
}

// name is what an entry is called on the screen: "a2 203.0.113.0/24".
func (m Model) name(s Side, i int) string {
	return fmt.Sprintf("%s%d %s", m.config.Letters[s], i+1, m.value[s][i].Text)
}

func (m *Model) deleteSelected() {
	side, i, _, ok := m.Selected()
	if !ok {
		return
	}
	gone := m.name(side, i)
	m.change(m.value.with(side, slices.Delete(slices.Clone(m.value[side]), i, i+1)))
	m.say(theme.Plain, "deleted "+gone)
}

// moveSelected moves the entry to the other list, where it gets the cursor.
func (m *Model) moveSelected() {
	side, i, item, ok := m.Selected()
	to := side.other()
	switch {
	case !ok:
		return
	case m.position(to, item.Text) >= 0:
		m.say(theme.Warn, "already there as "+m.name(to, m.position(to, item.Text)))
		return
	case m.room(to) < 1:
		m.say(theme.Warn, m.full())
		return
	}
	next := m.value.with(side, slices.Delete(slices.Clone(m.value[side]), i, i+1))
	next[to] = append(slices.Clip(next[to]), item)
	m.side, m.index = to, len(next[to])-1
	m.change(next)
	m.say(theme.Plain, "moved to "+m.config.Titles[to]+": "+item.Text)
}

// position returns where an entry with the text is in a list, or -1.
func (m Model) position(s Side, entry string) int {
	return slices.IndexFunc(m.value[s], func(i Item) bool { return i.Text == entry })
}

// room returns how many entries may still be added to a list.
func (m Model) room(s Side) int {
	if m.config.Limit <= 0 {
		return 1 << 30
	}
	return m.config.Limit - len(m.value[s])
}

func (m Model) full() string {
	return fmt.Sprintf("a list holds at most %s", m.count(m.config.Limit))
}

// count is a number of entries in words.
func (m Model) count(n int) string {
	if n == 1 {
		return "1 " + m.config.Entry
	}
	return text.Count(n) + " " + m.config.Entries
}

// insert puts items into a list at place i instead of the next drop entries,
// leaving out what the list already has, and returns how many went in.
func (m *Model) insert(s Side, i, drop int, items []Item) (added int, refused string) {
	kept := slices.Delete(slices.Clone(m.value[s]), i, i+drop)
	var fresh []Item
	for _, item := range items {
		same := func(o Item) bool { return o.Text == item.Text }
		if at := slices.IndexFunc(kept, same); at >= 0 {
			refused = fmt.Sprintf("%s is already in the list", item.Text)
		} else if !slices.ContainsFunc(fresh, same) {
			fresh = append(fresh, item)
		}
	}
	switch {
	case len(fresh) == 0:
		return 0, refused
	case len(fresh)-drop > m.room(s):
		return 0, m.full()
	}
	next := m.value.with(s, slices.Insert(kept, i, fresh...))
	m.side, m.index = s, i+len(fresh)-1
	if !next.equal(m.value) {
		m.change(next)
	}
	return len(fresh), ""
}

// paste adds a whole list to the end of the list under the cursor.
func (m *Model) paste(content string) {
	items, errs := m.config.ParseList(content)
	m.rejected = errs
	before := len(m.value[m.side])
	added, refused := m.insert(m.side, before, 0, items)
	said, tone := "added "+m.count(added), theme.Good
	if added == 0 && refused != "" {
		said, tone = "nothing added: "+refused, theme.Warn
	} else if known := len(items) - added; known > 0 {
		said += fmt.Sprintf(", %d there already", known)
	}
	if len(errs) > 0 {
		said += fmt.Sprintf(", %d left out: %s", len(errs), errs[0])
		tone = theme.Warn
	}
	m.say(tone, said)
}
