package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/calendar"
)

var (
	look  = theme.New(theme.Dark, theme.Unicode())
	today = calendar.Date{Year: 2026, Month: time.November, Day: 23}
)

// about lets nothing before today be chosen, and marks the 26th of each month.
func about(d calendar.Date) calendar.Day {
	switch {
	case d.Year < 2026, d.Year == 2026 && d.Month < time.November, d.Year == 2026 && d.Month == time.November && d.Day <= 23:
		return calendar.Day{Why: "it has passed"}
	case d.Day == 26:
		return calendar.Day{Sign: "#"}
	}
	return calendar.Day{}
}

func start(t *testing.T, m *calendar.Model, w, h int) *tuitest.Screen {
	t.Helper()
	m.Focus()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			*m, cmd = m.Update(msg)
			return cmd
		},
		View:   func() (string, *tea.Cursor) { return m.View(), m.Cursor() },
		Resize: func(w, _ int) { m.SetWidth(w) },
	}.Model(), w, h)
}

func name(d calendar.Date) string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

func TestKeysMove(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"right", "2026-11-24"},
		{"l l + +", "2026-11-27"},
		{"left h -", "2026-11-20"},
		{"down j", "2026-12-07"},
		{"up k", "2026-11-09"},
		{"pgdown", "2026-12-23"},
		{"pgup pgup", "2026-09-23"},
		{"}", "2027-11-23"},
		{"{", "2025-11-23"},
		{"pgdown t", "2026-11-23"},
		{"m", "2026-11-30"},
		{"f", "2026-11-20"},
		{"2 9 m", "2026-11-30"},
		{"2 9 f", "2026-11-27"},
		{"2 7 f", "2026-11-20"},
		{"5", "2026-11-05"},
		{"2 5", "2026-11-25"},
		{"3 1", "2026-11-01"}, // November has 30 days
		{"0 7", "2026-11-07"},
		{"2 right 5", "2026-11-05"}, // other keys end the number
		{"3 0 pgdown pgdown pgdown", "2027-02-28"},
		{"x tab enter", "2026-11-23"},
	} {
		t.Run(c.keys, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := calendar.New(look, today, about)
				start(t, &m, 60, 10).Press(strings.Fields(c.keys)...)
				if got := name(m.Day()); got != c.want {
					t.Errorf("the cursor is on %s, want %s", got, c.want)
				}
			})
		})
	}
}

func TestLeapDaysAndYearEnds(t *testing.T) {
	leap := calendar.Date{Year: 2028, Month: time.February, Day: 29}
	if got := name(leap.AddMonths(12)); got != "2029-02-28" {
		t.Errorf("a year after the leap day is %s", got)
	}
	if got := name(leap.AddDays(366)); got != "2029-03-01" {
		t.Errorf("366 days after the leap day is %s", got)
	}
	if got := name(calendar.Date{Year: 2026, Month: time.December, Day: 31}.AddMonths(-1)); got != "2026-11-30" {
		t.Errorf("a month before new year's eve is %s", got)
	}
}

func TestTheCursorNeverLeavesTheView(t *testing.T) {
	for _, w := range []int{28, 60} {
		synctest.Test(t, func(t *testing.T) {
			m := calendar.New(look, today, about)
			s := start(t, &m, w, 10)
			for _, k := range strings.Fields("pgdown pgdown pgdown up } { { pgup down 3 1 m f t") {
				s.Press(k)
				want := fmt.Sprintf("[%2d]", m.Day().Day)
				x, y, visible := s.Cursor()
				if at, line := s.Find(want); !visible || at != x-1 || line != y {
					t.Errorf("after %s the cursor is at %d,%d and %s at %d,%d\n%s", k, x, y, want, at, line, s.Text())
				}
				if !s.Contains(m.Day().Month.String()) {
					t.Errorf("after %s the month is not in view\n%s", k, s.Text())
				}
			}
		})
	}
}

func TestPagesTurnOnlyIfNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := calendar.New(look, today, about)
		s := start(t, &m, 60, 10)
		s.Press("pgdown")
		if !s.Contains("November 2026     ") || !s.Contains("December 2026") {
			t.Errorf("the page was turned, although both months fit\n%s", s.Text())
		}
		s.Press("pgdown")
		if s.Contains("November") || !s.Contains("January 2027") {
			t.Errorf("the page was not turned by one\n%s", s.Text())
		}
	})
}

func TestForbiddenDaysAreReachedWithAReason(t *testing.T) {
	m := calendar.New(look, today, about)
	if m.Why() != "it has passed" {
		t.Errorf("today: %q", m.Why())
	}
	m.Go(today.AddDays(1))
	if m.Why() != "" {
		t.Errorf("tomorrow: %q", m.Why())
	}
	if !strings.Contains(m.View(), "22"+calendar.Forbidden) {
		t.Error("a day that cannot be chosen has no sign")
	}
}

func TestWithoutTheFocusNothingMoves(t *testing.T) {
	m := calendar.New(look, today, about)
	m, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyRight})
	if m.Day() != today || m.Cursor() != nil {
		t.Errorf("the cursor moved to %s", name(m.Day()))
	}
}

func TestDayAtIsTheDayThatIsDrawnThere(t *testing.T) {
	for _, w := range []int{28, 60} {
		m := calendar.New(look, today, about)
		m.SetWidth(w)
		found := map[calendar.Date]int{}
		for y := -1; y <= calendar.Height; y++ {
			for x := -1; x <= w; x++ {
				d, ok := m.DayAt(x, y)
				if !ok {
					continue
				}
				found[d]++
				line := ansi.Strip(strings.Split(m.View(), "\n")[y])
				if at := x / 4 * 4; !strings.Contains(line[at:at+4], fmt.Sprintf("%2d", d.Day)) {
					t.Fatalf("at %d,%d is %q, not %s", x, y, line[at:at+4], name(d))
				}
			}
		}
		want := 30 // November
		if w == 60 {
			want += 31 // and December
		}
		if len(found) != want {
			t.Errorf("%d days are found at width %d, not %d", len(found), w, want)
		}
		for d, n := range found {
			if n != 4 {
				t.Errorf("%s is found on %d cells", name(d), n)
			}
		}
	}
}

func TestEveryLineHasTheWidth(t *testing.T) {
	for _, w := range []int{0, 5, 28, 59, 60, 61, 100} {
		m := calendar.New(look, today, about)
		m.SetWidth(w)
		lines := strings.Split(m.View(), "\n")
		if len(lines) != calendar.Height {
			t.Errorf("%d lines at width %d", len(lines), w)
		}
		for _, line := range lines {
			if text.Width(line) != w {
				t.Errorf("a line of %d cells at width %d: %q", text.Width(line), w, line)
			}
		}
	}
}

func TestGolden(t *testing.T) {
	for _, w := range []int{28, 60} {
		synctest.Test(t, func(t *testing.T) {
			m := calendar.New(theme.New(theme.Mono, theme.Unicode()), today, about)
			s := start(t, &m, w, 9)
			s.Press("right")
			s.Golden(fmt.Sprintf("%d", w))
		})
	}
}
