// Package kill is for the tests of what must survive a kill -9: the test's own
// binary is run once more as the process that is killed.
package kill

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// child tells a process in its environment that it is to be killed.
const child = "PAKDECK_TEST_KILLED"

// Main is for TestMain: it runs the tests, or is the process that is killed, which
// says ready once the time runs.
func Main(m *testing.M, work func(ready func(), args string) error) {
	args, killed := os.LookupEnv(child)
	if !killed {
		os.Exit(m.Run())
	}
	if err := work(func() { fmt.Println("ready") }, args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// After runs the process and kills it some time after it is ready, however long it
// takes to start. It reports whether the process was through by then.
func After(t *testing.T, delay time.Duration, args string) bool {
	t.Helper()
	c := exec.Command(os.Args[0])
	// The race detector waits a second at the end of a process otherwise.
	c.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0 "+os.Getenv("GORACE"), child+"="+args)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err == nil {
		defer time.AfterFunc(delay, func() { _ = c.Process.Kill() }).Stop()
	}
	err = c.Wait()
	if said.Len() > 0 {
		t.Fatalf("the process failed: %s", said.String())
	}
	return err == nil
}
