package doctor

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
)

// terminal is one with which nothing is wrong, in an environment "A=1 B=2".
func terminal(env string) Terminal {
	all := map[string]string{"TERM": "xterm-256color", "LANG": "C.UTF-8"}
	for v := range strings.FieldsSeq(env) {
		name, value, _ := strings.Cut(v, "=")
		all[name] = value
	}
	return Terminal{
		Getenv: func(name string) string { return all[name] }, GOOS: "linux", On: true,
		Width: 100, Height: 30, Colours: colorprofile.ANSI256,
	}
}

// said returns what one check of some is, as "grade: found; do".
func said(t *testing.T, checks []Check, name string) string {
	t.Helper()
	for _, c := range checks {
		if c.Name != name {
			continue
		}
		if (c.Grade == OK) != (c.Do == "") {
			t.Errorf("%s is %s, but what to do is %q", name, c.Grade, c.Do)
		}
		return strings.TrimSuffix(string(c.Grade)+": "+c.Found+"; "+c.Do, "; ")
	}
	t.Errorf("no check %s", name)
	return ""
}

func TestTheTerminal(t *testing.T) {
	const osc = "(OSC 52), which does not tell whether it takes it"
	for _, c := range []struct{ env, check, want string }{
		{"", "terminal", "ok: TERM=xterm-256color"},
		{"TERM=", "terminal", "warn: TERM is not set; if the terminal can do more, say so: export TERM=xterm-256color"},
		{"TERM=dumb", "terminal", "warn: TERM=dumb: questions and answers stand for the dashboard; if"},
		{"", "characters", "ok: UTF-8, by LANG=C.UTF-8"},
		{"LC_ALL=POSIX", "characters", "warn: ASCII, by LC_ALL=POSIX; if the terminal shows UTF-8, say so: export LC_ALL=C.UTF-8"},
		{"LANG=", "characters", "warn: ASCII, because none of LC_ALL, LC_CTYPE and LANG is set; ssh may not have passed them on; if"},
		{"", "session", "ok: on this machine"},
		{"SSH_CONNECTION=192.0.2.7", "session", "ok: over SSH from 192.0.2.7"},
		{"SSH_CONNECTION=192.0.2.7 STY=1.pts", "session", "ok: over SSH from 192.0.2.7, in screen"},
		{"", "clipboard", "ok: to the terminal " + osc},
		{"DISPLAY=:0", "clipboard", "ok: the desktop's, on this machine"},
		{"DISPLAY=:10 SSH_TTY=/dev/pts/1", "clipboard", "ok: to the terminal " + osc},
		{"STY=1.pts", "clipboard", "ok: through screen to the terminal " + osc},
		{"TERM=linux", "clipboard", "warn: a console has none; hand keys over as files: --pak FILE"},
		{"TERM=tmux-256color SSH_TTY=/dev/pts/1", "clipboard", "warn: to the terminal (OSC 52), with a tmux in between that may keep it; where ssh was started: tmux set -s set-clipboard on"},
		{"NO_COLOR=1", "colours", "ok: none, because NO_COLOR is set"},
		{"", "colours", "ok: 256"},
	} {
		if got := said(t, terminal(c.env).checks(t.Context()), c.check); !strings.HasPrefix(got, c.want) {
			t.Errorf("%q: %s is %q, want %q", c.env, c.check, got, c.want)
		}
	}
	for profile, want := range map[colorprofile.Profile]string{
		colorprofile.TrueColor: "ok: all", colorprofile.ANSI: "ok: 16",
		colorprofile.ASCII: "warn: none, by TERM=vt100; every state is a word, too; if",
		colorprofile.NoTTY: "warn: none, by TERM=vt100",
	} {
		x := terminal("TERM=vt100")
		x.Colours = profile
		if got := said(t, []Check{x.colours()}, "colours"); !strings.HasPrefix(got, want) {
			t.Errorf("%v: %q, want %q", profile, got, want)
		}
	}
	for size, want := range map[[2]int]string{
		{60, 16}: "ok: 60x16", {59, 16}: "warn: 59x16: the dashboard needs 60x16; make", {60, 15}: "warn: 60x15: ",
		{0, 0}: "warn: the terminal does not tell its size; set it: stty cols 100 rows 30",
	} {
		x := terminal("")
		x.Width, x.Height = size[0], size[1]
		if got := said(t, []Check{x.size()}, "size"); !strings.HasPrefix(got, want) {
			t.Errorf("%v: %q, want %q", size, got, want)
		}
	}
}

func TestTmuxIsAskedWhatIsAroundIt(t *testing.T) {
	for _, c := range []struct {
		answer string
		err    error
		want   string
	}{
		{"xterm-256color|bpaste,clipboard,title|external|0\n", nil, "ok: through tmux (set-clipboard external, allow-passthrough 0) to the terminal"},
		{"xterm|clipboard|on|\n", nil, "ok: through tmux (set-clipboard on, allow-passthrough unknown)"},
		{"vt100|bpaste,title|external|0\n", nil, "warn: tmux takes the terminal around it, vt100, for one without clipboard; if it has one, say so and attach anew: tmux set -as terminal-features ',vt100:clipboard'"},
		{"||external|0\n", nil, "warn: tmux does not tell which terminal is around it; "},
		{"", errors.New("exit status 1"), "warn: tmux does not answer (exit status 1), so text goes past it to the terminal (OSC 52); let it pass: tmux set -g allow-passthrough on"},
	} {
		x := terminal("TMUX=/tmp/s,1,0 SSH_CONNECTION=192.0.2.7")
		x.Tmux = func(_ context.Context, socket string, _ ...string) (string, error) {
			if socket != "/tmp/s" {
				t.Errorf("asked %s", socket)
			}
			return c.answer, c.err
		}
		checks := x.checks(t.Context())
		if got := said(t, checks, "clipboard"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%q: %q, want %q", c.answer, got, c.want)
		}
		if got := said(t, checks, "session"); got != "ok: over SSH from 192.0.2.7, in tmux" {
			t.Error(got)
		}
	}
	gone := terminal("TMUX=" + t.TempDir() + "/nobody,1,0")
	if got := said(t, gone.checks(t.Context()), "clipboard"); !strings.HasPrefix(got, "warn: tmux does not answer (") {
		t.Errorf("a tmux that is gone: %q", got)
	}
}

func TestWithoutATerminalNothingIsSaidOfIt(t *testing.T) {
	x := terminal("TERM=dumb LANG=C")
	x.On = false
	if got := x.checks(t.Context()); len(got) != 1 || got[0].Grade != OK {
		t.Errorf("%+v", got)
	}
}
