package term

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	howMany = regexp.MustCompile(`type how many: (\d+)`)
	itsName = regexp.MustCompile(`To fix, type (\S+)`)
)

// agree answers the question before a fix as it wants to be answered, and waits
// for what came of it.
func (m *tmux) agree() {
	m.t.Helper()
	screen := m.see("Fix ", "[ fix ]", listens)
	if n := howMany.FindStringSubmatch(screen); n != nil {
		m.typed(n[1])
		m.see("> " + n[1])
		m.press("Enter")
	} else if name := itsName.FindStringSubmatch(screen); name != nil {
		m.typed(name[1])
		m.press("Enter")
	} else {
		m.press("y")
	}
	m.gone("[ fix ]")
	m.see("fixed ")
}

// TestTheDemoStoreIsCleanedUpByKeyboard goes from what the linter finds in the
// demo store to nothing: what can be fixed is fixed, and the rest is waived.
func TestTheDemoStoreIsCleanedUpByKeyboard(t *testing.T) {
	c := newCLI(t)
	path := filepath.Join(c.home, "demo.db")
	c.ok("--store", path, "demo", "--no-open")
	var before, after struct {
		Counts   struct{ Error, Warning, Info int }
		Findings []struct{ Rule string }
		Waived   []struct{ Rule string }
	}
	c.json(&before, "--store", path, "lint", "--fail-on", "never")
	if len(before.Findings) < 25 {
		t.Fatalf("the demo store has only %d findings", len(before.Findings))
	}
	m := inTmux(t, c, 100, 30, "--store", path)
	m.see("shown")
	m.press("5")
	m.see("findings: ")
	m.press("F")
	m.agree()
	for round := 0; ; round++ {
		m.press("g", "*")
		m.see(" marked")
		m.press("f")
		poll(t, "an answer to f", func() bool {
			s := m.screen()
			return strings.Contains(s, "[ fix ]") || strings.Contains(s, "something to decide")
		}, m.screen)
		if !strings.Contains(m.screen(), "[ fix ]") {
			break
		}
		if round > 8 {
			t.Fatalf("there is always something more to fix:\n%s", m.screen())
		}
		m.agree()
		m.gone(" marked")
	}
	m.press("w")
	m.see("why accept")
	m.typed("looked at in the review of November")
	m.press("Enter")
	m.see("until when?")
	m.press("Enter")
	m.see("Nothing is wrong.", "waived")
	m.press("q")
	m.see("exit 0")
	c.json(&after, "--store", path, "lint", "--fail-on", "info")
	if len(after.Findings) != 0 || len(after.Waived) == 0 || len(after.Waived) >= len(before.Findings) {
		t.Errorf("%d findings are left, %d are waived, of %d", len(after.Findings), len(after.Waived), len(before.Findings))
	}
	c.ok("--store", path, "audit", "verify")
	trail := c.ok("--store", path, "audit", "list", "--limit", "300")
	for _, event := range []string{"key.edit", "key.disable", "lint.waive"} {
		if !strings.Contains(trail, event) {
			t.Errorf("no %s in the journal", event)
		}
	}
}
