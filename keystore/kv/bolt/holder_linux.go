package bolt

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// clockTicks is the unit of times in /proc: the kernel shows them to programs
// in hundredths of a second on every machine that Go runs on.
const clockTicks = 100

// lockers returns the processes that hold a flock on the file, those that have
// it alone first. Processes that are not visible from here are left out.
func lockers(path string) []int {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	table, err := os.ReadFile("/proc/locks")
	if err != nil {
		return nil
	}
	return parseLocks(table, fileID(statOf(info)))
}

// fileID names a file as /proc/locks does: major and minor number of the
// device in hexadecimal, inode in decimal. On btrfs stat(2) tells another
// device number, so there nothing is found.
func fileID(st syscall.Stat_t) string {
	return fmt.Sprintf("%02x:%02x:%d", unix.Major(uint64(st.Dev)), unix.Minor(uint64(st.Dev)), st.Ino)
}

// parseLocks picks the holders of one file from lines such as
//
//	1: FLOCK  ADVISORY  WRITE 3012 fe:00:1835012 0 EOF
//
// A line with "->" is of somebody who waits (proc_locks(5)).
func parseLocks(table []byte, id string) []int {
	var alone, together []int
	for line := range bytes.Lines(table) {
		f := strings.Fields(string(line))
		if len(f) < 6 || f[1] != "FLOCK" || f[5] != id {
			continue
		}
		pid, err := strconv.Atoi(f[4])
		switch {
		case err != nil || pid <= 0:
		case f[3] == "WRITE":
			alone = append(alone, pid)
		default:
			together = append(together, pid)
		}
	}
	return slices.Concat(alone, together)
}

// process tells the name of a process and when it began.
func process(pid int) kv.Holder {
	h := kv.Holder{PID: pid, Command: commandOf(pid)}
	stat, err1 := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	system, err2 := os.ReadFile("/proc/stat")
	if err1 == nil && err2 == nil {
		h.Since = startTime(stat, system)
	}
	return h
}

// startTime reads the 22nd field of /proc/PID/stat, ticks since the machine
// started, and the btime line of /proc/stat (proc_pid_stat(5)). It returns the
// zero time if either is missing.
func startTime(stat, system []byte) time.Time {
	// The second field is the command in brackets, which may hold anything.
	after := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const start = 22 - 3 // after holds the fields from the third on
	if len(after) <= start {
		return time.Time{}
	}
	ticks, err := strconv.ParseInt(after[start], 10, 64)
	_, boot, found := bytes.Cut(system, []byte("\nbtime "))
	if err != nil || !found {
		return time.Time{}
	}
	boot, _, _ = bytes.Cut(boot, []byte("\n"))
	seconds, err := strconv.ParseInt(string(boot), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds+ticks/clockTicks, ticks%clockTicks*int64(time.Second/clockTicks)).UTC()
}

// isRunning reports whether the process that signed is still there, and not
// another that got its number.
func isRunning(h kv.Holder) bool {
	command := commandOf(h.PID)
	return command != "" && command == h.Command
}

func ownCommand() string { return commandOf(os.Getpid()) }

func commandOf(pid int) string {
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return ""
	}
	return printable(string(comm))
}
