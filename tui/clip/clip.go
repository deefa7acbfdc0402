// Package clip sends text to the operator's clipboard, which over SSH is not
// the clipboard of the machine this runs on.
//
// How it is done depends on where the terminal is, told by the operator's
// environment, never by the process's own: through tmux's own client, because
// tmux swallows clipboard sequences in its default configuration; wrapped, for
// GNU screen; by the OSC 52 sequence to the terminal in an SSH session; and on
// a local desktop by the desktop's clipboard.
//
// It promises to say what was done and no more: a terminal does not tell
// whether it took the text, so nothing here claims "copied". The text is given
// to other programs on their standard input, never as an argument, and tmux is
// made to forget it in the same step.
package clip

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/atotto/clipboard"
	"github.com/charmbracelet/x/ansi"
	"github.com/pakdeck/pakdeck/tui/text"
)

// Way is how text gets to the clipboard.
type Way uint8

// The ways, in the order in which they are considered.
const (
	Tmux     Way = iota + 1 // tmux load-buffer -w, which makes tmux send OSC 52 itself
	Screen                  // OSC 52 wrapped for GNU screen
	Terminal                // OSC 52
	Desktop                 // the desktop's clipboard on this machine
	Passthru                // OSC 52 wrapped for tmux, where its client cannot be run
)

var words = [...]string{
	Tmux:     "sent through tmux to the outer terminal; paste to check",
	Screen:   "sent through screen to your terminal (OSC 52); paste to check",
	Terminal: "sent to your terminal (OSC 52); paste to check",
	Desktop:  "on this machine's clipboard",
	Passthru: "sent through tmux to your terminal (OSC 52, needs allow-passthrough); paste to check",
}

// String says in words what is done that way.
func (w Way) String() string {
	if w == 0 || int(w) >= len(words) {
		return fmt.Sprintf("way %d", uint8(w))
	}
	return words[w]
}

// Buffer is the name of the tmux buffer that the text passes through.
const Buffer = "pakdeck"

// patience is how long another program may take.
const patience = 3 * time.Second

// screenLimit is what GNU screen takes of a wrapped sequence at once.
const screenLimit = 76

// Runner runs a program with text on its standard input.
type Runner func(ctx context.Context, stdin, name string, args ...string) error

// Clipboard knows the way for one operator.
type Clipboard struct {
	getenv  func(string) string
	goos    string
	run     Runner
	desktop func(string) error
}

// Option configures a Clipboard.
type Option func(*Clipboard)

// WithRunner replaces how programs are run.
func WithRunner(r Runner) Option { return func(c *Clipboard) { c.run = r } }

// WithDesktop replaces what writes to the desktop's clipboard.
func WithDesktop(write func(string) error) Option { return func(c *Clipboard) { c.desktop = write } }

// New returns the clipboard of the operator whose environment getenv reads, on
// an operating system as [runtime.GOOS] names it.
func New(getenv func(string) string, goos string, opts ...Option) Clipboard {
	c := Clipboard{getenv: getenv, goos: goos, run: execute, desktop: clipboard.WriteAll}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// Way returns how text will be sent.
func (c Clipboard) Way() Way {
	remote := cmp.Or(c.getenv("SSH_CONNECTION"), c.getenv("SSH_TTY"), c.getenv("SSH_CLIENT")) != ""
	display := cmp.Or(c.getenv("WAYLAND_DISPLAY"), c.getenv("DISPLAY")) != ""
	switch {
	case c.getenv("TMUX") != "":
		return Tmux
	case c.getenv("STY") != "":
		return Screen
	case !remote && (display || c.goos == "darwin" || c.goos == "windows"):
		return Desktop
	default:
		return Terminal
	}
}

// Hint says what may be in the way, or "".
func (c Clipboard) Hint() string {
	term := c.getenv("TERM")
	if c.Way() == Terminal && (strings.HasPrefix(term, "tmux") || strings.HasPrefix(term, "screen")) {
		return "tmux in between needs: set -g set-clipboard on"
	}
	return ""
}

// Sent is the message that tells what became of a [Clipboard.Copy].
type Sent struct {
	Way Way   // what was done
	Err error // why the better way failed, if it did
}

// Cleared is the message that tells what became of a [Clipboard.Clear].
type Cleared struct {
	Way Way
	Err error
}

// String says in words what was done.
func (c Cleared) String() string {
	switch {
	case c.Err != nil:
		return "not cleared: " + c.Err.Error()
	case c.Way == Desktop:
		return "this machine's clipboard is empty"
	case c.Way == Tmux:
		return "overwrote your terminal's clipboard with a blank"
	default:
		return "asked your terminal to empty its clipboard"
	}
}

// Copy returns the command that sends s; its message is a [Sent]. If tmux or
// the desktop refuse, OSC 52 is tried.
func (c Clipboard) Copy(s string) tea.Cmd {
	way := c.Way()
	if way == Tmux || way == Desktop {
		return func() tea.Msg { return c.hand(way, s) }
	}
	return c.write(way, ansi.SetSystemClipboard(s), Sent{Way: way})
}

// hand gives s to another program, or to the terminal if that fails.
func (c Clipboard) hand(way Way, s string) tea.Msg {
	err := c.give(way, s)
	if err == nil {
		return Sent{Way: way}
	}
	instead := Terminal
	if way == Tmux {
		// Not plain OSC 52: tmux would keep a copy in a buffer of its own.
		instead = Passthru
	}
	return c.write(instead, ansi.SetSystemClipboard(s), Sent{instead, err})()
}

// give gives s to another program.
func (c Clipboard) give(way Way, s string) error {
	if way == Desktop {
		return c.desktop(s)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	socket, _, _ := strings.Cut(c.getenv("TMUX"), ",")
	return c.run(ctx, s, "tmux", "-S", socket,
		"load-buffer", "-w", "-b", Buffer, "-", ";", "delete-buffer", "-b", Buffer)
}

// write returns the command that writes a sequence to the terminal, wrapped as
// the way demands, and then gives done.
func (c Clipboard) write(way Way, seq string, done tea.Msg) tea.Cmd {
	switch way {
	case Screen:
		seq = ansi.ScreenPassthrough(seq, screenLimit)
	case Passthru:
		seq = ansi.TmuxPassthrough(seq)
	}
	return tea.Sequence(tea.Raw(seq), func() tea.Msg { return done })
}

// Clear returns the command that takes from the clipboard what was sent in a
// given way; its message is a [Cleared]. It cannot know whether something else
// is on the clipboard by now.
func (c Clipboard) Clear(way Way) tea.Cmd {
	switch way {
	case Tmux:
		// tmux takes nothing empty.
		return func() tea.Msg { return Cleared{way, c.give(way, " ")} }
	case Desktop:
		return func() tea.Msg { return Cleared{way, c.give(way, "")} }
	default:
		return c.write(way, ansi.ResetSystemClipboard, Cleared{Way: way})
	}
}

// execute runs a program. Its complaint, not its input, goes into the error.
func execute(ctx context.Context, stdin, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if said := strings.TrimSpace(string(out)); said != "" {
		return fmt.Errorf("%s: %w: %s", name, err, text.Quote(said))
	}
	return fmt.Errorf("%s: %w", name, err)
}
