package session

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

type fixture struct {
	*keystore.Store
	t    *testing.T
	dir  string
	keys []keystore.KeyView
	old  []string // their key strings
}

func newFixture(t *testing.T, n int) *fixture {
	t.Helper()
	f := &fixture{t: t, dir: t.TempDir()}
	st, err := keystore.Create(t.Context(), filepath.Join(t.TempDir(), "store.db"), keystore.CreateOptions{})
	must(t, err)
	t.Cleanup(func() { _ = st.Close() })
	f.Store = st
	u, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot"})
	must(t, err)
	for i := range n {
		v, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: fmt.Sprintf("key %d", i)})
		must(t, err)
		f.keys, f.old = append(f.keys, v), append(f.old, secret.Reveal())
	}
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) start(s Session) Session {
	f.t.Helper()
	s.Dir = f.dir
	s, err := Start(f.t.Context(), f.Store, s, f.keys)
	must(f.t, err)
	return s
}

func (f *fixture) do(s Session, n int) Step {
	f.t.Helper()
	x, err := s.Do(f.t.Context(), f.Store, n)
	must(f.t, err)
	return x
}

// works reports whether a key string is accepted.
func (f *fixture) works(key string) bool {
	f.t.Helper()
	x, err := verify.Explain(f.t.Context(), f.Store, verify.Request{Key: key})
	must(f.t, err)
	return x.Outcome == keystore.OK
}

// handed returns the key string in a plain .pak file.
func handed(t *testing.T, path string) string {
	t.Helper()
	b, err := pak.Load(path)
	must(t, err)
	file, err := pak.Decode(b)
	must(t, err)
	return file.Key.Reveal()
}

func (f *fixture) use(id token.ID) {
	f.t.Helper()
	s := keystore.Sighting{Time: f.Now()}
	must(f.t, f.RecordUses(f.t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{id: {First: s, Last: s, OK: 1}}}))
}

func TestASessionGoesFromKeyToKey(t *testing.T) {
	f := newFixture(t, 3)
	s := f.start(Session{Grace: 24 * time.Hour})
	for n := range s.Steps {
		x := f.do(s, n)
		if x.State != Handed || !f.works(handed(t, x.File)) || !f.works(f.old[n]) {
			t.Fatalf("step %d: %+v", n, x)
		}
		if got, err := s.Look(t.Context(), f.Store, n); err != nil || got.State != Handed {
			t.Errorf("before the first use: %s, %v", got.State, err)
		}
	}
	f.use(s.Steps[1].New)
	x, err := s.Look(t.Context(), f.Store, 1)
	must(t, err)
	if x.State != Contact {
		t.Errorf("after the first use: %s", x.State)
	}
	again, err := Load(t.Context(), f.Store, s.ID)
	must(t, err)
	if over, used := again.Done(); over != 3 || used != 1 || again.Grace != 24*time.Hour || again.Steps[2].New != s.Steps[2].New {
		t.Errorf("read back: %d over, %d in use, %+v", over, used, again)
	}
	must(t, s.End(t.Context(), f.Store))
	var told []string
	must(t, f.Journal(t.Context(), 5, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		told = append(told, r.Event+" "+r.Object.ID+" "+r.Reason)
		return err
	}))
	text := strings.Join(told, "\n")
	for _, want := range []string{"session.start " + s.ID, "planned, session " + s.ID, "plain, session " + s.ID, "session.end " + s.ID + " 3 of 3 keys done, 1 in use"} {
		if !strings.Contains(text, want) {
			t.Errorf("the journal lacks %q:\n%s", want, text)
		}
	}
}

func TestWhatStandsAgainstOneKeyDoesNotStopTheOthers(t *testing.T) {
	f := newFixture(t, 3)
	_, err := f.RevokeKey(t.Context(), f.keys[0].ID, 1, "gone")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(f.dir, fileName(f.keys[1])), nil, 0o600))
	s := f.start(Session{Rotation: keystore.Rotation{After: time.Hour}})
	for n, want := range []struct {
		state State
		note  string
	}{{Failed, "was revoked"}, {Failed, "exists already"}, {Handed, ""}} {
		if x := f.do(s, n); x.State != want.state || !strings.Contains(x.Note, want.note) {
			t.Errorf("step %d: %+v, want %s", n, x, want.state)
		}
	}
	must(t, os.Remove(filepath.Join(f.dir, fileName(f.keys[1]))))
	if x := f.do(s, 1); x.State != Handed {
		t.Errorf("tried again: %+v", x)
	}
	if x, err := s.Skip(t.Context(), f.Store, 0); err != nil || x.State != Skipped || x.State.Open() {
		t.Errorf("skipped: %+v, %v", x, err)
	}
}

func TestAKeyThatCannotBeSavedStaysAsItWas(t *testing.T) {
	f := newFixture(t, 1)
	s := f.start(Session{Grace: time.Hour})
	s.Dir = filepath.Join(f.dir, "gone")
	if x := f.do(s, 0); x.State != Failed || !strings.Contains(x.Note, "it does not exist") {
		t.Errorf("without the folder: %+v", x)
	}
	if s.Dir = "/proc"; !isFolder(s.Dir) {
		t.Skip("there is no folder here in which not even root can make a file")
	}
	x := f.do(s, 0)
	k, err := f.Key(t.Context(), string(f.keys[0].ID))
	must(t, err)
	if x.State != Failed || !f.works(f.old[0]) || k.Current().ID != f.keys[0].Current().ID {
		t.Errorf("%+v, current %s", x, k.Current().ID)
	}
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func TestKeysAreEncryptedToTheirOwners(t *testing.T) {
	f := newFixture(t, 1)
	s := f.start(Session{Grace: time.Hour, To: []string{OfOwner}})
	if x := f.do(s, 0); x.State != Failed || !strings.Contains(x.Note, "bot has none") {
		t.Errorf("an owner without a recipient: %+v", x)
	}
	id, err := age.GenerateX25519Identity()
	must(t, err)
	to := id.Recipient().String()
	_, err = f.EditUser(t.Context(), f.keys[0].User, 1, keystore.UserEdit{Recipient: &to})
	must(t, err)
	x := f.do(s, 0)
	b, err := pak.Load(x.File)
	must(t, err)
	plain, err := pak.Decrypt(b, id)
	if err != nil || plain == nil {
		t.Errorf("%+v: %v", x, err)
	}
	if err := Recipients([]string{OfOwner, "nonsense"}); !errors.Is(err, pak.ErrRecipient) {
		t.Errorf("%v, want ErrRecipient", err)
	}
}

// An operator who rotates by hand while a session is interrupted must not lose
// what was handed over.
func TestASessionLeavesAForeignRotationAlone(t *testing.T) {
	f := newFixture(t, 1)
	s := f.start(Session{Grace: time.Hour})
	s.Steps[0].State, s.Steps[0].Old, s.Steps[0].File = Begun, f.keys[0].Current().ID, filepath.Join(f.dir, "x.pak")
	must(t, s.keep(t.Context(), f.Store, 0))
	_, secret, err := f.RotateKey(t.Context(), f.keys[0].ID, 1, keystore.Rotation{After: time.Hour})
	must(t, err)
	if x := f.do(s, 0); x.State != Failed || !f.works(secret.Reveal()) || !f.works(f.old[0]) {
		t.Errorf("%+v", x)
	}
}

func TestALostKeyStringIsReplaced(t *testing.T) {
	for _, r := range []keystore.Rotation{{After: time.Hour}, {Now: true}} {
		f := newFixture(t, 1)
		s := f.start(Session{Rotation: r})
		s.Steps[0].State, s.Steps[0].Old, s.Steps[0].File = Begun, f.keys[0].Current().ID, filepath.Join(f.dir, "half.pak")
		must(t, s.keep(t.Context(), f.Store, 0))
		_, lost, err := f.RotateKey(t.Context(), f.keys[0].ID, 1, s.Rotation)
		must(t, err)
		must(t, os.WriteFile(s.Steps[0].File, []byte("PAK_FOR"), 0o600))
		x := f.do(s, 0)
		if x.State != Handed || !f.works(handed(t, x.File)) || f.works(lost.Reveal()) || f.works(f.old[0]) == r.Now {
			t.Errorf("%+v: %+v", r, x)
		}
		if _, err := os.Stat(filepath.Join(f.dir, "half.pak")); err == nil {
			t.Error("half a file was left behind")
		}
	}
}

func TestUsesTellThatALostKeyStringWasNotLost(t *testing.T) {
	f := newFixture(t, 1)
	s := f.start(Session{Rotation: keystore.Rotation{Now: true}})
	s.Steps[0].State, s.Steps[0].Old = Begun, f.keys[0].Current().ID
	must(t, s.keep(t.Context(), f.Store, 0))
	k, secret, err := f.RotateKey(t.Context(), f.keys[0].ID, 1, s.Rotation)
	must(t, err)
	f.use(k.Current().ID)
	if x := f.do(s, 0); x.State != Handed || !f.works(secret.Reveal()) {
		t.Errorf("%+v", x)
	}
}

const childStore, childSession = "PAKDECK_TEST_STORE", "PAKDECK_TEST_SESSION"

// TestMain lets the test's own binary be the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(childStore); path != "" {
		if err := runChild(path, os.Getenv(childSession)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func runChild(path, id string) error {
	ctx := context.Background()
	st, err := keystore.Open(ctx, path)
	if err != nil {
		return err
	}
	s, err := Load(ctx, st, id)
	fmt.Println("ready")
	for n := range s.Steps {
		if _, err := s.Do(ctx, st, n); err != nil {
			return err
		}
	}
	return errors.Join(err, st.Close())
}

// Killed at whatever point, again and again, a session leaves each key wholly
// old or wholly new, and comes to its end.
func TestAKilledSessionGoesOn(t *testing.T) {
	for _, r := range []keystore.Rotation{{After: time.Hour}, {Now: true}} {
		f := newFixture(t, 12)
		s := f.start(Session{Rotation: r})
		kills := 0
		for ; ; kills++ {
			done := killAfter(t, time.Duration(kills)*time.Millisecond, childStore+"="+f.Path(), childSession+"="+s.ID)
			f.eachWhole(s.ID, r)
			if done {
				break
			}
		}
		if kills == 0 {
			t.Errorf("%+v: never killed", r)
		}
		s, err := Load(t.Context(), f.Store, s.ID)
		must(t, err)
		if over, _ := s.Done(); over != 12 {
			t.Errorf("%+v: %d of 12 done", r, over)
		}
		for n, x := range s.Steps {
			if !f.works(handed(t, x.File)) || f.works(f.old[n]) == r.Now {
				t.Errorf("%+v: step %d: %+v", r, n, x)
			}
		}
		files, err := os.ReadDir(f.dir)
		must(t, err)
		if len(files) != 12 {
			t.Errorf("%d files of 12 keys", len(files))
		}
		t.Logf("%+v: killed %d times", r, kills)
	}
}

// killAfter runs the child and kills it some time after it is ready, however
// long it takes to start. It reports whether the child was through by then.
func killAfter(t *testing.T, delay time.Duration, env ...string) bool {
	t.Helper()
	c := exec.Command(os.Args[0])
	// The race detector waits a second at the end of a process otherwise.
	c.Env = append(append(os.Environ(), "GORACE=atexit_sleep_ms=0 "+os.Getenv("GORACE")), env...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	if _, err := bufio.NewReader(out).ReadString('\n'); err == nil {
		defer time.AfterFunc(delay, func() { _ = c.Process.Kill() }).Stop()
	}
	err = c.Wait()
	if said.Len() > 0 {
		t.Fatalf("the process failed: %s", said.String())
	}
	return err == nil
}

// eachWhole checks after a kill that no step which says so is half done, and
// that in a planned rotation every old key string still works.
func (f *fixture) eachWhole(id string, r keystore.Rotation) {
	f.t.Helper()
	s, err := Load(f.t.Context(), f.Store, id)
	must(f.t, err)
	for n, x := range s.Steps {
		if !r.Now && !f.works(f.old[n]) {
			f.t.Errorf("step %d: the old secret is refused: %+v", n, x)
		}
		if x.State == Handed && !f.works(handed(f.t, x.File)) {
			f.t.Errorf("step %d: the new secret is refused: %+v", n, x)
		}
		if x.State == Waiting && !f.works(f.old[n]) {
			f.t.Errorf("step %d was not begun, but the secret is refused", n)
		}
	}
}
