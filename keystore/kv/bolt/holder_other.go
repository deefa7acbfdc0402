//go:build unix && !linux

package bolt

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// lockers: only Linux tells who holds a flock. Elsewhere a writer is known by
// its name in the gate file, a reader is not.
func lockers(string) []int { return nil }

func process(pid int) kv.Holder { return kv.Holder{PID: pid} }

// isRunning reports whether there is a process with the number of the one that
// signed.
func isRunning(h kv.Holder) bool {
	return !errors.Is(unix.Kill(h.PID, 0), unix.ESRCH)
}

func ownCommand() string { return printable(filepath.Base(os.Args[0])) }
