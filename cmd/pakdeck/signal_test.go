package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

func TestInterruptWhileReading(t *testing.T) {
	b := newBench(t).filled()
	ctx, cancel := context.WithCancel(t.Context())
	in, typing := io.Pipe()
	defer typing.Close()
	var notes bytes.Buffer
	done := make(chan int, 1)
	go func() { done <- b.app(in, io.Discard, &notes).run(ctx, []string{"key", "explain", "-"}) }()
	if _, err := typing.Write([]byte("pak_")); err != nil {
		t.Fatal(err)
	}
	cancel()
	if code := <-done; code != exitInterrupted || notes.String() != "pakdeck: interrupted\n" {
		t.Errorf("exit code %d: %q", code, notes.String())
	}
}

// program runs the program of the scripts as a process of its own.
func program(t *testing.T, b *bench, args ...string) *exec.Cmd {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(os.Args[0], filepath.Join(dir, "pakdeck")); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(filepath.Join(dir, "pakdeck"), args...)
	c.Args[0] = "pakdeck"
	c.Env = append(os.Environ(), "PAKDECK_STORE="+b.store, testNow+"="+instant(b.now).String(), "LANG=C.UTF-8", "TZ=UTC")
	return c
}

func exitCode(t *testing.T, c *exec.Cmd) int {
	t.Helper()
	if err := c.Wait(); err != nil {
		if _, ok := err.(*exec.ExitError); !ok {
			t.Fatal(err)
		}
	}
	return c.ProcessState.ExitCode()
}

func TestServeEndsWithoutAnErrorWhenToldTo(t *testing.T) {
	b := newBench(t).filled()
	socket := filepath.Join(t.TempDir(), "auth.sock")
	c := program(t, b, "serve", "--listen", "unix:"+socket, "--log-format", "json")
	logs, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(logs)
	waitForLog(t, lines, "serving")
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	res, err := client.Get("http://pakdeck/auth")
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close() != nil || res.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d without a key", res.StatusCode)
	}
	client.CloseIdleConnections()
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitForLog(t, lines, "stopped")
	if code := exitCode(t, c); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	list := b.must("audit", "list", "--filter", "via:serve")
	if !strings.Contains(list, "serve.start") || !strings.Contains(list, "serve.stop") {
		t.Errorf("the journal lacks the start or the stop:\n%s", list)
	}
}

// waitForLog reads lines of JSON until one has a message.
func waitForLog(t *testing.T, lines *bufio.Scanner, message string) {
	t.Helper()
	for lines.Scan() {
		var line struct{ Msg string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		if line.Msg == message {
			return
		}
	}
	t.Fatalf("the log ended before %q", message)
}

func TestTailFollowsOtherProcesses(t *testing.T) {
	b := newBench(t).filled()
	c := program(t, b, "audit", "tail", "-f", "-n", "1", "--json", "--event", "user")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	next := func() string {
		if !lines.Scan() {
			t.Fatal("the output ended")
		}
		var r struct {
			Event  string
			Object struct{ Name string }
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		return r.Event + " " + r.Object.Name
	}
	if got := next(); got != "user.create bot" {
		t.Errorf("began with %s", got)
	}
	b.must("key", "disable", "ci")
	b.must("user", "add", "second")
	b.must("user", "disable", "second")
	for _, want := range []string{"user.create second", "user.disable second"} {
		if got := next(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, c); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
}

// What is typed at a prompt must not be seen, and an interrupt must give the
// terminal its echo back.
func TestPromptHidesWhatIsTyped(t *testing.T) {
	b := newBench(t).filled()
	secret := strings.TrimSpace(b.must("key", "create", "--user", "bot", "--name", "typed", "--expires", "1d"))
	c := program(t, b, "key", "explain", "-")
	var out bytes.Buffer
	c.Stdout = &out
	terminal, theirs := start(t, c)
	screen := readUntil(t, terminal, "Key string: ")
	if mode, err := unix.IoctlGetTermios(int(theirs.Fd()), getTermios); err != nil || mode.Lflag&unix.ECHO != 0 {
		t.Errorf("the terminal echoes at the prompt (%v)", err)
	}
	if _, err := io.WriteString(terminal, secret+"\n"); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, c); code != exitOK || !strings.Contains(out.String(), "accepted") {
		t.Errorf("exit code %d: %s", code, out.String())
	}
	_ = theirs.Close()
	rest, _ := io.ReadAll(terminal) // ends with an error when nobody has the other end
	if strings.Contains(screen+string(rest), secret[:20]) {
		t.Errorf("the terminal shows %q", screen+string(rest))
	}
}

func TestInterruptAtAPromptRestoresTheEcho(t *testing.T) {
	b := newBench(t).filled()
	c := program(t, b, "key", "explain", "-")
	terminal, _ := start(t, c)
	readUntil(t, terminal, "Key string: ")
	if _, err := terminal.Write([]byte{3}); err != nil { // ctrl+c
		t.Fatal(err)
	}
	if code := exitCode(t, c); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	if _, err := io.WriteString(terminal, "visible\n"); err != nil {
		t.Fatal(err)
	}
	readUntil(t, terminal, "visible")
}

// start runs a program on a terminal of its own, with what it has no other
// stream for, and returns our end of it and the program's.
func start(t *testing.T, c *exec.Cmd) (ours, theirs *os.File) {
	t.Helper()
	ours, theirs, err := pty.Open()
	if err != nil {
		t.Skipf("there are no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = ours.Close() })
	t.Cleanup(func() { _ = theirs.Close() })
	c.Stdin = theirs
	if c.Stdout == nil {
		c.Stdout = theirs
	}
	c.Stderr = theirs
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

// readUntil reads from a terminal until it shows a text, for which it does not
// wait for ever.
func readUntil(t *testing.T, terminal *os.File, text string) string {
	t.Helper()
	const patience = 20 * time.Second
	if err := terminal.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var seen strings.Builder
	b := make([]byte, 1)
	for !strings.Contains(seen.String(), text) {
		if _, err := terminal.Read(b); err != nil {
			t.Fatalf("waited at most %v for %q, the terminal shows %q: %v", patience, text, seen.String(), err)
		}
		seen.Write(b)
	}
	return seen.String()
}
