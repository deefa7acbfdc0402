package session

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Actions returns what can be done in a rotation session.
func Actions() []keymap.Action {
	return keymap.Group("Rotation session", []string{screen.Session}, []keymap.Action{
		{ID: "key.session", Title: "session", Help: "go on with the last rotation session", Scopes: []string{screen.Keys}, CLI: "pakdeck rotate-session resume ID"},
		{ID: "session.go", Title: "go on", Help: "begin, or go on", Keys: []string{"enter"}, Writes: true, CLI: "pakdeck rotate-session start KEY"},
		{ID: "session.on", Title: "next", Help: "do not wait; it has arrived", Keys: []string{"n"}, Writes: true, CLI: "pakdeck rotate-session resume ID --wait TIME"},
		{ID: "session.way", Title: "other way", Help: "hand this key over otherwise", Keys: []string{"h"}, Writes: true, CLI: "pakdeck rotate-session start KEY --exec COMMAND"},
		{ID: "session.copy", Title: "copy", Help: "send the key string once more", Keys: []string{"c"}, Writes: true, CLI: "pakdeck key rotate KEY"},
		{ID: "session.skip", Title: "skip", Help: "leave the key out", Keys: []string{"x"}, Writes: true, CLI: "pakdeck rotate-session resume ID --skip KEY"},
		{ID: "session.key", Title: "cockpit", Help: "who uses the key's old secret", Keys: []string{"r"}, CLI: "pakdeck key retire KEY"},
		{ID: "session.next", Title: "next field", Help: "go to the next field", Keys: []string{"tab"}},
		{ID: "session.previous", Title: "previous", Help: "go to the field before", Keys: []string{"shift+tab"}},
	})
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	cmd := m.act(action)
	m.rebuild()
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch action {
	case "session.go":
		if m.asking() {
			return m.accept()
		}
		return m.start()
	case "session.on":
		return m.on()
	case "session.way":
		i := m.table.Index()
		return m.route(i, m.otherWay(i))
	case "session.copy":
		return m.copy()
	case "session.skip":
		return m.skip(m.table.Index())
	case "session.key":
		return screen.Tell(screen.Go{Place: screen.Rotate, Key: m.s.Steps[m.table.Index()].Key})
	case "session.next":
		return m.form.Move(1)
	case "session.previous":
		return m.form.Move(-1)
	}
	return nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if !a.In(screen.Session) || len(a.Scopes) == 0 {
		return ""
	}
	switch a.ID {
	case "session.go":
		return m.whyNotGo()
	case "session.on":
		if !m.holding() && !m.waiting {
			return "no key is waited for"
		}
		return m.whyBusy()
	case "session.copy":
		if !m.holding() {
			return "there is no key string that could be copied"
		}
		return m.whyBusy()
	case "session.next", "session.previous":
		if !m.asking() {
			return "there is nothing to fill in"
		}
		return ""
	}
	return m.whyNotKey(a.ID)
}

func (m Model) whyBusy() string {
	if m.working {
		return "it is going on; esc stops it"
	}
	return ""
}

func (m Model) whyNotGo() string {
	switch {
	case m.asking():
		return ""
	case m.holding():
		return "paste the key string where it belongs, then press n"
	case !m.loaded:
		return "the newest session is being read"
	case m.waiting:
		return "it waits for the first use; n goes on without"
	case m.next(0) < 0:
		return "there is nothing left to do"
	}
	return m.whyBusy()
}

// whyNotKey is about what is done to the key under the cursor.
func (m Model) whyNotKey(action string) string {
	i := m.table.Index()
	if i < 0 || i >= len(m.s.Steps) {
		return "there is no key under the cursor"
	}
	x := m.s.Steps[i]
	over := !x.State.Open() && (x.State != session.Skipped || action == "session.skip")
	switch {
	case action == "session.key":
		return ""
	case over:
		return x.Ref + " is done"
	case action == "session.way" && m.holding() && i == m.at:
		return "its key string is on your clipboard; x takes it back"
	case action == "session.way" && m.otherWay(i) == x.Way:
		return "there is no other way for this key"
	}
	return m.whyBusy()
}

// start goes on where the session ended; the files may want their passphrase
// again.
func (m *Model) start() tea.Cmd {
	needs := m.s.Sealed && slices.ContainsFunc(m.s.Steps, func(x session.Step) bool { return x.State.Open() && x.Way == session.ToFile })
	if needs && m.vault.passphrase == "" {
		m.form = form.New(
			form.Row{ID: phraseRow, Item: form.NewText(m.env.Theme, "Passphrase", field.WithMask())},
			form.Row{ID: againRow, Item: form.NewText(m.env.Theme, "Once more", field.WithMask())},
		)
		return m.form.Focus(phraseRow)
	}
	return m.goOn()
}

// goOn takes the next key, once the one before is in use if that is wanted.
func (m *Model) goOn() tea.Cmd {
	m.going, m.stopping = true, false
	n := m.next(0)
	if last := n - 1; m.s.Wait && last >= 0 && m.s.Steps[last].State == session.Handed {
		m.at, m.waiting, m.now = last, true, m.env.Board.Now
		return m.look()
	}
	return m.step(n)
}

// on goes on without having seen the new secret in use.
func (m *Model) on() tea.Cmd {
	m.going, m.waiting, m.stopping = true, false, false
	if m.holding() {
		return m.arrived()
	}
	return m.step(m.next(m.at + 1))
}

// otherWay returns the way after the present one of a step, of those that are
// open to it.
func (m Model) otherWay(i int) session.Way {
	k, _ := m.env.Board.Key(m.s.Steps[i].Key)
	open := m.s.Ways(k.Owner, m.env.Board.Policy)
	return open[(slices.Index(open, m.s.Steps[i].Way)+1)%len(open)]
}

// rotationOf reads a grace: "24h", "after:2h" or "now".
func rotationOf(grace string) (s session.Session, err error) {
	switch rest, after := strings.CutPrefix(grace, "after:"); {
	case grace == "now":
		s.Rotation = keystore.Rotation{Now: true}
	case after:
		s.Rotation.After, err = expiry.ParseSpan(rest)
	default:
		s.Grace, err = expiry.ParseSpan(grace)
	}
	return s, err
}
