package term

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// issueKey makes a key with nothing but the keyboard, from the key list to the
// popup, and returns the key string that the popup shows.
func issueKey(t *testing.T, s screenOf, name string) string {
	t.Helper()
	s.see("No keys yet")
	s.press("n")
	s.see("Owner", "Name", "Description", "build-bot") // the only user there is
	s.typed(name)
	s.see(name)
	s.press("Enter")
	s.see(">2 Scopes")
	s.press("Enter")
	s.see(">3 Expiry")
	s.press("Enter")
	s.see(">4 Network", "ALLOW (0)")
	s.press("Enter")
	s.see(">5 Review", name, "nothing stands against it")
	s.press("Enter")
	screen := s.see("Key created", "shown once")
	secret := keyString.FindString(screen)
	if secret == "" {
		t.Fatalf("no key string on one line of the popup:\n%s", screen)
	}
	s.see("hides in 5") // it swallows keys until the operator has seen it
	return secret
}

func issuer(t *testing.T) cli {
	c := newCLI(t)
	c.ok("init")
	c.ok("user", "add", "build-bot", "--permission", "deploy:*")
	return c
}

var sizes = []struct{ w, h int }{{80, 24}, {100, 30}}

// copied reports whether a terminal was told to put text on the operator's
// clipboard: OSC 52, whatever selection it names.
func copied(written []byte, text string) bool {
	for part := range bytes.SplitSeq(written, []byte("\x1b]52;")) {
		_, payload, _ := bytes.Cut(part, []byte(";"))
		if bytes.HasPrefix(payload, []byte(base64.StdEncoding.EncodeToString([]byte(text)))) {
			return true
		}
	}
	return false
}

func TestACopiedKeyReachesTheTerminal(t *testing.T) {
	sizes := sizes
	if testing.Short() {
		sizes = sizes[:1]
	}
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d over SSH", size.w, size.h), func(t *testing.T) {
			c := issuer(t)
			s := onTerminal(t, size.w, size.h, c.env("SSH_CONNECTION=198.51.100.7 5000 10.0.0.1 22", "SSH_TTY=/dev/pts/0"), binary)
			secret := issueKey(t, s, "ci-deploy")
			s.press("c")
			poll(t, "the copied key", func() bool { return copied(s.bytes(), secret) })
			s.see("sent to your terminal")
			c.works(secret)
		})
		t.Run(fmt.Sprintf("%dx%d in tmux", size.w, size.h), func(t *testing.T) {
			c := issuer(t)
			m := inTmux(t, c, size.w, size.h)
			outer := onTerminal(t, size.w, size.h, m.env, "tmux", "-S", m.socket, "attach")
			secret := issueKey(t, m, "ci-deploy")
			m.press("c")
			m.see("sent through tmux")
			poll(t, "the copied key in the outer terminal", func() bool { return copied(outer.bytes(), secret) })
			if buffers := m.ok("list-buffers"); strings.Contains(buffers, "pak") {
				t.Errorf("tmux still holds a buffer:\n%s", buffers)
			}
			c.works(secret)
		})
	}
}

// works checks that a key string is accepted.
func (c cli) works(secret string) {
	c.t.Helper()
	if out, errs, code := c.run(secret+"\n", "key", "explain", "-"); code != 0 {
		c.t.Errorf("key explain: exit %d\n%s%s", code, out, errs)
	}
}

func TestASavedKeyIsPrivateAndReadable(t *testing.T) {
	c := issuer(t)
	m := inTmux(t, c, 100, 30)
	secret := issueKey(t, m, "ci-deploy")
	m.press("s")
	m.see("ci-deploy.pak")
	m.press("Enter")
	m.see("saved")
	path := filepath.Join(c.home, "ci-deploy.pak")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %04o, want 0600", mode)
	}
	sh := exec.Command("sh", "-c", `set -a; . "$1"; exec env`, "sh", path)
	sh.Env = c.env()
	out, err := sh.Output()
	if err != nil || !bytes.Contains(out, []byte("\nPAK_API_KEY="+secret+"\n")) {
		t.Errorf("sourcing it in sh gives no PAK_API_KEY (%v)", err)
	}
	c.run("", "pak", "check", path)
}

func TestTheDashboardEndsCleanlyAndLeavesNoKeyBehind(t *testing.T) {
	c := issuer(t)
	m := inTmux(t, c, 100, 30)
	secret := issueKey(t, m, "ci-deploy")
	m.paste("not a key\nat all")
	m.see("no match")
	m.paste(secret)
	m.see("match: what you pasted is this key")
	m.press("Space")
	m.see("[x] I stored this key")
	m.press("Enter")
	m.see("NAME", "ci-deploy")
	m.press("q")
	m.see("exit 0")
	everything := m.ok("capture-pane", "-p", "-S", "-", "-E", "-")
	if keyString.MatchString(everything) {
		t.Errorf("the scrollback holds a key string:\n%s", everything)
	}
}

func TestAnEncryptedPakOpensWithTheStockAge(t *testing.T) {
	if _, err := exec.LookPath("age"); err != nil {
		t.Skip("age is not installed")
	}
	c := issuer(t)
	identity := filepath.Join(c.home, "identity")
	out, err := exec.Command("age-keygen", "-o", identity).CombinedOutput()
	if err != nil {
		t.Fatalf("age-keygen: %v\n%s", err, out)
	}
	_, recipient, ok := strings.Cut(string(out), "Public key: ")
	if !ok {
		t.Fatalf("age-keygen said %q", out)
	}
	path := filepath.Join(c.home, "ci.pak")
	c.ok("key", "create", "--user", "build-bot", "--name", "ci", "--expires", "90d", "--pak", path, "--to", strings.TrimSpace(recipient))
	text, err := exec.Command("age", "-d", "-i", identity, path).Output()
	if err != nil {
		t.Fatalf("age -d: %v", err)
	}
	secret := keyString.FindString(string(text))
	if secret == "" {
		t.Fatal("the decrypted file holds no key string")
	}
	c.works(secret)
}
