package wizard

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
)

// verdict is what the store said of the draft.
type verdict struct {
	asked uint64
	done  bool
	err   error
}

type (
	// checkedMsg brings the verdict of the store.
	checkedMsg verdict
	// refusedMsg says why the key was not issued.
	refusedMsg struct{ err error }
	// readyMsg ends the time in which the review ignores enter.
	readyMsg struct{ asked uint64 }
)

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case board.Msg:
		m.stale = m.stale || msg.Changed
		m.span.Refresh(m.spanConfig(), false)
		m.meet()
		if msg.Changed {
			m.compare()
		}
		if m.keep.leaving {
			cmd = m.leave()
		}
	case configMsg:
		m.judged(msg)
	case foundMsg, resumeMsg, pausedMsg, keptMsg, insteadMsg:
		cmd = m.keeps(msg)
	case checkedMsg:
		if msg.asked == m.asked {
			m.checked = verdict(msg)
		}
	case refusedMsg:
		cmd = m.refused(msg.err)
	case readyMsg:
		m.deaf = m.deaf && msg.asked != m.asked
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
		cmd = m.input(msg)
	}
	m.refresh()
	return m, tea.Batch(cmd, m.watch())
}

// input gives what is typed or pasted to the step.
func (m *Model) input(msg tea.Msg) (cmd tea.Cmd) {
	if click, ok := msg.(tea.MouseClickMsg); ok {
		at := m.places()
		click.X, click.Y = click.X-at.X, click.Y-at.Y
		msg = click
	}
	switch {
	case m.busy:
	case m.step == ends:
		m.span, cmd = m.span.Update(msg)
	case m.step == network:
		m.rules, cmd = m.rules.Update(msg)
	case m.step == review:
		m.words, cmd = m.words.Update(msg)
	default:
		m.forms[m.step], cmd = m.forms[m.step].Update(msg)
	}
	m.told = map[string]string{}
	return cmd
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	if m.busy {
		return m, nil
	}
	var cmd tea.Cmd
	switch action {
	case acceptID:
		cmd = m.enter()
	case nextID:
		cmd = m.move(1)
	case previousID:
		cmd = m.move(-1)
	case keepID:
		cmd = m.keepNow()
	default:
		if m.step == network {
			m.rules.Act(action)
		}
	}
	m.refresh()
	return m, tea.Batch(cmd, m.watch())
}

// move goes to another field of the step.
func (m *Model) move(by int) tea.Cmd {
	switch m.step {
	case review:
		return nil
	case ends:
		return m.span.Move(by)
	case network:
		m.rules.Next()
		return nil
	}
	return m.forms[m.step].Move(by)
}

// enter finishes what is being typed, or else the step.
func (m *Model) enter() tea.Cmd {
	switch m.step {
	case review:
		return m.issue()
	case ends:
		ok, cmd := m.span.Submit(m.problems())
		if !ok {
			return cmd
		}
		return m.forward()
	case network:
		if m.rules.Enter() {
			return nil
		}
		if wrong(m.problems(), network) != "" {
			return screen.Tell(screen.Say{Level: screen.Failure, Text: wrong(m.problems(), network)})
		}
		return m.forward()
	}
	if owner, ok := m.forms[identity].Item(form.Owner).(form.Suggest); ok && m.at(form.Owner) && owner.OnExtra() {
		return m.addUser()
	}
	var used bool
	if m.forms[m.step], used = m.forms[m.step].Enter(); used {
		return nil
	}
	if m.step == identity && m.at(form.Owner) && m.user().ID != "" && m.forms[identity].Value(form.Name) == "" {
		return m.move(1) // the owner is chosen: the name is next
	}
	ok, cmd := m.forms[m.step].Submit(m.problems())
	if !ok {
		return cmd
	}
	return m.forward()
}

// at reports whether a row of the first step has the focus.
func (m Model) at(row string) bool { return m.step == identity && m.forms[identity].Focused() == row }

// forward goes to the next step.
func (m *Model) forward() tea.Cmd {
	m.step++
	m.furthest = max(m.furthest, m.step)
	if m.step != review {
		return nil
	}
	m.words.Top()
	m.asked++
	m.checked, m.deaf = verdict{}, true
	asked, d, st := m.asked, m.draft(), m.env.Store
	return tea.Batch(
		tea.Tick(Grace, func(time.Time) tea.Msg { return readyMsg{asked} }),
		m.env.Do(func(ctx context.Context) tea.Msg {
			return checkedMsg{asked: asked, done: true, err: st.CheckNewKey(ctx, d)}
		}),
	)
}

// checking reports whether the answer of the store is not there, or has only
// just come into view: what is pressed then was meant for something else.
func (m Model) checking() bool { return m.deaf || !m.checked.done }

// issue creates the key, which the root then hands over.
func (m *Model) issue() tea.Cmd {
	if m.checking() {
		return nil
	}
	if s := firstWrong(m.problems()); s != review {
		return m.goTo(s)
	}
	m.busy = true
	d, env, desk, began := m.draft(), *m.env, draft.At(m.env), m.keep.began
	return m.env.Do(func(ctx context.Context) tea.Msg {
		v, secret, err := env.Store.CreateKey(ctx, d)
		if err != nil {
			return refusedMsg{err}
		}
		// The key is made: that its draft could not be dropped must not keep
		// anybody from seeing the key string.
		_ = desk.Drop(ctx, began)
		return screen.HandOver(ctx, env.Store, v, secret)
	})
}

// refused goes back to the step that an error is about.
func (m *Model) refused(err error) tea.Cmd {
	m.busy = false
	rows, rest := form.Sort(err)
	m.told = rows
	if s := firstWrong(m.problems()); len(rows) > 0 && s != review {
		return m.goTo(s)
	}
	return screen.Tell(screen.Failed{Doing: "issuing the key " + m.draft().Name, Err: firstOf(rest, err)})
}

func firstOf(rest, err error) error {
	if rest != nil {
		return rest
	}
	return err
}

// goTo goes back to a step and shows what is wrong with it.
func (m *Model) goTo(s step) tea.Cmd {
	m.step = s
	problems := m.problems()
	say := screen.Tell(screen.Say{Level: screen.Failure, Text: wrong(problems, s)})
	var cmd tea.Cmd
	switch {
	case s == ends:
		_, cmd = m.span.Submit(problems)
	case s < ends:
		_, cmd = m.forms[s].Submit(problems)
	}
	return tea.Batch(cmd, say)
}

// addUser goes to the form of a new user. The one that is there on return is
// the owner.
func (m *Model) addUser() tea.Cmd {
	m.known = map[keystore.UserID]bool{}
	for _, u := range m.env.Board.Users {
		m.known[u.ID] = true
	}
	return screen.Tell(screen.Go{Place: screen.User})
}

// meet takes the users of a new picture of the store, and the one that was
// added for this key as its owner.
func (m *Model) meet() {
	owner, ok := m.forms[identity].Item(form.Owner).(form.Suggest)
	if !ok {
		return
	}
	owner = owner.WithCandidates(owners(m.env.Board.Users))
	fresh := slices.IndexFunc(m.env.Board.Users, func(u keystore.User) bool { return !m.known[u.ID] })
	if m.known != nil && fresh >= 0 {
		owner = owner.WithValue(m.env.Board.Users[fresh].Name)
		m.known = nil
		m.forms[identity] = m.forms[identity].Set(form.Owner, owner)
		m.forms[identity].Focus(form.Name)
		return
	}
	m.forms[identity] = m.forms[identity].Set(form.Owner, owner)
}

// refresh makes everything that follows from what is filled in fit it.
func (m *Model) refresh() {
	if u := m.user(); u.ID != m.owner {
		m.owner = u.ID
		m.compare()
		m.forms[scopes] = form.New(form.Row{ID: form.ScopeList, Item: m.offer(m.chosen())})
	}
	if m.stale && m.step == ends {
		m.span.Refresh(m.spanConfig(), true)
		m.stale = false
	}
	m.lint()
	m.words.SetFacts(m.reviewFacts())
	problems := m.problems()
	for s := range ends {
		m.forms[s] = m.forms[s].Judge(problems)
	}
	m.span.Judge(problems)
	m.wrong = problems
	m.arrange()
}
