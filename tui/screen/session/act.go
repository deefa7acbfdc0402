package session

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

const group = "Rotation session"

// Actions returns what can be done in a rotation session.
func Actions() []keymap.Action {
	here := []string{screen.Session}
	return []keymap.Action{
		{
			ID: "key.session", Title: "session", Help: "go on with the last rotation session", Group: group,
			Scopes: []string{screen.Keys}, CLI: "pakdeck due",
		},
		{
			ID: "session.go", Title: "go on", Help: "begin, or go on", Keys: []string{"enter"}, Group: group,
			Scopes: here, Writes: true, CLI: "pakdeck key rotate KEY",
		},
		{
			ID: "session.skip", Title: "skip", Help: "leave the key out", Keys: []string{"x"}, Group: group,
			Scopes: here, Writes: true, CLI: "pakdeck key rotate KEY",
		},
		{
			ID: "session.key", Title: "cockpit", Help: "who uses the key's old secret", Keys: []string{"r"}, Group: group,
			Scopes: here, CLI: "pakdeck key retire KEY",
		},
	}
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
			return m.confirm()
		}
		m.going, m.stopping = true, false
		return m.step(m.next(0))
	case "session.skip":
		return m.skip(m.table.Index())
	case "session.key":
		return screen.Tell(screen.Go{Place: screen.Rotate, Key: m.s.Steps[m.table.Index()].Key})
	}
	return nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if !a.In(screen.Session) || len(a.Scopes) == 0 || m.asking() && a.ID == "session.go" {
		return ""
	}
	i := m.table.Index()
	none := i < 0 || i >= len(m.s.Steps)
	switch {
	case m.going:
		return "it is going on; esc stops it"
	case a.ID == "session.go" && m.next(0) < 0:
		return "there is nothing left to do"
	case a.ID != "session.go" && none:
		return "there is no key under the cursor"
	case a.ID == "session.skip" && !m.s.Steps[i].State.Open():
		return m.s.Steps[i].Ref + " is done"
	}
	return ""
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

// words tells a grace in words.
func words(s session.Session) string {
	switch {
	case s.Rotation.Now:
		return "The old secrets are refused at once."
	case s.Rotation.After > 0:
		return "Each old secret works for " + text.Ago(s.Rotation.After) + " after the first use of the new one."
	case s.Grace > 0:
		return "Each old secret works for " + text.Ago(s.Grace) + "."
	}
	return "Each old secret works until " + s.Rotation.Until.Format(time.DateTime) + "."
}

// confirm asks for the number of keys, and begins.
func (m *Model) confirm() tea.Cmd {
	s, err := rotationOf(m.grace)
	dir := strings.TrimSpace(m.folder.Value())
	if rest, home := strings.CutPrefix(dir, "~/"); home {
		dir = filepath.Join(m.env.Home, rest)
	}
	if err == nil && !filepath.IsAbs(dir) {
		err = fmt.Errorf("give the whole path of the folder, such as %s", m.env.Home)
	}
	if err != nil {
		m.folder.SetError(err.Error())
		return nil
	}
	s.Dir = dir
	keys := m.views()
	locked := confirm.Line{Text: "The files are encrypted, each to its owner's recipient."}
	if s.To = ownersOnly(keys); s.To == nil {
		locked = confirm.Line{Text: "The files are not encrypted: not every owner has a recipient.", Tone: theme.Warn}
	}
	q := confirm.Question{
		Title: "Rotate " + text.Plural(int64(len(keys)), "key") + "?", Verb: "rotate", Count: len(keys),
		Lines: []confirm.Line{
			{Text: "Each gets a new secret, in a .pak file in " + text.TruncateMiddle(dir, 40) + "."},
			locked,
			{Text: words(s)},
		},
	}
	begin := m.begin(s, keys)
	return screen.Tell(screen.Ask{Dialog: confirm.New(m.env.Theme, q), Then: func() tea.Cmd { return begin }})
}

// ownersOnly returns the word for the owners' recipients if all of them have
// one, else nil.
func ownersOnly(keys []keystore.KeyView) []string {
	for _, k := range keys {
		if k.Owner.Recipient == "" {
			return nil
		}
	}
	return []string{session.OfOwner}
}

// views returns the keys as they are now.
func (m Model) views() []keystore.KeyView {
	var out []keystore.KeyView
	for _, id := range m.keys {
		if k, ok := m.env.Board.Key(id); ok {
			out = append(out, k)
		}
	}
	return out
}
