package user

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/merge"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

type (
	savedMsg   struct{ user keystore.User }
	refusedMsg struct{ err error }
	// reloadMsg goes on from what somebody else saved.
	reloadMsg struct {
		theirs keystore.User
		merged merge.Result
	}
)

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case refusedMsg:
		cmd = m.refused(msg.err)
	case reloadMsg:
		cmd = m.rebase(msg.theirs, msg.merged)
	case savedMsg:
		cmd = m.saved(msg.user)
	case board.Msg:
		m.follow()
	case tea.MouseClickMsg:
		msg.X, msg.Y = msg.X-1, msg.Y-top
		m.form, cmd = m.form.Update(msg)
	case tea.KeyPressMsg, tea.PasteMsg:
		if !m.busy {
			m.told = nil
			m.form, cmd = m.form.Update(msg)
		}
	}
	m.refresh()
	return m, cmd
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	if m.busy {
		return m, nil
	}
	var cmd tea.Cmd
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

// accept saves a new user, or asks before it changes one.
func (m *Model) accept() tea.Cmd {
	var used bool
	if m.form, used = m.form.Enter(); used {
		return nil
	}
	ok, cmd := m.form.Submit(m.problems())
	if !ok {
		return cmd
	}
	if m.isNew() {
		m.busy = true
		return m.add()
	}
	if len(m.changes(m.before)) == 0 {
		return screen.Tell(screen.Say{Text: "nothing was changed"})
	}
	return m.ask(merge.Result{})
}

// ask shows what will change, and what somebody else changed meanwhile.
func (m *Model) ask(merged merge.Result) tea.Cmd {
	return form.AskToSave(m.env.Theme, "changes of "+m.before.Name, m.preview(merged), merged, m.edit)
}

// preview tells what changes, and what that means for the user's keys.
func (m Model) preview(merged merge.Result) []confirm.Line {
	lines := append(form.Preview(m.changes(m.before)), form.Meanwhile(merged)...)
	keys := len(m.env.Board.KeysOf(m.before.ID))
	if permits(m.before, m.draft()) && keys > 0 {
		lines = append(lines, confirm.Line{Text: "What " + text.Plural(keys, "key") + " of this user may do changes at once.", Tone: theme.Warn})
	}
	return lines
}

func permits(a, b keystore.User) bool { return words(a.Allowed()) != words(b.Allowed()) }

func (m Model) add() tea.Cmd {
	u, st := m.draft(), m.env.Store
	return m.env.Do(func(ctx context.Context) tea.Msg {
		made, err := st.AddUser(ctx, keystore.NewUser{Name: u.Name, Kind: u.Kind, Admin: u.Admin, Permissions: u.Permissions, Contact: u.Contact, Recipient: u.Recipient})
		return answer(made, err)
	})
}

func (m Model) edit() tea.Cmd {
	u, before, st := m.draft(), m.before, m.env.Store
	return m.env.Do(func(ctx context.Context) tea.Msg {
		made, err := st.EditUser(ctx, before.ID, before.Version, keystore.UserEdit{
			Name: &u.Name, Kind: &u.Kind, Admin: &u.Admin, Permissions: &u.Permissions, Contact: &u.Contact, Recipient: &u.Recipient,
		})
		return answer(made, err)
	})
}

func answer(made keystore.User, err error) tea.Msg {
	if err != nil {
		return refusedMsg{err}
	}
	return savedMsg{made}
}

// saved leaves the form.
func (m *Model) saved(u keystore.User) tea.Cmd {
	said := "changed " + u.Name
	if m.isNew() {
		said = "added " + u.Name
	}
	m.busy, m.before = false, u
	return form.Saved(said)
}

// refused shows why the user was not saved where it belongs.
func (m *Model) refused(err error) tea.Cmd {
	m.busy = false
	if theirs, ok := form.Conflict[keystore.User](err); ok {
		merged := form.Merge(valuesOf(m.before), valuesOf(m.draft()), valuesOf(theirs))
		return form.Settle(m.env.Theme, m.before.Name, merged, func(r merge.Result) tea.Msg { return reloadMsg{theirs, r} })
	}
	if e, ok := errors.AsType[*keystore.FieldError](err); ok && e.Field == "user name" {
		m.told = map[string]string{nameRow: e.Error()}
		_, cmd := m.form.Submit(m.problems())
		return cmd
	}
	return screen.Tell(screen.Failed{Doing: "saving the user " + m.draft().Name, Err: err})
}

// rebase goes on from what somebody else saved, with what is to be kept of
// what was changed here, and asks again whether that shall be saved.
func (m *Model) rebase(theirs keystore.User, merged merge.Result) tea.Cmd {
	mine := m.draft()
	pick(merged.Mine("name"), &mine.Name, theirs.Name)
	pick(merged.Mine("kind"), &mine.Kind, theirs.Kind)
	pick(merged.Mine("admin"), &mine.Admin, theirs.Admin)
	pick(merged.Mine("contact"), &mine.Contact, theirs.Contact)
	pick(merged.Mine("encrypt to"), &mine.Recipient, theirs.Recipient)
	pick(merged.Mine("permissions"), &mine.Permissions, theirs.Permissions)
	m.before = theirs
	m.fill(mine)
	if len(m.changes(theirs)) == 0 {
		return form.NothingLeft(theirs.Name)
	}
	if ok, cmd := m.form.Submit(m.problems()); !ok {
		return cmd
	}
	return m.ask(merged)
}

// follow shows what somebody else saved while nothing was changed here. What was
// changed here is settled with that when it is saved.
func (m *Model) follow() {
	if m.moved() && len(m.changes(m.before)) == 0 {
		at := m.form.Focused()
		m.before, _ = m.env.Board.User(m.before.ID)
		m.fill(m.before)
		m.form.Focus(at)
	}
}

// moved reports whether somebody else has saved the user meanwhile.
func (m Model) moved() bool {
	u, ok := m.env.Board.User(m.before.ID)
	return ok && u.Version > m.before.Version
}

// pick takes theirs in place of mine unless that is to be kept.
func pick[T any](mineCounts bool, mine *T, theirs T) {
	if !mineCounts {
		*mine = theirs
	}
}
