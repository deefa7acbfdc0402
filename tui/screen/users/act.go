package users

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	cmd := m.act(action)
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	r, _ := m.current()
	switch action {
	case "list.filter":
		return m.Filter(m.env.Theme, nil)
	case "list.sort":
		m.order, m.back = (m.order+1)%len(orders), false
		m.rebuild()
	case "list.reverse":
		m.back = !m.back
		m.rebuild()
	case "user.open":
		return m.enter(r)
	case "user.new":
		return screen.Tell(screen.Go{Place: screen.User})
	case "user.edit":
		return screen.Tell(screen.Go{Place: screen.User, User: r.ID})
	case "user.key":
		return screen.Tell(screen.Go{Place: screen.Wizard, User: r.ID})
	case "user.usage":
		return screen.Tell(screen.Go{Place: screen.Usage, User: r.ID})
	case "user.journal":
		return screen.Tell(screen.Go{Place: screen.Journal, Filter: "user:" + r.Name})
	case "user.disable":
		return m.toggle(r.User)
	}
	return nil
}

// enter ends the filter that is being typed, or shows the user's keys.
func (m *Model) enter(r row) tea.Cmd {
	if m.Search.Editing() {
		m.Accept()
		return nil
	}
	return screen.Tell(screen.Go{Place: screen.Keys, Filter: "user:" + r.Name})
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	r, ok := m.current()
	switch {
	case m.Search.Editing() || !strings.HasPrefix(a.ID, "user.") || a.ID == "user.new":
		return ""
	case !ok:
		return "there is no user under the cursor"
	case a.ID == "user.key" && r.Disabled:
		return r.Name + " is disabled: its keys would not work"
	}
	return ""
}

// toggle switches a user off after a question, or on again.
func (m *Model) toggle(u keystore.User) tea.Cmd {
	env, st := m.env, m.env.Store
	if u.Disabled {
		return set(env, st, u, false)
	}
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(env.Theme, m.question(u)),
		Then:   func() tea.Cmd { return set(env, st, u, true) },
	})
}

// question names the keys that will stop working.
func (m Model) question(u keystore.User) confirm.Question {
	b := m.env.Board
	var working []string
	last := &keystore.KeyView{}
	for v := range b.Owned(u.ID) {
		if !v.StateAt(b.Now, b.Policy.WarnBefore).Works() {
			continue
		}
		working = append(working, v.Name)
		if v.Uses.Last.Time.After(last.Uses.Last.Time) {
			last = v
		}
	}
	q := confirm.Question{Title: "Disable " + u.Name + "?", Verb: "disable"}
	if len(working) == 0 {
		q.Lines = []confirm.Line{{Text: "No key of this user works now."}}
		return q
	}
	q.Lines = []confirm.Line{
		{Text: text.Plural(len(working), "key") + " of this user will be refused until it is enabled again:"},
		{Text: short(working, 8), Tone: theme.Warn},
	}
	if !last.Uses.Last.Time.IsZero() {
		q.Lines = append(q.Lines, confirm.Line{Text: "The last use was " + seen(last.Uses.Last.Time, b.Now) + " ago: " + last.Name + from(last.Uses.Last)})
	}
	return q
}

func from(s keystore.Sighting) string {
	if !s.IP.IsValid() {
		return ""
	}
	return " from " + s.IP.String()
}

// short joins names, and counts those beyond most.
func short(names []string, most int) string {
	if more := len(names) - most; more > 0 {
		names = append(names[:most:most], text.Count(more)+" more")
	}
	return strings.Join(names, ", ")
}

// set returns the command that switches a user off or on. It can be undone by
// the same command the other way round.
func set(env *screen.Env, st *keystore.Store, u keystore.User, off bool) tea.Cmd {
	change, doing, done := st.EnableUser, "enabling ", "enabled "
	if off {
		change, doing, done = st.DisableUser, "disabling ", "disabled "
	}
	return env.Do(func(ctx context.Context) tea.Msg {
		after, err := change(ctx, u.ID, u.Version)
		if err != nil {
			return tea.BatchMsg{screen.Tell(screen.Failed{Doing: doing + u.Name, Err: err, User: u}), screen.Tell(screen.Refresh{})}
		}
		say := screen.Say{Level: screen.OK, Text: done + u.Name, Undo: set(env, st, after, !off)}
		return tea.BatchMsg{screen.Tell(say), screen.Tell(screen.Refresh{})}
	})
}
