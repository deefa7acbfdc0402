package main

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pakdeck": scriptMain})
}

// The variable that tells the program in a script what time it is.
const testNow = "PAKDECK_TEST_NOW"

// exitLeak is how the program in a script ends when it let a key string out
// where none belongs, whatever else it was asked to do.
const exitLeak = 99

// scriptMain is main with a clock that can be set and eyes on its output.
func scriptMain() {
	ctx, stop := signalled()
	defer stop()
	a := fromProcess()
	if text := os.Getenv(testNow); text != "" {
		now, err := time.Parse(time.RFC3339, text)
		if err != nil {
			panic(err)
		}
		a.now = func() time.Time { return now }
	}
	args := os.Args[1:]
	watch := &watcher{}
	if !mayShowKeys(args) {
		a.out, a.err = io.MultiWriter(a.out, watch), io.MultiWriter(a.err, watch)
	}
	code := a.run(ctx, args)
	if keyShape.MatchString(watch.seen.String()) {
		code = exitLeak
	}
	os.Exit(code)
}

// mayShowKeys reports whether a command line is of the commands whose purpose it
// is.
func mayShowKeys(args []string) bool {
	line := " " + strings.Join(args, " ")
	return strings.Contains(line, " key create") || strings.Contains(line, " key rotate") || strings.Contains(line, " pak open") ||
		strings.Contains(line, " --plain")
}

// watcher remembers all output.
type watcher struct{ seen strings.Builder }

func (w *watcher) Write(b []byte) (int, error) { return w.seen.Write(b) }
