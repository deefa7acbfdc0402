//go:build unix

package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// checkFile runs bbolt's own check over the whole file.
func checkFile(t *testing.T, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("bbolt finds: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s *Store, key string) (v string) {
	t.Helper()
	err := s.View(t.Context(), func(r kv.Reader) error {
		b, err := r.Get([]byte(key))
		v = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func write(t *testing.T, s *Store, key, val string) {
	t.Helper()
	if err := s.Update(t.Context(), func(w kv.Writer) error { return w.Put([]byte(key), []byte(val)) }); err != nil {
		t.Fatal(err)
	}
}

func TestEightReadersAndTwoWritersInProcessesOfTheirOwn(t *testing.T) {
	s := newTestStore(t, Options{})
	var readers, writers []*child
	for range 8 {
		p := start(t, "sum", s.Path())
		readers = append(readers, p)
	}
	for _, p := range readers {
		p.line(t) // all are at it
	}
	for range 2 {
		writers = append(writers, start(t, "move", s.Path()))
	}
	for _, p := range writers {
		t.Log("a writer:", p.end(t))
	}
	for _, p := range readers {
		t.Log("a reader:", p.end(t))
	}
	if x, y := read(t, s, "x"), read(t, s, "y"); x != strconv.Itoa(-2*moves) || y != strconv.Itoa(2*moves) {
		t.Errorf("x = %s, y = %s after 2 times %d moves", x, y, moves)
	}
	checkFile(t, s.Path())
}

func TestAKilledWriterLosesNothingThatItAcknowledged(t *testing.T) {
	s := newTestStore(t, Options{})
	for round := range 3 {
		p := start(t, "append", s.Path())
		acknowledged := 0
		for range 20 + round {
			n, err := strconv.Atoi(p.line(t))
			if err != nil {
				t.Fatal(err)
			}
			acknowledged = n
		}
		p.kill(t)
		checkFile(t, s.Path())
		for i := range acknowledged + 1 {
			if len(read(t, s, fmt.Sprintf("%08d", i))) != 1000 {
				t.Errorf("round %d: number %d of %d is lost", round, i, acknowledged)
			}
		}
		write(t, s, "after", strconv.Itoa(round))
	}
}

func TestAWriterKilledInTheMiddleOfItsTransactionWroteNothing(t *testing.T) {
	s := newTestStore(t, Options{})
	p := start(t, "hold-update", s.Path())
	p.line(t)
	p.kill(t)
	if got := read(t, s, "half"); got != "" {
		t.Errorf("half = %q, want nothing", got)
	}
	write(t, s, "k", "v")
	checkFile(t, s.Path())
}

// busy tries an Update and returns the error that says who is in the way.
func busy(t *testing.T, s *Store) *kv.BusyError {
	t.Helper()
	err := s.Update(t.Context(), func(kv.Writer) error { return nil })
	var b *kv.BusyError
	if !errors.As(err, &b) {
		t.Fatalf("got %v, want a BusyError", err)
	}
	if b.Path != s.Path() || b.Waited < s.timeout {
		t.Errorf("path %s waited %v, want %s and at least %v", b.Path, b.Waited, s.Path(), s.timeout)
	}
	return b
}

func TestBusyErrorNamesTheHolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells who holds a flock")
	}
	for _, role := range []string{"hold-update", "hold-view", "hold-bbolt"} {
		t.Run(role, func(t *testing.T) {
			s := newTestStore(t, Options{Timeout: 20 * time.Millisecond})
			began := time.Now()
			p := start(t, role, s.Path())
			p.line(t)
			h := busy(t, s).Holder
			if h.PID != p.cmd.Process.Pid {
				t.Errorf("pid %d, want %d", h.PID, p.cmd.Process.Pid)
			}
			if h.Command == "" || !strings.HasPrefix(filepath.Base(os.Args[0]), h.Command) {
				t.Errorf("command %q, want %q or its beginning", h.Command, filepath.Base(os.Args[0]))
			}
			// Process times are exact to a hundredth of a second, and the
			// start of the machine to a second.
			if h.Since.Before(began.Add(-2*time.Second)) || h.Since.After(time.Now().Add(2*time.Second)) {
				t.Errorf("since %v, want about %v", h.Since, began)
			}
			p.end(t)
			write(t, s, "k", "v")
		})
	}
}

func TestBusyErrorDoesNotNameADeadWriter(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells who holds a flock")
	}
	s := newTestStore(t, Options{Timeout: 20 * time.Millisecond})
	dead := start(t, "hold-update", s.Path())
	dead.line(t)
	dead.kill(t)
	if h, ok := s.signed(); !ok || h.PID != dead.cmd.Process.Pid {
		t.Fatalf("the dead writer left %v in the gate file, want its name", h)
	}
	p := start(t, "hold-view", s.Path())
	p.line(t)
	if h := busy(t, s).Holder; h.PID != p.cmd.Process.Pid {
		t.Errorf("pid %d, want the reader %d and not the dead writer %d", h.PID, p.cmd.Process.Pid, dead.cmd.Process.Pid)
	}
}

func TestAWriterTakesItsNameAway(t *testing.T) {
	s := newTestStore(t, Options{})
	err := s.Update(t.Context(), func(kv.Writer) error {
		if h, ok := s.signed(); !ok || h.PID != os.Getpid() || h.Command != s.command || time.Since(h.Since) > time.Minute {
			t.Errorf("inside: %+v, want this process", h)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if h, ok := s.signed(); ok {
		t.Errorf("afterwards: %+v, want nobody", h)
	}
}

func TestReadersOfSeveralProcessesReadAtOnce(t *testing.T) {
	s := newTestStore(t, Options{})
	for range 3 {
		start(t, "hold-view", s.Path()).line(t)
	}
	if got := read(t, s, "k"); got != "" {
		t.Errorf("k = %q", got)
	}
}

func TestAFailedWriteEndsWritingAndAFullDiskNothing(t *testing.T) {
	s := newTestStore(t, Options{})
	write(t, s, "old", "v")
	p := start(t, "disk-full", s.Path())
	for _, wanted := range []string{"full full: ", "room ok", "large write failed: ", "small write failed: ", "view ok", "anew ok"} {
		if got := p.line(t); !strings.HasPrefix(got, wanted) {
			t.Errorf("got %q, want %q", got, wanted)
		}
	}
	p.end(t)
	if got := read(t, s, "large"); got != "" {
		t.Errorf("large has %d bytes, want nothing of it", len(got))
	}
	checkFile(t, s.Path())
}

func TestOneOfSeveralCreatorsWins(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder", "store.db")
	var creators []*child
	for range 6 {
		creators = append(creators, start(t, "create", path))
	}
	for _, p := range creators {
		p.line(t)
	}
	for _, p := range creators {
		_ = p.stdin.Close() // go
	}
	created := 0
	for _, p := range creators {
		switch got := p.end(t); got {
		case "created":
			created++
			if pid := read(t, openTestStore(t, path, Options{}), "pid"); pid != strconv.Itoa(p.cmd.Process.Pid) {
				t.Errorf("the store is of process %s, but %d says it made it", pid, p.cmd.Process.Pid)
			}
		case "exists":
		default:
			t.Errorf("a creator says %q", got)
		}
	}
	if created != 1 {
		t.Errorf("%d processes made the store, want 1", created)
	}
	checkFile(t, path)
	wantFiles(t, filepath.Dir(path), "store.db", "store.db.lock")
}
