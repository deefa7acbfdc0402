package toast_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/toast"
)

var look = theme.New(theme.Dark, theme.Unicode())

// pushMsg makes the host push a toast.
type pushMsg toast.Toast

func start(t *testing.T, m *toast.Model) *tuitest.Screen {
	t.Helper()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			if push, ok := msg.(pushMsg); ok {
				*m, cmd = m.Push(toast.Toast(push))
				return cmd
			}
			*m, cmd = m.Update(msg)
			return cmd
		},
		View: func() (string, *tea.Cursor) { return m.Line(60), nil },
	}.Model(), 60, 3)
}

func TestToastsExpireByTheirLevel(t *testing.T) {
	for _, c := range []struct {
		level toast.Level
		after time.Duration
	}{{toast.OK, 5 * time.Second}, {toast.Info, 5 * time.Second}, {toast.Warn, 10 * time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			m := toast.New(look)
			s := start(t, &m)
			s.Send(pushMsg{Level: c.level, Text: "saved"})
			s.Advance(c.after - time.Second)
			if want := fmt.Sprintf(" %s  saved", c.level); s.Line(0) != want {
				t.Errorf("before its time: %q, want %q", s.Line(0), want)
			}
			s.Advance(time.Second)
			if s.Line(0) != "" {
				t.Errorf("%v stays: %q", c.level, s.Line(0))
			}
		})
	}
}

func TestAFailureStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toast.New(look)
		s := start(t, &m)
		s.Send(pushMsg{Level: toast.Fail, Text: "store busy"})
		s.Advance(5 * time.Minute)
		if s.Line(0) != " fail  store busy" {
			t.Errorf("gone: %q", s.Line(0))
		}
		m = m.Dismiss()
		s.Press("x")
		if s.Line(0) != "" {
			t.Errorf("dismissed, but %q", s.Line(0))
		}
	})
}

func TestAHintCountsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toast.New(look)
		s := start(t, &m)
		s.Send(pushMsg{Level: toast.OK, Text: "disabled contractor-2025", Hint: "U undo", Stay: 10 * time.Second})
		if want := " ok  disabled contractor-2025                  U undo (10s)"; s.Line(0) != want {
			t.Errorf("line %q, want %q", s.Line(0), want)
		}
		s.Advance(3 * time.Second)
		if !strings.HasSuffix(s.Line(0), "U undo (7s)") {
			t.Errorf("after 3 s: %q", s.Line(0))
		}
		s.Advance(7 * time.Second)
		if _, shown := m.Current(); shown || s.Line(0) != "" {
			t.Errorf("after 10 s: %q", s.Line(0))
		}
	})
}

func TestALateTickDoesNotTakeANewerToast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toast.New(look)
		s := start(t, &m)
		s.Send(pushMsg{Text: "first"})
		s.Advance(4 * time.Second)
		s.Send(pushMsg{Text: "second"})
		s.Advance(3 * time.Second)
		if s.Line(0) != " info  second" {
			t.Errorf("the tick of the first took the second: %q", s.Line(0))
		}
		other := toast.New(look)
		other, _ = other.Push(toast.Toast{Text: "third"})
		_, cmd := toast.New(look).Push(toast.Toast{Text: "elsewhere"})
		other, _ = other.Update(cmd())
		if _, shown := other.Current(); !shown {
			t.Error("a tick of another line took the toast")
		}
	})
}

func TestTheLogKeepsTheLast200(t *testing.T) {
	m := toast.New(look)
	for i := range 205 {
		m, _ = m.Push(toast.Toast{Text: fmt.Sprint(i), At: time.Unix(int64(i), 0)})
	}
	log := m.Log()
	if len(log) != toast.LogSize || log[0].Text != "5" || log[199].Text != "204" || log[199].At.Unix() != 204 {
		t.Errorf("%d messages, from %q to %q", len(log), log[0].Text, log[len(log)-1].Text)
	}
	older := m
	_, _ = m.Push(toast.Toast{Text: "new"})
	if got := older.Log(); got[199].Text != "204" {
		t.Errorf("an older value's log changed to %q", got[199].Text)
	}
}

func TestLineIsExactAndHarmless(t *testing.T) {
	m := toast.New(look)
	m, _ = m.Push(toast.Toast{Level: 99, Text: "支払い \x1b[2J\nrest", Hint: "U\x1b undo"})
	for w := range 80 {
		line := m.Line(w)
		if text.Width(line) != w || strings.Contains(line, "\x1b[2J") || strings.Contains(line, "\n") {
			t.Errorf("%d cells: %q takes %d", w, line, text.Width(line))
		}
	}
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	if line := m.Line(40); strings.Contains(line, "38;5") {
		t.Errorf("the new theme is not used: %q", line)
	}
	if got := toast.New(look).Line(5); got != "     " {
		t.Errorf("without a message: %q", got)
	}
}
