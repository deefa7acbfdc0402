// Package edit changes what a key is called, what it may do and when it ends.
//
// Enter shows what will change, before and after, and saves only when that is
// agreed to. The change is made to the version of the key that was on the
// screen: if somebody else was quicker, nothing is written yet. What only one of
// them changed stays, of what both did the operator chooses, and the whole is
// shown again. Where a key works from is edited elsewhere.
package edit

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

const (
	acceptID   = screen.Edit + form.AcceptID
	nextID     = screen.Edit + form.NextID
	previousID = screen.Edit + form.PreviousID
	calendarID = screen.Edit + ".calendar"
)

// Model is the screen.
type Model struct {
	env    *screen.Env
	before keystore.KeyView // as it was on the screen
	form   form.Model
	dates  dates
	seen   *whatif.Evidence  // who used the key in the last days; nil: not known yet
	told   map[string]string // what the store found wrong
	w, h   int
}

// New returns the form for the key to.Key. If to.Filter is the row of the
// expiry, it begins with the calendar.
func New(env *screen.Env, to screen.Go) screen.Screen {
	v, _ := env.Board.Key(to.Key)
	m := Model{env: env, before: v}
	m.fill(v.Key)
	if to.Filter == form.Expiry {
		m.openDates()
		m.dates.alone = true
	}
	m.refresh()
	return m
}

// Actions returns what can be done in the form.
func Actions() []keymap.Action {
	return keymap.Group("Edit a key", []string{screen.Edit}, append(
		form.Actions(screen.Edit, "save", "show what changes, then save it", "pakdeck key edit KEY", true),
		keymap.Action{ID: calendarID, Title: "calendar", Help: "choose on a calendar when the key ends", Keys: []string{"ctrl+t"}, CLI: "pakdeck key edit KEY --expires WHEN"},
	))
}

// fill builds the form with the values of a key.
func (m *Model) fill(k keystore.Key) {
	t, b := m.env.Theme, m.env.Board
	allowed := m.before.Owner.Allowed()
	if allowed == nil {
		allowed = []keystore.Scope{}
	}
	from := ""
	if !k.NotBefore.IsZero() {
		from = clock(k.NotBefore)
	}
	m.form = form.New(
		form.Row{ID: form.Name, Item: form.NewText(t, "Name").With(k.Name)},
		form.Row{ID: form.Description, Item: form.NewText(t, "Description", field.WithPlaceholder("what it is for, and where it lives")).With(k.Description)},
		form.Row{ID: form.Expiry, Item: form.NewText(t, "Expires", field.WithPlaceholder("90d, eom, a date, never")).With(clock(k.Expires))},
		form.Row{ID: form.NotBefore, Item: form.NewText(t, "Not before", field.WithPlaceholder("at once")).With(from)},
		form.Row{ID: form.ScopeList, Item: form.NewScopes(t, "Scopes", form.Offers(b, allowed, m.before.Owner.Name), k.Scopes)},
		form.Row{ID: form.Rotate, Item: form.NewText(t, "Rotate", field.WithPlaceholder("as the policy says")).With(form.IntervalText(k.RotateEvery))},
		form.Row{ID: form.Warn, Item: form.NewText(t, "Warn", field.WithPlaceholder("as the policy says")).With(form.IntervalText(k.WarnBefore))},
	)
}

// clock is an instant as it can be typed.
func clock(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	if at.Second() != 0 {
		return at.UTC().Format(time.RFC3339)
	}
	return at.UTC().Format("2006-01-02 15:04 UTC")
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Edit }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Edit " + m.before.Ref() }

// Init implements [screen.Screen]: it asks who used the key.
func (m Model) Init() tea.Cmd { return form.AskSeen(m.env, m.before) }

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.dates.open || m.form.Typing() }

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	if m.dates.open {
		return []string{acceptID, nextID, previousID, "app.back"}
	}
	return []string{acceptID, nextID, previousID, calendarID, "app.back"}
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	keys := m.form.Bindings()
	if m.dates.open {
		keys = m.dates.span.Bindings()
	}
	if len(keys) > 0 {
		return []keymap.Section{keymap.BindingSection("This field", keys...)}
	}
	return nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	if a.ID != acceptID {
		return ""
	}
	return form.WhyNot(m.before)
}

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string {
	if !m.touched() {
		return ""
	}
	return "your changes of " + m.before.Ref()
}
