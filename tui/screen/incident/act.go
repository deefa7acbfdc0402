package incident

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/incident"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// Actions returns what can be done about keys in wrong hands.
func Actions() []keymap.Action {
	return keymap.Group("Incident", []string{screen.Incident}, []keymap.Action{
		{ID: "key.incident", Title: "incident", Help: "keys are in wrong hands: the marked ones, or those in a text", Scopes: []string{screen.Keys}, CLI: "pakdeck panic"},
		{ID: "incident.open", Title: "search/open", Help: "search the file, or open the key", Keys: []string{"enter"}, CLI: "pakdeck panic"},
		{ID: "incident.revoke", Title: "revoke all", Help: "end all of them", Keys: []string{"X"}, Writes: true, Dangerous: true, CLI: "pakdeck panic"},
		{ID: "incident.rotate", Title: "rotate", Help: "new secrets, one by one", Keys: []string{"r"}, CLI: "pakdeck panic"},
		{ID: "incident.again", Title: "another text", Help: "search another text", Keys: []string{"n"}, CLI: "pakdeck panic"},
	})
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	cmd := m.act(action)
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch action {
	case "incident.open":
		return m.open()
	case "incident.revoke":
		return m.revoke()
	case "incident.rotate":
		return screen.Tell(screen.Go{Place: screen.Rotate, Keys: m.live, Filter: screen.Emergency})
	case "incident.again":
		m.read, m.named, m.finds = false, nil, nil
		m.rebuild()
		return m.file.Focus()
	}
	return nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	switch a.ID {
	case "incident.open":
		if _, known := m.selected(); m.read && !known {
			return "there is no key of this store under the cursor"
		}
	case "incident.revoke", "incident.rotate":
		switch {
		case m.busy:
			return "the last change is still being made"
		case m.live.Len() == 0:
			return "no key of this store is in danger by this text"
		}
	case "incident.again":
		if !m.read {
			return "no text was searched yet"
		}
	}
	return ""
}

// open searches the file whose name was typed, or opens the key under the
// cursor.
func (m *Model) open() tea.Cmd {
	if m.read {
		k, _ := m.selected()
		return screen.Tell(screen.Go{Place: screen.Keys, Key: k.ID})
	}
	path := strings.TrimSpace(m.file.Value())
	if path == "" {
		m.file.SetError("paste the text, or type the name of a file with it")
		return nil
	}
	if strings.HasPrefix(path, "~/") {
		path = filepath.Join(m.env.Home, path[2:])
	}
	m.busy = true
	st, answer := m.env.Store, foundMsg{tag: m.tag}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		content, err := incident.ReadFile(path)
		if err == nil {
			answer.finds, err = incident.Scan(ctx, st, content)
		}
		answer.err = err
		return answer
	})
}

// search looks for keys in a text that was pasted.
func (m *Model) search(content string) tea.Cmd {
	m.busy = true
	st, answer := m.env.Store, foundMsg{tag: m.tag}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.finds, answer.err = incident.Scan(ctx, st, content)
		return answer
	})
}

// selected returns the key under the cursor.
func (m Model) selected() (keystore.KeyView, bool) {
	if m.table.Len() == 0 {
		return keystore.KeyView{}, false
	}
	return m.env.Board.Key(m.rows().find(m.table.Index()).Key.ID)
}

// revoke asks for the number of keys, and ends them.
func (m *Model) revoke() tea.Cmd {
	keys, st := m.live, m.env.Store
	number := text.Plural(keys.Len(), "key")
	q := confirm.Question{
		Title: "Revoke " + number + "?", Verb: "revoke", Count: keys.Len(),
		Lines: []confirm.Line{
			{Text: m.victims(), Tone: theme.Warn},
			{Text: "They stop working at once and for ever.", Tone: theme.Bad},
		},
	}
	reason := incident.ByText
	if m.named != nil {
		reason = incident.InHands
	}
	run := screen.Tell(screen.Work{Doing: "revoking " + number, Size: keys.Len(), Do: func(ctx context.Context, done func(int)) tea.Msg {
		return revokeAll(ctx, st, keys.Views(), reason, done)
	}})
	return screen.Tell(screen.Ask{Dialog: confirm.New(m.env.Theme, q), Then: func() tea.Cmd { return run }})
}

// revokeAll ends keys, and waits until the verifiers know it.
func revokeAll(ctx context.Context, st *keystore.Store, keys []keystore.KeyView, reason string, tell func(int)) tea.Msg {
	done, known, err := incident.Revoke(ctx, st, keys, reason, tell)
	var cmds []tea.Cmd
	if err != nil && !errors.Is(err, context.Canceled) {
		cmds = append(cmds, screen.Tell(screen.Failed{Doing: "revoking", Err: err}))
	}
	say := screen.Say{Level: screen.OK, Text: fmt.Sprintf("revoked %d of %s", done, text.Plural(len(keys), "key"))}
	switch {
	case done < len(keys):
		say.Level = screen.Warning
	case known.Late > 0:
		say.Level, say.Text = screen.Warning, say.Text+", but "+known.String()
	case known.Verifiers > 0:
		say.Text += "; " + known.String()
	}
	return tea.Sequence(append(cmds, screen.Tell(say), screen.Tell(screen.Refresh{}))...)()
}
