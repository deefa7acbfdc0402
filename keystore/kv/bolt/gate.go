//go:build unix

package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// gateFile returns the path of the gate, which is also where a writer signs.
func (s *Store) gateFile() string { return s.path + ".lock" }

// gate is the open gate file; without one the transaction goes ungated.
type gate struct {
	file   *os.File
	signed bool
}

// openGate opens the gate file and makes it if need be. A process that may
// neither write nor make it only reads it, or goes without; so does one that was
// told to change nothing.
func (s *Store) openGate() gate {
	f, err := openFile(s.gateFile(), unix.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) && !s.readOnly {
		f, err = s.makeGate()
	}
	if err != nil {
		f, err = openFile(s.gateFile(), unix.O_RDONLY)
	}
	if err != nil {
		return gate{}
	}
	return gate{file: f}
}

// makeGate creates the gate file for the owner of the store, who may not be
// the one who came first: root must not leave a file that shuts the owner out.
func (s *Store) makeGate() (*os.File, error) {
	f, err := openFile(s.gateFile(), unix.O_RDWR|unix.O_CREAT)
	if err != nil {
		return nil, err
	}
	_ = f.Chmod(0o600) // whatever the umask
	if info, err := os.Lstat(s.path); err == nil {
		if st := statOf(info); int(st.Uid) != os.Geteuid() {
			_ = f.Chown(int(st.Uid), int(st.Gid))
		}
	}
	return f, nil
}

// pass lets the next one at the gate, now that the store is had. A writer
// keeps the file and leaves its name in it. What fails here does no harm: the
// name serves an error message, and the end of the transaction opens the gate.
func (g *gate) pass(m mode, command string) {
	if g.file == nil {
		return
	}
	if m == shared {
		g.close()
		return
	}
	g.unlock()
	_, err := g.file.WriteAt(signature(os.Getpid(), command, time.Now()), 0)
	g.signed = err == nil
}

func (g *gate) unlock() {
	if g.file != nil {
		_ = unix.Flock(int(g.file.Fd()), unix.LOCK_UN)
	}
}

// close takes the name away again and lets go of the gate.
func (g *gate) close() {
	if g.file == nil {
		return
	}
	if g.signed {
		_, _ = g.file.WriteAt(padded(""), 0)
	}
	_ = g.file.Close()
	*g = gate{}
}

// A signature is one line, "PID TIME COMMAND", padded with blanks to a fixed
// size: writing over the same bytes makes the file system allocate nothing that
// the sync of the commit would have to wait for.
const (
	signatureSize = 160
	maxCommand    = 24 // runes, so that the longest line fits
)

func signature(pid int, command string, since time.Time) []byte {
	return padded(fmt.Sprintf("%d %s %s", pid, since.UTC().Format(time.RFC3339Nano), command))
}

func padded(line string) []byte {
	b := bytes.Repeat([]byte(" "), signatureSize)
	copy(b, line)
	b[signatureSize-1] = '\n'
	return b
}

// parseSignature reads what signature wrote, and reports whether it is one.
func parseSignature(b []byte) (kv.Holder, bool) {
	line, _, _ := strings.Cut(string(b), "\n")
	pidText, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	timeText, command, _ := strings.Cut(rest, " ")
	pid, err := strconv.ParseUint(pidText, 10, 31)
	if err != nil || pid == 0 {
		return kv.Holder{}, false
	}
	since, err := time.Parse(time.RFC3339Nano, timeText)
	since = since.UTC()
	if err != nil || since.Year() < 1970 || since.Year() > 9999 {
		return kv.Holder{}, false
	}
	return kv.Holder{PID: int(pid), Command: printable(command), Since: since}, true
}

// printable makes the name of a command fit for a terminal and a signature:
// processes choose their names themselves.
func printable(command string) string {
	clean := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.TrimSpace(command))
	if r := []rune(clean); len(r) > maxCommand {
		clean = strings.TrimSpace(string(r[:maxCommand]))
	}
	return clean
}
