package keymap

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
)

// ConflictError says that one key would trigger two things.
type ConflictError struct {
	Key   string
	Scope string // the screen, or empty for everywhere
	Old   string // the action that had the key
	New   string // the action or widget key that wants it too
}

func (e *ConflictError) Error() string {
	where := "everywhere"
	if e.Scope != "" {
		where = fmt.Sprintf("on the screen %q", e.Scope)
	}
	return fmt.Sprintf("the key %q is bound to both %q and %q %s: give one of them another key", e.Key, e.Old, e.New, where)
}

// Keymap is the live table. The zero value has no actions.
type Keymap struct {
	actions  []Action
	readOnly bool
	reason   func(Action) string
}

// New builds a keymap of actions with the operator's changes: action ids to
// keys, where an empty list unbinds. All that is wrong is reported at once.
func New(actions []Action, changes map[string][]string) (Keymap, error) {
	k := Keymap{actions: slices.Clone(actions)}
	var errs []error
	seen := map[string]bool{}
	for i := range k.actions {
		a := &k.actions[i]
		if seen[a.ID] {
			errs = append(errs, fmt.Errorf("two actions have the id %q", a.ID))
		}
		seen[a.ID] = true
		if keys, ok := changes[a.ID]; ok {
			a.Keys = slices.Clone(keys)
		}
		if err := checkKeys(a.Keys); err != nil {
			errs = append(errs, fmt.Errorf("action %q: %w", a.ID, err))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(changes)) {
		if !seen[id] {
			errs = append(errs, fmt.Errorf("unknown action %s: did you mean %q?", text.Quote(id), k.nearest(id)))
		}
	}
	errs = append(errs, k.conflicts()...)
	return k, errors.Join(errs...)
}

// conflicts finds keys that would mean two things on one screen.
func (k Keymap) conflicts() []error {
	var errs []error
	for i, a := range k.actions {
		for _, b := range k.actions[i+1:] {
			scope, both := meet(a, b)
			if !both || a.shadows(b) || b.shadows(a) {
				continue
			}
			for _, pressed := range a.Keys {
				if slices.Contains(b.Keys, pressed) {
					errs = append(errs, &ConflictError{pressed, scope, a.ID, b.ID})
				}
			}
		}
	}
	return errs
}

// shadows reports whether a may take keys from the global action b.
func (a Action) shadows(b Action) bool {
	return a.Shadows && len(a.Scopes) > 0 && len(b.Scopes) == 0
}

// meet returns the first screen on which both actions work.
func meet(a, b Action) (scope string, both bool) {
	if len(a.Scopes) == 0 {
		a, b = b, a
	}
	if len(a.Scopes) == 0 {
		return "", true
	}
	for _, s := range a.Scopes {
		if b.In(s) {
			return s, true
		}
	}
	return "", false
}

// ReadOnly returns the keymap without the actions that write.
func (k Keymap) ReadOnly() Keymap {
	k.readOnly = true
	return k
}

// With returns the keymap with reason asked of every action it hands out: why
// it cannot be done now, or the empty string. It is asked at each look-up, so
// it must be quick.
func (k Keymap) With(reason func(Action) string) Keymap {
	k.reason = reason
	return k
}

// Actions returns all actions in the order of the table, for the palette.
func (k Keymap) Actions() []Action {
	var all []Action
	for _, a := range k.actions {
		if !k.readOnly || !a.Writes {
			all = append(all, k.explain(a))
		}
	}
	return all
}

// Action returns the action with the given id.
func (k Keymap) Action(id string) (Action, bool) {
	for _, a := range k.actions {
		if a.ID == id && (!k.readOnly || !a.Writes) {
			return k.explain(a), true
		}
	}
	return Action{}, false
}

// Binding returns the binding of an action for the KeyMap of a widget; it
// matches nothing if there is no such action.
func (k Keymap) Binding(id string) key.Binding {
	a, _ := k.Action(id)
	return a.Binding()
}

// Lookup returns the action that a key triggers on a screen. Actions of the
// screen go before global ones. A disabled action is returned too: say why.
func (k Keymap) Lookup(scope, pressed string) (Action, bool) {
	a := k.find(scope, pressed)
	if a == nil {
		return Action{}, false
	}
	return k.explain(*a), true
}

// find is Lookup without the reason, or nil.
func (k Keymap) find(scope, pressed string) *Action {
	var global *Action
	for i := range k.actions {
		a := &k.actions[i]
		if k.readOnly && a.Writes || !a.In(scope) || !slices.Contains(a.Keys, pressed) {
			continue
		}
		if len(a.Scopes) > 0 {
			return a
		}
		global = a
	}
	return global
}

// leads returns the keys of an action that lead to it on a screen.
func (k Keymap) leads(scope string, a *Action) []string {
	return slices.DeleteFunc(slices.Clone(a.Keys), func(pressed string) bool {
		found := k.find(scope, pressed)
		return found == nil || found.ID != a.ID
	})
}

// Match is [Keymap.Lookup] for a key press.
func (k Keymap) Match(scope string, msg tea.KeyPressMsg) (Action, bool) {
	return k.Lookup(scope, msg.String())
}

// Live returns the actions whose keys work on a screen, the screen's own
// first, each with only the keys that lead to it there.
func (k Keymap) Live(scope string) []Action {
	var live []Action
	for _, a := range k.Actions() {
		if !a.In(scope) {
			continue
		}
		a.Keys = k.leads(scope, &a)
		if len(a.Keys) > 0 {
			live = append(live, a)
		}
	}
	slices.SortStableFunc(live, func(a, b Action) int {
		return cmp.Compare(min(1, len(b.Scopes)), min(1, len(a.Scopes)))
	})
	return live
}

// Help returns the live keys of a screen by group, in order of appearance, and
// then what has no key there and is done by its name.
func (k Keymap) Help(scope string) []Section {
	var sections []Section
	live := k.Live(scope)
	for _, a := range live {
		sections = under(sections, a, a.Label())
	}
	for _, a := range k.Actions() {
		if a.In(scope) && !slices.ContainsFunc(live, func(l Action) bool { return l.ID == a.ID }) {
			sections = under(sections, a, ":"+a.Name())
		}
	}
	return sections
}

// under adds a line about an action to the section of its group.
func under(sections []Section, a Action, keys string) []Section {
	i := slices.IndexFunc(sections, func(s Section) bool { return s.Title == a.Group })
	if i < 0 {
		i = len(sections)
		sections = append(sections, Section{Title: a.Group})
	}
	line := Line{Keys: keys, Text: cmp.Or(a.Help, a.Title), Reason: a.Disabled, Dangerous: a.Dangerous}
	sections[i].Lines = append(sections[i].Lines, line)
	return sections
}

// Hints returns the hints of the given actions in that order, each by its
// first key. Those that do not work on the screen now are left out. The reason
// is asked of these actions only, so that a screen can have hints drawn with
// every frame.
func (k Keymap) Hints(scope string, ids ...string) []Hint {
	var hints []Hint
	for _, id := range ids {
		i := slices.IndexFunc(k.actions, func(a Action) bool { return a.ID == id })
		if i < 0 || k.readOnly && k.actions[i].Writes || !k.actions[i].In(scope) {
			continue
		}
		a := &k.actions[i]
		if keys := k.leads(scope, a); len(keys) > 0 && k.explain(*a).Enabled() {
			hints = append(hints, Hint{keys[0], a.Title})
		}
	}
	return hints
}

// Check reports the keys of a widget that would also trigger an action on the
// screen it stands on.
func (k Keymap) Check(scope string, bindings ...key.Binding) error {
	var errs []error
	for _, b := range bindings {
		for _, pressed := range b.Keys() {
			if a, ok := k.Lookup(scope, pressed); ok {
				errs = append(errs, &ConflictError{pressed, scope, a.ID, b.Help().Desc})
			}
		}
	}
	return errors.Join(errs...)
}

func (k Keymap) explain(a Action) Action {
	if k.reason != nil {
		a.Disabled = k.reason(a)
	}
	return a
}

// nearest returns the action id that takes the fewest edits to reach.
func (k Keymap) nearest(id string) string {
	best, least := "", 0
	for _, a := range k.actions {
		if d := distance(id, a.ID); best == "" || d < least {
			best, least = a.ID, d
		}
	}
	return best
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
