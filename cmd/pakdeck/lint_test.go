package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/tui/board"
)

// shellWords returns the arguments that a POSIX shell makes of a command of
// pakdeck. It finds no other program.
func shellWords(t *testing.T, command string) []string {
	t.Helper()
	c := exec.Command("/bin/sh", "-c", `pakdeck() { for a; do printf '%s\n' "$a"; done; }; `+command)
	c.Env = []string{"PATH="}
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

func TestEveryProposedCommandExists(t *testing.T) {
	a := fromProcess()
	a.out, a.err = t.Output(), t.Output()
	path := filepath.Join(t.TempDir(), "demo.db")
	if code := a.run(t.Context(), []string{"demo", "--no-open", "--store", path}); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	st, err := a.openAt(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := lint.Take(t.Context(), st, lint.Options{})
	if err = closing(st, err); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, f := range lint.Run(s) {
		if f.Fix.Command == "" || f.Object.Kind == lint.KindStore {
			continue
		}
		args := shellWords(t, f.Fix.Command)
		c, rest, err := a.rootCommand(args).Find(args)
		if err != nil || c.Name() == "pakdeck" {
			t.Errorf("%s: %v", f.Fix.Command, err)
			continue
		}
		if err := c.ParseFlags(rest); err != nil {
			t.Errorf("%s: %v", f.Fix.Command, err)
		}
		if err := c.ValidateArgs(c.Flags().Args()); err != nil {
			t.Errorf("%s: %v", f.Fix.Command, err)
		}
		tried++
	}
	if tried < 10 {
		t.Errorf("only %d commands were tried", tried)
	}
}

// fingerprints are what identifies a finding in every format.
var fingerprints = regexp.MustCompile(`(?:"fingerprint"|"pakdeckFinding/v1"): "([0-9a-f]{16})"`)

// TestTheSameFindingsEverywhere looks at the demo store on the command line, in
// SARIF and as the dashboard does.
func TestTheSameFindingsEverywhere(t *testing.T) {
	a := fromProcess()
	now := a.now()
	a.now = func() time.Time { return now }
	a.err = t.Output()
	path := filepath.Join(t.TempDir(), "demo.db")
	printed := func(args ...string) (prints []string) {
		t.Helper()
		var out strings.Builder
		a.out = &out
		if code := a.run(t.Context(), args); code != exitOK {
			t.Fatalf("%v: exit code %d", args, code)
		}
		for _, m := range fingerprints.FindAllStringSubmatch(out.String(), -1) {
			prints = append(prints, m[1])
		}
		return prints
	}
	printed("demo", "--no-open", "--store", path)
	want := printed("lint", "--store", path, "--fail-on", "never", "--format", "json")
	sarif := printed("lint", "--store", path, "--fail-on", "never", "--format", "sarif")
	st, err := a.openAt(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := board.Load(t.Context(), st, nil)
	if err != nil {
		t.Fatal(err)
	}
	v := board.Judge(t.Context(), st, b, &board.Verdict{})
	if err := closing(st, v.Err); err != nil {
		t.Fatal(err)
	}
	var screen []string
	for _, f := range v.Findings {
		screen = append(screen, f.Fingerprint)
	}
	if len(want) < 25 || !slices.Equal(sarif, want) || !slices.Equal(screen, want) {
		t.Errorf("%d findings as JSON, %d in SARIF, %d on the screen, or others", len(want), len(sarif), len(screen))
	}
}
