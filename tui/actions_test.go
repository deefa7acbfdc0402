package tui_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/keymap"
)

// equivalent is the form of a command line: words in lower case for the
// subcommand, then arguments and options with what has to be filled in in
// capitals.
var equivalent = regexp.MustCompile(`^pakdeck( [a-z][a-z-]*)+( (\[?--[a-z-]+( ([A-Z]+|[a-z]+))?\]?|[A-Z]+|-))*$`)

func TestEveryActionIsComplete(t *testing.T) {
	for _, a := range tui.Actions() {
		switch {
		case a.ID == "" || a.Title == "" || a.Help == "" || a.Group == "":
			t.Errorf("%q lacks title, help or group: %+v", a.ID, a)
		case a.CLI != "" && !equivalent.MatchString(a.CLI):
			t.Errorf("%s: %q is no command line", a.ID, a.CLI)
		case a.Writes && a.CLI == "":
			t.Errorf("%s writes but says no command that does the same", a.ID)
		case a.Dangerous && !a.Writes:
			t.Errorf("%s cannot be undone but does not write", a.ID)
		case len([]rune(a.Title)) > 14 || strings.ToLower(a.Title[:1]) != a.Title[:1] && a.Title != "UTC or local":
			t.Errorf("%s: the title %q is not short and in lower case", a.ID, a.Title)
		}
	}
}

func TestEveryActionHasItsOwnKeysOnEveryScreen(t *testing.T) {
	if _, err := keymap.New(tui.Actions(), nil); err != nil {
		t.Error(err)
	}
}

// scopes are all screens that actions name.
func scopes() []string {
	var out []string
	for _, a := range tui.Actions() {
		out = append(out, a.Scopes...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestEveryKeyIsInTheHelpOfItsScreen(t *testing.T) {
	keys, err := keymap.New(tui.Actions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, scope := range append(scopes(), "") {
		for _, a := range keys.Live(scope) {
			listed[a.ID] = true
			for _, pressed := range a.Keys {
				if found, _ := keys.Lookup(scope, pressed); found.ID != a.ID {
					t.Errorf("on %q help gives %s to %s, but it does %s", scope, pressed, a.ID, found.ID)
				}
			}
		}
	}
	for _, a := range tui.Actions() {
		if len(a.Keys) > 0 && !listed[a.ID] {
			t.Errorf("%s is in no help", a.ID)
		}
	}
}

func TestWhatAReadOnlyStoreHidesIsWhatWrites(t *testing.T) {
	keys, err := keymap.New(tui.Actions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range keys.ReadOnly().Actions() {
		if a.Writes {
			t.Errorf("%s is offered", a.ID)
		}
	}
	for _, id := range []string{"key.new", "key.edit", "key.disable", "key.revoke", "user.new", "user.disable", "app.undo"} {
		if a, ok := keys.Action(id); !ok || !a.Writes {
			t.Errorf("%s must be hidden from a read-only store", id)
		}
	}
}

// onlyHere are the actions that a command line has no use for: they move about
// in the dashboard, change how it looks, or belong to a form whose saving has
// its equivalent.
var onlyHere = regexp.MustCompile(`^(` +
	`app\.(command|back|last|zone|messages|mouse|redraw|suspend|lock|quit)` +
	`|list\.columns` +
	`|[a-z]+\.(next|previous|enter)` +
	`|address\.(undo|redo)` +
	`|created\.(mask|stored|close|leave)` +
	`)$`)

func TestEveryActionHasAnEquivalentOrNeedsNone(t *testing.T) {
	for _, a := range tui.Actions() {
		if a.CLI == "" && !onlyHere.MatchString(a.ID) {
			t.Errorf("%s says no command that does the same", a.ID)
		}
	}
}

// TestEveryActionIsInHelpAndPalette walks the table: whatever keys the operator
// left, an action is in the help of its screens and can be done by its name.
func TestEveryActionIsInHelpAndPalette(t *testing.T) {
	unbound := map[string][]string{}
	for _, a := range tui.Actions() {
		unbound[a.ID] = nil
	}
	for _, changes := range []map[string][]string{nil, unbound} {
		keys, err := keymap.New(tui.Actions(), changes)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range tui.Actions() {
			for _, scope := range append(scopes(), "") {
				if a.In(scope) && !inHelp(keys.Help(scope), a) {
					t.Errorf("%s is not in the help of %q", a.ID, scope)
				}
			}
		}
	}
}

func inHelp(sections []keymap.Section, a keymap.Action) bool {
	return slices.ContainsFunc(sections, func(s keymap.Section) bool {
		return s.Title == a.Group && slices.ContainsFunc(s.Lines, func(l keymap.Line) bool {
			first, _, _ := strings.Cut(l.Keys, ",")
			return l.Text == a.Help && (l.Keys == ":"+a.Name() || slices.Contains(a.Keys, first))
		})
	})
}
