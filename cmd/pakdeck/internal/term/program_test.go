package term

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test, built once by TestMain.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	if testing.Short() {
		fmt.Println("skipped: what is driven here is the program as it is built, without the race detector")
		return 0
	}
	dir, err := os.MkdirTemp("", "pakdeck-term")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "pakdeck")
	out, err := exec.Command("go", "build", "-o", binary, "github.com/pakdeck/pakdeck/cmd/pakdeck").CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// patience is how long a test waits for something to appear. Machines that
// run tests are slow; nothing waits this long when all is well.
const patience = 30 * time.Second

// listens is among the keys of a question from when it takes any.
const listens = "press the button"

// poll calls look until it returns true or patience ends; then the test fails
// and tells what was seen last.
func poll(t *testing.T, what string, look func() bool, last ...func() string) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !look() {
		select {
		case <-deadline.C:
			for _, l := range last {
				t.Log(l())
			}
			t.Fatalf("waited %v for %s", patience, what)
		case <-again.C:
		}
	}
}

// cli is one store and the commands on it.
type cli struct {
	t     *testing.T
	store string
	home  string
}

func newCLI(t *testing.T) cli {
	t.Helper()
	home := t.TempDir()
	return cli{t, filepath.Join(home, "data", "store.db"), home}
}

// env is the environment of an operator of no session: not over SSH, not in
// tmux, no display.
func (c cli) env(more ...string) []string {
	return append([]string{
		"HOME=" + c.home, "PATH=" + os.Getenv("PATH"), "PAKDECK_STORE=" + c.store,
		"LANG=C.UTF-8", "XDG_CONFIG_HOME=" + filepath.Join(c.home, ".config"),
	}, more...)
}

// run runs a command and returns its standard output and exit code.
func (c cli) run(stdin string, args ...string) (stdout, stderr string, code int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env, cmd.Dir, cmd.Stdin = c.env(), c.home, strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.t.Fatalf("pakdeck %s: %v", strings.Join(args, " "), err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// ok runs a command that must succeed and returns its output without the
// final newline.
func (c cli) ok(args ...string) string {
	c.t.Helper()
	out, errs, code := c.run("", args...)
	if code != 0 {
		c.t.Fatalf("pakdeck %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return strings.TrimSuffix(out, "\n")
}

// json runs a command that must succeed and decodes its output.
func (c cli) json(into any, args ...string) {
	c.t.Helper()
	if err := json.Unmarshal([]byte(c.ok(append(args, "--json")...)), into); err != nil {
		c.t.Fatalf("pakdeck %s --json: %v", strings.Join(args, " "), err)
	}
}

// keyString is what every key string of the default prefix looks like.
var keyString = regexp.MustCompile(`\bpak_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b`)

// interrupt is how a service manager ends a program.
const interrupt = syscall.SIGTERM
