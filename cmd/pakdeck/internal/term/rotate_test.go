package term

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// issued makes n keys on the command line and returns their key strings.
func (c cli) issued(n int) []string {
	c.t.Helper()
	var out []string
	for i := range n {
		out = append(out, c.ok("key", "create", "--user", "build-bot", "--name", fmt.Sprintf("key-%02d", i), "--expires", "90d"))
	}
	return out
}

// refused checks that a key string is not accepted.
func (c cli) refused(secret string) {
	c.t.Helper()
	if out, errs, code := c.run(secret+"\n", "key", "explain", "-"); code != 1 {
		c.t.Errorf("key explain: exit %d, want 1\n%s%s", code, out, errs)
	}
}

// One key, from the list to the end of the old secret, in at most 8 key
// presses; the name that has to be typed because nobody listened apart.
func TestAKeyIsRotatedWithEightKeys(t *testing.T) {
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size.w, size.h), func(t *testing.T) {
			c := issuer(t)
			old := c.issued(1)[0]
			m := inTmux(t, c, size.w, size.h)
			presses := 0
			press := func(key string, then ...string) string {
				presses++
				m.press(key)
				return m.see(then...)
			}
			m.see("key-00")
			press("r", "one secret, made")
			press("r", "Rotate build-bot/key-00?")
			press("y", "shown once")
			secret := ""
			poll(t, "the key string", func() bool { secret = keyString.FindString(m.screen()); return secret != "" })
			m.see("hides in 5")
			press("Space", "[x] I stored this key")
			press("Enter", "rotating: the old secret works until")
			c.works(secret)
			c.works(old)
			press("R", "type the name key-00")
			m.typed("key-00")
			press("Enter", "retired ", "one secret, made")
			c.works(secret)
			c.refused(old)
			if presses > 8 {
				t.Errorf("%d key presses", presses)
			}
		})
	}
}

func TestTenKeysAreHandedOverToFilesInASession(t *testing.T) {
	c := issuer(t)
	old := c.issued(10)
	folder := filepath.Join(c.home, "handover")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	m := inTmux(t, c, 100, 30)
	m.see("key-09")
	m.press("*")
	m.see("10 marked")
	m.press("r")
	m.see("1 of 10")
	m.press("S")
	m.see("New secrets for 10 keys")
	m.typed("/handover")
	m.press("Enter")
	m.see("Rotate 10 keys?")
	m.typed("10")
	m.press("Enter")
	screen := m.see("10 of 10 keys done, 0 in use")
	if keyString.MatchString(screen) {
		t.Error("a key string is on the screen")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.pak"))
	if err != nil || len(files) != 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f, info.Mode(), err)
		}
		c.ok("pak", "check", f)
	}
	for _, secret := range old {
		c.works(secret)
	}
	c.ok("audit", "verify")
}

// A pasted log of 1,000 lines holds 12 key strings: three cut off, two of
// another store. Its end comes in under 15 key presses.
func TestAnIncidentFromAPastedLog(t *testing.T) {
	c := issuer(t)
	mine := c.issued(11)
	other := newCLI(t)
	other.ok("init")
	other.ok("user", "add", "build-bot")
	lines := make([]string, 1000)
	for i := range lines {
		lines[i] = fmt.Sprintf("2026-11-23T14:32:%02dZ GET /v1/models 200", i%60)
	}
	for i, secret := range mine[:10] {
		if i >= 7 {
			secret = secret[:20+i]
		}
		lines[90*i] += " key=" + secret
	}
	for i, secret := range other.issued(2) {
		lines[950+10*i] += " key=" + secret
	}
	m := inTmux(t, c, 100, 30)
	m.see("key-09")
	for _, key := range []string{":", "i", "n", "c", "i"} {
		m.press(key)
	}
	m.see("key.incident")
	m.press("Enter")
	m.see("Keys in wrong hands")
	m.paste(strings.Join(lines, "\n"))
	screen := m.see("gives away 12 secrets", "10 keys of this store in danger", "other store")
	if keyString.MatchString(screen) {
		t.Error("a key string is on the screen")
	}
	m.press("X")
	m.see("Revoke 10 keys?")
	m.typed("10")
	m.press("Enter") // the tenth key
	m.see("revoked 10 of 10 keys")
	for _, secret := range mine[:10] {
		c.refused(secret)
	}
	c.works(mine[10])
}
