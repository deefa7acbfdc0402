package usage

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	cmd := m.act(action)
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch action {
	case "list.filter":
		m.table.Blur()
		return m.search.Open(m.env.Theme, m.place().said.W, nil)
	case "usage.open":
		if !m.search.Editing() {
			return m.open()
		}
		m.search.Accept()
		m.table.Focus()
	case "usage.denied":
		return m.toJournal("outcome:denied")
	case "usage.journal":
		return m.toJournal()
	case "usage.longer", "usage.shorter":
		return m.look(action == "usage.longer")
	case "usage.list":
		m.listed = ofKeys + ofCallers - m.listed
	case "list.sort":
		m.order, m.back = (m.order+1)%len(orders), false
	case "list.reverse":
		m.back = !m.back
	}
	m.rebuild()
	return nil
}

// look changes how far back is looked.
func (m *Model) look(longer bool) tea.Cmd {
	if longer {
		m.reach++
	} else {
		m.reach--
	}
	return m.begin()
}

// open goes to the uses of the key, or to the caller's records.
func (m *Model) open() tea.Cmd {
	if m.listed == ofKeys {
		return screen.Tell(screen.Go{Place: screen.Usage, Key: keystore.KeyID(m.table.Selected()), Filter: reaches[m.reach].name})
	}
	c, _ := m.caller()
	var terms []string
	if c.IP.IsValid() {
		terms = append(terms, "ip:"+c.IP.String())
	}
	if c.OK() == 0 {
		terms = append(terms, "outcome:denied")
	}
	return m.toJournal(terms...)
}

// toJournal goes to the uses in the journal that the screen is about.
func (m Model) toJournal(terms ...string) tea.Cmd {
	terms = append(terms, "event:use", "since:"+reaches[m.reach].since)
	switch {
	case m.key != "":
		terms = append([]string{"key:" + string(m.key)}, terms...)
	case m.user != "":
		terms = append([]string{fmt.Sprintf("user:%q", m.subject())}, terms...)
	}
	return screen.Tell(screen.Go{Place: screen.Journal, Filter: strings.Join(terms, " ")})
}

// caller returns the one under the cursor.
func (m Model) caller() (usage.Caller, bool) {
	if m.listed != ofCallers {
		return usage.Caller{}, false
	}
	for _, c := range m.picture.callers {
		if callerID(c.Caller) == m.table.Selected() {
			return c, true
		}
	}
	return usage.Caller{}, false
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if m.search.Editing() {
		if a.ID == "usage.list" {
			return "end the filter first, with enter or esc"
		}
		return ""
	}
	switch a.ID {
	case "usage.open":
		if m.table.Len() == 0 {
			return "there is nothing under the cursor"
		}
	case "usage.list":
		if m.key != "" {
			return "this is one key"
		}
	case "usage.longer":
		if m.reach == len(reaches)-1 {
			return "hours and callers are not kept for longer"
		}
	case "usage.shorter":
		if m.reach == 0 {
			return "this is the shortest range"
		}
	}
	return ""
}
