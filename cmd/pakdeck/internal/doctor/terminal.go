package doctor

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// Terminal is what is known of the operator's terminal.
type Terminal struct {
	Getenv        func(string) string
	GOOS          string // as runtime.GOOS
	On            bool   // a stream of the process is a terminal
	Width, Height int    // 0: it does not tell
	Colours       colorprofile.Profile
	// Tmux runs a command of the tmux that the process is in; nil runs tmux.
	Tmux func(ctx context.Context, socket string, args ...string) (string, error)
}

// checks looks at the terminal, if there is one.
func (t Terminal) checks(ctx context.Context) []Check {
	if !t.On {
		return []Check{ok("terminal", "none here: commands print, and the dashboard does not open")}
	}
	return []Check{t.kind(), t.size(), t.colours(), t.characters(), t.session(), t.clipboard(ctx)}
}

func (t Terminal) kind() Check {
	const name = "terminal"
	const better = "if the terminal can do more, say so: export TERM=xterm-256color"
	switch kind := t.Getenv("TERM"); kind {
	case "":
		return Check{Warn, name, "TERM is not set", better}
	case "dumb":
		return Check{Warn, name, "TERM=dumb: questions and answers stand for the dashboard", better}
	default:
		return ok(name, "TERM=%s", kind)
	}
}

func (t Terminal) size() Check {
	const name = "size"
	switch {
	case t.Width <= 0 || t.Height <= 0:
		return Check{Warn, name, "the terminal does not tell its size", "set it: stty cols 100 rows 30"}
	case layout.Screen{W: t.Width, H: t.Height}.TooSmall():
		return Check{Warn, name, fmt.Sprintf("%dx%d: the dashboard needs %dx%d", t.Width, t.Height, layout.MinWidth, layout.MinHeight), "make the window larger or its letters smaller"}
	}
	return ok(name, "%dx%d", t.Width, t.Height)
}

func (t Terminal) colours() Check {
	const name = "colours"
	switch kind := t.Getenv("TERM"); {
	case kind == "", kind == "dumb":
		return Check{} // said already
	case t.Getenv("NO_COLOR") != "":
		return ok(name, "none, because NO_COLOR is set")
	case t.Colours == colorprofile.TrueColor:
		return ok(name, "all")
	case t.Colours == colorprofile.ANSI256:
		return ok(name, "256")
	case t.Colours == colorprofile.ANSI:
		return ok(name, "16")
	}
	return Check{Warn, name, fmt.Sprintf("none, by TERM=%s; every state is a word, too", t.Getenv("TERM")), "if the terminal has colours, say so: export TERM=xterm-256color"}
}

func (t Terminal) characters() Check {
	const name = "characters"
	variable, value, utf8 := text.Locale(t.Getenv)
	switch {
	case utf8:
		return ok(name, "UTF-8, by %s=%s", variable, value)
	case variable == "":
		return Check{Warn, name, "ASCII, because none of LC_ALL, LC_CTYPE and LANG is set; ssh may not have passed them on", "if the terminal shows UTF-8, say so: export LANG=C.UTF-8"}
	}
	return Check{Warn, name, fmt.Sprintf("ASCII, by %s=%s", variable, value), fmt.Sprintf("if the terminal shows UTF-8, say so: export %s=C.UTF-8", variable)}
}

// session says what lies between the operator and this process.
func (t Terminal) session() Check {
	where := "on this machine"
	if from, _, _ := strings.Cut(t.Getenv("SSH_CONNECTION"), " "); from != "" {
		where = "over SSH from " + from
	}
	switch {
	case t.Getenv("TMUX") != "":
		where += ", in tmux"
	case t.Getenv("STY") != "":
		where += ", in screen"
	}
	return ok("session", "%s", where)
}

// clipboard says which way text goes to the clipboard, and what is in the way as
// far as can be told. Whether the terminal takes it, it does not tell.
func (t Terminal) clipboard(ctx context.Context) Check {
	const name = "clipboard"
	c := clip.New(t.Getenv, t.GOOS)
	switch way := c.Way(); {
	case way == clip.Tmux:
		return t.throughTmux(ctx)
	case way == clip.Desktop:
		return ok(name, "the desktop's, on this machine")
	case way == clip.Screen:
		return ok(name, "through screen to the terminal (OSC 52), which does not tell whether it takes it")
	case t.Getenv("TERM") == "linux":
		return Check{Warn, name, "a console has none", "hand keys over as files: --pak FILE"}
	case c.Hint() != "":
		return Check{Warn, name, "to the terminal (OSC 52), with a tmux in between that may keep it", "where ssh was started: tmux set -s set-clipboard on"}
	}
	return ok(name, "to the terminal (OSC 52), which does not tell whether it takes it")
}

// throughTmux asks tmux whether the terminal around it has a clipboard; only then
// does tmux send to it, whatever set-clipboard says.
func (t Terminal) throughTmux(ctx context.Context) Check {
	const name = "clipboard"
	socket, _, _ := strings.Cut(t.Getenv("TMUX"), ",")
	ask := t.Tmux
	if ask == nil {
		ask = askTmux
	}
	said, err := ask(ctx, socket, "display-message", "-p", "#{client_termname}|#{client_termfeatures}|#{set-clipboard}|#{allow-passthrough}")
	fields := strings.Split(strings.TrimSpace(said), "|")
	switch {
	case err != nil:
		return Check{Warn, name, fmt.Sprintf("tmux does not answer (%v), so text goes past it to the terminal (OSC 52)", err), "let it pass: tmux set -g allow-passthrough on"}
	case len(fields) != 4 || fields[0] == "":
		return Check{Warn, name, "tmux does not tell which terminal is around it", "use tmux 3.2 or newer, and attach to it"}
	case !slices.Contains(strings.Split(fields[1], ","), "clipboard"):
		return Check{Warn, name, fmt.Sprintf("tmux takes the terminal around it, %s, for one without clipboard", fields[0]), fmt.Sprintf("if it has one, say so and attach anew: tmux set -as terminal-features ',%s:clipboard'", fields[0])}
	}
	return ok(name, "through tmux (set-clipboard %s, allow-passthrough %s) to the terminal, which does not tell whether it takes it", fields[2], cmp.Or(fields[3], "unknown"))
}

// tmuxPatience is how long tmux may take to answer.
const tmuxPatience = 2 * time.Second

func askTmux(ctx context.Context, socket string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, tmuxPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "tmux", append([]string{"-S", socket}, args...)...).Output()
	return string(out), err
}
