package kvtest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	Run(t, func(*testing.T) kv.Store { return NewMemory() })
}

// rerun is an engine that runs every closure twice, as one that retries after
// a conflict does.
type rerun struct{ kv.Store }

func (s rerun) View(ctx context.Context, fn func(kv.Reader) error) error {
	return s.Store.View(ctx, func(r kv.Reader) error {
		if err := fn(r); err != nil {
			return err
		}
		return fn(r)
	})
}

func (s rerun) Update(ctx context.Context, fn func(kv.Writer) error) error {
	err := s.Store.Update(ctx, func(w kv.Writer) error {
		if err := fn(w); err != nil {
			return err
		}
		return errAbort
	})
	if err != errAbort {
		return err
	}
	return s.Store.Update(ctx, fn)
}

func TestTheSuiteAllowsClosuresToRunAgain(t *testing.T) {
	Run(t, func(*testing.T) kv.Store { return rerun{NewMemory()} })
}

// defectEnv names, in a child process, the defect to run the suite on.
const defectEnv = "KVTEST_DEFECT"

// TestDefective is run by TestTheSuiteFindsDefects in a process of its own,
// where it must fail.
func TestDefective(t *testing.T) {
	name := os.Getenv(defectEnv)
	for _, d := range defects {
		if d.name == name {
			Run(t, func(*testing.T) kv.Store { return d.wrap(NewMemory()) })
			return
		}
	}
	t.Skipf("%q is no defect to run the suite on", name)
}

func TestTheSuiteFindsDefects(t *testing.T) {
	for _, d := range defects {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			pattern := "^TestDefective$/^" + strings.ReplaceAll(d.fails, " ", "_") + "$"
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", pattern,
				"-test.timeout=6s", "-rapid.checks=50", "-rapid.nofailfile")
			cmd.Env = append(os.Environ(), defectEnv+"="+d.name)
			out, err := cmd.CombinedOutput()
			failed := strings.Contains(string(out), "--- FAIL: TestDefective/") || strings.Contains(string(out), "panic: test timed out")
			if err == nil || !failed {
				t.Errorf("the check %q does not fail (%v):\n%s", d.fails, err, out)
			}
		})
	}
}
