//go:build unix

package bolt

import (
	"io"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// holder says who keeps others from the store just now, as far as can be
// known. The kernel knows best; what a writer left in the gate file adds since
// when, and stands alone where the kernel does not tell.
func (s *Store) holder() kv.Holder {
	signed, ok := s.signed()
	// At the gate it may be this very process that waits for the store.
	gate := slices.DeleteFunc(lockers(s.gateFile()), func(pid int) bool { return pid == os.Getpid() })
	pids := slices.Concat(lockers(s.path), gate)
	switch {
	case ok && (slices.Contains(pids, signed.PID) || len(pids) == 0 && isRunning(signed)):
		return signed
	case len(pids) > 0:
		return process(pids[0])
	}
	return kv.Holder{}
}

// signed reads the name in the gate file. A writer that was killed leaves its
// name behind.
func (s *Store) signed() (kv.Holder, bool) {
	f, err := openFile(s.gateFile(), unix.O_RDONLY)
	if err != nil {
		return kv.Holder{}, false
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, signatureSize))
	if err != nil {
		return kv.Holder{}, false
	}
	return parseSignature(b)
}

// Holders returns the other processes that hold a lock on a file just now, as far
// as the kernel tells.
func Holders(path string) []kv.Holder {
	var out []kv.Holder
	for _, pid := range lockers(path) {
		if pid != os.Getpid() {
			out = append(out, process(pid))
		}
	}
	return out
}
