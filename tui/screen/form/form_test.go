package form_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/choice"
)

var (
	look = theme.New(theme.Mono, theme.Unicode())
	now  = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
)

// press gives keys to a form: names of keys, or text between quotes.
func press(m form.Model, keys ...string) form.Model {
	for _, k := range keys {
		m, _ = m.Update(message(k))
	}
	return m
}

func message(k string) tea.KeyPressMsg {
	named := map[string]rune{"space": tea.KeySpace, "up": tea.KeyUp, "down": tea.KeyDown, "backspace": tea.KeyBackspace}
	if code, ok := named[k]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}

func view(m form.Model) string { return strings.Join(m.View(), "\n") }

func sample() form.Model {
	m := form.New(
		form.Row{ID: "name", Item: form.NewText(look, "Name")},
		form.Row{ID: "kind", Item: form.NewChoice(look, "Kind", choice.Option{Label: "service"}, choice.Option{Label: "person"})},
		form.Row{ID: "admin", Item: form.NewTick(look, "Admin", "may do everything")},
		form.Row{ID: "scopes", Item: form.NewScopes(look, "Scopes", []form.Offer{{Scope: "chat:read"}, {Scope: "chat:*"}}, nil)},
	)
	m.SetSize(60, 18)
	return m
}

func TestTheFocusGoesRound(t *testing.T) {
	m := sample()
	var seen []string
	for range 5 {
		seen = append(seen, m.Focused())
		m.Move(1)
	}
	m.Move(-2)
	if got := strings.Join(append(seen, m.Focused()), " "); got != "name kind admin scopes name scopes" {
		t.Errorf("the focus went %s", got)
	}
}

func TestEveryItemTakesItsKeys(t *testing.T) {
	m := press(sample(), "a", "b")
	m.Move(1)
	m = press(m, "down")
	m.Move(1)
	m = press(m, "space")
	m.Move(1)
	m = press(m, "down", "space")
	if m.Value("name") != "ab" || m.Value("kind") != "person" || m.Value("admin") != "yes" || m.Value("scopes") != "chat:*|" {
		t.Errorf("values %q %q %q %q", m.Value("name"), m.Value("kind"), m.Value("admin"), m.Value("scopes"))
	}
}

func TestAnErrorShowsAfterLeavingAndGoesWithAnEdit(t *testing.T) {
	problems := map[string]string{"name": "is too short"}
	m := press(sample(), "a").Judge(problems)
	if strings.Contains(view(m), "is too short") {
		t.Error("told while typing")
	}
	m.Move(1)
	if m = m.Judge(problems); !strings.Contains(view(m), "is too short") {
		t.Error("not told after leaving")
	}
	m.Move(-1)
	if m = press(m, "b").Judge(problems); strings.Contains(view(m), "is too short") {
		t.Error("still told after an edit")
	}
}

func TestSubmitGoesToTheFirstError(t *testing.T) {
	m := sample()
	ok, _ := m.Submit(map[string]string{"scopes": "choose one", "kind": "not that"})
	if ok || m.Focused() != "kind" || !strings.Contains(view(m), "not that") || !strings.Contains(view(m), "choose one") {
		t.Errorf("ok %v, focus on %s\n%s", ok, m.Focused(), view(m))
	}
	if ok, _ := m.Submit(nil); !ok {
		t.Error("a form without problems was refused")
	}
}

func TestFormsAreValues(t *testing.T) {
	m := press(sample(), "a")
	n := press(m, "b")
	n.Move(1)
	if m.Value("name") != "a" || m.Focused() != "name" || n.Value("name") != "ab" {
		t.Errorf("the older form is %q with the focus on %s", m.Value("name"), m.Focused())
	}
}

func TestTheViewHasItsSizeAndTheFocusIsInIt(t *testing.T) {
	for _, size := range [][2]int{{0, 0}, {10, 1}, {30, 4}, {58, 8}, {100, 24}} {
		m := sample()
		m.SetSize(size[0], size[1])
		for range 4 {
			lines := m.View()
			if len(lines) != size[1] {
				t.Errorf("%v: %d lines", size, len(lines))
			}
			for _, line := range lines {
				if text.Width(line) != size[0] {
					t.Errorf("%v: a line of %d cells: %q", size, text.Width(line), line)
				}
			}
			if c := m.Cursor(); size[1] > 0 && (c == nil || c.Y < 0 || c.Y >= size[1]) {
				t.Errorf("%v: the cursor of %s is at %v", size, m.Focused(), c)
			}
			m.Move(1)
		}
	}
}

func TestAClickMovesTheFocus(t *testing.T) {
	m, _ := sample().Update(tea.MouseClickMsg{X: 20, Y: 2})
	if m.Focused() != "kind" {
		t.Errorf("the focus is on %s", m.Focused())
	}
}

func TestAnEmptyFormDoesNothing(t *testing.T) {
	m := press(form.New(), "a")
	m.Move(1)
	if m.Focused() != "" || m.Typing() || m.Cursor() != nil || m.Value("x") != "" || m.Item("x") != nil || m.Bindings() != nil {
		t.Error("an empty form has something")
	}
}

func suggest(value string) form.Suggest {
	all := []form.Candidate{{Value: "build-bot"}, {Value: "mail-bot"}, {Value: "mira"}, {Value: "bot"}}
	return form.NewSuggest(look, "Owner", "a new user…", all).WithValue(value)
}

func TestSuggestions(t *testing.T) {
	for _, c := range []struct {
		typed string
		keys  []string
		enter bool // is used by the item
		value string
		left  string // after leaving the item
	}{
		{"", nil, false, "", ""},
		{"mi", nil, true, "mira", "mira"},
		{"mira", nil, false, "mira", "mira"},
		{"bot", nil, false, "bot", "bot"},
		{"bot", []string{"down"}, true, "build-bot", "build-bot"},
		{"x", nil, false, "x", "x"},
		{"bot", []string{"down", "down", "down"}, false, "bot", "bot"}, // the last line is no value
	} {
		t.Run(c.typed+strings.Join(c.keys, " "), func(t *testing.T) {
			item, _ := form.Item(suggest(c.typed)).Focus()
			for _, k := range c.keys {
				item, _ = item.Update(message(k))
			}
			entered, used := item.(form.Enterer).Enter()
			if used != c.enter || entered.Value() != c.value {
				t.Errorf("enter used %v, value %q", used, entered.Value())
			}
			if got := entered.Blur().Value(); got != c.left {
				t.Errorf("left with %q", got)
			}
		})
	}
}

func TestTheExtraLineIsReached(t *testing.T) {
	item, _ := form.Item(suggest("mira")).Focus()
	item, _ = item.Update(message("down"))
	if !item.(form.Suggest).OnExtra() {
		t.Error("the cursor is not on the extra line")
	}
	if !strings.Contains(strings.Join(item.Size(60, 0).Lines(), "\n"), "> a new user…") {
		t.Error("the extra line is not marked")
	}
}

func TestPastedScopesAreTickedAndTheRestIsNamed(t *testing.T) {
	var item form.Item = form.NewScopes(look, "Scopes", nil, []keystore.Scope{"a:b"})
	item, _ = item.Focus()
	item, _ = item.Update(tea.PasteMsg{Content: `["c:d", "a:b"]; Bad`})
	if got := fmt.Sprint(item.(form.Scopes).Chosen()); got != "[a:b c:d]" {
		t.Errorf("chosen %s", got)
	}
	if s := strings.Join(item.Size(80, 8).Lines(), "\n"); !strings.Contains(s, `ticked 1 scope, left out "Bad"`) {
		t.Errorf("it says\n%s", s)
	}
}

func TestTextThatIsTypedButNotTickedIsTold(t *testing.T) {
	m := form.New(form.Row{ID: "scopes", Item: form.NewScopes(look, "Scopes", nil, nil)})
	m = press(m, "a", ":", "b")
	if left := m.Item("scopes").(form.Scopes).Unfinished(); !strings.Contains(left, `"a:b" is typed but not ticked`) {
		t.Errorf("it says %q", left)
	}
	m, used := m.Enter()
	if !used || fmt.Sprint(m.Item("scopes").(form.Scopes).Chosen()) != "[a:b]" {
		t.Error("enter did not tick it")
	}
	if _, used := m.Enter(); used {
		t.Error("enter was used twice")
	}
}

func TestWhen(t *testing.T) {
	cet := time.FixedZone("CET", 3600)
	at := time.Date(2027, 2, 21, 9, 0, 0, 0, time.UTC)
	for want, got := range map[string]string{
		"Sun 2027-02-21 09:00 UTC, in 90 days":                       form.When(at, now, nil),
		"Sun 2027-02-21 09:00 UTC, in 90 days, 2027-02-21 10:00 CET": form.When(at, now, cet),
		"never": form.When(time.Time{}, now, cet),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestInstant(t *testing.T) {
	for typed, want := range map[string]time.Time{
		"": {}, " now ": {}, "At once": {}, "2026-12-01": time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC),
	} {
		if got, _, err := form.Instant(typed, now, nil); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v", typed, got, err)
		}
	}
	if _, _, err := form.Instant("01/02/2027", now, nil); err == nil || !strings.Contains(err.Error(), `"01/02/2027"`) {
		t.Errorf("error %v", err)
	}
}

func TestErrorsOfTheStoreGoToTheirRows(t *testing.T) {
	other := errors.New("the disk is full")
	err := errors.Join(
		&keystore.FieldError{Field: "name", Value: "ci", Text: "is taken"},
		errors.Join(&keystore.PolicyError{Violations: []keystore.Violation{{Field: "expires", Text: "too late"}}}, other),
		fmt.Errorf("rules: %w", &iprule.ProblemError{Problems: []iprule.Problem{{Text: "a1 is dead"}}}),
	)
	rows, rest := form.Sort(err)
	if rows[form.Name] != `name "ci" is taken` || rows[form.Expiry] != "policy: too late" || rows[form.Addresses] == "" || len(rows) != 3 {
		t.Errorf("rows %v", rows)
	}
	if !errors.Is(rest, other) || errors.Is(rest, keystore.ErrInvalid) {
		t.Errorf("rest %v", rest)
	}
	if rows, rest := form.Sort(nil); len(rows) > 0 || rest != nil {
		t.Errorf("nothing gave %v, %v", rows, rest)
	}
}

func TestOffersStayWithinThePermissions(t *testing.T) {
	b := &board.Board{
		Users: []keystore.User{{Permissions: []keystore.Scope{"chat:*", "files:read"}}},
		Keys:  []keystore.KeyView{{Key: keystore.Key{Scopes: []keystore.Scope{"chat:read", "mail:send"}}}},
	}
	b.Arrange()
	scopes := func(list []form.Offer) (out []string) {
		for _, o := range list {
			out = append(out, string(o.Scope))
		}
		return out
	}
	if got := scopes(form.Offers(b, []keystore.Scope{"chat:*"}, "bot")); !slices.Equal(got, []string{"chat:*", "chat:read"}) {
		t.Errorf("offered %v", got)
	}
	if got := scopes(form.Offers(b, []keystore.Scope{}, "bot")); len(got) != 0 {
		t.Errorf("somebody without permissions is offered %v", got)
	}
	if got := scopes(form.Offers(b, nil, "")); len(got) != 4 {
		t.Errorf("without bounds %v are offered", got)
	}
}

func TestOutside(t *testing.T) {
	owner := keystore.User{ID: "1", Name: "bot", Permissions: []keystore.Scope{"chat:*"}}
	if err := form.Outside([]keystore.Scope{"chat:read"}, owner); err != nil {
		t.Error(err)
	}
	if err := form.Outside([]keystore.Scope{"mail:send"}, owner); err == nil || !strings.Contains(err.Error(), "mail:send is outside the permissions of bot (chat:*)") {
		t.Errorf("error %v", err)
	}
}

func TestAConflictIsTakenApart(t *testing.T) {
	err := error(&keystore.ConflictError{Theirs: keystore.User{Name: "bot"}})
	if u, ok := form.Conflict[keystore.User](err); !ok || u.Name != "bot" {
		t.Errorf("theirs %v, %v", u, ok)
	}
	if _, ok := form.Conflict[keystore.KeyView](err); ok {
		t.Error("a user was taken for a key")
	}
	if _, ok := form.Conflict[keystore.User](errors.New("busy")); ok {
		t.Error("any error was taken for a conflict")
	}
}
