package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

var epoch = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

var atEpoch = keystore.WithClock(func() time.Time { return epoch })

// fixture is a store with a user and keys.
type fixture struct {
	*keystore.Store
	t    *testing.T
	keys map[string]string // key strings by the names of the keys
}

func newFixture(t *testing.T, keys ...string) fixture {
	t.Helper()
	st, err := keystore.Create(t.Context(), filepath.Join(t.TempDir(), "prod.db"), keystore.CreateOptions{}, atEpoch)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	f := fixture{st, t, map[string]string{}}
	u, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot", Permissions: []keystore.Scope{"a:b"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range keys {
		_, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: u.ID, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		f.keys[name] = secret.Reveal()
	}
	return f
}

func (f fixture) key(name string) keystore.KeyView {
	f.t.Helper()
	k, err := f.Key(f.t.Context(), "bot/"+name)
	if err != nil {
		f.t.Fatal(err)
	}
	return k
}

// backup returns a backup of the store.
func (f fixture) backup(o Options) []byte {
	f.t.Helper()
	var b bytes.Buffer
	if _, err := Write(f.t.Context(), f.Store, &b, o); err != nil {
		f.t.Fatal(err)
	}
	return b.Bytes()
}

// opened opens a backup with the keyring of the fixture's store.
func (f fixture) opened(b []byte) *Backup {
	f.t.Helper()
	opened, err := Open(f.t.Context(), bytes.NewReader(b), f.how())
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = opened.Close() })
	return opened
}

func (f fixture) how() How {
	return How{Folder: filepath.Dir(f.Path()), Keyring: f.KeyringPath(), Store: []keystore.Option{atEpoch}}
}

// outcomes tells what becomes of the fixture's key strings at a store.
func (f fixture) outcomes(path string) map[string]keystore.Outcome {
	f.t.Helper()
	st, err := keystore.Open(f.t.Context(), path, atEpoch)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	v, err := verify.New(f.t.Context(), st, verify.Options{Now: st.Now})
	if err != nil {
		f.t.Fatal(err)
	}
	got := map[string]keystore.Outcome{}
	for name, key := range f.keys {
		got[name] = v.Verify(verify.Request{Key: key}).Outcome
	}
	return got
}

func wantFiles(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".lock") {
			got = append(got, e.Name())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}
}

func TestABackupMakesTheStoreAnewWhereNothingIs(t *testing.T) {
	f := newFixture(t, "ci", "old")
	if err := os.WriteFile(f.PolicyPath(), []byte("[key]\nrotate_every = \"90d\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.RevokeKey(t.Context(), f.key("old").ID, 1, "retired"); err != nil {
		t.Fatal(err)
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	sealed := f.backup(Options{To: []age.Recipient{id.Recipient()}, Keyring: true})

	folder := t.TempDir()
	b, err := Open(t.Context(), bytes.NewReader(sealed), How{Folder: folder, Identities: []age.Identity{id}, Store: []keystore.Option{atEpoch}})
	if err != nil {
		t.Fatal(err)
	}
	head, err := f.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m := b.Manifest; m.Origin != f.Origin() || m.Size != head.Size || !m.Time.Equal(epoch) || !m.Keyring() || b.Keys != 2 || b.Users != 1 {
		t.Errorf("the backup says %+v, with %d keys of %d users", m, b.Keys, b.Users)
	}
	path := filepath.Join(folder, "store.db")
	r, err := b.Restore(t.Context(), path, false, 0, atEpoch)
	if err != nil || r.Exists || len(r.Aside) > 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	wantFiles(t, folder, "store.db", "store.db.checkpoints", "store.db.keyring", "store.db.policy.toml")
	wantFiles(t, filepath.Dir(f.Path()), "prod.db", "prod.db.checkpoints", "prod.db.keyring", "prod.db.policy.toml")
	if got := f.outcomes(path); got["ci"] != keystore.OK || got["old"] != keystore.Revoked {
		t.Errorf("the restored store says %v", got)
	}
	checkJournal(t, path, "store.restore")
}

// checkJournal checks that the journal of a store is intact and ends with an
// event.
func checkJournal(t *testing.T, path, event string) {
	t.Helper()
	st, err := keystore.Open(t.Context(), path, atEpoch)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	report, err := st.VerifyJournal(t.Context())
	if err != nil || !report.Intact {
		t.Errorf("%v, %v", report, err)
	}
	raw, err := st.JournalRecord(t.Context(), report.Size-1)
	if err != nil || !bytes.Contains(raw, []byte(`"event":"`+event+`"`)) {
		t.Errorf("the last record is %s, %v", raw, err)
	}
}

func TestWhatWasStoppedSinceStaysStopped(t *testing.T) {
	f := newFixture(t, "fine", "revoked", "disabled", "rotated", "rotating")
	b := f.backup(Options{})
	ctx := t.Context()
	_, e1 := f.Revoke(ctx, f.key("revoked").ID, 1, keystore.Revocation{Reason: "laptop stolen"})
	_, e2 := f.DisableKey(ctx, f.key("disabled").ID, 1)
	_, _, e3 := f.RotateKey(ctx, f.key("rotated").ID, 1, keystore.Rotation{Now: true})
	_, _, e4 := f.RotateKey(ctx, f.key("rotating").ID, 1, keystore.Rotation{Until: epoch.Add(time.Hour)})
	_, _, e5 := f.CreateKey(ctx, keystore.NewKey{User: f.key("fine").User, Name: "late"})
	if err := errors.Join(e1, e2, e3, e4, e5); err != nil {
		t.Fatal(err)
	}
	opened := f.opened(b)
	if _, err := opened.Restore(ctx, f.Path(), false, 0, atEpoch); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("a store was replaced that should not be: %v", err)
	}
	r, err := opened.Restore(ctx, f.Path(), true, 0, atEpoch)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range r.Stops {
		got = append(got, s.Ref+" "+s.Why)
	}
	slices.Sort(got)
	want := []string{"bot/disabled disabled", "bot/revoked revoked: laptop stolen", "bot/rotated rotated"}
	if !slices.Equal(got, want) || r.Since != 5 {
		t.Errorf("%d records since, stopped %q, want 5 and %q", r.Since, got, want)
	}
	outcomes := f.outcomes(f.Path())
	for name, want := range map[string]keystore.Outcome{
		"fine": keystore.OK, "revoked": keystore.Revoked, "disabled": keystore.Disabled, "rotated": keystore.Disabled, "rotating": keystore.OK,
	} {
		if outcomes[name] != want {
			t.Errorf("%s: %s, want %s", name, outcomes[name], want)
		}
	}
	if !f.key("revoked").Compromised {
		t.Error("the revocation can be taken back")
	}
	if _, err := f.Key(ctx, "bot/late"); !errors.Is(err, keystore.ErrNotFound) {
		t.Errorf("a key that is not in the backup: %v", err)
	}
	checkJournal(t, f.Path(), "store.restore")
	const aside = "prod.db.before-20261123T143200.000Z"
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
	wantFiles(t, filepath.Dir(f.Path()), "prod.db", aside, aside+".checkpoints", "prod.db.checkpoints", "prod.db.keyring")
	if want := []string{filepath.Join(filepath.Dir(f.Path()), aside), filepath.Join(filepath.Dir(f.Path()), aside+".checkpoints")}; !slices.Equal(r.Aside, want) {
		t.Errorf("aside are %q", r.Aside)
	}
}

func TestADisabledUserStaysDisabled(t *testing.T) {
	f := newFixture(t, "ci")
	b := f.backup(Options{})
	if _, err := f.DisableUser(t.Context(), f.key("ci").User, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := f.opened(b).Restore(t.Context(), f.Path(), true, 0, atEpoch); err != nil {
		t.Fatal(err)
	}
	if got := f.outcomes(f.Path()); got["ci"] != keystore.OwnerOff {
		t.Errorf("the key is %v", got)
	}
}

// What happens between the first look and the replacement counts too.
func TestStragglersAreStopped(t *testing.T) {
	f := newFixture(t, "ci")
	opened := f.opened(f.backup(Options{}))
	p, err := opened.Look(t.Context(), f.Path(), atEpoch)
	if err != nil || len(p.Stops) != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := f.DisableKey(t.Context(), f.key("ci").ID, 1); err != nil {
		t.Fatal(err)
	}
	r := Restored{Present: p}
	place := placing{from: opened.folder, path: f.Path(), stamp: ".before"}
	if err := errors.Join(opened.store.Close(), place.place(t.Context(), true, 0)); err != nil {
		t.Fatal(err)
	}
	opened.store = nil
	if err := opened.stragglers(t.Context(), &r, place, []keystore.Option{atEpoch}); err != nil {
		t.Fatal(err)
	}
	if got := f.outcomes(f.Path()); got["ci"] != keystore.Disabled || len(r.Stops) != 1 {
		t.Errorf("the key is %v, stops %v", got, r.Stops)
	}
}

func TestADamagedStoreIsReplaced(t *testing.T) {
	f := newFixture(t, "ci")
	b := f.backup(Options{})
	if err := os.Truncate(f.Path(), 1000); err != nil {
		t.Fatal(err)
	}
	r, err := f.opened(b).Restore(t.Context(), f.Path(), true, 0, atEpoch)
	if err != nil || r.Trouble == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := f.outcomes(f.Path()); got["ci"] != keystore.OK {
		t.Errorf("the key is %v", got)
	}
	if info, err := os.Stat(r.Aside[0]); err != nil || info.Size() != 1000 {
		t.Errorf("the damaged store is not aside: %v", err)
	}
}

func TestAnotherStoreIsNotReplaced(t *testing.T) {
	f, other := newFixture(t, "ci"), newFixture(t)
	opened := f.opened(f.backup(Options{}))
	if _, err := opened.Restore(t.Context(), other.Path(), true, 0, atEpoch); !errors.Is(err, ErrOther) {
		t.Errorf("got %v", err)
	}
	if _, err := Open(t.Context(), bytes.NewReader(f.backup(Options{})), other.how()); !errors.Is(err, keystore.ErrKeyring) {
		t.Errorf("with the keyring of another store: %v", err)
	}
}

func TestARestoreThatFailsLeavesEverythingAsItWas(t *testing.T) {
	f := newFixture(t, "ci")
	opened := f.opened(f.backup(Options{}))
	checkpoints, err := os.ReadFile(f.CheckpointPath())
	if err != nil {
		t.Fatal(err)
	}
	// The name that the store shall have is taken.
	if err := os.WriteFile(f.Path()+".before-20261123T143200.000Z", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := opened.Restore(t.Context(), f.Path(), true, 0, atEpoch); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("got %v", err)
	}
	if now, err := os.ReadFile(f.CheckpointPath()); err != nil || !bytes.Equal(now, checkpoints) {
		t.Errorf("the checkpoints were changed: %v", err)
	}
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
	wantFiles(t, filepath.Dir(f.Path()), "prod.db", "prod.db.before-20261123T143200.000Z", "prod.db.checkpoints", "prod.db.keyring")
	if got := f.outcomes(f.Path()); got["ci"] != keystore.OK {
		t.Errorf("the key is %v", got)
	}
}

func TestAKeyringLeavesEncryptedOnly(t *testing.T) {
	f := newFixture(t)
	var b bytes.Buffer
	if _, err := Write(t.Context(), f.Store, &b, Options{Keyring: true}); !errors.Is(err, ErrPlainKeyring) || b.Len() > 0 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
	how := f.how()
	how.Keyring = ""
	if _, err := Open(t.Context(), bytes.NewReader(f.backup(Options{})), how); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("without a keyring: %v", err)
	}
}

func TestOnlyAnIdentityOpensAnEncryptedBackup(t *testing.T) {
	f := newFixture(t)
	mine, e1 := age.GenerateX25519Identity()
	other, e2 := age.GenerateX25519Identity()
	if err := errors.Join(e1, e2); err != nil {
		t.Fatal(err)
	}
	sealed := f.backup(Options{To: []age.Recipient{mine.Recipient()}})
	for _, ids := range [][]age.Identity{nil, {other}} {
		how := f.how()
		how.Identities = ids
		if _, err := Open(t.Context(), bytes.NewReader(sealed), how); !errors.Is(err, ErrIdentity) {
			t.Errorf("with %d identities: %v", len(ids), err)
		}
	}
	wantFiles(t, filepath.Dir(f.Path()), "prod.db", "prod.db.checkpoints", "prod.db.keyring")
}

// Every part of a backup is either of no consequence or found out.
func TestAChangedBackupIsNoticed(t *testing.T) {
	f := newFixture(t, "ci")
	b := f.backup(Options{})
	step := len(b) / 97
	if testing.Short() {
		step = len(b) / 23
	}
	for at := 0; at < len(b); at += step {
		changed := bytes.Clone(b)
		changed[at] ^= 0x41
		opened, err := Open(t.Context(), bytes.NewReader(changed), f.how())
		if err == nil { // padding between the files
			if got, want := files(t, changed), files(t, b); !slices.Equal(got, want) {
				t.Errorf("a change at %d was not noticed", at)
			}
			_ = opened.Close()
		}
		if opened, err = Open(t.Context(), bytes.NewReader(b[:at]), f.how()); err == nil {
			_ = opened.Close()
			t.Errorf("an end at %d was not noticed", at)
		}
	}
	wantFiles(t, filepath.Dir(f.Path()), "prod.db", "prod.db.checkpoints", "prod.db.keyring")
}

// files returns names and contents of a tar file.
func files(t *testing.T, b []byte) (list []string) {
	t.Helper()
	for r := tar.NewReader(bytes.NewReader(b)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, h.Name, string(content))
	}
}

func TestNothingIsUnpackedButTheFilesOfABackup(t *testing.T) {
	f := newFixture(t)
	whole := files(t, f.backup(Options{}))
	for _, h := range []tar.Header{
		{Name: "../evil", Typeflag: tar.TypeReg},
		{Name: "/tmp/evil", Typeflag: tar.TypeReg},
		{Name: nameStore, Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		{Name: nameStore, Typeflag: tar.TypeReg}, // twice
		{Name: "store.db.lock", Typeflag: tar.TypeReg},
	} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for i := 0; i < len(whole); i += 2 {
			err := w.WriteHeader(&tar.Header{Name: whole[i], Mode: 0o600, Size: int64(len(whole[i+1]))})
			if _, e := io.WriteString(w, whole[i+1]); err != nil || e != nil {
				t.Fatal(err, e)
			}
		}
		if err := errors.Join(w.WriteHeader(&h), w.Close()); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), &b, f.how())
		if !errors.Is(err, ErrFormat) && !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", h.Name, err)
		}
	}
	wantFiles(t, filepath.Dir(f.Path()), "prod.db", "prod.db.checkpoints", "prod.db.keyring")
}

func TestOtherFilesAreNoBackup(t *testing.T) {
	f := newFixture(t)
	store, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{nil, []byte("hello"), store, make([]byte, 2000)} {
		if _, err := Open(t.Context(), bytes.NewReader(b), f.how()); !errors.Is(err, ErrFormat) {
			t.Errorf("%.10q: %v", b, err)
		}
	}
}

func TestWritingEndsWithTheContext(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := Write(ctx, f.Store, writer(func(b []byte) (int, error) { cancel(); return len(b), nil }), Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantFiles(t, filepath.Dir(f.Path()), "prod.db", "prod.db.checkpoints", "prod.db.keyring")
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

func TestOtherToolsOpenABackup(t *testing.T) {
	for _, tool := range []string{"tar", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("there is no " + tool)
		}
	}
	f := newFixture(t, "ci")
	folder := t.TempDir()
	run := func(in []byte, name string, args ...string) string {
		c := exec.CommandContext(t.Context(), name, args...)
		c.Dir, c.Stdin = folder, bytes.NewReader(in)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		return string(out)
	}
	run(f.backup(Options{}), "tar", "x")
	if out := run(nil, "sha256sum", "-c", nameManifest); !strings.Contains(out, "store.db: OK") {
		t.Errorf("sha256sum says %s", out)
	}
	ring, err := os.ReadFile(f.KeyringPath())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, nameKeyring), ring, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := f.outcomes(filepath.Join(folder, nameStore)); got["ci"] != keystore.OK {
		t.Errorf("the unpacked store says %v", got)
	}
}

func TestTheStoreKnowsItsLastBackup(t *testing.T) {
	f := newFixture(t)
	if l, err := ReadLast(t.Context(), f.Store); err != nil || !l.Made.IsZero() || !l.Tried.IsZero() {
		t.Errorf("%+v, %v", l, err)
	}
	m := f.opened(f.backup(Options{})).Manifest
	if err := NoteMade(t.Context(), f.Store, m, "/mnt/b.tar", true); err != nil {
		t.Fatal(err)
	}
	checkJournal(t, f.Path(), "store.backup")
	if err := NoteTried(t.Context(), f.Store, m, "/mnt/b.tar"); err != nil {
		t.Fatal(err)
	}
	checkJournal(t, f.Path(), "store.check")
	if l, err := ReadLast(t.Context(), f.Store); err != nil || !l.Made.Equal(epoch) || !l.Tried.Equal(epoch) {
		t.Errorf("%+v, %v", l, err)
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add(Manifest{Origin: "pakdeck/7f3a9c", Time: epoch, Size: 3, Files: []Sum{{Name: nameCheckpoints}, {Name: nameStore}}}.text())
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseManifest(text)
		if err == nil && m.text() != text {
			t.Errorf("%q is read as %q", text, m.text())
		}
	})
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte("hello"))
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range append([]string{nameManifest}, names...) {
		_ = w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: 1})
		_, _ = w.Write([]byte("x"))
	}
	_ = w.Close()
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		folder := t.TempDir()
		_, sums, err := unpack(bytes.NewReader(b), folder)
		entries, e := os.ReadDir(folder)
		if e != nil {
			t.Fatal(e)
		}
		if err == nil && len(entries) != len(sums) {
			t.Errorf("%d files, %d sums", len(entries), len(sums))
		}
		for _, e := range entries {
			if !known(e.Name()) {
				t.Errorf("unpacked %q", e.Name())
			}
		}
	})
}
