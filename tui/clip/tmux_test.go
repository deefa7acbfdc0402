package clip_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// terminal is the outer terminal around a tmux server of its own; it records
// what tmux writes to it.
type terminal struct {
	socket string
	out    tuitest.Output
}

// startTmux starts a server with default settings and one attached client.
func startTmux(t *testing.T) *terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed: the way through a real tmux is not tested")
	}
	dir, err := os.MkdirTemp("", "clip") // t.TempDir is too long for a socket's path
	if err != nil {
		t.Fatal(err)
	}
	s := &terminal{socket: filepath.Join(dir, "s")}
	cmd := exec.Command("tmux", "-S", s.socket, "-f", "/dev/null", "new-session", "cat")
	cmd.Env = []string{"TERM=xterm-256color", "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + dir}
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(&s.out, tty)
	}()
	t.Cleanup(func() {
		_, _ = s.tmux("kill-server")
		_ = tty.Close()
		_ = cmd.Wait()
		<-read
		_ = os.RemoveAll(dir)
	})
	s.out.Await(t, "\x1b[") // the client draws: it is attached
	return s
}

func (s *terminal) tmux(args ...string) (string, error) {
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func TestARealTmuxPassesTheTextOnAndForgetsIt(t *testing.T) {
	for _, setting := range []string{"external", "on", "off"} {
		t.Run("set-clipboard "+setting, func(t *testing.T) {
			s := startTmux(t)
			if out, err := s.tmux("set-option", "-s", "set-clipboard", setting); err != nil {
				t.Fatal(err, out)
			}
			c := clip.New(env(fmt.Sprintf("TMUX=%s,1,0", s.socket)), "linux")
			sent, ok := c.Copy(secret)().(clip.Sent)
			if !ok || sent != (clip.Sent{Way: clip.Tmux}) {
				t.Fatalf("told %+v", sent)
			}
			s.out.Await(t, ";"+base64.StdEncoding.EncodeToString([]byte(secret)))
			if !strings.Contains(s.out.String(), "\x1b]52;") {
				t.Errorf("not as OSC 52: %q", s.out.String())
			}
			if out, err := s.tmux("show-buffer", "-b", clip.Buffer); err == nil {
				t.Errorf("tmux still has a buffer %q", out)
			}
			if out, _ := s.tmux("list-buffers"); out != "" {
				t.Errorf("tmux keeps %q", out)
			}
			cleared, ok := c.Clear(clip.Tmux)().(clip.Cleared)
			if !ok || cleared.Err != nil {
				t.Fatalf("told %+v", cleared)
			}
			s.out.Await(t, ";"+base64.StdEncoding.EncodeToString([]byte(" "))+"\a")
		})
	}
}

func TestARealTmuxThatIsGoneIsAnError(t *testing.T) {
	s := startTmux(t)
	if out, err := s.tmux("kill-server"); err != nil {
		t.Fatal(err, out)
	}
	c := clip.New(env(fmt.Sprintf("TMUX=%s,1,0", s.socket)), "linux")
	cleared, ok := c.Clear(clip.Tmux)().(clip.Cleared)
	if !ok || cleared.Err == nil || !strings.Contains(cleared.String(), "not cleared: tmux: ") {
		t.Errorf("told %v", cleared)
	}
}
