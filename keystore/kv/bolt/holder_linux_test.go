package bolt

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

const locksTable = `1: POSIX  ADVISORY  WRITE 100 fe:00:500 0 EOF
2: FLOCK  ADVISORY  READ 101 fe:00:500 0 EOF
3: FLOCK  ADVISORY  WRITE 102 fe:00:500 0 EOF
3: -> FLOCK  ADVISORY  WRITE 103 fe:00:500 0 EOF
4: FLOCK  ADVISORY  READ 104 fe:00:5001 0 EOF
5: FLOCK  ADVISORY  READ 105 fe:01:500 0 EOF
6: FLOCK  ADVISORY  READ 0 fe:00:500 0 EOF
7: FLOCK  ADVISORY  READ -1 fe:00:500 0 EOF
8: OFDLCK ADVISORY  READ -1 fe:00:500 0 EOF
9: FLOCK  ADVISORY  READ 106 fe:00:500 0 EOF
10: FLOCK
`

func TestParseLocks(t *testing.T) {
	for id, wanted := range map[string][]int{
		"fe:00:500":  {102, 101, 106},
		"fe:00:5001": {104},
		"fe:01:500":  {105},
		"00:00:0":    nil,
	} {
		if got := parseLocks([]byte(locksTable), id); !slices.Equal(got, wanted) {
			t.Errorf("%s: got %v, want %v", id, got, wanted)
		}
	}
}

func FuzzParseLocks(f *testing.F) {
	f.Add([]byte(locksTable), "fe:00:500")
	f.Add([]byte("1: FLOCK A B 1 "), "")
	f.Fuzz(func(t *testing.T, table []byte, id string) {
		for _, pid := range parseLocks(table, id) {
			if pid <= 0 {
				t.Errorf("process %d", pid)
			}
		}
	})
}

func TestStartTime(t *testing.T) {
	const system = "cpu 1 2 3\nbtime 1700000000\nprocesses 5\n"
	for stat, wanted := range map[string]time.Time{
		"7 (pakdeck) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 12345 20":    time.Unix(1700000123, 450e6).UTC(),
		"7 (a) S 9 (b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 100 20":    time.Unix(1700000001, 0).UTC(),
		"7 (pakdeck) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18":             {},
		"7 (pakdeck) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 later 20 21": {},
		"": {},
	} {
		if got := startTime([]byte(stat), []byte(system)); !got.Equal(wanted) {
			t.Errorf("%s: got %v, want %v", stat, got, wanted)
		}
	}
	const good = "7 (pakdeck) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 12345 20"
	for _, system := range []string{"", "cpu 1\n", "cpu 1\nbtime x\n"} {
		if got := startTime([]byte(good), []byte(system)); !got.IsZero() {
			t.Errorf("%q: got %v, want no time", system, got)
		}
	}
}

func FuzzStartTime(f *testing.F) {
	f.Add([]byte("7 (pakdeck) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 12345 20"), []byte("cpu\nbtime 17\n"))
	f.Fuzz(func(_ *testing.T, stat, system []byte) { startTime(stat, system) })
}

func TestProcessKnowsThisOne(t *testing.T) {
	h := process(os.Getpid())
	if h.PID != os.Getpid() || h.Command != ownCommand() || time.Since(h.Since) > time.Hour || time.Until(h.Since) > time.Minute {
		t.Errorf("got %+v", h)
	}
	if h := process(1 << 30); h != (kv.Holder{PID: 1 << 30}) {
		t.Errorf("a process that does not exist: %+v", h)
	}
}

func TestAProcessRunsOnlyUnderItsOwnName(t *testing.T) {
	for _, c := range []struct {
		holder kv.Holder
		want   bool
	}{
		{kv.Holder{PID: os.Getpid(), Command: ownCommand()}, true},
		{kv.Holder{PID: os.Getpid(), Command: "another"}, false},
		{kv.Holder{PID: os.Getpid()}, false},
		{kv.Holder{PID: 1 << 30, Command: ownCommand()}, false},
		{kv.Holder{PID: 1 << 30}, false},
	} {
		if got := isRunning(c.holder); got != c.want {
			t.Errorf("%+v runs: %v", c.holder, got)
		}
	}
}

func TestLockersSeesWhoHoldsAndNotWhoWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	var files []*os.File
	for range 2 {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files = append(files, f)
	}
	if got := lockers(path); len(got) != 0 {
		t.Errorf("nobody holds it: got %v", got)
	}
	for _, f := range files {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_SH); err != nil {
			t.Fatal(err)
		}
	}
	if got := lockers(path); !slices.Equal(got, []int{os.Getpid(), os.Getpid()}) {
		t.Errorf("held twice by %d: got %v", os.Getpid(), got)
	}
	if got := Holders(path); got != nil {
		t.Errorf("besides this process: got %v", got)
	}
	if got := lockers(path + ".missing"); got != nil {
		t.Errorf("a missing file: got %v", got)
	}
}
