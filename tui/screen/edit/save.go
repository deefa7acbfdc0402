package edit

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/merge"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

type (
	savedMsg   struct{ key keystore.KeyView }
	refusedMsg struct{ err error }
	// reloadMsg goes on from what somebody else saved.
	reloadMsg struct {
		theirs keystore.KeyView
		merged merge.Result
	}
)

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case form.SeenMsg:
		if msg.Key == m.before.ID {
			m.seen = &msg.Seen
		}
	case refusedMsg:
		cmd = m.refused(msg.err)
	case reloadMsg:
		cmd = m.rebase(msg.theirs, msg.merged)
	case savedMsg:
		cmd = m.saved(msg.key)
	case board.Msg:
		m.follow()
		if m.dates.open {
			m.dates.span.Refresh(m.spanConfig(), msg.Changed)
		}
	case tea.MouseClickMsg:
		msg.X, msg.Y = msg.X-1, msg.Y-top
		cmd = m.input(msg)
	case tea.KeyPressMsg, tea.PasteMsg:
		m.told = nil
		cmd = m.input(msg)
	}
	m.refresh()
	return m, cmd
}

// input gives what is typed, pasted or clicked to what is open.
func (m *Model) input(msg tea.Msg) (cmd tea.Cmd) {
	if m.dates.open {
		m.dates.span, cmd = m.dates.span.Update(msg)
		return cmd
	}
	m.form, cmd = m.form.Update(msg)
	return cmd
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch {
	case m.dates.open:
		cmd = m.inDates(action)
		m.refresh()
		return m, cmd
	case action == calendarID:
		m.openDates()
	}
	switch action {
	case nextID:
		cmd = m.form.Move(1)
	case previousID:
		cmd = m.form.Move(-1)
	case acceptID:
		cmd = m.accept()
	}
	m.refresh()
	return m, cmd
}

// accept shows what will change and asks.
func (m *Model) accept() tea.Cmd {
	var used bool
	if m.form, used = m.form.Enter(); used {
		return nil
	}
	ok, cmd := m.form.Submit(m.problems())
	if !ok {
		return cmd
	}
	if len(m.changes(m.before)) == 0 {
		return screen.Tell(screen.Say{Text: "nothing was changed"})
	}
	return m.ask(merge.Result{})
}

// ask shows what will change, and what somebody else changed meanwhile.
func (m *Model) ask(merged merge.Result) tea.Cmd {
	lines := append(form.Preview(m.changes(m.before)), form.Meanwhile(merged)...)
	return form.AskToSave(m.env.Theme, "changes of "+m.before.Ref(), append(lines, m.effect()...), merged, m.save)
}

// effect says what the change would have meant for the uses that were seen.
func (m Model) effect() []confirm.Line {
	if m.seen == nil {
		return nil
	}
	after := m.before
	after.Key = m.draft()
	return form.Effect(whatif.Of(m.before, after, m.env.Board.Now, *m.seen))
}

// save writes what was changed and nothing else.
func (m Model) save() tea.Cmd {
	k, before, st := m.draft(), m.before, m.env.Store
	e := keystore.KeyEdit{Name: &k.Name, Description: &k.Description}
	for _, c := range m.changes(before) {
		switch c.Field {
		case "expires":
			e.Expires = &k.Expires
		case "not before":
			e.NotBefore = &k.NotBefore
		case "rotate":
			e.RotateEvery = &k.RotateEvery
		case "warn":
			e.WarnBefore = &k.WarnBefore
		case "scopes":
			e.Scopes = &k.Scopes
		}
	}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		v, err := st.EditKey(ctx, before.ID, before.Version, e)
		if err != nil {
			return refusedMsg{err}
		}
		return savedMsg{v}
	})
}

// saved leaves the form.
func (m *Model) saved(v keystore.KeyView) tea.Cmd {
	m.before = v
	m.fill(v.Key)
	return form.Saved("changed " + v.Ref())
}

// refused shows why nothing was saved where it belongs.
func (m *Model) refused(err error) tea.Cmd {
	if theirs, ok := form.Conflict[keystore.KeyView](err); ok {
		merged := form.Merge(m.values(m.before.Key), m.values(m.draft()), m.values(theirs.Key))
		return form.Settle(m.env.Theme, m.before.Ref(), merged, func(r merge.Result) tea.Msg { return reloadMsg{theirs, r} })
	}
	rows, rest := form.Sort(err)
	if m.told = rows; len(rows) > 0 && rest == nil {
		ok, cmd := m.form.Submit(m.problems())
		if !ok {
			return cmd
		}
	}
	return screen.Tell(screen.Failed{Doing: "changing " + m.before.Ref(), Err: err})
}

// rebase goes on from what somebody else saved, with what is to be kept of
// what was changed here, and asks again whether that shall be saved.
func (m *Model) rebase(theirs keystore.KeyView, merged merge.Result) tea.Cmd {
	k, mine := theirs.Key, m.draft()
	keep(merged.Mine("name"), &k.Name, mine.Name)
	keep(merged.Mine("description"), &k.Description, mine.Description)
	keep(merged.Mine("expires"), &k.Expires, mine.Expires)
	keep(merged.Mine("not before"), &k.NotBefore, mine.NotBefore)
	keep(merged.Mine("rotate"), &k.RotateEvery, mine.RotateEvery)
	keep(merged.Mine("warn"), &k.WarnBefore, mine.WarnBefore)
	keep(merged.Mine("scopes"), &k.Scopes, mine.Scopes)
	m.before = theirs
	m.fill(k)
	switch {
	case !theirs.Revoked.IsZero():
		return screen.Tell(screen.Say{Level: screen.Failure, Text: theirs.Ref() + " was revoked meanwhile and cannot be changed"})
	case len(m.changes(theirs)) == 0:
		return form.NothingLeft(theirs.Ref())
	}
	if ok, cmd := m.form.Submit(m.problems()); !ok {
		return cmd
	}
	return m.ask(merged)
}

// follow shows what somebody else saved while nothing was changed here. What was
// changed here is settled with that when it is saved.
func (m *Model) follow() {
	if m.moved() && !m.touched() {
		at := m.form.Focused()
		m.before, _ = m.env.Board.Key(m.before.ID)
		m.fill(m.before.Key)
		m.form.Focus(at)
	}
}

// moved reports whether somebody else has saved the key meanwhile.
func (m Model) moved() bool {
	v, ok := m.env.Board.Key(m.before.ID)
	return ok && v.Version > m.before.Version
}

// keep puts mine in place of theirs if that is to be kept.
func keep[T any](mineCounts bool, theirs *T, mine T) {
	if mineCounts {
		*theirs = mine
	}
}
