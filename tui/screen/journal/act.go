package journal

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
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
		return m.Filter(m.env.Theme, complete)
	case "journal.open":
		return m.enter()
	case "journal.verify":
		return m.verify()
	case "journal.follow":
		return m.toggleFollow()
	case "journal.export":
		return m.askFile(records)
	case "journal.prove":
		return m.askFile(proof)
	case "journal.object":
		return m.visit()
	}
	return nil
}

// enter searches with the filter that was typed, or shows the record whole.
func (m *Model) enter() tea.Cmd {
	switch {
	case m.saving != nothing:
		return m.accept()
	case !m.Search.Editing():
		m.show()
		m.SetWhole(true)
		m.fit()
		return m.prove()
	case !m.Accept():
		return nil
	}
	return m.apply()
}

// toggleFollow goes to the newest record and stays with it, or lets the list stand
// still there.
func (m *Model) toggleFollow() tea.Cmd {
	m.still = m.Table.Index() <= 0 && !m.still
	m.Table.MoveTo(0)
	m.show()
	return m.follow()
}

// visit goes to the key or the user that the record is about.
func (m Model) visit() tea.Cmd {
	e, _ := m.current()
	if e.Object.Kind == "user" {
		return screen.Tell(screen.Go{Place: screen.Users, User: keystore.UserID(e.Object.ID)})
	}
	return screen.Tell(screen.Go{Place: screen.Keys, Key: keystore.KeyID(e.Object.ID)})
}

// current returns the record that actions are about.
func (m Model) current() (trail.Entry, bool) {
	if m.Whole {
		return m.tail.find(m.shown)
	}
	if i := m.Table.Index(); i >= 0 {
		return m.tail.entries[i], true
	}
	return trail.Entry{}, false
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if m.Typing() {
		return ""
	}
	e, ok := m.current()
	switch a.ID {
	case "journal.open", "journal.object", "journal.prove":
		if !ok {
			return "there is no record under the cursor"
		}
	case "journal.verify", "journal.export":
		if m.job.running() {
			return m.job.doing + " is under way; esc stops it"
		}
	case "journal.follow":
		if m.Whole {
			return "esc goes back to the list first"
		}
	}
	if a.ID == "journal.object" && (e.Object.ID == "" || e.Object.Kind != "key" && e.Object.Kind != "user") {
		return "the record is about no key and no user"
	}
	return ""
}

// complete completes the last word of a filter with the names of fields and
// events.
func complete(typed string) []string {
	i := strings.LastIndexByte(typed, ' ') + 1
	done, word := typed[:i], typed[i:]
	not := ""
	if rest, ok := strings.CutPrefix(word, "!"); ok {
		not, word = "!", rest
	}
	if word == "" {
		return nil
	}
	var out []string
	for _, c := range candidates() {
		if strings.HasPrefix(c, word) && c != word {
			out = append(out, done+not+c)
		}
	}
	return out
}

func candidates() []string {
	var out []string
	for _, f := range trail.Fields() {
		out = append(out, f.Name+":")
	}
	for _, e := range journal.Events() {
		out = append(out, "event:"+e.Name)
	}
	for _, o := range keystore.Outcomes {
		out = append(out, "outcome:"+string(o))
	}
	return append(out, "via:cli", "via:tui", "via:serve", "since:24h", "since:7d")
}
