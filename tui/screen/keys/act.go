package keys

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/words"
)

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	m.Table.EndRange()
	cmd := tea.Batch(m.act(action), m.askRecent())
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch action {
	case "key.open":
		return m.enter()
	case "list.filter":
		return m.Filter(m.env.Theme, complete(m.env.Board))
	case "list.sort":
		m.look.order, m.look.reverse = (m.look.order+1)%len(orders), false
		m.turn()
		return m.remember()
	case "list.reverse":
		m.look.reverse = !m.look.reverse
		m.turn()
		return m.remember()
	case "list.columns":
		return m.pickColumns()
	case "list.revoked":
		m.look.revoked = !m.look.revoked
		m.rebuild()
		m.show()
	case "key.disable":
		return m.toggle()
	case "key.revoke":
		return m.askReason()
	case "key.restore":
		v, _ := m.env.Board.Key(m.current())
		return restoring().run(m.env.Store, []*keystore.KeyView{&v})
	case "key.copy":
		return m.copy()
	default:
		return m.leave(action)
	}
	return nil
}

// enter ends the line that is being typed, or opens the key.
func (m *Model) enter() tea.Cmd {
	if m.Typing() {
		return m.accept()
	}
	m.show()
	if m.shown != "" {
		m.SetWhole(true)
		m.fit()
	}
	return nil
}

// leave goes to the place that an action leads to.
func (m Model) leave(action string) tea.Cmd {
	v, _ := m.env.Board.Key(m.current())
	switch action {
	case "key.new":
		return screen.Tell(screen.Go{Place: screen.Wizard, User: m.owner().ID})
	case "key.clone":
		return screen.Tell(screen.Go{Place: screen.Wizard, Key: v.ID, Clone: true})
	case "key.edit":
		return screen.Tell(screen.Go{Place: screen.Edit, Key: v.ID})
	case "key.extend":
		return screen.Tell(screen.Go{Place: screen.Edit, Key: v.ID, Filter: form.Expiry})
	case "key.network":
		return screen.Tell(screen.Go{Place: screen.Network, Key: v.ID})
	case "key.usage":
		return screen.Tell(screen.Go{Place: screen.Usage, Key: v.ID})
	case "key.rotate":
		return m.goWith(screen.Rotate)
	case "key.bulk":
		return m.goWith(screen.Bulk)
	case "key.session":
		return screen.Tell(screen.Go{Place: screen.Session})
	case "review.go":
		return screen.Tell(screen.Go{Place: screen.Review})
	case "key.incident":
		if m.Table.MarkCount() > 0 {
			return m.goWith(screen.Incident)
		}
		return screen.Tell(screen.Go{Place: screen.Incident})
	case "key.due":
		return screen.Tell(screen.Go{Place: screen.Rotate, Filter: "due"})
	case "key.journal":
		return screen.Tell(screen.Go{Place: screen.Journal, Filter: "key:" + string(v.ID)})
	case "key.owner":
		return screen.Tell(screen.Go{Place: screen.Users, User: v.User})
	}
	return nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if m.Typing() || !a.In(screen.Keys) || len(a.Scopes) == 0 {
		return ""
	}
	v, ok := m.env.Board.Key(m.current())
	switch a.ID {
	case "key.open", "key.clone", "key.copy", "key.usage", "key.journal", "key.owner":
		if !ok {
			return "there is no key under the cursor"
		}
	case "key.restore":
		return unrestorable(v, m.env.Board.Now)
	case "key.bulk":
		if !ok && !m.hasTargets() {
			return "there is no key under the cursor"
		}
	case "key.edit", "key.extend", "key.network":
		if !ok {
			return "there is no key under the cursor"
		}
		return form.WhyNot(v)
	case "key.disable", "key.revoke", "key.rotate":
		if !m.hasTargets() && ok {
			return form.WhyNot(v)
		}
		if !m.hasTargets() {
			return "there is no key under the cursor"
		}
	}
	return ""
}

// unrestorable says why a revocation cannot be taken back.
func unrestorable(v keystore.KeyView, now time.Time) string {
	switch {
	case v.ID == "" || v.Revoked.IsZero():
		return "there is no revoked key under the cursor; h shows them"
	case v.Compromised:
		return v.Ref() + " is compromised and stays revoked"
	case now.Sub(v.Revoked) > keystore.RestoreWithin:
		return v.Ref() + " was revoked more than 60 minutes ago"
	}
	return ""
}

// goWith goes to a place with the marked keys, or the one under the cursor,
// revoked or not: what became of it is to be seen there, too.
func (m *Model) goWith(place string) tea.Cmd {
	keys := m.targets()
	if keys.Len() == 0 {
		return screen.Tell(screen.Go{Place: place, Key: m.current()})
	}
	return screen.Tell(screen.Go{Place: place, Keys: keys.Some})
}

// toggle switches keys off after a question, or on again. If some of the
// marked ones are on, those are switched off.
func (m *Model) toggle() tea.Cmd {
	keys := m.targets()
	on := m.enabled(keys)
	if on.Len() == 0 {
		return enabling().run(m.env.Store, keys.views())
	}
	env, st := m.env, m.env.Store
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(env.Theme, disableQuestion(env, on)),
		Then:   func() tea.Cmd { return disabling().run(st, on.views()) },
	})
}

func disableQuestion(env *screen.Env, keys several) confirm.Question {
	q := confirm.Question{Title: "Disable " + keys.named() + "?", Verb: "disable"}
	what := "It is refused from now on, until it is enabled again."
	if keys.Len() > 1 {
		q.Count = keys.Len()
		what = "They are refused from now on, until they are enabled again."
	}
	q.Lines = append(breaks(env, keys), confirm.Line{Text: what})
	return q
}

// confirmRevoke asks for the name, or for the number of several keys.
func (m *Model) confirmRevoke(reason string) tea.Cmd {
	keys, env, st := m.targets(), m.env, m.env.Store
	if keys.Len() == 0 {
		return nil
	}
	q := confirm.Question{Title: "Revoke " + keys.named() + "?", Verb: "revoke"}
	what := "It stops working at once and for ever."
	if keys.Len() == 1 {
		q.Name = words.Typable(*keys.At(0))
	} else {
		q.Count = keys.Len()
		what = "They stop working at once and for ever."
	}
	q.Lines = append(breaks(env, keys), confirm.Line{Text: what, Tone: theme.Bad}, confirm.Line{Text: "Reason: " + reason, Tone: theme.Muted})
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(env.Theme, q),
		Then:   func() tea.Cmd { return revoking(reason).run(st, keys.views()) },
	})
}

// breaks says what stops working.
func breaks(env *screen.Env, keys several) []confirm.Line {
	if keys.Len() == 1 {
		return []confirm.Line{{Text: consequence(env, keys.At(0)), Tone: theme.Warn}}
	}
	return []confirm.Line{
		{Text: strings.Join(keys.refs(6), ", "), Tone: theme.Plain},
		{Text: keys.consequences(env.Board.Now), Tone: theme.Warn},
	}
}
