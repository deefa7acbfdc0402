// Package wizard issues a key in five steps: who will own it, what it may do,
// when it ends, from where it works, and a review of all that in words.
//
// No key is made before the last step is confirmed, and values survive going
// back. They survive a dropped connection, too: what is filled in is kept as a
// draft half a second after the last change, and offered again the next time. What is wrong with a field is told once it was left; the policy
// is held against the draft all the time. A step is left forwards only when
// nothing is wrong with it. What the store alone can find, such as a name that
// was taken meanwhile, leads back to the field that it is about.
package wizard

import (
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/addresses"
	"github.com/pakdeck/pakdeck/tui/screen/form/lifetime"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// step is one of the five.
type step uint8

const (
	identity step = iota
	scopes
	ends
	network
	review
	steps
)

var titles = [steps]string{"Identity", "Scopes", "Expiry", "Network", "Review"}

var questions = [steps]string{
	"Who will own the key, and what is it called?",
	"What may this key do?",
	"When should it stop working?",
	"From which addresses may it be used?",
	"Is this the key you want?",
}

// Model is the wizard.
type Model struct {
	env      *screen.Env
	step     step
	furthest step // that was reached
	forms    [ends]form.Model
	span     lifetime.Model
	rules    addresses.Model
	words    facts.Model
	from     string                   // what was filled in at the beginning, as one text
	keep     keep                     // the draft of it
	judge    judge                    // what the linter says of it
	owner    keystore.UserID          // for whom the scopes are offered
	known    map[keystore.UserID]bool // users there were when a new one was asked for; nil if none was
	stale    bool                     // the keys that end on each day must be counted anew
	told     map[string]string        // what the store found wrong
	wrong    map[string]string        // what is wrong with the rows, as it is drawn
	checked  verdict
	asked    uint64 // counts the questions to the store
	busy     bool   // the key is being issued
	deaf     bool   // the review has just opened
	w, h     int
}

// Grace is how long the review ignores enter after it opened, so that a key
// held down does not issue anything.
const Grace = 400 * time.Millisecond

// New returns the wizard. It begins with the values of to.Key if that is to be
// cloned, or with to.User as the owner.
func New(env *screen.Env, to screen.Go) screen.Screen {
	m := Model{env: env, words: facts.New(env.Theme), told: map[string]string{}}
	begin := m.start(to)
	m.fill(begin)
	if begin.owner != "" && to.User == "" && !to.Clone {
		m.forms[identity].Focus(form.Name) // nobody chose the owner: there is no other
	}
	m.keep = keep{began: env.Board.Now, asks: !to.Clone}
	return m
}

// values are what is filled in.
type values struct {
	owner, name, description string
	scopes                   []keystore.Scope
	span                     lifetime.Value
	rules                    iprule.Rules
}

// fill builds the steps with values in them.
func (m *Model) fill(v values) {
	t := m.env.Theme
	m.forms[identity] = form.New(
		form.Row{ID: form.Owner, Item: form.NewSuggest(t, "Owner", newUser, owners(m.env.Board.Users), field.WithPlaceholder("type a name, or choose one below"), field.WithLimit(keystore.MaxUserName)).WithValue(v.owner)},
		form.Row{ID: form.Name, Item: form.NewText(t, "Name", field.WithPlaceholder("ci-deploy"), field.WithHint("unique among the owner's keys")).With(v.name)},
		form.Row{ID: form.Description, Item: form.NewText(t, "Description", field.WithPlaceholder("what it is for, and where it lives")).With(v.description)},
	)
	m.forms[scopes] = form.New(form.Row{ID: form.ScopeList, Item: m.offer(v.scopes)})
	m.owner = m.user().ID
	m.compare()
	m.span = lifetime.New(t, m.spanConfig(), v.span)
	if v.span.Expires == "" {
		m.span.Longest("90d")
	}
	m.rules = addresses.New(t, v.rules, addresses.Operator(m.env.Getenv)).OfNewKey()
	m.from = m.all()
	m.refresh()
}

// start returns the values to begin with.
func (m Model) start(to screen.Go) values {
	b := m.env.Board
	if u, ok := b.User(to.User); ok {
		return values{owner: u.Name}
	}
	k, ok := b.Key(to.Key)
	if !ok || !to.Clone {
		return values{owner: m.onlyOwner()}
	}
	v := values{owner: k.Owner.Name, name: k.Name + "-copy", description: k.Description, scopes: k.Scopes, rules: k.Rules}
	v.span.Rotate, v.span.Warn = form.IntervalText(k.RotateEvery), form.IntervalText(k.WarnBefore)
	switch {
	case k.Expires.IsZero():
		v.span.Expires = "never"
	case k.Expires.After(b.Now):
		v.span.Expires = expiry.Expiry{At: k.Expires}.String()
	}
	if k.NotBefore.After(b.Now) {
		v.span.NotBefore = k.NotBefore.Format(time.RFC3339)
	}
	return v
}

// onlyOwner returns the name of the user that alone can own a working key, or
// "" if there is a choice.
func (m Model) onlyOwner() string {
	only := ""
	for _, u := range m.env.Board.Users {
		switch {
		case u.Disabled:
		case only != "":
			return ""
		default:
			only = u.Name
		}
	}
	return only
}

const newUser = "a new user" + "…"

func owners(users []keystore.User) []form.Candidate {
	out := make([]form.Candidate, 0, len(users))
	for _, u := range users {
		help := string(u.Kind)
		if u.Admin {
			help += ", admin"
		}
		if u.Disabled {
			help += ", disabled"
		}
		if u.Contact != "" {
			help += ", " + u.Contact
		}
		out = append(out, form.Candidate{Value: u.Name, Help: help})
	}
	return out
}

// offer returns the list of scopes for the owner that is chosen.
func (m Model) offer(ticked []keystore.Scope) form.Scopes {
	u := m.user()
	allowed := u.Allowed()
	if allowed == nil {
		allowed = []keystore.Scope{}
	}
	return form.NewScopes(m.env.Theme, "Scopes", form.Offers(m.env.Board, allowed, u.Name), ticked)
}

// user returns the owner that is chosen, or a user without a name.
func (m Model) user() keystore.User {
	name := m.forms[identity].Value(form.Owner)
	i := slices.IndexFunc(m.env.Board.Users, func(u keystore.User) bool { return strings.EqualFold(u.Name, name) })
	if i < 0 {
		return keystore.User{}
	}
	return m.env.Board.Users[i]
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Wizard }

// Title implements [screen.Screen].
func (m Model) Title() string { return "New key" }

// Init implements [screen.Screen]: it looks for a draft.
func (m Model) Init() tea.Cmd { return tea.Batch(m.lookForDraft(), m.readThresholds()) }

// Typing implements [screen.Screen].
func (m Model) Typing() bool {
	switch m.step {
	case ends:
		return m.span.Typing()
	case network:
		return m.rules.Typing()
	case review:
		return false
	}
	return m.forms[m.step].Typing()
}

// all is everything that was filled in, to see whether there is work to lose.
func (m Model) all() string {
	var parts []string
	for _, f := range m.forms {
		for _, id := range []string{form.Owner, form.Name, form.Description, form.ScopeList} {
			parts = append(parts, f.Value(id))
		}
	}
	v := m.span.Value()
	parts = append(parts, v.Expires, v.Clock, v.Zone, v.NotBefore, v.Rotate, v.Warn)
	for _, list := range [][]iprule.Entry{m.rules.Rules().Deny, m.rules.Rules().Allow} {
		for _, e := range list {
			parts = append(parts, e.String())
		}
		parts = append(parts, "")
	}
	return strings.Join(parts, "\x00")
}

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string {
	if now := m.all(); now == m.from || now == m.keep.kept {
		return ""
	}
	return "the new key, not made yet"
}

// Close implements [screen.Closer]: esc ends what is being typed in the lists,
// or goes back a step. In the first one it keeps a draft before it leaves.
func (m Model) Close() (screen.Screen, bool) {
	switch {
	case m.busy:
		return m, true
	case m.step == network && m.rules.Close():
	case m.step > identity:
		m.step--
		m.refresh()
	case m.all() != m.from && !m.keep.leaving:
		m.keep.leaving = true
	default:
		return m, false
	}
	return m, true
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	switch {
	case addresses.Is(a.ID) && m.step != network:
		return "the address lists are in step 4"
	case a.ID == addresses.FitID:
		return "nobody has used the new key yet"
	case a.ID == acceptID && m.busy:
		return "the key is being issued"
	case a.ID == acceptID && m.step == review && m.checking():
		return "the check is still running; press enter when nothing stands against the key"
	case a.ID == nextID && m.step == review, a.ID == previousID && m.step == review:
		return "there are no fields in this step"
	}
	return ""
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	switch m.step {
	case network:
		if m.rules.Typing() {
			return []string{acceptID, nextID, "app.back"}
		}
		return append([]string{acceptID, "app.back"}, addresses.IDs...)
	case review:
		return []string{acceptID, keepID, "app.back"}
	}
	return []string{acceptID, nextID, previousID, keepID, "app.back"}
}

// Help implements [screen.Helper].
func (m Model) Help() []keymap.Section {
	var keys []key.Binding
	switch m.step {
	case network:
	case ends:
		keys = m.span.Bindings()
	case review:
		keys = m.words.KeyMap.Bindings()
	default:
		keys = m.forms[m.step].Bindings()
	}
	if len(keys) == 0 {
		return nil
	}
	return []keymap.Section{keymap.BindingSection("This field", keys...)}
}
