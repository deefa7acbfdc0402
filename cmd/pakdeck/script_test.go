package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"
)

func TestScripts(t *testing.T) {
	if raceDetector {
		t.Skip("hundreds of short processes, each without a second goroutine: make test runs them without the race detector")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setupScript,
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Getuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ask": cmdAsk, "code": cmdCode, "cut": cmdCut, "json": cmdJSON, "head": cmdHead, "hold": cmdHold, "tamper": cmdTamper, "identity": cmdIdentity, "keyenv": cmdKeyEnv, "mode": cmdMode, "freeport": cmdFreePort, "used": cmdUsed, "waitfor": cmdWaitFor,
		},
	})
}

// setupScript gives each script a home of its own and text that hurts.
func setupScript(e *testscript.Env) error {
	for name, value := range map[string]string{
		"HOME":          e.WorkDir,
		"XDG_DATA_HOME": filepath.Join(e.WorkDir, "data"),
		"TZ":            "UTC",
		"LANG":          "C.UTF-8",
		testNow:         "2026-11-23T14:32:00Z",
		"ESC":           "\x1b[31mred\x1b[0m",
		"BELL":          "a\ab",
		"C1":            "a\u009bb",
		"BIDI":          "a\u202eb",
		"LONG":          strings.Repeat("x", 3000),
		"CJK":           "支払い",
	} {
		e.Setenv(name, value)
	}
	return nil
}

// cmdCode runs a program that must end with an exit code: code N PROGRAM ARG...
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N program [arg]...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cmdAsk presents a key string to a service on a unix socket, once that listens:
// ask SOCKET KEYFILE STATUS.
func cmdAsk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: ask socket keyfile status")
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", ts.MkAbs(args[0]))
	}}}
	defer client.CloseIdleConnections()
	r, err := http.NewRequest(http.MethodGet, "http://pakdeck/auth", nil)
	ts.Check(err)
	r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(ts.ReadFile(args[1])))
	var answer *http.Response
	patiently(ts, func() error { answer, err = client.Do(r); return err })
	ts.Check(answer.Body.Close())
	if got := strconv.Itoa(answer.StatusCode); got != args[2] {
		ts.Fatalf("status %s, want %s", got, args[2])
	}
}

// cmdFreePort puts the number of a port on which nobody listens into a variable:
// freeport VARIABLE.
func cmdFreePort(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(ln.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], port)
	ts.Check(ln.Close())
}

// cmdWaitFor waits until somebody listens: waitfor SOCKET|HOST:PORT.
func cmdWaitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitfor address-or-file")
	}
	file := ts.MkAbs(args[0])
	network, address := "unix", ts.MkAbs(args[0])
	if _, _, err := net.SplitHostPort(args[0]); err == nil {
		network, address = "tcp", args[0]
	}
	patiently(ts, func() error {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return nil
		}
		conn, err := net.Dial(network, address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
}

// patiently tries until it succeeds: of who begins to listen there is no other sign.
func patiently(ts *testscript.TestScript, try func() error) {
	tick, deadline := time.NewTicker(2*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for err := try(); err != nil; err = try() {
		select {
		case <-tick.C:
		case <-deadline:
			ts.Check(err)
		}
	}
}

// cmdJSON looks into the output of the last command: json [-stderr] PATH WANT,
// where a path is like .secrets.0.state and a missing field reads "missing".
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	from := "stdout"
	if len(args) > 0 && args[0] == "-stderr" {
		from, args = "stderr", args[1:]
	}
	if len(args) != 2 {
		ts.Fatalf("usage: json [-stderr] path want")
	}
	text := ts.ReadFile(from)
	if from == "stderr" {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		text = lines[len(lines)-1]
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		ts.Fatalf("%s is no JSON: %v", from, err)
	}
	if got := jsonAt(v, args[0]); (got == args[1]) == neg {
		ts.Fatalf("%s is %s, want %s (negated: %v)", args[0], got, args[1], neg)
	}
}

func jsonAt(v any, path string) string {
	for name := range strings.SplitSeq(strings.Trim(path, "."), ".") {
		switch x := v.(type) {
		case map[string]any:
			next, ok := x[name]
			if !ok {
				return "missing"
			}
			v = next
		case []any:
			if name == "length" {
				return strconv.Itoa(len(x))
			}
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(x) {
				return "missing"
			}
			v = x[i]
		}
	}
	if s, ok := v.(string); ok {
		return s
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// cmdHead keeps or compares the newest checkpoint: "head keep" before and
// "head same" after what must not have changed the store, "head grown" after
// what must have.
func cmdHead(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("pakdeck", "audit", "checkpoint"))
	now, file := ts.ReadFile("stdout"), ts.MkAbs(".head")
	switch args[0] {
	case "keep":
	case "same":
		if ts.ReadFile(file) != now {
			ts.Fatalf("the store was changed:\n%s", now)
		}
	case "grown":
		if ts.ReadFile(file) == now {
			ts.Fatalf("the store was not changed")
		}
	}
	ts.Check(os.WriteFile(file, []byte(now), 0o600))
}

// cmdHold holds a store as another process would that writes or reads, until the
// script ends: hold FILE [shared].
func cmdHold(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_RDWR, 0)
	ts.Check(err)
	how := syscall.LOCK_EX
	if len(args) > 1 {
		how = syscall.LOCK_SH
	}
	ts.Check(syscall.Flock(int(f.Fd()), how))
	ts.Defer(func() { _ = f.Close() })
}

// cmdTamper replaces text in a file by text of the same length, as somebody
// with a hex editor would: tamper FILE OLD NEW.
func cmdTamper(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 || len(args[1]) != len(args[2]) {
		ts.Fatalf("usage: tamper file old new, of one length")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s holds no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}

// cmdCut cuts a file off: cut FILE BYTES.
func cmdCut(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

// cmdMode checks the mode of a file: mode 0600 FILE.
func cmdMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

// cmdIdentity makes a private key that opens .pak files, and puts the public
// one into a variable: identity age|ssh FILE VARIABLE.
func cmdIdentity(ts *testscript.TestScript, _ bool, args []string) {
	var private []byte
	switch args[0] {
	case "age":
		id, err := age.GenerateX25519Identity()
		ts.Check(err)
		private = []byte(id.String() + "\n")
		ts.Setenv(args[2], id.Recipient().String())
	case "ssh":
		public, key, err := ed25519.GenerateKey(nil)
		ts.Check(err)
		block, err := ssh.MarshalPrivateKey(key, "runner")
		ts.Check(err)
		private = pem.EncodeToMemory(block)
		line, err := ssh.NewPublicKey(public)
		ts.Check(err)
		ts.Setenv(args[2], string(ssh.MarshalAuthorizedKey(line)))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), private, 0o600))
}

// cmdKeyEnv puts the key string in a file, and parts of it, into variables.
func cmdKeyEnv(ts *testscript.TestScript, _ bool, args []string) {
	key := strings.TrimSpace(ts.ReadFile(args[0]))
	parts := strings.Split(key, "_")
	ts.Setenv("KEY", key)
	ts.Setenv("CUT", key[:len(key)-20])
	ts.Setenv("ID", parts[1])
	ts.Setenv("TAIL", parts[2])
}
