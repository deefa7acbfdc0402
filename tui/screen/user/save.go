package user

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
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
		keep   bool // what was changed here
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
		m.rebase(msg.theirs, msg.keep)
	case savedMsg:
		cmd = m.saved(msg.user)
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
	changes := m.changes(m.before)
	if len(changes) == 0 {
		return form.Tell(screen.Say{Text: "nothing was changed"})
	}
	model := *m
	return form.Tell(screen.Ask{
		Dialog: confirm.New(m.env.Theme, confirm.Question{
			Title: "Save the changes of " + m.before.Name + "?", Lines: m.preview(changes), Verb: "save",
		}),
		Then: func() tea.Cmd { return model.edit() },
	})
}

// preview tells what changes, and what that means for the user's keys.
func (m Model) preview(changes []form.Change) []confirm.Line {
	lines := form.Preview(changes)
	keys := len(m.env.Board.KeysOf(m.before.ID))
	if permits(m.before, m.draft()) && keys > 0 {
		lines = append(lines, confirm.Line{Text: "What " + text.Plural(int64(keys), "key") + " of this user may do changes at once.", Tone: theme.Warn})
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
	return tea.Sequence(
		form.Tell(screen.Say{Level: screen.OK, Text: said}),
		form.Tell(screen.Refresh{}),
		form.Tell(screen.Back{}),
	)
}

// refused shows why the user was not saved where it belongs.
func (m *Model) refused(err error) tea.Cmd {
	m.busy = false
	if theirs, ok := form.Conflict[keystore.User](err); ok {
		return form.AskReload(m.env.Theme, m.before.Name, m.changes(theirs), reloadMsg{theirs, true}, reloadMsg{theirs, false})
	}
	if e, ok := errors.AsType[*keystore.FieldError](err); ok && e.Field == "user name" {
		m.told = map[string]string{nameRow: e.Error()}
		_, cmd := m.form.Submit(m.problems())
		return cmd
	}
	return form.Tell(screen.Failed{Doing: "saving the user " + m.draft().Name, Err: err})
}

// rebase goes on from what somebody else saved: rows that were not changed
// here, or all unless own changes are kept, show theirs.
func (m *Model) rebase(theirs keystore.User, own bool) {
	mine, old := m.draft(), m.before
	if !own {
		mine = theirs
	}
	pick(&mine.Name, old.Name, theirs.Name)
	pick(&mine.Kind, old.Kind, theirs.Kind)
	pick(&mine.Admin, old.Admin, theirs.Admin)
	pick(&mine.Contact, old.Contact, theirs.Contact)
	pick(&mine.Recipient, old.Recipient, theirs.Recipient)
	if words(mine.Permissions) == words(slices.Sorted(slices.Values(old.Permissions))) {
		mine.Permissions = theirs.Permissions
	}
	m.before = theirs
	m.form = m.form.
		Set(nameRow, m.form.Item(nameRow).(form.Text).With(mine.Name)).
		Set(kindRow, m.form.Item(kindRow).(form.Choice).With(string(mine.Kind))).
		Set(adminRow, m.form.Item(adminRow).(form.Tick).With(mine.Admin)).
		Set(contactRow, m.form.Item(contactRow).(form.Text).With(mine.Contact)).
		Set(recipientRow, m.form.Item(recipientRow).(form.Text).With(mine.Recipient)).
		Set(permissionsRow, form.NewScopes(m.env.Theme, "May do", form.Offers(m.env.Board, nil, ""), mine.Permissions))
	m.form.Focus(nameRow)
}

// pick takes theirs where nothing was changed here.
func pick[T comparable](mine *T, old, theirs T) {
	if *mine == old {
		*mine = theirs
	}
}
