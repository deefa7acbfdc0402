package session

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/internal/kill"
)

func TestMain(m *testing.M) { kill.Main(m, runChild) }

func runChild(ready func(), args string) error {
	ctx := context.Background()
	path, id, _ := strings.Cut(args, "\n")
	st, err := keystore.Open(ctx, path)
	if err != nil {
		return err
	}
	s, err := Load(ctx, st, id)
	ready()
	for n := range s.Steps {
		if _, err := s.Do(ctx, st, n, ""); err != nil {
			return err
		}
	}
	return errors.Join(err, st.Close())
}

// keeping is a command that keeps each key string it is given under its public id.
func keeping(dir string) string { return "cat > '" + dir + "'/$PAK_SECRET_ID" }

// Killed at whatever point, again and again, a session leaves each key wholly
// old or wholly new, and comes to its end.
func TestAKilledSessionGoesOn(t *testing.T) {
	later := time.Millisecond
	if testing.Short() {
		later = 5 * time.Millisecond // the race detector slows a session by as much
	}
	for _, c := range []struct {
		n   int
		way Way
		keystore.Rotation
	}{
		{12, ToFile, keystore.Rotation{After: time.Hour}},
		{12, ToFile, keystore.Rotation{Now: true}},
		{4, ToCommand, keystore.Rotation{After: time.Hour}},
		{4, ToCommand, keystore.Rotation{Now: true}},
	} {
		f := newFixture(t, c.n)
		s := f.start(Session{Rotation: c.Rotation, Hand: Hand{Way: c.way, Command: keeping(f.dir)}})
		kills := 0
		for ; ; kills++ {
			done := kill.After(t, time.Duration(kills)*later, f.Path()+"\n"+s.ID)
			f.eachWhole(s.ID, c.Now)
			if done {
				break
			}
		}
		if kills == 0 {
			t.Errorf("%+v: never killed", c)
		}
		s, err := Load(t.Context(), f.Store, s.ID)
		must(t, err)
		if over, _ := s.Done(); over != c.n {
			t.Errorf("%+v: %d of %d done", c, over, c.n)
		}
		for n, x := range s.Steps {
			if !f.works(f.handed(x)) || f.works(f.old[n]) == c.Now {
				t.Errorf("%+v: step %d: %+v", c, n, x)
			}
		}
		files, err := os.ReadDir(f.dir)
		must(t, err)
		if c.way == ToFile && len(files) != c.n {
			t.Errorf("%d files of %d keys", len(files), c.n)
		}
		t.Logf("%+v: killed %d times", c, kills)
	}
}

// handed returns the key string that a step handed over.
func (f *fixture) handed(x Step) string {
	f.t.Helper()
	if x.Way != ToCommand {
		return handed(f.t, x.File)
	}
	b, err := os.ReadFile(filepath.Join(f.dir, x.New.String()))
	must(f.t, err)
	return strings.TrimSpace(string(b))
}

// eachWhole checks after a kill that no step which says so is half done, and
// that in a planned rotation every old key string still works.
func (f *fixture) eachWhole(id string, now bool) {
	f.t.Helper()
	s, err := Load(f.t.Context(), f.Store, id)
	must(f.t, err)
	for n, x := range s.Steps {
		if !now && !f.works(f.old[n]) {
			f.t.Errorf("step %d: the old secret is refused: %+v", n, x)
		}
		if x.State == Handed && !f.works(f.handed(x)) {
			f.t.Errorf("step %d: the new secret is refused: %+v", n, x)
		}
		if x.State == Waiting && !f.works(f.old[n]) {
			f.t.Errorf("step %d was not begun, but the secret is refused", n)
		}
	}
}

// What went to the clipboard when the dashboard was killed is known to nobody:
// the session says so, and gives the key another secret.
func TestAKeyStringOnTheClipboardIsNotHandedOverUntilItIsSaid(t *testing.T) {
	f := newFixture(t, 2)
	s := f.start(Session{Rotation: keystore.Rotation{After: time.Hour}, Hand: Hand{Way: ToClipboard}})
	_, lost, err := s.Make(t.Context(), f.Store, 0, "")
	must(t, err)
	again, err := Load(t.Context(), f.Store, s.ID)
	must(t, err)
	if x := again.Steps[0]; x.State != Begun || x.Way != ToClipboard || !f.works(lost.Reveal()) {
		t.Fatalf("%+v", x)
	}
	_, secret, err := again.Make(t.Context(), f.Store, 0, "")
	must(t, err)
	if f.works(lost.Reveal()) || !f.works(secret.Reveal()) || !f.works(f.old[0]) {
		t.Error("the lost one still works, or the others do not")
	}
	if x, err := again.Handed(t.Context(), f.Store, 0); err != nil || x.State != Handed || x.New != secret.ID() {
		t.Errorf("%+v, %v", x, err)
	}
	if x := f.do(s, 1); x.State != Failed || !strings.Contains(x.Note, "in the dashboard") || len(f.key(1).Secrets) != 1 {
		t.Errorf("without a clipboard: %+v", x)
	}
	if _, err := again.Route(t.Context(), f.Store, 1, ToFile); err != nil {
		t.Error(err)
	}
	if x := f.do(again, 1); x.State != Handed || !f.works(f.handed(x)) {
		t.Errorf("another way: %+v", x)
	}
}

func (f *fixture) key(n int) keystore.KeyView {
	f.t.Helper()
	k, err := f.Key(f.t.Context(), string(f.keys[n].ID))
	must(f.t, err)
	return k
}

func TestTheCommandGetsTheKeyStringAndNothingElseDoes(t *testing.T) {
	f := newFixture(t, 1)
	s := f.start(Session{Grace: time.Hour, Hand: Hand{Way: ToCommand, Command: `
		cat > key; { env; ps -o args= -p $$; } > around; tty > tty; echo "$PAK_OWNER/$PAK_NAME $PAK_EXPIRES" > about`}})
	t.Chdir(f.dir)
	x := f.do(s, 0)
	read := func(name string) string {
		b, err := os.ReadFile(name)
		must(t, err)
		return string(b)
	}
	secret := strings.TrimSuffix(read("key"), "\n")
	if x.State != Handed || !f.works(secret) || strings.Contains(read("around"), secret[20:40]) {
		t.Errorf("%+v, or the key string is in the environment or the arguments", x)
	}
	if got := read("about"); got != "bot/key 0 never\n" {
		t.Errorf("it knows %q", got)
	}
	if got := f.journal(0); !strings.Contains(got, "key.give "+string(x.Key)+" a command, exit code 0, session "+s.ID) || strings.Contains(got, "cat >") {
		t.Errorf("the journal:\n%s", got)
	}
}

// A command that fails leaves the key as it was; what it says may hold the key.
func TestAFailedCommandIsTold(t *testing.T) {
	for command, want := range map[string]string{
		"exit 3":                              "the command ended with exit code 3",
		"echo 'no such host' >&2; exit 1":     "exit code 1: no such host",
		"k=$(cat); echo bad $k >&2; exit 1":   "exit code 1: bad [...]",
		"base64 -w0 >&2; exit 1":              "exit code 1: [...]",
		"printf 'a\\033[31mb\\n' >&2; exit 1": "exit code 1: a [31mb",
		"kill -9 $$":                          "the command was ended",
		"/nowhere/at-all 2>/dev/null":         "exit code 127",
	} {
		f := newFixture(t, 1)
		x := f.do(f.start(Session{Grace: time.Hour, Hand: Hand{Way: ToCommand, Command: command}}), 0)
		if x.State != Failed || !strings.Contains(x.Note, want+"; the rotation was called off") {
			t.Errorf("%s: %+v", command, x)
		}
		if k := f.key(0); k.Current().ID != f.keys[0].Current().ID || !f.works(f.old[0]) {
			t.Errorf("%s: the key was changed", command)
		}
		if got := f.journal(0); !strings.Contains(got, "key.give") || !strings.Contains(got, "a command, exit code ") {
			t.Errorf("%s: the journal:\n%s", command, got)
		}
	}
}

func TestACommandThatHangsIsStopped(t *testing.T) {
	f := newFixture(t, 1)
	s := f.start(Session{Grace: time.Hour, Hand: Hand{Way: ToCommand, Command: "sleep 60 & sleep 60"}})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	x, err := s.Do(ctx, f.Store, 0, "")
	if err != nil || x.State != Failed || !f.works(f.old[0]) {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestFilesForOwnersWithoutARecipient(t *testing.T) {
	for name, c := range map[string]struct {
		hand   Hand
		phrase string
		policy string
		state  State
		note   string
	}{
		"are left out":        {Hand{Way: ToOwner}, "", "", Skipped, "bot has none"},
		"are plain":           {Hand{Way: ToOwner, Else: ToFile}, "", "", Handed, ""},
		"are sealed":          {Hand{Way: ToOwner, Else: ToFile, Sealed: true}, "correct horse", "", Handed, ""},
		"need the passphrase": {Hand{Way: ToOwner, Else: ToFile, Sealed: true}, "", "", Failed, "give it again"},
		"are refused by rule": {Hand{Way: ToFile}, "", "allow_plain_files = false", Failed, "encrypted file only"},
		"are sealed by rule":  {Hand{Sealed: true}, "correct horse", "allow_plain_files = false", Handed, ""},
		"go to the clipboard": {Hand{Way: ToOwner, Else: ToClipboard}, "", "", Failed, "in the dashboard"},
		"have no command":     {Hand{Way: ToCommand}, "", "", Failed, "there is none"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.phrase != "" && testing.Short() {
				t.Skip("scrypt at full strength takes seconds")
			}
			f := newFixture(t, 1)
			f.passphrase = c.phrase
			must(t, os.WriteFile(f.PolicyPath(), []byte("[key]\n"+c.policy), 0o600))
			x := f.do(f.start(Session{Grace: time.Hour, Hand: c.hand}), 0)
			if x.State != c.state || !strings.Contains(x.Note, c.note) {
				t.Fatalf("%+v", x)
			}
			if c.state != Handed {
				if len(f.key(0).Secrets) != 1 {
					t.Error("it was rotated all the same")
				}
				return
			}
			b, err := os.ReadFile(x.File)
			must(t, err)
			if encrypted := strings.HasPrefix(string(b), "-----BEGIN AGE"); encrypted != (c.phrase != "") {
				t.Errorf("encrypted: %v", encrypted)
			}
		})
	}
}
