package secretbox_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
	"github.com/pakdeck/pakdeck/tui/widget/secretbox"
)

var look = theme.New(theme.Dark, theme.Unicode())

const (
	secret = "pak_8Zk2mVt4Q1xR_7pLw0NcY5sHd3JfB9aGe2kQm8Tz4Xv6Wn1Ub5Dr0Fs9K2Xq7A"
	mask   = "pak_8Zk2mVt4Q1xR_•••••••••••••••••••••••••••••••••••••••••••••2Xq7"
)

func box() secretbox.Model { return secretbox.New(look, mask, func() string { return secret }) }

// start shows a box; the key "z" closes it.
func start(t *testing.T, m *secretbox.Model, w int) *tuitest.Screen {
	t.Helper()
	return tuitest.Start(t, tuitest.Host{
		Update: func(msg tea.Msg) (cmd tea.Cmd) {
			if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == "z" {
				*m = m.Close()
				return nil
			}
			*m, cmd = m.Update(msg)
			return cmd
		},
		View:   func() (string, *tea.Cursor) { return m.View() + "\n" + m.Status(), nil },
		Resize: func(w, _ int) { m.SetWidth(w) },
	}.Model(), w, 4)
}

func TestTheSecretHidesAfterAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := box()
		s := start(t, &m, 70)
		if s.Contains(secret) || !s.Contains(mask) || !s.Contains("masked") {
			t.Fatalf("a new box shows\n%s", s.Text())
		}
		s.Press("m")
		if !s.Contains(secret) || !s.Contains("hides in 60s") {
			t.Fatalf("unmasked:\n%s", s.Text())
		}
		s.Advance(13 * time.Second)
		if !s.Contains("hides in 47s") || m.Left() != 47*time.Second {
			t.Errorf("after 13 s: %q", s.Line(1))
		}
		s.Advance(46 * time.Second)
		if !m.Shown() {
			t.Error("hidden too early")
		}
		s.Advance(time.Second)
		if m.Shown() || s.Contains(secret) || !s.Contains(mask) {
			t.Errorf("after a minute:\n%s", s.Text())
		}
	})
}

func TestTheSecretHidesOnBlurAndByKey(t *testing.T) {
	for name, hide := range map[string]func(*tuitest.Screen){
		"blur": (*tuitest.Screen).Blur,
		"m":    func(s *tuitest.Screen) { s.Press("m") },
	} {
		synctest.Test(t, func(t *testing.T) {
			m := box()
			s := start(t, &m, 70)
			s.Press("m")
			hide(s)
			if m.Shown() || s.Contains(secret) {
				t.Errorf("%s: still shown", name)
			}
			s.Focus()
			if m.Shown() {
				t.Errorf("%s: it came back with the focus", name)
			}
		})
	}
}

func TestShowingAgainStartsAnewMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := box()
		s := start(t, &m, 70)
		s.Press("m")
		s.Advance(50 * time.Second)
		s.Press("m", "m")
		s.Advance(50 * time.Second)
		if !m.Shown() {
			t.Error("the first minute's ticks hid the second showing")
		}
		s.Advance(11 * time.Second)
		if m.Shown() {
			t.Error("it stays")
		}
	})
}

func TestAClosedBoxIsEmptyInEveryCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := box()
		early := m
		s := start(t, &m, 70)
		s.Press("m")
		open := m
		s.Press("z", "m")
		if s.Contains(secret) || !s.Contains("closed") || !m.Closed() {
			t.Errorf("closed:\n%s", s.Text())
		}
		for _, copied := range []secretbox.Model{early, open} {
			copied, cmd := copied.Show()
			if copied.Shown() || cmd != nil || strings.Contains(copied.View(), secret) {
				t.Error("a copy still opens")
			}
		}
	})
}

func TestNothingPrintsTheSecret(t *testing.T) {
	m, _ := box().Show()
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("box", "model", m)
	encoded, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{
		fmt.Sprint(m), fmt.Sprintf("%v %+v %#v %s %q %x %d", m, m, m, m, m, m, m),
		fmt.Sprint([]secretbox.Model{m}), fmt.Sprintf("%+v", struct{ M secretbox.Model }{m}), m.String(), m.GoString(), log.String(), string(encoded),
	} {
		if strings.Contains(got, "7pLw0Nc") || !strings.Contains(got, "[secret]") {
			t.Errorf("printed as %q", got)
		}
	}
}

func TestTicksPrintNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, cmd := box().Show()
		if got := fmt.Sprintf("%v %+v", cmd(), cmd); strings.Contains(got, "7pLw0Nc") {
			t.Errorf("a tick prints %q", got)
		}
	})
}

func TestALongSecretIsBrokenIntoExactLines(t *testing.T) {
	m, _ := box().Show()
	for _, w := range []int{20, 56, 66, 80} {
		m.SetWidth(w)
		joined := ""
		for line := range strings.SplitSeq(m.View(), "\n") {
			if text.Width(line) != w {
				t.Errorf("%d cells: line %q", w, line)
			}
			joined += strings.TrimRight(line, " ")
		}
		if joined != secret {
			t.Errorf("%d cells: the lines make %q", w, joined)
		}
	}
}

func TestANewThemeIsUsed(t *testing.T) {
	m := box()
	before := m.View()
	m.SetTheme(theme.New(theme.Mono, theme.ASCII()))
	if after := m.View(); !strings.Contains(before, "38;5;") || strings.Contains(after, "38;5;") {
		t.Errorf("before %q\nafter %q", before, after)
	}
}
