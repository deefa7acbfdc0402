package lifetime_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/lifetime"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

var (
	look = theme.New(theme.Mono, theme.ASCII())
	now  = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC) // a Monday
)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// config allows 100 days at most, and has keys that end on two days.
func config(t *testing.T) lifetime.Config {
	return lifetime.Config{
		Now: now, Local: berlin(t), Policy: "at most 100 days: ok", Begin: true,
		Limit: func(at time.Time) string {
			if at.IsZero() || at.Sub(now) > 100*24*time.Hour {
				return "policy: no later than 2027-03-03"
			}
			return ""
		},
		Ends: func(*time.Location) map[expiry.Date]int {
			return map[expiry.Date]int{{Year: 2026, Month: 12, Day: 1}: 1, {Year: 2026, Month: 12, Day: 2}: 3, {Year: 2026, Month: 12, Day: 3}: 12}
		},
	}
}

func start(t *testing.T, v lifetime.Value) lifetime.Model {
	m := lifetime.New(look, config(t), v)
	m.SetSize(100, 20)
	return m
}

var named = map[string]tea.KeyPressMsg{
	"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
	"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "clear": {Code: 'u', Mod: tea.ModCtrl},
}

// press gives keys by name, tabs, and anything else as typed text.
func press(m lifetime.Model, keys ...string) lifetime.Model {
	for _, k := range keys {
		msg, ok := named[k]
		switch {
		case k == "tab":
			m.Move(1)
			continue
		case k == "back":
			m.Move(-1)
			continue
		case ok:
			m, _ = m.Update(msg)
			continue
		}
		for _, r := range k {
			m, _ = m.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return m
}

func view(m lifetime.Model) string { return strings.Join(m.View(), "\n") }

// on returns what the picker says the end is.
func on(m lifetime.Model) string {
	e, err := m.Expires()
	if err != nil {
		return err.Error()
	}
	return e.String()
}

func TestEveryWayToSayIt(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want string
	}{
		{"typed", []string{"30d"}, "2026-12-23T09:00:00Z"},
		{"end of month", []string{"eom"}, "2026-11-30T09:00:00Z"},
		{"next Friday", []string{"next fri"}, "2026-12-04T09:00:00Z"},
		{"with its own time", []string{"2026-12-24 18:00"}, "2026-12-24T18:00:00Z"},
		{"the first preset", []string{"down"}, "2026-11-30T09:00:00Z"},
		{"the last one that is allowed", []string{"up"}, "2027-02-21T09:00:00Z"},
		{"a day on the calendar", []string{"tab", "right"}, "2026-11-24T09:00:00Z"},
		{"weeks and days on the calendar", []string{"tab", "down", "down", "left"}, "2026-12-06T09:00:00Z"},
		{"a day by its number", []string{"tab", "pgdown", "24"}, "2026-12-24T09:00:00Z"},
		{"a Monday after a weekend", []string{"2026-12-06", "tab", "m"}, "2026-12-07T09:00:00Z"},
		{"a Friday before a weekend", []string{"2026-12-06", "tab", "f"}, "2026-12-04T09:00:00Z"},
		{"another time", []string{"30d", "tab", "tab", "clear", "18:30"}, "2026-12-23T18:30:00Z"},
		{"another zone", []string{"30d", "tab", "tab", "tab", "clear", "Europe/Berlin"}, "2026-12-23T08:00:00Z"},
		{"the operator's zone", []string{"30d", "tab", "tab", "tab", "down"}, "2026-12-23T08:00:00Z"},
		{"a time of its own goes before the field", []string{"12h", "tab", "tab", "clear", "18:30"}, "2026-11-24T02:32:00Z"},
		{"today at a time to come", []string{"today", "tab", "tab", "clear", "18:00"}, "2026-11-23T18:00:00Z"},
		{"never", []string{"never"}, "never"},
		{"nothing", nil, `"" is empty; try 90d, 2027-02-21 or eom`},
		{"no time of day", []string{"30d", "tab", "tab", "clear", "25:00"}, `"25:00" is no time of day; write one from 00:00 to 23:59`},
		{"no zone", []string{"30d", "tab", "tab", "tab", "clear", "Mars"}, `"Mars" names no known time zone; write UTC or a name such as Europe/Berlin`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := press(start(t, lifetime.Value{}), c.keys...)
			if got := on(m); got != c.want {
				t.Errorf("it ends %s, want %s\n%s", got, c.want, view(m))
			}
		})
	}
}

// click clicks on a text of the view.
func click(t *testing.T, m lifetime.Model, what string) lifetime.Model {
	t.Helper()
	for y, line := range m.View() {
		line = ansi.Strip(line)
		if x := strings.Index(line, what); x >= 0 {
			m, _ = m.Update(tea.MouseClickMsg{X: text.Width(line[:x]) + 1, Y: y})
			return m
		}
	}
	t.Fatalf("there is no %q in\n%s", what, view(m))
	return m
}

func TestAClickOnADayTakesIt(t *testing.T) {
	for _, w := range []int{100, 60} { // beside the fields, and in place of them
		m := start(t, lifetime.Value{Expires: "never"})
		m.SetSize(w, 20)
		m = press(m, "tab")
		m = click(t, m, "24  25  26  27  28  29")
		if on(m) != "2026-11-24T09:00:00Z" || !m.Turning() {
			t.Errorf("it ends %s\n%s", on(m), view(m))
		}
		m = click(t, m, " 19-")
		if on(m) != "2026-11-24T09:00:00Z" || !strings.Contains(view(m), "Thu 2026-11-19: it has passed") {
			t.Errorf("a day that has passed: it ends %s\n%s", on(m), view(m))
		}
		m = click(t, m, "Mo  Tu")
		if on(m) != "2026-11-24T09:00:00Z" || !m.Turning() {
			t.Errorf("no day: it ends %s\n%s", on(m), view(m))
		}
	}
}

func TestAClickOnTheDayUnderTheCursorTakesIt(t *testing.T) {
	m := start(t, lifetime.Value{Expires: "2026-11-26"})
	m = press(m, "clear", "never")
	m = click(t, m, "[26]")
	if on(m) != "2026-11-26T09:00:00Z" || !m.Turning() {
		t.Errorf("it ends %s\n%s", on(m), view(m))
	}
}

func TestForbiddenDaysAreNotTaken(t *testing.T) {
	for _, c := range []struct {
		keys []string
		says string
	}{
		{[]string{"tab", "t"}, "Mon 2026-11-23: it has passed"},
		{[]string{"tab", "pgup"}, "Wed 2026-09-30: it has passed"},
		{[]string{"tab", "}"}, "Sat 2027-10-30: policy: no later than 2027-03-03"},
	} {
		m := press(start(t, lifetime.Value{Expires: "2026-10-30"}), "clear", "2026-11-30")
		m = press(m, c.keys...)
		if on(m) != "2026-11-30T09:00:00Z" {
			t.Errorf("%v took %s", c.keys, on(m))
		}
	}
	m := press(start(t, lifetime.Value{Expires: "7d"}), "tab", "t")
	if !strings.Contains(view(m), "Mon 2026-11-23: it has passed") {
		t.Errorf("the reason is not told\n%s", view(m))
	}
	if m = press(m, "tab"); !strings.Contains(view(m), "[30]") {
		t.Errorf("the calendar did not go back to the chosen day\n%s", view(m))
	}
}

func TestClocksThatGoForwardAndBack(t *testing.T) {
	c := config(t)
	c.Now = time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC)
	c.Limit = func(time.Time) string { return "" }
	for _, x := range []struct{ day, want, says string }{
		{"2027-03-28", "2027-03-28T01:30:00Z", "does not exist"},
		{"2027-10-31", "2027-10-31T00:30:00Z", "happens twice"},
	} {
		m := lifetime.New(look, c, lifetime.Value{Expires: x.day, Clock: "02:30", Zone: "Europe/Berlin"})
		m.SetSize(100, 20)
		if on(m) != x.want || !strings.Contains(view(m), x.says) {
			t.Errorf("%s ends %s, want %s and %q\n%s", x.day, on(m), x.want, x.says, view(m))
		}
	}
}

func TestWhatIsToldOfADay(t *testing.T) {
	for typed, wants := range map[string][]string{
		"2026-12-01": {"1 other key ends", "Tuesday"},
		"2026-12-02": {"3 other keys end"},
		"2026-12-03": {"12 other keys end: much to renew at once", " 1.  2:"},
		"2026-12-05": {"no other key ends", "Saturday: nobody may be there; f Fri 4, m Mon 7"},
		"30d":        {"Wed 2026-12-23 09:00 UTC", "in 30 days", "that is 2026-12-23 10:00", "at most 100 days: ok"},
		"1y":         {"not allowed: policy"},
	} {
		m := press(start(t, lifetime.Value{}), typed)
		for _, want := range wants {
			if !strings.Contains(view(m), want) {
				t.Errorf("%s: %q is not told\n%s", typed, want, view(m))
			}
		}
	}
}

func TestErrorsAreToldAfterLeaving(t *testing.T) {
	problems := map[string]string{form.Expiry: "what is wrong with it", form.NotBefore: "nor does this begin"}
	m := press(start(t, lifetime.Value{}), "nonsense")
	m.Judge(problems)
	if strings.Contains(view(m), "what is wrong") {
		t.Error("told while typing")
	}
	m = press(m, "tab")
	m.Judge(problems)
	if !strings.Contains(view(m), "what is wrong with it") || strings.Contains(view(m), "nor does") {
		t.Errorf("not told after leaving\n%s", view(m))
	}
	if ok, _ := m.Submit(problems); ok || m.Turning() || !strings.Contains(view(m), "nor does") {
		t.Errorf("submit did not go to the first error\n%s", view(m))
	}
	if ok, _ := m.Submit(nil); !ok {
		t.Error("a picker without problems was refused")
	}
}

func TestTheValueComesBack(t *testing.T) {
	v := lifetime.Value{Expires: "30d", Clock: "18:30", Zone: "Europe/Berlin", NotBefore: "tomorrow"}
	if got := start(t, v).Value(); got != v {
		t.Errorf("filled in %+v, got %+v", v, got)
	}
	if got := start(t, lifetime.Value{Expires: "30d"}).Value(); got != (lifetime.Value{Expires: "30d"}) {
		t.Errorf("got %+v", got)
	}
}

func TestTheLongestPresetThatIsAllowed(t *testing.T) {
	m := start(t, lifetime.Value{})
	m.Longest("1y")
	if got := m.Value().Expires; got != "90d" {
		t.Errorf("it is %s", got)
	}
	m.Longest("30d")
	if got := m.Value().Expires; got != "30d" {
		t.Errorf("it is %s", got)
	}
}

func TestEverySizeHoldsTheFocus(t *testing.T) {
	for _, size := range [][2]int{{0, 0}, {20, 3}, {58, 8}, {80, 14}, {100, 20}, {140, 36}} {
		m := lifetime.New(look, config(t), lifetime.Value{Expires: "90d"})
		m.SetSize(size[0], size[1])
		for i := range 6 {
			name := fmt.Sprintf("%dx%d after %d tabs", size[0], size[1], i)
			lines := m.View()
			if len(lines) != size[1] {
				t.Errorf("%s: %d lines", name, len(lines))
			}
			for _, line := range lines {
				if text.Width(line) != size[0] {
					t.Errorf("%s: %d cells: %q", name, text.Width(line), line)
				}
			}
			if c := m.Cursor(); size[1] > 7 && (c == nil || c.X >= size[0] || c.Y >= size[1]) {
				t.Errorf("%s: the cursor is at %v", name, c)
			}
			m.Move(1)
		}
	}
}

// FuzzTyping: whatever is typed, in whatever field, is shown harmless and
// within bounds, and is either an error or a time to come.
func FuzzTyping(f *testing.F) {
	f.Add("90d", "09:00", "UTC", "now")
	f.Add("never", "", "local", "\u202e")
	f.Add("2027-03-28", "02:30", "Europe/Berlin", "\x1b[2J")
	f.Fuzz(func(t *testing.T, typed, clock, zone, begin string) {
		m := start(t, lifetime.Value{Expires: typed, Clock: clock, Zone: zone, NotBefore: begin})
		for _, line := range m.View() {
			if strings.ContainsAny(line, "\r\n\a\b\u202e") || text.Width(line) != 100 {
				t.Fatalf("%q", line)
			}
		}
		if e, err := m.Expires(); err == nil && !e.Never() && !e.At.After(now) {
			t.Fatalf("%q ends in the past, %v", typed, e)
		}
	})
}
