package clip_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

const secret = "pak_8Zk2mVt4Q1xR_7pLw0NcY5sHd3JfB9aGe2kQm8Tz4Xv6Wn1Ub5Dr0Fs9K2Xq7A"

// env reads variables written as "A=1 B=2".
func env(vars string) func(string) string {
	all := map[string]string{}
	for v := range strings.FieldsSeq(vars) {
		name, value, _ := strings.Cut(v, "=")
		all[name] = value
	}
	return func(name string) string { return all[name] }
}

func TestTheWayDependsOnWhereTheTerminalIs(t *testing.T) {
	for _, c := range []struct {
		env, goos string
		want      clip.Way
	}{
		{"", "linux", clip.Terminal},
		{"SSH_CONNECTION=x", "linux", clip.Terminal},
		{"SSH_TTY=/dev/pts/0 DISPLAY=localhost:10.0", "linux", clip.Terminal},
		{"DISPLAY=:0", "linux", clip.Desktop},
		{"WAYLAND_DISPLAY=wayland-0", "linux", clip.Desktop},
		{"", "darwin", clip.Desktop},
		{"SSH_CLIENT=x", "darwin", clip.Terminal},
		{"TMUX=/tmp/s,1,0 DISPLAY=:0", "linux", clip.Tmux},
		{"TMUX=/tmp/s,1,0 SSH_CONNECTION=x STY=1.pts", "linux", clip.Tmux},
		{"STY=1.pts SSH_CONNECTION=x", "linux", clip.Screen},
		{"STY=1.pts DISPLAY=:0", "linux", clip.Screen},
	} {
		if got := clip.New(env(c.env), c.goos).Way(); got != c.want {
			t.Errorf("%q on %s: %v, want %v", c.env, c.goos, got, c.want)
		}
	}
}

func TestWordsNeverClaimMoreThanIsKnown(t *testing.T) {
	for _, w := range []clip.Way{clip.Tmux, clip.Screen, clip.Terminal, clip.Passthru} {
		if s := w.String(); strings.Contains(s, "copied") || !strings.Contains(s, "paste to check") {
			t.Errorf("%q", s)
		}
	}
	if got := clip.Desktop.String(); got != "on this machine's clipboard" {
		t.Errorf("%q", got)
	}
	if clip.Way(0).String() != "way 0" || clip.Way(99).String() != "way 99" {
		t.Error("unknown ways")
	}
}

func TestHintNamesAMultiplexerThatIsFarAway(t *testing.T) {
	for vars, want := range map[string]bool{
		"SSH_CONNECTION=x TERM=tmux-256color": true, "SSH_CONNECTION=x TERM=screen": true,
		"SSH_CONNECTION=x TERM=xterm": false, "TMUX=s TERM=tmux-256color": false,
	} {
		if got := clip.New(env(vars), "linux").Hint() != ""; got != want {
			t.Errorf("%q: %v", vars, got)
		}
	}
}

// result is what a test program wrote and was told.
type result struct {
	written string
	sent    clip.Sent
	cleared clip.Cleared
}

// play runs commands in a real program and returns what came of them.
func play(t *testing.T, cmds ...tea.Cmd) (r result) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := tuitest.Start(t, tuitest.Host{
			Start: func() tea.Cmd { return tea.Sequence(cmds...) },
			Update: func(msg tea.Msg) tea.Cmd {
				switch msg := msg.(type) {
				case clip.Sent:
					r.sent = msg
				case clip.Cleared:
					r.cleared = msg
				}
				return nil
			},
			View: func() (string, *tea.Cursor) { return "", nil },
		}.Model(), 20, 3)
		r.written = string(s.TakeBytes())
	})
	return r
}

func TestInAnSSHSessionTheTerminalGetsOSC52(t *testing.T) {
	c := clip.New(env("SSH_CONNECTION=x"), "linux")
	r := play(t, c.Copy(secret))
	if want := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(secret)) + "\x07"; !strings.Contains(r.written, want) {
		t.Errorf("%q lacks the sequence", r.written)
	}
	if r.sent != (clip.Sent{Way: clip.Terminal}) {
		t.Errorf("told %+v", r.sent)
	}
	r = play(t, c.Clear(clip.Terminal))
	if !strings.Contains(r.written, "\x1b]52;c;\x07") || r.cleared.String() != "asked your terminal to empty its clipboard" {
		t.Errorf("cleared with %q: %v", r.written, r.cleared)
	}
}

func TestScreenGetsTheSequenceWrapped(t *testing.T) {
	c := clip.New(env("STY=1.pts"), "linux")
	r := play(t, c.Copy(secret), c.Clear(clip.Screen))
	if !strings.Contains(r.written, ansi.ScreenPassthrough(ansi.SetSystemClipboard(secret), 76)) || r.sent.Way != clip.Screen {
		t.Errorf("%q, told %+v", r.written, r.sent)
	}
	if !strings.Contains(r.written, ansi.ScreenPassthrough(ansi.ResetSystemClipboard, 76)) {
		t.Errorf("%q does not clear", r.written)
	}
}

// recorder is a Runner that notes what it is asked to do.
type recorder struct {
	stdin, line string
	deadline    bool
	err         error
}

func (r *recorder) run(ctx context.Context, stdin, name string, args ...string) error {
	r.stdin, r.line = stdin, name+" "+strings.Join(args, " ")
	_, r.deadline = ctx.Deadline()
	return r.err
}

func TestTmuxGetsTheTextOnItsStandardInputOnly(t *testing.T) {
	rec := &recorder{}
	c := clip.New(env("TMUX=/tmp/tmux-0/main,12,0"), "linux", clip.WithRunner(rec.run))
	r := play(t, c.Copy(secret))
	const line = "tmux -S /tmp/tmux-0/main load-buffer -w -b pakdeck - ; delete-buffer -b pakdeck"
	if rec.stdin != secret || rec.line != line || !rec.deadline {
		t.Errorf("ran %q with %q on stdin, deadline %v", rec.line, rec.stdin, rec.deadline)
	}
	if r.sent != (clip.Sent{Way: clip.Tmux}) || strings.Contains(r.written, "52;") {
		t.Errorf("told %+v, wrote %q", r.sent, r.written)
	}
	if r = play(t, c.Clear(clip.Tmux)); rec.stdin != " " || rec.line != line || r.cleared.String() != "overwrote your terminal's clipboard with a blank" {
		t.Errorf("cleared by %q with %q: %v", rec.line, rec.stdin, r.cleared)
	}
}

func TestIfTmuxFailsTheSequencePassesThroughIt(t *testing.T) {
	rec := &recorder{err: errors.New("tmux: not found")}
	c := clip.New(env("TMUX=/tmp/s,1,0"), "linux", clip.WithRunner(rec.run))
	r := play(t, c.Copy(secret))
	if r.sent.Way != clip.Passthru || r.sent.Err == nil {
		t.Errorf("told %+v", r.sent)
	}
	before, after, wrapped := strings.Cut(r.written, ansi.TmuxPassthrough(ansi.SetSystemClipboard(secret)))
	if !wrapped {
		t.Errorf("wrote %q", r.written)
	}
	if strings.Contains(before+after, "]52;") {
		t.Error("the plain sequence would leave the secret in a buffer of tmux")
	}
	r = play(t, c.Clear(clip.Passthru), c.Clear(clip.Tmux))
	if !strings.Contains(r.written, ansi.TmuxPassthrough(ansi.ResetSystemClipboard)) || r.cleared.String() != "not cleared: tmux: not found" {
		t.Errorf("clearing wrote %q, told %v", r.written, r.cleared)
	}
}

func TestADesktopIsUsedOnlyWhereItIs(t *testing.T) {
	var board []string
	write := func(s string) error { board = append(board, s); return nil }
	c := clip.New(env("DISPLAY=:0"), "linux", clip.WithDesktop(write))
	r := play(t, c.Copy(secret), c.Clear(clip.Desktop))
	if fmt.Sprint(board) != fmt.Sprint([]string{secret, ""}) || r.sent.Way != clip.Desktop || strings.Contains(r.written, "52;") {
		t.Errorf("the desktop got %q, told %+v, wrote %q", board, r.sent, r.written)
	}
	if r.cleared.String() != "this machine's clipboard is empty" {
		t.Errorf("told %v", r.cleared)
	}
}

func TestIfTheDesktopFailsTheTerminalIsTried(t *testing.T) {
	c := clip.New(env("DISPLAY=:0"), "linux", clip.WithDesktop(func(string) error { return errors.New("no xclip") }))
	r := play(t, c.Copy(secret))
	if r.sent.Way != clip.Terminal || r.sent.Err == nil || !strings.Contains(r.written, ansi.SetSystemClipboard(secret)) {
		t.Errorf("told %+v, wrote %q", r.sent, r.written)
	}
}

func TestMessagesAndErrorsDoNotHoldTheText(t *testing.T) {
	c := clip.New(env("TMUX=/nonexistent/socket,1,0"), "linux")
	msg := fmt.Sprintf("%+v %#v", play(t, c.Copy(secret)).sent, c)
	if strings.Contains(msg, secret[20:40]) {
		t.Errorf("the secret is in %q", msg)
	}
}
