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

// tries is how often a check may miss a defect. Those of concurrency show only
// when the scheduler lets them; a check that cannot fail misses every time.
const tries = 10

// runDefective runs one check on a store with a defect and reports whether the
// check failed.
func runDefective(t *testing.T, defect, check string) (output []byte, found bool) {
	t.Helper()
	pattern := "^TestDefective$/^" + strings.ReplaceAll(check, " ", "_") + "$"
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", pattern,
		"-test.timeout=6s", "-rapid.checks=50", "-rapid.nofailfile")
	cmd.Env = append(os.Environ(), defectEnv+"="+defect)
	out, err := cmd.CombinedOutput()
	failed := strings.Contains(string(out), "--- FAIL: TestDefective/") || strings.Contains(string(out), "panic: test timed out")
	return out, err != nil && failed
}

func TestTheSuiteFindsDefects(t *testing.T) {
	for _, d := range defects {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			var out []byte
			for range tries {
				var found bool
				if out, found = runDefective(t, d.name, d.fails); found {
					return
				}
			}
			t.Errorf("the check %q does not fail:\n%s", d.fails, out)
		})
	}
}
