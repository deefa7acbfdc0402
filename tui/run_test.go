package tui_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// terminal is a real one, on which a dashboard runs.
type terminal struct {
	t     *testing.T
	ptmx  *os.File
	out   tuitest.Output
	ended chan error
	stop  context.CancelCauseFunc
}

// run starts [tui.Run] on a terminal of 100x30.
func run(t *testing.T, change func(*tui.Options)) *terminal {
	t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo terminal: %v", err)
	}
	if err := pty.Setsize(ptmx, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
		t.Fatal(err)
	}
	o := tui.Options{Store: decktest.Sample(t).Store, In: tty, Out: tty, Env: []string{"TERM=xterm-256color", "SSH_TTY=/dev/pts/0"}}
	if change != nil {
		change(&o)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	x := &terminal{t: t, ptmx: ptmx, ended: make(chan error, 1), stop: stop}
	go func() { _, _ = io.Copy(&x.out, ptmx) }()
	go func() { x.ended <- tui.Run(ctx, o) }()
	// The files are left to the collector: nobody tells when the library has
	// stopped reading from the terminal.
	t.Cleanup(func() { stop(nil) })
	return x
}

// end waits for Run to return.
func (x *terminal) end() error {
	x.t.Helper()
	select {
	case err := <-x.ended:
		return err
	case <-time.After(20 * time.Second):
		x.t.Fatal("Run does not return")
		return nil
	}
}

func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := x.ptmx.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

func TestRunUsesTheTerminalAndGivesItBack(t *testing.T) {
	x := run(t, nil)
	x.out.Await(t, "ci-deploy-staging")
	x.press("q")
	if err := x.end(); err != nil {
		t.Errorf("Run = %v", err)
	}
	x.out.Await(t, "\x1b[?1049l")
	out := x.out.String()
	for _, want := range []string{"\x1b[?1049h", "\x1b[?1004h", "\x1b[?1004l", "\x1b]2;pakdeck\a"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q was not sent", want)
		}
	}
	for _, unwanted := range []string{"\x1b[?1000h", "\x1b[?1002h", "\x1b[?1003h", "\x1b]11;#"} {
		if strings.Contains(out, unwanted) {
			t.Errorf("%q was sent: the mouse and the background are the terminal's own", unwanted)
		}
	}
}

func TestTheMouseIsTakenOnlyIfAskedFor(t *testing.T) {
	x := run(t, func(o *tui.Options) { o.Mouse = true })
	x.out.Await(t, "ci-deploy-staging")
	x.out.Await(t, "\x1b[?1002h")
	x.press(":mouse\r")
	x.out.Await(t, "\x1b[?1002l")
	x.press("q")
	if err := x.end(); err != nil {
		t.Errorf("Run = %v", err)
	}
}

func TestTheEndOfTheContextGivesTheTerminalBack(t *testing.T) {
	x := run(t, nil)
	x.out.Await(t, "ci-deploy-staging")
	hangup := errors.New("hangup")
	x.stop(hangup)
	if err := x.end(); !errors.Is(err, hangup) {
		t.Errorf("Run = %v, want the cause", err)
	}
	x.out.Await(t, "\x1b[?1049l")
}

func TestAnyValueOfNoColorMeansNoColour(t *testing.T) {
	for value, colours := range map[string]bool{"": true, "yes": false, "0": false} {
		x := run(t, func(o *tui.Options) { o.Env = append(o.Env, "NO_COLOR="+value) })
		x.out.Await(t, "ci-deploy-staging")
		x.press("q")
		if err := x.end(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(x.out.String(), "\x1b[38;5;") || strings.Contains(x.out.String(), ";38;5;"); got != colours {
			t.Errorf("NO_COLOR=%q: colours %v", value, got)
		}
	}
}

func TestNothingIsLoggedByTheLibrary(t *testing.T) {
	trace := filepath.Join(t.TempDir(), "trace.log")
	t.Setenv("TEA_TRACE", trace)
	t.Setenv("TEA_DEBUG", "true")
	x := run(t, func(o *tui.Options) { o.Env = append(o.Env, "TEA_TRACE="+trace, "TEA_DEBUG=true") })
	x.out.Await(t, "ci-deploy-staging")
	x.press("q")
	if err := x.end(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(trace); err == nil {
		t.Error("every frame was written to a file")
	}
	for _, name := range []string{"TEA_TRACE", "TEA_DEBUG"} {
		if value, ok := os.LookupEnv(name); ok {
			t.Errorf("%s is still %q", name, value)
		}
	}
}

func TestFramesAreSynchronizedIfAskedTo(t *testing.T) {
	for value, want := range map[string]bool{"on": true, "off": false} {
		x := run(t, func(o *tui.Options) { o.Env = append(o.Env, "PAKDECK_SYNC="+value) })
		x.out.Await(t, "ci-deploy-staging")
		x.press("jj")
		x.press("2")
		x.out.Await(t, "contractor")
		x.press("q")
		if err := x.end(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(x.out.String(), "\x1b[?2026h"); got != want {
			t.Errorf("PAKDECK_SYNC=%s: synchronized %v", value, got)
		}
	}
}
