//go:build unix

package bolt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

// The tests run processes of their own: the test binary again, with a role and
// the path of a store in its environment. A process speaks in lines on its
// standard output and is told to end by the end of its standard input.
const (
	roleEnv = "BOLT_TEST_ROLE"
	pathEnv = "BOLT_TEST_PATH"
)

func TestMain(m *testing.M) {
	role, ok := roles[os.Getenv(roleEnv)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := role(context.Background(), os.Getenv(pathEnv)); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

var roles = map[string]func(ctx context.Context, path string) error{
	"hold-view":   holdView,
	"hold-update": holdUpdate,
	"hold-bbolt":  holdBbolt,
	"append":      appendForEver,
	"move":        moveAround,
	"sum":         sumUntilTold,
	"create":      createWhenTold,
	"set":         setLines,
	"disk-full":   fillDisk,
}

// child is a running role.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer
	tell  func(line string)
	out   *bufio.Scanner
}

// start runs a role. What hangs is killed after a minute.
func start(t testing.TB, role, path string) *child {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0])
	// The race detector waits a second at the end of a process otherwise.
	cmd.Env = append(os.Environ(), roleEnv+"="+role, pathEnv+"="+path, "GORACE=atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	cmd.Stderr = os.Stderr
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	p := &child{cmd: cmd, stdin: in, out: bufio.NewScanner(out)}
	p.tell = func(line string) {
		if _, err := fmt.Fprintln(in, line); err != nil {
			t.Errorf("telling the %s process: %v", role, err)
		}
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return p
}

// line waits for the next line.
func (p *child) line(t testing.TB) string {
	t.Helper()
	if !p.out.Scan() {
		t.Fatalf("the process ended early: %v", p.out.Err())
	}
	return p.out.Text()
}

// end lets the process finish and returns its last line.
func (p *child) end(t testing.TB) (last string) {
	t.Helper()
	_ = p.stdin.Close()
	for p.out.Scan() {
		last = p.out.Text()
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("%v; last line: %s", err, last)
	}
	return last
}

// kill is kill -9.
func (p *child) kill(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for p.out.Scan() { // until the pipe closes
	}
	_ = p.cmd.Wait()
}

// untilTold says that all is ready and waits for the end of standard input.
func untilTold() error {
	fmt.Println("ready")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

func holdView(ctx context.Context, path string) error {
	s, err := Open(path, patient)
	if err != nil {
		return err
	}
	return s.View(ctx, func(kv.Reader) error { return untilTold() })
}

func holdUpdate(ctx context.Context, path string) error {
	s, err := Open(path, patient)
	if err != nil {
		return err
	}
	return s.Update(ctx, func(w kv.Writer) error {
		if err := w.Put([]byte("half"), []byte("done")); err != nil {
			return err
		}
		return untilTold()
	})
}

// holdBbolt is a foreign program that knows nothing of the gate.
func holdBbolt(_ context.Context, path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return err
	}
	return errors.Join(untilTold(), db.Close())
}

// appendForEver writes 0, 1, 2, ... and prints each number that is committed.
func appendForEver(ctx context.Context, path string) error {
	s, err := Open(path, patient)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		err := s.Update(ctx, func(w kv.Writer) error {
			return w.Put(fmt.Appendf(nil, "%08d", i), make([]byte, 1000))
		})
		if err != nil {
			return err
		}
		fmt.Println(i)
	}
}

// patient is for tests that ask whether all comes right, however slow the disk.
var patient = Options{Timeout: 30 * time.Second}

const moves = 100

// moveAround moves 1 from x to y, moves times, and prints how long the moves
// took.
func moveAround(ctx context.Context, path string) error {
	s, err := Open(path, patient)
	if err != nil {
		return err
	}
	var took []time.Duration
	for range moves {
		began := time.Now()
		err := s.Update(ctx, func(w kv.Writer) error {
			x, y, err := xy(w)
			return errors.Join(err, setNumber(w, "x", x-1), setNumber(w, "y", y+1))
		})
		if err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	fmt.Println("median", took[moves/2], "longest", took[moves-1])
	return nil
}

// sumUntilTold reads x and y, whose sum never changes, and prints how often
// and how long the longest View took.
func sumUntilTold(ctx context.Context, path string) error {
	s, err := Open(path, patient)
	if err != nil {
		return err
	}
	told := make(chan error, 1)
	go func() { told <- untilTold() }()
	var longest time.Duration
	for views := 1; ; views++ {
		began := time.Now()
		err := s.View(ctx, func(r kv.Reader) error {
			if x, y, err := xy(r); err != nil || x+y != 0 {
				return fmt.Errorf("x = %d, y = %d: %w", x, y, err)
			}
			return nil
		})
		if err != nil {
			return err
		}
		longest = max(longest, time.Since(began))
		select {
		case err := <-told:
			fmt.Println(views, "views, longest", longest)
			return err
		default:
		}
	}
}

func xy(r kv.Reader) (x, y int, err error) {
	x, err1 := number(r, "x")
	y, err2 := number(r, "y")
	return x, y, errors.Join(err1, err2)
}

func number(r kv.Reader, key string) (int, error) {
	v, err := r.Get([]byte(key))
	if err != nil || v == nil {
		return 0, err
	}
	return strconv.Atoi(string(v))
}

func setNumber(w kv.Writer, key string, n int) error {
	return w.Put([]byte(key), strconv.AppendInt(nil, int64(n), 10))
}

func createWhenTold(ctx context.Context, path string) error {
	if err := untilTold(); err != nil {
		return err
	}
	err := Create(ctx, path, func(w kv.Writer) error { return setNumber(w, "pid", os.Getpid()) })
	switch {
	case err == nil:
		fmt.Println("created")
	case errors.Is(err, fs.ErrExist):
		fmt.Println("exists")
	default:
		return err
	}
	return nil
}

// setLines puts every line that it reads, and prints when that was done.
func setLines(ctx context.Context, path string) error {
	s, err := Open(path, patient)
	if err != nil {
		return err
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		err := s.Update(ctx, func(w kv.Writer) error { return w.Put([]byte("line"), in.Bytes()) })
		if err != nil {
			return err
		}
		fmt.Println(time.Now().UnixNano())
	}
	return nil
}

// fillDisk lets the kernel refuse to make the file any larger, and says what
// the Store makes of that, step by step.
func fillDisk(ctx context.Context, path string) error {
	s, err := Open(path, patient)
	if err != nil {
		return err
	}
	signal.Ignore(unix.SIGXFSZ)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	full, put := before, func(w kv.Writer) error { return w.Put([]byte("old"), []byte("v")) }
	setLimit(&full.Cur, int64(2*os.Getpagesize())) // not a page more than what says where the others are
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &full); err != nil {
		return err
	}
	report("full", s.Update(ctx, put))
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	report("room", s.Update(ctx, put))
	setLimit(&full.Cur, info.Size())
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &full); err != nil {
		return err
	}
	report("large", s.Update(ctx, func(w kv.Writer) error { return w.Put([]byte("large"), make([]byte, kv.MaxValue)) }))
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	small := func(w kv.Writer) error { return w.Put([]byte("small"), []byte("v")) }
	report("small", s.Update(ctx, small))
	report("view", s.View(ctx, func(r kv.Reader) error {
		if v, err := r.Get([]byte("old")); err != nil || string(v) != "v" {
			return fmt.Errorf("old = %q: %w", v, err)
		}
		return nil
	}))
	s, err = Open(path, Options{})
	if err != nil {
		return err
	}
	report("anew", s.Update(ctx, small))
	return nil
}

// setLimit is an assignment: the systems disagree on the type of a limit.
func setLimit[T int64 | uint64](limit *T, n int64) { *limit = T(n) }

func report(step string, err error) {
	switch {
	case errors.Is(err, kv.ErrFull):
		fmt.Println(step, "full:", err)
	case errors.Is(err, kv.ErrWriteFailed):
		fmt.Println(step, "write failed:", err)
	case err != nil:
		fmt.Println(step, "error:", err)
	default:
		fmt.Println(step, "ok")
	}
}
