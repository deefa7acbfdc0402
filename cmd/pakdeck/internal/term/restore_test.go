package term

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// leaveWith are the ways of leaving the dashboard, and the exit code of each.
var leaveWith = []struct {
	name string
	code int
	do   func(m *tmux, pid int)
}{
	{"q", 0, func(m *tmux, _ int) {
		m.press("Space")
		m.see("[x] I stored this key")
		m.press("Enter")
		m.see("NAME")
		m.press("q")
	}},
	{"ctrl+c", 0, func(m *tmux, _ int) {
		m.press("C-c")
		m.see("Quit?", listens)
		m.press("y")
	}},
	{"SIGTERM", 130, func(m *tmux, pid int) { m.signal(pid, syscall.SIGTERM) }},
	{"SIGHUP", 130, func(m *tmux, pid int) { m.signal(pid, syscall.SIGHUP) }},
	{"SIGINT", 130, func(m *tmux, pid int) { m.signal(pid, syscall.SIGINT) }},
}

func (m *tmux) signal(pid int, s syscall.Signal) {
	m.t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		m.t.Fatal(err)
	}
}

// TestTheTerminalIsGivenBackHoweverTheDashboardEnds leaves while a new key
// string is on the screen: modes, cursor, mouse and history are as they
// were, and the key is nowhere.
func TestTheTerminalIsGivenBackHoweverTheDashboardEnds(t *testing.T) {
	ways := leaveWith
	if testing.Short() {
		ways = ways[:3]
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			c := issuer(t)
			file := func(name string) string { return filepath.Join(c.home, name) }
			line := fmt.Sprintf(
				"printf 'a line before\\n'; stty -g > %[1]s; sh -c 'echo $$ > %[2]s; exec %[3]s' 2> %[4]s; code=$?; stty -g > %[5]s; (exit $code)",
				file("before"), file("pid"), binary, file("stderr"), file("after"),
			)
			m := runInTmux(t, c, 100, 30, "export TEA_TRACE="+file("trace")+" TEA_DEBUG=1; cd "+c.home+"; "+line)
			issueKey(t, m, "ci-deploy")
			pid, err := strconv.Atoi(strings.TrimSpace(read(t, file("pid"))))
			if err != nil {
				t.Fatal(err)
			}
			way.do(m, pid)
			m.see(fmt.Sprintf("exit %d", way.code), "a line before")
			if before, after := read(t, file("before")), read(t, file("after")); before != after {
				t.Errorf("the line discipline was %q and is %q", before, after)
			}
			modes := strings.TrimSpace(m.ok("display-message", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag} #{pane_title}"))
			if !strings.HasPrefix(modes, "0 1 0 0") || keyString.MatchString(modes) {
				t.Errorf("alternate screen, cursor, mouse, keypad and title are %q", modes)
			}
			for name, text := range map[string]string{"screen and history": m.ok("capture-pane", "-p", "-S", "-", "-E", "-"), "standard error": read(t, file("stderr"))} {
				if keyString.MatchString(text) {
					t.Errorf("%s holds the key string:\n%s", name, text)
				}
			}
			for _, name := range []string{"trace", "debug.log", "bubbletea-panic"} {
				if _, err := os.Stat(file(name)); err == nil {
					t.Errorf("%s was written", name)
				}
			}
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
