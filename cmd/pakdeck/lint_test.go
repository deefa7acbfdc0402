package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/audit/lint"
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
