package findings

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	m.Table.EndRange()
	cmd := m.act(action)
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch action {
	case "list.filter":
		return m.Filter(m.env.Theme, nil)
	case "lint.open":
		return m.enter()
	case "lint.why":
		m.SetWhole(!m.Whole)
		m.show()
	case "lint.group":
		m.group = (m.group + 1) % len(board.GroupedBy)
		if m.group == board.ByNews && m.env.Verdict.Progress == nil {
			m.group = 0
		}
		m.rebuild()
	case "lint.waived":
		m.waived = !m.waived
		m.rebuild()
	case "lint.fix":
		return m.plan(m.chosen())
	case "lint.safe":
		return m.plan(lint.Finding.Auto)
	case "lint.rotate":
		return screen.Tell(screen.Go{Place: screen.Rotate, Keys: m.env.Board.Named(m.keys()...)})
	case "lint.waive":
		return m.waive()
	case "review.go":
		return screen.Tell(screen.Go{Place: screen.Review})
	case "lint.remember":
		return m.remember()
	}
	return nil
}

// enter ends the line that is being typed, or goes to what the finding is
// about.
func (m *Model) enter() tea.Cmd {
	switch {
	case m.ask != nothing:
		return m.accept()
	case m.Search.Editing():
		m.Accept()
		return nil
	}
	r, _ := m.current()
	if r.Object.Kind == lint.KindUser {
		return screen.Tell(screen.Go{Place: screen.Users, User: keystore.UserID(r.Object.ID)})
	}
	return screen.Tell(screen.Go{Place: screen.Keys, Key: keystore.KeyID(r.Object.ID)})
}

// keys returns the ids of the keys that the findings which are meant are about,
// each once.
func (m Model) keys() (ids []keystore.KeyID) {
	had := map[string]bool{}
	for r := range m.targets() {
		if r.Object.Kind == lint.KindKey && !had[r.Object.ID] {
			ids, had[r.Object.ID] = append(ids, keystore.KeyID(r.Object.ID)), true
		}
	}
	return ids
}

// hasKeys reports whether there are any, without looking at all findings.
func (m Model) hasKeys() bool {
	for r := range m.targets() {
		if r.Object.Kind == lint.KindKey {
			return true
		}
	}
	return false
}

// chosen selects the findings that are meant.
func (m Model) chosen() func(lint.Finding) bool {
	want := map[string]bool{}
	for r := range m.targets() {
		want[r.Fingerprint] = true
	}
	return func(f lint.Finding) bool { return want[f.Fingerprint] }
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if m.Typing() || !strings.HasPrefix(a.ID, "lint.") {
		return ""
	}
	r, ok := m.current()
	switch a.ID {
	case "lint.group", "lint.waived":
		return ""
	case "lint.remember":
		return m.busy()
	case "lint.safe":
		if !m.env.Verdict.Roll.Auto {
			return "nothing can be fixed without a question"
		}
		return m.busy()
	}
	switch {
	case !ok:
		return "there is no finding under the cursor"
	case a.ID == "lint.open" && r.Object.Kind == lint.KindStore:
		return "the finding is about the store: v tells all"
	case a.ID == "lint.rotate" && !m.hasKeys():
		return "the finding is about no key"
	case a.ID == "lint.fix" && r.Fix == nil:
		return "there is nothing to do"
	case a.ID == "lint.fix" && !m.fixable():
		return "there is something to decide first: " + r.Fix.Text
	case a.ID == "lint.waive" && r.Rule[:4] == "PAK9":
		return "what judges waivers cannot be waived"
	case a.ID == "lint.fix" || a.ID == "lint.waive":
		return m.busy()
	}
	return ""
}

func (m Model) busy() string {
	if m.working {
		return "a change is under way"
	}
	return ""
}

// fixable reports whether one of the findings that are meant has a change.
func (m Model) fixable() bool {
	for r := range m.targets() {
		if r.Fix != nil && r.Fix.Change != nil && r.waiver == nil {
			return true
		}
	}
	return false
}
