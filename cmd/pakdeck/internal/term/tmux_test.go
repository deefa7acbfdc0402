package term

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tmux is a server of its own with one window, in which the program runs.
type tmux struct {
	t      *testing.T
	socket string
	env    []string
}

// inTmux starts the program in a window of the given size.
func inTmux(t *testing.T, c cli, w, h int, args ...string) *tmux {
	t.Helper()
	return runInTmux(t, c, w, h, shell(append([]string{binary}, args...)))
}

// runInTmux starts a line of sh there.
func runInTmux(t *testing.T, c cli, w, h int, line string) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	m := &tmux{t, filepath.Join(t.TempDir(), "tmux"), c.env("TERM=xterm-256color", "SHELL=/bin/sh")}
	line += `; echo "exit $?"; exec sleep 600`
	m.ok("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h), line)
	t.Cleanup(func() { _, _ = m.command("kill-server").CombinedOutput() })
	m.ok("set-option", "-g", "status", "off")
	m.ok("resize-window", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h))
	return m
}

// shell quotes words for sh.
func shell(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

func (m *tmux) command(args ...string) *exec.Cmd {
	cmd := exec.Command("tmux", append([]string{"-S", m.socket}, args...)...)
	cmd.Env = m.env
	return cmd
}

func (m *tmux) ok(args ...string) string {
	m.t.Helper()
	out, err := m.command(args...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// press sends keys by their tmux names: "Enter", "Tab", "j".
func (m *tmux) press(keys ...string) {
	m.t.Helper()
	m.ok(append([]string{"send-keys"}, keys...)...)
}

// typed sends text as if typed.
func (m *tmux) typed(text string) {
	m.t.Helper()
	m.ok("send-keys", "-l", text)
}

// paste sends text as a bracketed paste.
func (m *tmux) paste(text string) {
	m.t.Helper()
	file := filepath.Join(m.t.TempDir(), "paste")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
	m.ok("load-buffer", "-b", "typed", file)
	m.ok("paste-buffer", "-p", "-d", "-b", "typed")
}

func (m *tmux) screen() string {
	m.t.Helper()
	return m.ok("capture-pane", "-p")
}

func (m *tmux) see(texts ...string) string {
	m.t.Helper()
	return see(m.t, m.screen, texts...)
}

// gone waits until a text is not on the screen any more.
func (m *tmux) gone(text string) {
	m.t.Helper()
	poll(m.t, "the end of "+text, func() bool { return !strings.Contains(m.screen(), text) })
}
