// Package user is the form that adds a user, or edits one.
//
// A user owns keys, and its permissions bound what they may do. An edit shows
// what will change before it is saved, and is made to the version that was on
// the screen: if somebody else was quicker, what only one of them changed stays,
// and of what both did the operator chooses.
package user

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/choice"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Rows of the form.
const (
	nameRow        = "name"
	kindRow        = "kind"
	adminRow       = "admin"
	contactRow     = "contact"
	recipientRow   = "recipient"
	permissionsRow = "permissions"
)

const (
	acceptID   = screen.User + form.AcceptID
	nextID     = screen.User + form.NextID
	previousID = screen.User + form.PreviousID
)

// Model is the screen.
type Model struct {
	env    *screen.Env
	before keystore.User // as it was on the screen; without an id it is a new one
	form   form.Model
	told   map[string]string // what the store found wrong
	busy   bool
	w, h   int
}

// New returns the form for the user to.User, or for a new one.
func New(env *screen.Env, to screen.Go) screen.Screen {
	u, ok := env.Board.User(to.User)
	if !ok {
		u = keystore.User{Kind: keystore.Service}
	}
	m := Model{env: env, before: u}
	m.fill(u)
	m.refresh()
	return m
}

// fill builds the form with the values of a user.
func (m *Model) fill(u keystore.User) {
	t, env := m.env.Theme, m.env
	m.form = form.New(
		form.Row{ID: nameRow, Item: form.NewText(t, "Name", field.WithPlaceholder("build-bot"), field.WithHint("letters, digits and . _ @ + -")).With(u.Name)},
		form.Row{ID: kindRow, Item: form.NewChoice(
			t, "Kind",
			choice.Option{Label: string(keystore.Service), Help: "a program"},
			choice.Option{Label: string(keystore.Person), Help: "a human being"},
		).With(string(u.Kind))},
		form.Row{ID: adminRow, Item: form.NewTick(t, "Admin", "may do everything").With(u.Admin)},
		form.Row{ID: contactRow, Item: form.NewText(t, "Contact", field.WithPlaceholder("mail address, chat channel, team"), field.WithHint("whom to ask about the user's keys")).With(u.Contact)},
		form.Row{ID: permissionsRow, Item: form.NewScopes(t, "May do", form.Offers(env.Board, nil, ""), u.Permissions)},
		form.Row{ID: recipientRow, Item: form.NewText(t, "Encrypt to", field.WithPlaceholder("age1... or ssh-ed25519 ..."), field.WithHint("the owner's public key, for files with new key strings")).With(u.Recipient)},
	)
}

// Actions returns what can be done in the form.
func Actions() []keymap.Action {
	return keymap.Group("User", []string{screen.User}, form.Actions(screen.User, "save", "save the user", "pakdeck user add NAME", true))
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.User }

// Title implements [screen.Screen].
func (m Model) Title() string {
	if m.isNew() {
		return "New user"
	}
	return "Edit " + m.before.Name
}

func (m Model) isNew() bool { return m.before.ID == "" }

// Init implements [screen.Screen].
func (m Model) Init() tea.Cmd { return nil }

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.form.Typing() }

// Hints implements [screen.Screen].
func (m Model) Hints() []string { return []string{acceptID, nextID, previousID, "app.back"} }

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section { return section(m.form.Bindings()) }

func section(keys []key.Binding) []keymap.Section {
	if len(keys) == 0 {
		return nil
	}
	return []keymap.Section{keymap.BindingSection("This field", keys...)}
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if a.ID == acceptID && m.busy {
		return "the user is being saved"
	}
	return ""
}

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string {
	switch {
	case len(m.changes(m.before)) == 0:
		return ""
	case m.isNew():
		return "the new user, not saved yet"
	}
	return "your changes of " + m.before.Name
}

// draft returns the user as it is filled in.
func (m Model) draft() keystore.User {
	u := m.before
	u.Name, u.Contact = m.form.Value(nameRow), m.form.Value(contactRow)
	u.Recipient = strings.TrimSpace(m.form.Value(recipientRow))
	u.Kind = keystore.Kind(m.form.Value(kindRow))
	u.Admin = m.form.Value(adminRow) != ""
	u.Permissions = m.permissions().Chosen()
	return u
}

func (m Model) permissions() form.Scopes {
	x, _ := m.form.Item(permissionsRow).(form.Scopes)
	return x
}

// changes returns what differs from a user.
func (m Model) changes(from keystore.User) []form.Change {
	return form.Changes(valuesOf(from), valuesOf(m.draft()))
}

// valuesOf are the fields of a user that the form has.
func valuesOf(u keystore.User) []form.Value {
	return []form.Value{
		{Field: "name", Words: u.Name},
		{Field: "kind", Words: string(u.Kind)},
		{Field: "admin", Words: yes(u.Admin)},
		{Field: "contact", Words: u.Contact},
		{Field: "encrypt to", Words: u.Recipient},
		{Field: "permissions", Words: words(slices.Sorted(slices.Values(u.Permissions)))},
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func words(scopes []keystore.Scope) string {
	if len(scopes) == 0 {
		return ""
	}
	return form.ScopeWords(scopes)
}

// problems says what is wrong with the rows.
func (m Model) problems() map[string]string {
	out := map[string]string{}
	set := func(row string, err error) {
		if err != nil {
			out[row] = err.Error()
		}
	}
	name := m.form.Value(nameRow)
	set(nameRow, keystore.CheckUserName(name))
	set(contactRow, keystore.CheckContact(m.form.Value(contactRow)))
	if to := m.draft().Recipient; to != "" {
		_, err := pak.ParseRecipient(to)
		set(recipientRow, cmp.Or(err, keystore.CheckRecipient(to)))
	}
	taken := slices.ContainsFunc(m.env.Board.Users, func(u keystore.User) bool {
		return u.ID != m.before.ID && strings.EqualFold(u.Name, name)
	})
	if taken {
		out[nameRow] = fmt.Sprintf("there is a user %s already; choose another name", text.Quote(name))
	}
	if left := m.permissions().Unfinished(); left != "" {
		out[permissionsRow] = left
	}
	if n := len(m.permissions().Chosen()); n > keystore.MaxScopes {
		out[permissionsRow] = fmt.Sprintf("%d permissions are too many; at most %d are allowed", n, keystore.MaxScopes)
	}
	for row, told := range m.told {
		if out[row] == "" {
			out[row] = told
		}
	}
	return out
}
