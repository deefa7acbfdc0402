package tui

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/creack/pty"
	"golang.org/x/term"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// trap is a screen that panics at one of its tasks once a key was pressed.
type trap struct {
	screen.Screen
	task  string // "Update", "View" or "Cmd"
	armed bool
}

func (t trap) Why(keymap.Action) string            { return "" }
func (t trap) Act(string) (screen.Screen, tea.Cmd) { return t, nil }

func (t trap) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	if _, pressed := msg.(tea.KeyPressMsg); !pressed {
		t.Screen, _ = t.Screen.Update(msg)
		return t, nil
	}
	switch t.armed = true; t.task {
	case "Update":
		panic("a defect in Update")
	case "Cmd":
		return t, func() tea.Msg { panic("a defect in a command") }
	}
	return t, nil
}

func (t trap) View() screen.View {
	if t.armed && t.task == "View" {
		panic("a defect in View")
	}
	return t.Screen.View()
}

// withSecret returns a dashboard that shows a new key string, with a trap.
func withSecret(t *testing.T, task string, tty *os.File) (Model, Options, string) {
	t.Helper()
	st := storetest.New(t)
	u, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot", Permissions: []keystore.Scope{"a:b"}})
	if err != nil {
		t.Fatal(err)
	}
	v, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: "ci"})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Store: st, In: tty, Out: tty, Env: []string{"TERM=xterm-256color", "SSH_TTY=/dev/pts/0"}}
	m, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := board.Load(t.Context(), st, nil)
	if err != nil {
		t.Fatal(err)
	}
	m.loaded(loadedMsg{store: st, board: b, changed: true})
	m.handOver(screen.Issued{Key: v, Secret: secret})
	m.places.set(trap{Screen: m.places.top(), task: task})
	return m, o, secret.Reveal()
}

var title = regexp.MustCompile(`\x1b\][0-2];([^\a\x1b]*)`)

// TestADefectGivesTheTerminalBackAndTellsNoSecret has the program panic while
// a key string is on the screen.
func TestADefectGivesTheTerminalBackAndTellsNoSecret(t *testing.T) {
	for _, task := range []string{"Update", "View", "Cmd"} {
		t.Run(task, func(t *testing.T) {
			ptmx, tty, err := pty.Open()
			if err != nil {
				t.Skipf("no pseudo terminal: %v", err)
			}
			if err := pty.Setsize(ptmx, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
				t.Fatal(err)
			}
			before, err := term.GetState(int(tty.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			trace := filepath.Join(t.TempDir(), "trace")
			t.Setenv("TEA_TRACE", trace)
			t.Setenv("TEA_DEBUG", "1")
			t.Chdir(t.TempDir())
			stderr := divert(t)
			var out tuitest.Output
			go func() { _, _ = io.Copy(&out, ptmx) }()
			m, o, secret := withSecret(t, task, tty)
			ended := make(chan error, 1)
			go func() { ended <- run(t.Context(), m, o) }()
			out.Await(t, secret)
			if _, err := ptmx.WriteString("b"); err != nil {
				t.Fatal(err)
			}
			select {
			case err = <-ended:
			case <-time.After(20 * time.Second):
				t.Fatal("the program goes on after a panic")
			}
			if !errors.Is(err, tea.ErrProgramPanic) {
				t.Errorf("run = %v", err)
			}
			out.Await(t, "\x1b[?1049l")
			after, err := term.GetState(int(tty.Fd()))
			if err != nil || *after != *before {
				t.Errorf("the terminal's mode is not as it was: %v", err)
			}
			told := stderr() + content(os.ReadFile(trace))
			if told == "" || strings.Contains(told, secret) {
				t.Errorf("stderr and trace hold %q", told)
			}
			for _, found := range title.FindAllStringSubmatch(out.String(), -1) {
				if found[1] != "" && found[1] != "pakdeck" {
					t.Errorf("the window's title was %q", found[1])
				}
			}
			if files, _ := os.ReadDir("."); len(files) > 0 {
				t.Errorf("files were written: %v", files)
			}
		})
	}
}

// content is what a file holds, if there is one.
func content(b []byte, _ error) string { return string(b) }

// divert sends standard error to a file until the function that it returns is
// called, which returns what was written.
func divert(t *testing.T) func() string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	was := os.Stderr
	os.Stderr = f
	t.Cleanup(func() { os.Stderr = was })
	return func() string {
		os.Stderr = was
		_ = f.Close()
		b, err := os.ReadFile(f.Name())
		if err != nil {
			t.Error(err)
		}
		return string(b)
	}
}
