package journal

import (
	"context"
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
		m.table.Blur()
		return m.search.Open(m.env.Theme, m.split.Main.W, complete)
	case "journal.open":
		return m.enter()
	case "journal.verify":
		return m.verify()
	case "journal.object":
		return m.visit()
	}
	return nil
}

// enter searches with the filter that was typed, or shows the record whole.
func (m *Model) enter() tea.Cmd {
	if !m.search.Editing() {
		m.show()
		m.setOpen(true)
		return nil
	}
	if m.search.Accept(); m.search.Editing() {
		return nil
	}
	m.table.Focus()
	return m.apply()
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
	if m.open {
		return m.tail.find(m.shown)
	}
	if i := m.table.Index(); i >= 0 {
		return m.tail.entries[i], true
	}
	return trail.Entry{}, false
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if m.search.Editing() {
		return ""
	}
	e, ok := m.current()
	switch a.ID {
	case "journal.open", "journal.object":
		if !ok {
			return "there is no record under the cursor"
		}
	case "journal.verify":
		if m.verifying {
			return "it is under way"
		}
	}
	if a.ID == "journal.object" && (e.Object.ID == "" || e.Object.Kind != "key" && e.Object.Kind != "user") {
		return "the record is about no key and no user"
	}
	return ""
}

// verifiedMsg brings the result of a check.
type verifiedMsg struct {
	tag    *int
	report journal.Report
	err    error
}

// verify checks the whole journal.
func (m *Model) verify() tea.Cmd {
	m.verifying = true
	st, tag := m.env.Store, m.tag
	return m.env.Do(func(ctx context.Context) tea.Msg {
		report, err := st.VerifyJournal(ctx)
		return verifiedMsg{tag, report, err}
	})
}

func (m *Model) verified(msg verifiedMsg) tea.Cmd {
	if msg.tag != m.tag {
		return nil
	}
	m.verifying = false
	if msg.err != nil {
		return screen.Tell(screen.Failed{Doing: "verifying the journal", Err: msg.err})
	}
	return screen.Tell(screen.Verified{Report: msg.report, At: m.env.Board.Now})
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
