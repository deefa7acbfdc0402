package rotate

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/words"
)

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	cmd := m.act(action)
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch action {
	case "rotate.start":
		return m.start()
	case "rotate.grace":
		m.grace = (m.grace + 1) % len(graces)
	case "rotate.retire":
		return m.retire()
	case "rotate.revert":
		return m.revert()
	case "rotate.next":
		return m.move(1)
	case "rotate.previous":
		return m.move(-1)
	case "rotate.session":
		return screen.Tell(screen.Go{Place: screen.Session, Keys: m.queue, Filter: graces[m.grace].word})
	case "rotate.caller":
		c, _ := m.caller()
		return screen.Tell(screen.Go{Place: screen.Journal, Filter: "key:" + string(m.queue.At(m.at).ID) + " ip:" + c.IP.String()})
	case "rotate.journal":
		return screen.Tell(screen.Go{Place: screen.Journal, Filter: "key:" + string(m.queue.At(m.at).ID)})
	}
	return nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if !a.In(screen.Rotate) || len(a.Scopes) == 0 {
		return ""
	}
	v, ok := m.key()
	_, rotating := m.old()
	switch a.ID {
	case "rotate.grace":
		return ""
	case "rotate.session":
		switch n := m.queue.Len(); {
		case n == 0:
			return "there is no key"
		case n > session.MostKeys:
			return fmt.Sprintf("%d keys are too many for one session; it has up to %d", n, session.MostKeys)
		}
		return ""
	case "rotate.next", "rotate.previous":
		if m.queue.Len() < 2 {
			return "this is one key"
		}
		return ""
	}
	switch {
	case !ok:
		return "there is no key"
	case m.busy && a.Writes:
		return "the last change is still being made"
	case a.Writes && form.WhyNot(v) != "":
		return form.WhyNot(v)
	case a.ID == "rotate.start" && rotating && !graces[m.grace].of(m.env.Board.Now).Now:
		return "the old secret still works: retire it first, or call the rotation off"
	case (a.ID == "rotate.retire" || a.ID == "rotate.revert") && !rotating:
		return "only one secret of the key works"
	case a.ID == "rotate.caller":
		if c, ok := m.caller(); !ok || !c.IP.IsValid() {
			return "there is no caller under the cursor"
		}
	}
	return ""
}

// move goes to another key of the queue.
func (m *Model) move(by int) tea.Cmd {
	m.at = (m.at + by + m.queue.Len()) % m.queue.Len()
	m.look.Old = keystore.Secret{}
	m.look.Verdict.Clients, m.read = nil, m.read.Add(-freshFor)
	m.rebuild()
	return m.begin()
}

// start asks, and gives the key a new secret. In an emergency the name has to
// be typed: whoever uses the key is cut off.
func (m *Model) start() tea.Cmd {
	v, _ := m.key()
	r := graces[m.grace].of(m.env.Board.Now)
	q := confirm.Question{Title: "Rotate " + v.Ref() + "?", Verb: "rotate", Lines: []confirm.Line{
		{Text: "It gets a new secret, which is shown once. Its rules stay."},
		{Text: "The old secret works for " + graces[m.grace].name + "."},
		{Text: words.Use(v, m.env.Board.Now), Tone: theme.Muted},
	}}
	if r.Now {
		q.Name = words.Typable(v)
		q.Lines[1] = confirm.Line{Text: "The old secret is refused at once.", Tone: theme.Bad}
		q.Lines[2].Tone = theme.Warn
	}
	return m.ask(q, func(ctx context.Context, st *keystore.Store) tea.Msg {
		after, secret, err := st.RotateKey(ctx, v.ID, v.Version, r)
		if err != nil {
			return failed("rotating "+v.Ref(), err)
		}
		return screen.HandOver(ctx, st, after, secret)
	})
}

// retire ends the old secret: at once if that is safe, else after the name was
// typed.
func (m *Model) retire() tea.Cmd {
	v, _ := m.key()
	old, _ := m.old()
	end := func(ctx context.Context, st *keystore.Store) tea.Msg {
		if _, err := st.RetireSecret(ctx, v.ID, v.Version); err != nil {
			return failed("retiring the old secret of "+v.Ref(), err)
		}
		return done("retired " + old.ID.String() + " of " + v.Ref())
	}
	verdict := m.look.Verdict
	if m.look.Old.ID == old.ID && verdict.Safe {
		m.busy = true
		return m.run(end)
	}
	why := "Who uses it is not known yet."
	if m.look.Old.ID == old.ID {
		why = "It is not safe: " + verdict.Why + "."
	}
	return m.ask(confirm.Question{
		Title: "Retire the old secret of " + v.Ref() + "?", Verb: "retire", Name: words.Typable(v),
		Lines: []confirm.Line{
			{Text: why, Tone: theme.Warn},
			{Text: "Whoever still uses it is refused from now on.", Tone: theme.Bad},
		},
	}, end)
}

// revert asks, and calls the rotation off. If the new secret is in use the name
// has to be typed.
func (m *Model) revert() tea.Cmd {
	v, _ := m.key()
	q := confirm.Question{
		Title: "Call the rotation of " + v.Ref() + " off?", Verb: "call off",
		Lines: []confirm.Line{{Text: "The old secret works on. The new one is refused at once."}},
	}
	if used := sum(m.look.NewUses); used > 0 {
		q.Name = words.Typable(v)
		q.Lines = append(q.Lines, confirm.Line{Text: "The new one was used " + text.Plural(used, "time") + " by now.", Tone: theme.Bad})
	}
	return m.ask(q, func(ctx context.Context, st *keystore.Store) tea.Msg {
		if _, err := st.RevertRotation(ctx, v.ID, v.Version); err != nil {
			return failed("calling the rotation of "+v.Ref()+" off", err)
		}
		return done("called the rotation of " + v.Ref() + " off")
	})
}
