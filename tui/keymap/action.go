package keymap

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
)

// Action is something the operator can ask for.
type Action struct {
	ID        string   // noun and verb, "key.revoke"; unique; used in the configuration
	Title     string   // one or two words for hints: "revoke"
	Help      string   // a short sentence for help and palette
	Keys      []string // default keys, as Bubble Tea writes them; may be empty
	Group     string   // heading in help
	Scopes    []string // screens where its keys work; none means everywhere
	CLI       string   // the equivalent command: "pakdeck key revoke KEY --reason TEXT"
	Dangerous bool     // cannot be undone
	Writes    bool     // changes the store; gone in read-only mode
	Shadows   bool     // may take a key from a global action where it works
	Disabled  string   // why it cannot be done now; empty if it can. Set by [Keymap.With]
}

// Group puts actions under a heading of the help. Those that name no screens of
// their own work on the given ones.
func Group(heading string, on []string, actions []Action) []Action {
	for i := range actions {
		a := &actions[i]
		if a.Group = heading; len(a.Scopes) == 0 {
			a.Scopes = on
		}
	}
	return actions
}

// Enabled reports whether the action can be done now.
func (a Action) Enabled() bool { return a.Disabled == "" }

// Name is what the action is called on the command line of the dashboard: a tab
// by its place, what works everywhere by what it does, others by their id.
func (a Action) Name() string {
	for _, kind := range []string{"tab.", "app."} {
		if rest, ok := strings.CutPrefix(a.ID, kind); ok {
			return rest
		}
	}
	return a.ID
}

// Label is the action's keys as help shows them: "x", "down, j".
func (a Action) Label() string { return strings.Join(a.Keys, ", ") }

// In reports whether the action's keys work on a screen.
func (a Action) In(scope string) bool {
	return len(a.Scopes) == 0 || slices.Contains(a.Scopes, scope)
}

// Binding returns the action as a binding of bubbles/key, for the KeyMap of a
// widget. A disabled action's binding matches nothing.
func (a Action) Binding() key.Binding {
	b := key.NewBinding(key.WithKeys(a.Keys...), key.WithHelp(a.Label(), a.Title))
	b.SetEnabled(a.Enabled() && len(a.Keys) > 0)
	return b
}

// Hint is one entry of the line of keys at the bottom.
type Hint struct {
	Key  string // "space"
	Text string // "mark"
}

// BindingHint makes a hint of a widget's binding.
func BindingHint(b key.Binding) Hint { return Hint{b.Help().Key, b.Help().Desc} }

// Section is a part of the help: a heading and its keys.
type Section struct {
	Title string
	Lines []Line
}

// Line is one key in the help.
type Line struct {
	Keys      string // "down, j"
	Text      string // what it does
	Reason    string // why it does not work now, or empty
	Dangerous bool
}

// BindingSection makes a section of a widget's bindings with all their keys,
// without those that are disabled.
func BindingSection(title string, bindings ...key.Binding) Section {
	s := Section{Title: title}
	for _, b := range bindings {
		if b.Enabled() {
			s.Lines = append(s.Lines, Line{Keys: strings.Join(b.Keys(), ", "), Text: b.Help().Desc})
		}
	}
	return s
}
