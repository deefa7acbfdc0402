package handover_test

import (
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/handover"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/pak"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAKeyIsSavedWithAllThatIsKnownOfIt(t *testing.T) {
	dir := t.TempDir()
	st, err := keystore.Create(t.Context(), filepath.Join(dir, "store.db"), keystore.CreateOptions{})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	owner, err := st.AddUser(t.Context(), keystore.NewUser{Name: "bot", Permissions: []keystore.Scope{keystore.AnyScope}})
	must(t, err)
	lab := netip.MustParsePrefix("10.4.0.0/16")
	v, key, err := st.CreateKey(t.Context(), keystore.NewKey{
		User: owner.ID, Name: "ci", Expires: time.Now().Add(time.Hour),
		Rules: iprule.Rules{Allow: []iprule.Entry{{Prefix: lab, Note: "lab"}}},
	})
	must(t, err)
	reader, err := age.GenerateX25519Identity()
	must(t, err)

	as := handover.Forms()[0]
	plain, sealed := filepath.Join(dir, "ci.pak"), filepath.Join(dir, "ci.age")
	must(t, as.Save(plain, handover.Of(st, v, key)))
	must(t, as.Save(sealed, handover.Of(st, v, key), reader.Recipient()))
	for path, encrypted := range map[string]bool{plain: false, sealed: true} {
		b, err := pak.Load(path)
		must(t, err)
		if encrypted {
			b, err = pak.Decrypt(b, reader)
			must(t, err)
		}
		f, err := pak.Decode(b)
		must(t, err)
		if !f.Key.Equal(key) || f.Owner != "bot" || f.Name != "ci" || f.Store != st.Origin() || len(f.Allow) != 1 || f.Allow[0] != lab ||
			!f.Issued.Equal(v.Current().Created.Truncate(time.Second)) || !f.Expires.Equal(v.Expires.Truncate(time.Second)) {
			t.Errorf("%s holds %v", filepath.Base(path), f)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
	}
	if err := as.Save(plain, handover.Of(st, v, key)); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
}

func TestWhatTheJournalIsToldOfAFile(t *testing.T) {
	curl, err := handover.Named("curl")
	must(t, err)
	for want, got := range map[string]string{
		"plain": handover.Forms()[0].Kind(false), "encrypted": handover.Forms()[0].Kind(true), "curl, encrypted": curl.Kind(true),
		"ci.curl, curl, plain": handover.Detail("/home/mira/ci.curl", curl.Kind(false)),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
