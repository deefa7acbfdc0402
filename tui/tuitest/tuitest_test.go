package tuitest_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

type tick time.Time

// probe writes down what it gets and shows the newest of it.
type probe struct {
	got  []string
	view string
	cmd  tea.Cmd
	x    int
}

func (p *probe) host() tea.Model {
	return tuitest.Host{
		Start:  func() tea.Cmd { return p.cmd },
		Update: p.update,
		View: func() (string, *tea.Cursor) {
			if p.x < 0 {
				return p.view, nil
			}
			return p.view, tea.NewCursor(p.x, 1)
		},
		Resize: func(w, h int) { p.got = append(p.got, fmt.Sprintf("%dx%d", w, h)) },
	}.Model()
}

func (p *probe) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		p.got = append(p.got, msg.String())
		if msg.String() == "q" {
			return tea.Quit
		}
	case tea.PasteMsg:
		p.got = append(p.got, "paste "+msg.Content)
	case tea.FocusMsg:
		p.got = append(p.got, "focus")
	case tea.BlurMsg:
		p.got = append(p.got, "blur")
	case tea.MouseClickMsg:
		p.got = append(p.got, fmt.Sprintf("click %d,%d", msg.X, msg.Y))
	case tick:
		p.got = append(p.got, "tick")
	}
	return nil
}

func (p *probe) take() string {
	s := strings.Join(p.got, " ")
	p.got = nil
	return s
}

func TestKeysArriveAsBubbleTeaNamesThem(t *testing.T) {
	names := []string{
		"j", "G", "?", "é", "支", "enter", "esc", "tab", "shift+tab", "backspace", "space", "up", "down", "left", "right",
		"home", "end", "insert", "delete", "pgup", "pgdown", "ctrl+c", "ctrl+s", "ctrl+z", "ctrl+right", "alt+x", "shift+enter",
		"f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
	}
	synctest.Test(t, func(t *testing.T) {
		p := &probe{}
		s := tuitest.Start(t, p.host(), 20, 5)
		p.take()
		for _, name := range names {
			s.Press(name)
			if got := p.take(); got != name {
				t.Errorf("pressing %s arrives as %q", name, got)
			}
		}
	})
}

func TestOtherInputArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &probe{}
		s := tuitest.Start(t, p.host(), 20, 5)
		if got := p.take(); !strings.Contains(got, "20x5") {
			t.Errorf("the first size is %q", got)
		}
		s.Type("ab c")
		s.Paste("two\nlines")
		s.Blur()
		s.Focus()
		s.Click(3, 2)
		s.Resize(30, 8)
		want := "a b space c paste two\nlines blur focus click 3,2 30x8"
		if got := p.take(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if w, h := s.Size(); w != 30 || h != 8 {
			t.Errorf("the screen is %dx%d", w, h)
		}
	})
}

func TestTheClockIsFake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &probe{cmd: tea.Tick(10*time.Minute, func(at time.Time) tea.Msg { return tick(at) })}
		s := tuitest.Start(t, p.host(), 20, 5)
		s.Advance(9 * time.Minute)
		if strings.Contains(p.take(), "tick") {
			t.Fatal("the tick came early")
		}
		s.Advance(time.Minute)
		if got := p.take(); got != "tick" {
			t.Errorf("after ten minutes: %q", got)
		}
	})
}

func TestTheScreenIsWhatATerminalShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &probe{view: "支払い " + lipgloss.NewStyle().Reverse(true).Render("row  ") + "\n\nlast", x: 2}
		s := tuitest.Start(t, p.host(), 20, 5)
		if got := s.Text(); got != "支払い row\n\nlast\n\n" {
			t.Errorf("text %q", got)
		}
		if got := s.Line(2); got != "last" || !s.Contains("last") || s.Contains("none") {
			t.Errorf("line %q", got)
		}
		if x, y := s.Find("row"); x != 7 || y != 0 {
			t.Errorf("row found at %d,%d", x, y)
		}
		if x, y := s.Find("none"); x != -1 || y != -1 {
			t.Errorf("none found at %d,%d", x, y)
		}
		if got := s.Reversed(); len(got) != 1 || got[0] != "row" {
			t.Errorf("reversed %q", got)
		}
		if c := s.Cell(0, 0); c.Text != "支" || c.Width != 2 || c.Reverse {
			t.Errorf("cell %+v", c)
		}
		if c := s.Cell(50, 50); c != (tuitest.Cell{}) {
			t.Errorf("outside: %+v", c)
		}
		if x, y, visible := s.Cursor(); x != 2 || y != 1 || !visible {
			t.Errorf("cursor %d,%d %v", x, y, visible)
		}
		p.x = -1
		s.Press("j")
		if _, _, visible := s.Cursor(); visible {
			t.Error("the cursor is still shown")
		}
		if !strings.Contains(s.ANSI(), "\x1b[7m") {
			t.Errorf("no style in %q", s.ANSI())
		}
	})
}

func TestTakeBytesCountsOnlyWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &probe{view: "aaaa", x: -1}
		s := tuitest.Start(t, p.host(), 20, 5)
		if first := s.TakeBytes(); !strings.Contains(string(first), "aaaa") {
			t.Errorf("first frame %q", first)
		}
		if again := s.TakeBytes(); len(again) != 0 {
			t.Errorf("nothing happened, but %q was written", again)
		}
		p.view = "aaab"
		s.Press("j")
		if change := s.TakeBytes(); len(change) == 0 || strings.Contains(string(change), "aaa") {
			t.Errorf("a change of one cell writes %q", change)
		}
		if s.Text()[:4] != "aaab" {
			t.Error("taking bytes loses them for the screen")
		}
	})
}

func TestColoursAndEnvironmentAreOptions(t *testing.T) {
	red := lipgloss.NewStyle().Foreground(lipgloss.Color("160")).Render("red")
	synctest.Test(t, func(t *testing.T) {
		p := &probe{view: red, x: -1}
		if c := tuitest.Start(t, p.host(), 20, 5).Cell(0, 0); c.Fg != nil {
			t.Errorf("a terminal without colours shows %v", c.Fg)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		env := ""
		m := tuitest.Host{
			Update: func(msg tea.Msg) tea.Cmd {
				if e, ok := msg.(tea.EnvMsg); ok {
					env = e.Getenv("TMUX")
				}
				return nil
			},
			View: func() (string, *tea.Cursor) { return red, nil },
		}
		s := tuitest.Start(t, m.Model(), 20, 5, tuitest.Colors(colorprofile.ANSI256), tuitest.Env("TMUX=/tmp/x,1,0"),
			tuitest.Filter(func(_ tea.Model, msg tea.Msg) tea.Msg { return msg }))
		if c := s.Cell(0, 0); c.Fg == nil {
			t.Error("a terminal with colours shows none")
		}
		if env != "/tmp/x,1,0" {
			t.Errorf("TMUX is %q", env)
		}
	})
}

func TestExited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &probe{}
		s := tuitest.Start(t, p.host(), 20, 5)
		if s.Exited() {
			t.Fatal("ended at once")
		}
		s.Press("q")
		if !s.Exited() {
			t.Error("still running")
		}
	})
}

func TestGoldenWritesAndCompares(t *testing.T) {
	t.Chdir(t.TempDir())
	path := filepath.Join("testdata", "golden", "deep", "one.txt")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("a\nb\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tuitest.Golden(t, "deep/one", "a\nb\n\n")
	if tuitest.Updating() {
		return
	}
	for name, text := range map[string]string{"deep/one": "a\nc", "none": "a"} {
		stub := &stub{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			tuitest.Golden(stub, name, text)
		}()
		if <-done; !stub.failed {
			t.Errorf("%s: %q was accepted", name, text)
		}
	}
}

// stub notes that a test would have failed.
type stub struct {
	testing.TB
	failed bool
}

func (s *stub) Helper()               {}
func (s *stub) Errorf(string, ...any) { s.failed = true }
func (s *stub) Fatalf(string, ...any) { s.failed = true; runtime.Goexit() }

func TestSVGIsWellFormedAndShowsTheScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		view := lipgloss.NewStyle().Foreground(lipgloss.Color("#ff0000")).Bold(true).Render("<red> & 支") + "\n" +
			lipgloss.NewStyle().Reverse(true).Render("sel") + "\n┌──┐ ▁█░"
		p := &probe{view: view, x: -1}
		s := tuitest.Start(t, p.host(), 20, 5, tuitest.Colors(colorprofile.TrueColor))
		var b strings.Builder
		if err := s.SVG(&b, `keys & "more"`); err != nil {
			t.Fatal(err)
		}
		svg := b.String()
		dec := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("not well-formed: %v\n%s", err, svg)
			}
		}
		for _, want := range []string{"&lt;red&gt; &amp; 支", "#ff0000", `class="b"`, ">sel<", `opacity=".25"`, "keys &amp; &#34;more&#34;", `textLength="80"`} {
			if !strings.Contains(svg, want) {
				t.Errorf("the picture lacks %s\n%s", want, svg)
			}
		}
		if n := strings.Count(svg, "<rect"); n > 12 {
			t.Errorf("%d shapes for one line of boxes: runs are not merged\n%s", n, svg)
		}
	})
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestSVGReportsWriteErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &probe{view: strings.Repeat(strings.Repeat("ab ", 30)+"\n", 50), x: -1}
		s := tuitest.Start(t, p.host(), 100, 60)
		if err := s.SVG(broken{}, "t"); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("error %v", err)
		}
	})
}
