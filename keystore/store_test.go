package keystore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

var epoch = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

type fixture struct {
	*keystore.Store
	t     *testing.T
	clock *storetest.Clock
}

func newFixture(t *testing.T, options ...keystore.Option) fixture {
	t.Helper()
	c := storetest.At(epoch)
	options = append([]keystore.Option{
		keystore.WithClock(c.Now),
		keystore.WithActor(keystore.Actor{UID: 1000, User: "mira", Via: "test"}),
	}, options...)
	return fixture{storetest.New(t, options...), t, c}
}

func (f fixture) user(name string, permissions ...keystore.Scope) keystore.User {
	f.t.Helper()
	u, err := f.AddUser(f.t.Context(), keystore.NewUser{Name: name, Permissions: permissions, Contact: name + "@corp"})
	if err != nil {
		f.t.Fatal(err)
	}
	return u
}

func (f fixture) key(u keystore.User, name string) keystore.KeyView {
	f.t.Helper()
	v, _, err := f.CreateKey(f.t.Context(), keystore.NewKey{User: u.ID, Name: name, Expires: f.Now().Add(90 * 24 * time.Hour)})
	if err != nil {
		f.t.Fatal(err)
	}
	return v
}

// records returns the journal, decoded.
func (f fixture) records() []journal.Record {
	f.t.Helper()
	var out []journal.Record
	err := f.Journal(f.t.Context(), 0, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		out = append(out, r)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

func (f fixture) size() int64 {
	f.t.Helper()
	head, err := f.Head(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return head.Size
}

func TestANewStoreIsPrivateAndHasAJournal(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{f.Path(), f.Path() + ".keyring", f.CheckpointPath()} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %04o, want 0600", filepath.Base(path), mode)
		}
	}
	if info, err := os.Stat(filepath.Dir(f.Path())); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v, %v; want mode 0700", info.Mode(), err)
	}
	if r := f.records(); len(r) != 1 || r[0].Event != "store.init" {
		t.Errorf("journal = %v, want one store.init", r)
	}
}

func TestCreateNeverTouchesAnExistingStore(t *testing.T) {
	f := newFixture(t)
	before, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keystore.Create(t.Context(), f.Path(), keystore.CreateOptions{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Create on an existing store = %v, want fs.ErrExist", err)
	}
	after, err := os.ReadFile(f.Path())
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the store was changed (%v)", err)
	}
}

func TestCreateGoesOnWhereACreationWasCutShort(t *testing.T) {
	f := newFixture(t)
	origin := f.Origin()
	for _, path := range []string{f.Path(), f.CheckpointPath()} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	st, err := keystore.Create(t.Context(), f.Path(), keystore.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if st.Origin() != origin {
		t.Errorf("origin = %s, want that of the keyring, %s", st.Origin(), origin)
	}
}

func TestCreateDoesNotReplaceALostStore(t *testing.T) {
	f := newFixture(t)
	if err := os.Remove(f.Path()); err != nil {
		t.Fatal(err)
	}
	_, err := keystore.Create(t.Context(), f.Path(), keystore.CreateOptions{})
	if !errors.Is(err, keystore.ErrKeyring) || !strings.Contains(err.Error(), "restore it from a backup") {
		t.Errorf("Create beside the files of a lost store = %v, want ErrKeyring with advice", err)
	}
}

func TestOpenRefusesABadKeyring(t *testing.T) {
	other := newFixture(t)
	foreign, err := os.ReadFile(other.Path() + ".keyring")
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(path string) error{
		"missing":            os.Remove,
		"readable by others": func(p string) error { return os.Chmod(p, 0o640) },
		"of another store":   func(p string) error { return os.WriteFile(p, foreign, 0o600) },
		"damaged":            func(p string) error { return os.WriteFile(p, []byte("{"), 0o600) },
		"incomplete":         func(p string) error { return os.WriteFile(p, []byte(`{"format":1}`), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if err := spoil(f.Path() + ".keyring"); err != nil {
				t.Fatal(err)
			}
			if _, err := keystore.Open(t.Context(), f.Path()); !errors.Is(err, keystore.ErrKeyring) {
				t.Errorf("Open = %v, want ErrKeyring", err)
			}
			v, err := keystore.KeyringVerifier(f.Path())
			if name == "of another store" {
				if err != nil || v.Name() != other.Origin() {
					t.Errorf("the keyring is that of %v, %v", v, err)
				}
			} else if !errors.Is(err, keystore.ErrKeyring) {
				t.Errorf("KeyringVerifier = %v, want ErrKeyring", err)
			}
		})
	}
}

func TestTheKeyringErrorHoldsNoSecret(t *testing.T) {
	f := newFixture(t)
	path := f.Path() + ".keyring"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var ring map[string]any
	if err := json.Unmarshal(b, &ring); err != nil {
		t.Fatal(err)
	}
	signing := ring["signing"].(string)
	ring["signing"] = signing + "x"
	if b, err = json.Marshal(ring); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = keystore.Open(t.Context(), f.Path())
	if err == nil || strings.Contains(err.Error(), signing[len(signing)-20:]) {
		t.Errorf("error = %v; want one without the signing key", err)
	}
}

func TestAReadOnlyStoreChangesNothing(t *testing.T) {
	f := newFixture(t)
	st, err := keystore.Open(t.Context(), f.Path(), keystore.WithReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot"}); !errors.Is(err, keystore.ErrReadOnly) {
		t.Errorf("AddUser = %v, want ErrReadOnly", err)
	}
	if f.size() != 1 {
		t.Errorf("journal has %d records, want 1", f.size())
	}
}

func TestEveryChangeLeavesOneRecordAndOneCheckpoint(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	u := f.user("build-bot", "deploy:*")
	v := f.key(u, "ci")
	name := "ci-deploy"
	v, err := f.EditKey(ctx, v.ID, v.Version, keystore.KeyEdit{Name: &name})
	must(t, err)
	v, err = f.DisableKey(ctx, v.ID, v.Version)
	must(t, err)
	v, err = f.EnableKey(ctx, v.ID, v.Version)
	must(t, err)
	must(t, f.NoteHandover(ctx, v.ID, keystore.Copied, "OSC 52"))
	_, err = f.RevokeKey(ctx, v.ID, v.Version, "laptop stolen")
	must(t, err)
	u, err = f.DisableUser(ctx, u.ID, u.Version)
	must(t, err)
	_, err = f.EnableUser(ctx, u.ID, u.Version)
	must(t, err)

	var events []string
	for _, r := range f.records() {
		events = append(events, r.Event)
		if r.Event != "store.init" && (r.Actor.User != "mira" || r.Actor.UID != 1000 || r.Object.ID == "") {
			t.Errorf("%s: actor %+v, object %+v", r.Event, r.Actor, r.Object)
		}
	}
	want := []string{
		"store.init", "user.create", "key.create", "key.edit", "key.disable", "key.enable",
		"key.copy", "key.revoke", "user.disable", "user.enable",
	}
	if !slices.Equal(events, want) {
		t.Errorf("events = %v, want %v", events, want)
	}
	side, err := journal.ReadCheckpointFile(f.CheckpointPath(), f.Verifier())
	if err != nil || len(side) != len(want) {
		t.Errorf("%d checkpoints beside the store (%v), want %d", len(side), err, len(want))
	}
	if report, err := f.VerifyJournal(ctx); err != nil || !report.Intact {
		t.Errorf("journal: %+v, %v", report, err)
	}
}

func TestAChangeOfNothingLeavesNoTrace(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	v := f.key(u, "k")
	size := f.size()
	got, err := f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Name: &v.Name})
	must(t, err)
	if got.Version != v.Version || f.size() != size {
		t.Errorf("version %d, journal %d; want %d and %d", got.Version, f.size(), v.Version, size)
	}
}

func TestALostRaceIsAConflictWithBothValues(t *testing.T) {
	f := newFixture(t)
	v := f.key(f.user("bot"), "k")
	theirs, mine := "theirs", "mine"
	_, err := f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &theirs})
	must(t, err)
	_, err = f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &mine})
	var conflict *keystore.ConflictError
	if !errors.As(err, &conflict) {
		t.Fatalf("error = %v, want *ConflictError", err)
	}
	stored, ok := conflict.Theirs.(keystore.KeyView)
	if !ok || stored.Description != theirs || conflict.Seen != 1 || conflict.Stored != 2 {
		t.Errorf("conflict = %+v", conflict)
	}
}

func TestManyProcessesLoseNoWrite(t *testing.T) {
	f := newFixture(t)
	const writers, each = 4, 10
	var wg sync.WaitGroup
	for range writers {
		st, err := keystore.Open(t.Context(), f.Path(), keystore.WithTimeout(30*time.Second))
		must(t, err)
		wg.Go(func() {
			for range each {
				if _, err := st.AddUser(t.Context(), keystore.NewUser{Name: uniqueName()}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	users, err := f.Users(t.Context())
	if err != nil || len(users) != writers*each {
		t.Errorf("%d users (%v), want %d", len(users), err, writers*each)
	}
	if report, err := f.VerifyJournal(t.Context()); err != nil || !report.Intact || report.Size != 1+writers*each {
		t.Errorf("journal: %+v, %v", report, err)
	}
}

func TestAFailedChangeWritesNothing(t *testing.T) {
	f := newFixture(t)
	f.user("bot")
	size := f.size()
	if _, err := f.AddUser(t.Context(), keystore.NewUser{Name: "BOT"}); !errors.Is(err, keystore.ErrInvalid) {
		t.Errorf("a name that differs in case only: %v, want ErrInvalid", err)
	}
	if f.size() != size {
		t.Errorf("journal grew to %d", f.size())
	}
}

func TestAFullCheckpointFileOnlyWarns(t *testing.T) {
	var warned error
	f := newFixture(t, keystore.WithWarnings(func(err error) { warned = err }))
	must(t, os.Remove(f.CheckpointPath()))
	must(t, os.Mkdir(f.CheckpointPath(), 0o700))
	f.user("bot")
	if warned == nil || !strings.Contains(warned.Error(), "the change was made") {
		t.Errorf("warning = %v", warned)
	}
}

func TestTheStoreHoldsNoKeyString(t *testing.T) {
	f := newFixture(t)
	_, secret, err := f.CreateKey(t.Context(), keystore.NewKey{User: f.user("bot").ID, Name: "k"})
	must(t, err)
	files, err := os.ReadDir(filepath.Dir(f.Path()))
	must(t, err)
	for _, file := range files {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(f.Path()), file.Name()))
		must(t, err)
		if body := secret.Reveal()[len("pak_")+13:]; bytes.Contains(b, []byte(body[:12])) {
			t.Errorf("%s holds a part of the secret", file.Name())
		}
	}
}

func TestACancelledContextChangesNothing(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.AddUser(ctx, keystore.NewUser{Name: "bot"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
	if f.size() != 1 {
		t.Error("something was written")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var names struct {
	sync.Mutex
	n int
}

func uniqueName() string {
	names.Lock()
	defer names.Unlock()
	names.n++
	return "user" + strings.Repeat("x", names.n)
}
