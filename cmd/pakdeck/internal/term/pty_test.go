package term

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// terminal is a terminal of our own: what runs on it writes to a pty, and a
// terminal emulator makes a screen of it.
type terminal struct {
	t    *testing.T
	cmd  *exec.Cmd
	pty  *os.File
	w, h int

	mu  sync.Mutex
	raw []byte
}

// onTerminal starts a command on a new terminal.
func onTerminal(t *testing.T, w, h int, env []string, name string, args ...string) *terminal {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(env, "TERM=xterm-256color")
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)})
	if err != nil {
		t.Fatal(err)
	}
	s := &terminal{t: t, cmd: cmd, pty: f, w: w, h: h}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.listen()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		f.Close()
		<-done
	})
	return s
}

func (s *terminal) listen() {
	buf := make([]byte, 32<<10)
	for {
		n, err := s.pty.Read(buf)
		s.mu.Lock()
		s.raw = append(s.raw, buf[:n]...)
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// drop ends the program on the terminal as a broken line does, without asking.
func (s *terminal) drop() {
	s.t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
}

// bytes returns all that was written to the terminal.
func (s *terminal) bytes() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.raw)
}

func (s *terminal) screen() string {
	emulator := vt.NewEmulator(s.w, s.h)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, emulator) // its answers to queries
	}()
	_, _ = emulator.Write(s.bytes())
	text := emulator.String()
	// Closing the emulator itself would race with the reader.
	if c, ok := emulator.InputPipe().(io.Closer); ok {
		_ = c.Close()
	}
	<-drained
	return text
}

func (s *terminal) typed(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.pty, text); err != nil {
		s.t.Fatal(err)
	}
}

// keys by tmux's names, so that both kinds of terminal are driven alike.
var keys = map[string]string{"Enter": "\r", "Tab": "\t", "Escape": "\x1b", "Space": " ", "C-s": "\x13", "C-u": "\x15"}

// paste sends text as a bracketed paste.
func (s *terminal) paste(text string) {
	s.t.Helper()
	s.typed("\x1b[200~" + text + "\x1b[201~")
}

func (s *terminal) press(names ...string) {
	s.t.Helper()
	for _, n := range names {
		if k, ok := keys[n]; ok {
			n = k
		}
		s.typed(n)
	}
}

func (s *terminal) see(texts ...string) string {
	s.t.Helper()
	return see(s.t, s.screen, texts...)
}

// screenOf is what the tests drive: a window of tmux or a terminal of ours.
type screenOf interface {
	press(keys ...string)
	typed(text string)
	paste(text string)
	screen() string
	see(texts ...string) string
}

// see waits until all the texts are on a screen and returns it.
func see(t *testing.T, screen func() string, texts ...string) string {
	t.Helper()
	var last string
	poll(t, fmt.Sprintf("%q", texts), func() bool {
		last = screen()
		for _, text := range texts {
			if !strings.Contains(last, text) {
				return false
			}
		}
		return true
	}, func() string { return last })
	return last
}
