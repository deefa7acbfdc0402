package session

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

type fixture struct {
	*keystore.Store
	t    *testing.T
	dir  string
	keys []keystore.KeyView
	old  []string // their key strings

	passphrase string // of the files
}

func newFixture(t *testing.T, n int) *fixture {
	t.Helper()
	st := storetest.New(t)
	f := &fixture{Store: st, t: t, dir: t.TempDir()}
	// So that nothing waits for verifiers.
	v, err := follow.Announce(st.Path(), math.MaxInt64)
	must(t, err)
	t.Cleanup(func() { _ = v.Close() })
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
	x, err := s.Do(f.t.Context(), f.Store, n, f.passphrase)
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
	text := f.journal(5)
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
	s := f.start(Session{Grace: time.Hour, Hand: Hand{To: []string{OfOwner}}})
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

// Leaving a key out whose new secret is lost takes the secret back first.
func TestALostKeyStringIsNotLeftBehind(t *testing.T) {
	for _, r := range []keystore.Rotation{{After: time.Hour}, {Now: true}} {
		f := newFixture(t, 1)
		s := f.start(Session{Rotation: r})
		_, lost, err := s.Make(t.Context(), f.Store, 0, "")
		must(t, err)
		x, err := s.Skip(t.Context(), f.Store, 0)
		if r.Now {
			if !errors.Is(err, keystore.ErrState) || x.State != Begun {
				t.Errorf("%+v, %v: nobody has a secret of this key", x, err)
			}
			continue
		}
		if err != nil || x.State != Skipped || f.works(lost.Reveal()) || !f.works(f.old[0]) {
			t.Errorf("%+v, %v", x, err)
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

// journal returns the records from one on as "event object reason".
func (f *fixture) journal(from int64) string {
	f.t.Helper()
	var told []string
	must(f.t, f.Journal(f.t.Context(), from, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		told = append(told, r.Event+" "+r.Object.ID+" "+r.Reason)
		return err
	}))
	return strings.Join(told, "\n")
}
