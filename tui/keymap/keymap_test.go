package keymap_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/pakdeck/pakdeck/tui/keymap"
)

func table() []keymap.Action {
	return []keymap.Action{
		{ID: "app.help", Title: "help", Help: "show the keys that work here", Keys: []string{"?"}, Group: "Anywhere"},
		{ID: "app.back", Title: "back", Keys: []string{"esc", "backspace"}, Group: "Anywhere"},
		{ID: "tab.keys", Title: "keys", Keys: []string{"1"}, Group: "Anywhere"},
		{ID: "key.revoke", Title: "revoke", Keys: []string{"X"}, Group: "Key", Scopes: []string{"keys", "findings"}, CLI: "pakdeck key revoke KEY --reason TEXT", Dangerous: true, Writes: true},
		{ID: "key.disable", Title: "disable", Keys: []string{"x"}, Group: "Key", Scopes: []string{"keys"}, Writes: true},
		{ID: "date.pick", Title: "pick a day", Keys: []string{"1", "2"}, Group: "Calendar", Scopes: []string{"expiry"}, Shadows: true},
		{ID: "key.copy", Title: "copy id", Group: "Key"},
	}
}

func build(t *testing.T, changes map[string][]string) keymap.Keymap {
	t.Helper()
	k, err := keymap.New(table(), changes)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestLookupGoesFromScreenToGlobal(t *testing.T) {
	k := build(t, nil)
	for _, c := range []struct{ scope, key, want string }{
		{"keys", "X", "key.revoke"},
		{"findings", "X", "key.revoke"},
		{"users", "X", ""},
		{"users", "?", "app.help"},
		{"keys", "backspace", "app.back"},
		{"keys", "1", "tab.keys"},
		{"expiry", "1", "date.pick"},
		{"", "x", ""},
		{"keys", "nonsense", ""},
	} {
		a, ok := k.Lookup(c.scope, c.key)
		if a.ID != c.want || ok != (c.want != "") {
			t.Errorf("Lookup(%q, %q) = %q, %v, want %q", c.scope, c.key, a.ID, ok, c.want)
		}
	}
	if a, _ := k.Match("keys", tea.KeyPressMsg{Code: 'x', Text: "X", Mod: tea.ModShift}); a.ID != "key.revoke" {
		t.Errorf("pressing X gives %q", a.ID)
	}
}

func TestChangesReplaceKeysAndAnEmptyListUnbinds(t *testing.T) {
	k := build(t, map[string][]string{"key.revoke": {"ctrl+x", "f8"}, "key.disable": {}})
	if a, _ := k.Lookup("keys", "f8"); a.ID != "key.revoke" {
		t.Errorf("f8 gives %q", a.ID)
	}
	for _, old := range []string{"X", "x"} {
		if a, ok := k.Lookup("keys", old); ok {
			t.Errorf("%s still gives %q", old, a.ID)
		}
	}
	if a, ok := k.Action("key.disable"); !ok || len(a.Keys) != 0 {
		t.Errorf("an unbound action must stay in the palette: %+v, %v", a, ok)
	}
}

func TestNewDoesNotKeepTheCallersSlices(t *testing.T) {
	actions, changes := table(), map[string][]string{"key.revoke": {"f8"}}
	k, err := keymap.New(actions, changes)
	if err != nil {
		t.Fatal(err)
	}
	actions[0].ID, changes["key.revoke"][0] = "changed", "f9"
	if a, _ := k.Lookup("keys", "?"); a.ID != "app.help" {
		t.Error("the table changed with the caller's slice")
	}
	if a, _ := k.Lookup("keys", "f8"); a.ID != "key.revoke" {
		t.Error("the keys changed with the caller's slice")
	}
}

func TestErrorsQuoteWhatIsWrongAndSayWhatIsRight(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes map[string][]string
		want    []string
	}{
		{"unknown action", map[string][]string{"key.revok": {"f8"}}, []string{`"key.revok"`, `"key.revoke"`}},
		{"hostile action", map[string][]string{"\x1b[2J": {"f8"}}, []string{`"\x1b[2J"`}},
		{"unknown key", map[string][]string{"key.revoke": {"ctr+x"}}, []string{`"key.revoke"`, `"ctr+x"`, `"ctrl+x"`}},
		{"empty key", map[string][]string{"key.revoke": {""}}, []string{`""`}},
		{"other name", map[string][]string{"key.revoke": {"PageDown"}}, []string{`"PageDown"`, `"pgdown"`}},
		{"other name, modified", map[string][]string{"key.revoke": {"ctrl+del"}}, []string{`"ctrl+delete"`}},
		{"blank", map[string][]string{"key.revoke": {" "}}, []string{`" "`, `"space"`}},
		{"shifted letter", map[string][]string{"key.revoke": {"shift+x"}}, []string{`"shift+x"`, "shifted character"}},
		{"upper case with ctrl", map[string][]string{"key.revoke": {"ctrl+X"}}, []string{`"ctrl+X"`, "lower case"}},
		{"tmux", map[string][]string{"key.revoke": {"ctrl+b"}}, []string{`"ctrl+b"`, "tmux"}},
		{"screen", map[string][]string{"key.revoke": {"ctrl+a"}}, []string{`"ctrl+a"`, "screen"}},
		{"enter in disguise", map[string][]string{"key.revoke": {"ctrl+m"}}, []string{"enter"}},
		{"alt only", map[string][]string{"key.revoke": {"alt+x"}}, []string{`"alt+x"`, "plain key"}},
		{"shift+enter only", map[string][]string{"key.revoke": {"shift+enter"}}, []string{`"shift+enter"`, "plain key"}},
		{"control character", map[string][]string{"key.revoke": {"\x1b"}}, []string{`"\x1b"`}},
		{"taken on the screen", map[string][]string{"key.revoke": {"x"}}, []string{`"x"`, `"key.revoke"`, `"key.disable"`, `"keys"`}},
		{"taken everywhere", map[string][]string{"key.revoke": {"?"}}, []string{`"?"`, `"app.help"`, `"key.revoke"`}},
		{"two globals", map[string][]string{"tab.keys": {"?"}}, []string{`"?"`, "everywhere"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := keymap.New(table(), c.changes)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %s", err, want)
				}
			}
		})
	}
}

func TestAllErrorsAreReportedAtOnce(t *testing.T) {
	_, err := keymap.New(table(), map[string][]string{"key.revoke": {"x", "ctrl+b"}, "nope": {"q"}})
	for _, want := range []string{`"x"`, `"ctrl+b"`, `"nope"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %s", err, want)
		}
	}
	if conflict, ok := errors.AsType[*keymap.ConflictError](err); !ok || conflict.Key != "x" || conflict.Scope != "keys" {
		t.Errorf("conflict %+v", conflict)
	}
}

func TestTwoActionsWithOneID(t *testing.T) {
	if _, err := keymap.New([]keymap.Action{{ID: "a"}, {ID: "a"}}, nil); err == nil {
		t.Error("accepted")
	}
}

func TestAPlainKeyMayHaveACompanionWithAlt(t *testing.T) {
	k := build(t, map[string][]string{"key.revoke": {"alt+x", "f8"}})
	if a, _ := k.Lookup("keys", "alt+x"); a.ID != "key.revoke" {
		t.Error("alt+x does nothing")
	}
}

func TestReadOnlyRemovesWhatWrites(t *testing.T) {
	k := build(t, nil).ReadOnly()
	if _, ok := k.Lookup("keys", "X"); ok {
		t.Error("X still revokes")
	}
	if _, ok := k.Action("key.revoke"); ok {
		t.Error("revoke is still in the palette")
	}
	for _, a := range append(k.Actions(), k.Live("keys")...) {
		if a.Writes {
			t.Errorf("%s is still there", a.ID)
		}
	}
	if _, ok := k.Lookup("keys", "?"); !ok {
		t.Error("help is gone")
	}
}

func TestADisabledActionSaysWhy(t *testing.T) {
	k := build(t, nil).With(func(a keymap.Action) string {
		if a.ID == "key.disable" {
			return "already disabled"
		}
		return ""
	})
	a, ok := k.Lookup("keys", "x")
	if !ok || a.Enabled() || a.Disabled != "already disabled" {
		t.Errorf("lookup gives %+v, %v", a, ok)
	}
	if k.Binding("key.disable").Enabled() {
		t.Error("its binding still matches")
	}
	if hints := k.Hints("keys", "key.disable", "key.revoke"); !slices.Equal(hints, []keymap.Hint{{"X", "revoke"}}) {
		t.Errorf("hints %v", hints)
	}
	if line := k.Help("keys")[0].Lines[1]; line.Reason != "already disabled" {
		t.Errorf("help line %+v", line)
	}
}

func TestHelpListsExactlyTheKeysThatWork(t *testing.T) {
	k := build(t, map[string][]string{"app.back": {"esc"}})
	got := k.Help("expiry")
	want := []keymap.Section{
		{Title: "Calendar", Lines: []keymap.Line{{Keys: "1, 2", Text: "pick a day"}}},
		{Title: "Anywhere", Lines: []keymap.Line{{Keys: "?", Text: "show the keys that work here"}, {Keys: "esc", Text: "back"}, {Keys: ":keys", Text: "keys"}}},
		{Title: "Key", Lines: []keymap.Line{{Keys: ":key.copy", Text: "copy id"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, scope := range []string{"", "keys", "findings", "expiry", "users"} {
		for _, a := range k.Live(scope) {
			for _, pressed := range a.Keys {
				if found, _ := k.Lookup(scope, pressed); found.ID != a.ID {
					t.Errorf("%s: help gives %q to %s, the key does %s", scope, pressed, a.ID, found.ID)
				}
			}
		}
	}
	if got := k.Help("keys")[0]; got.Title != "Key" || !got.Lines[0].Dangerous || got.Lines[1].Dangerous {
		t.Errorf("the screen's own keys must come first: %+v", got)
	}
}

func TestHintsKeepTheAskedOrder(t *testing.T) {
	got := build(t, nil).Hints("keys", "app.help", "key.disable", "key.copy", "date.pick", "nope")
	want := []keymap.Hint{{"?", "help"}, {"x", "disable"}}
	if !slices.Equal(got, want) {
		t.Errorf("hints %v, want %v", got, want)
	}
}

func TestCheckFindsWidgetKeysThatAlsoAct(t *testing.T) {
	k := build(t, nil)
	move := key.NewBinding(key.WithKeys("x", "j"), key.WithHelp("x", "move down"))
	err := k.Check("keys", move)
	if err == nil || !strings.Contains(err.Error(), `"x"`) || !strings.Contains(err.Error(), `"move down"`) {
		t.Errorf("error %v", err)
	}
	if err := k.Check("users", move); err != nil {
		t.Errorf("x is free there: %v", err)
	}
}

func TestBindings(t *testing.T) {
	k := build(t, nil)
	b := k.Binding("app.back")
	if !key.Matches(tea.KeyPressMsg{Code: tea.KeyEscape}, b) || b.Help() != (key.Help{Key: "esc, backspace", Desc: "back"}) {
		t.Errorf("binding %+v", b)
	}
	if k.Binding("nope").Enabled() || k.Binding("key.copy").Enabled() {
		t.Error("a binding without keys is enabled")
	}
	off := key.NewBinding(key.WithKeys("z"), key.WithDisabled())
	got := keymap.BindingSection("Move", b, off)
	if diff := cmp.Diff(keymap.Section{Title: "Move", Lines: []keymap.Line{{Keys: "esc, backspace", Text: "back"}}}, got); diff != "" {
		t.Error(diff)
	}
	if got := keymap.BindingHint(b); got != (keymap.Hint{Key: "esc, backspace", Text: "back"}) {
		t.Errorf("hint %+v", got)
	}
}

func FuzzChanges(f *testing.F) {
	for _, s := range []string{"x", "ctrl+x", "shift+tab", "ctrl+alt+shift+f1", "+", "ctrl++", "alt+", "支", "\xff", ""} {
		f.Add("key.revoke", s)
	}
	f.Fuzz(func(t *testing.T, id, pressed string) {
		k, err := keymap.New(table(), map[string][]string{id: {pressed}})
		if err != nil {
			return
		}
		if a, ok := k.Lookup("keys", pressed); ok && a.ID != id {
			t.Errorf("%q was given to %q but does %q", pressed, id, a.ID)
		}
		if pressed == "ctrl+a" || pressed == "ctrl+b" {
			t.Errorf("%q was accepted", pressed)
		}
	})
}

func TestGroupLeavesAnActionItsOwnScreens(t *testing.T) {
	got := keymap.Group("Key", []string{"keys"}, []keymap.Action{{ID: "key.copy"}, {ID: "key.owner", Scopes: []string{"users"}}})
	for i, scope := range []string{"keys", "users"} {
		if a := got[i]; a.Group != "Key" || !slices.Equal(a.Scopes, []string{scope}) {
			t.Errorf("%s is under %q on %q", a.ID, a.Group, a.Scopes)
		}
	}
}
