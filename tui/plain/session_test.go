package plain_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// newest is the newest session of a store.
func newest(t *testing.T, st *decktest.Store) session.Session {
	t.Helper()
	all, err := session.List(t.Context(), st.Store)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d sessions, %v", len(all), err)
	}
	return all[0]
}

func TestASessionHandsFilesOverAndWaits(t *testing.T) {
	st := decktest.Sample(t)
	dir := t.TempDir()
	said := converse(t, st, "session", "session user:edge", "owner", "file", "/nowhere", dir, "plain", "yes", "soon", "24h", "3", "", "next", "back")
	want(t, said, "there was no session yet", "New secrets for 3 keys.", `"owner" cannot be had: no owner has a recipient`, `"/nowhere" is no folder`,
		"The files are not encrypted", `"soon"`, "Each old secret works for 1d.", "1 of 3. edge/edge-gateway-eu: handed over, not in use yet, "+dir,
		"edge/edge-gateway-eu: handed over, not in use yet", "2 of 3. ", "Stopped.")
	s := newest(t, st)
	if got := [...]session.State{s.Steps[0].State, s.Steps[1].State, s.Steps[2].State}; got != [...]session.State{session.Handed, session.Handed, session.Waiting} {
		t.Errorf("the steps are %v", got)
	}
	use(t, st, s.Steps[0].New, keystore.OK)
	blocked := converse(t, st, "session", "leave out", "9", "back", "session", "go on", "next")
	want(t, blocked, "2 of 3 keys done, 1 in use.", "1. edge/edge-gateway-eu: in use", `"9" is no number of the last list of keys`, "3 of 3. ", "Session "+s.ID+": 3 of 3 keys done")
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 3 {
		t.Errorf("%d files, %v", len(files), err)
	}
	want(t, converse(t, st, "session", "1"), "3 of 3 keys done", "Caller of the old one")
}

func TestAKeyThatCannotBeHandedOverGoesAnotherWay(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "session "+rotated+" edge/edge-gateway-us", "command", "", "exit 3", "no", "24h", "2", "again", "otherwise", "shown", "", "leave out")
	want(t, said, "say which command gets the key strings", "on the standard input of: exit 3", "1 of 2. "+rotated+": failed: ", "1. next: leave it for later",
		"The new key string of "+rotated, "1 of 2. "+rotated+": handed over", "edge/edge-gateway-us is left out.", "2 of 2 keys done, 0 in use.")
	if s := newest(t, st); s.Steps[0].Way != session.ToClipboard || s.Steps[1].State != session.Skipped {
		t.Errorf("the steps are %+v", s.Steps)
	}
}

func TestASecretThatDidNotArriveIsTakenBack(t *testing.T) {
	st := decktest.Sample(t)
	before := st.Key(rotated).Current().ID
	want(t, converse(t, st, "session "+rotated, "shown", "24h", "1", "undo"), "1 of 1. "+rotated+": skipped")
	if now := st.Key(rotated).Current().ID; now != before {
		t.Error("the new secret is still there")
	}
	// Whoever goes away meanwhile loses nothing: the next pass makes another.
	said := converse(t, st, "session "+rotated, "shown", "24h", "1", "back", "session", "otherwise", "1", "shown", "go on", "")
	want(t, said, "Stopped.", "never handed over; going on makes another", "1 of 1 key done")
	if n := len(keyString.FindAllString(said, -1)); n != 2 {
		t.Errorf("%d key strings are shown:\n%s", n, said)
	}
}

func TestOwnersWithoutRecipientAreLeftOut(t *testing.T) {
	st := decktest.Sample(t)
	to := "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	u := st.User("edge")
	if _, err := st.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Recipient: &to}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	said := converse(t, st, "session "+rotated+" build-bot/metrics-pusher", "owner", dir, "left out", "no", "now", "2")
	want(t, said, "1 key has an owner without a recipient.", "Only the owner of a key can open its file, not even you.", "1 of them are left out", "2 of 2 keys done")
	if files, err := filepath.Glob(filepath.Join(dir, "*.pak")); err != nil || len(files) != 1 {
		t.Errorf("%q, %v", files, err)
	}
}

func TestNoSessionWithoutTheNumber(t *testing.T) {
	st := decktest.Sample(t)
	converse(t, st, "session user:edge", "shown", "24h", "2")
	converse(t, st, "session user:edge", "shown", "24h")
	converse(t, st, "session due", "back")
	if all, err := session.List(t.Context(), st.Store); err != nil || len(all) != 0 {
		t.Errorf("%d sessions, %v", len(all), err)
	}
}

func TestFilesOfASessionOpenWithItsPassphrase(t *testing.T) {
	if testing.Short() {
		t.Skip("scrypt is slow by design")
	}
	st := decktest.Sample(t)
	dir := t.TempDir()
	said := converse(t, st, "session "+rotated+" edge/edge-gateway-us", "file", dir, "passphrase", "one", "two", "sesame", "sesame", "yes", "24h", "2", "back",
		"session", "", "sesame", "sesame", "next")
	want(t, said, "the two passphrases differ", "The files open with the passphrase.", "Stopped.", "The files of this session are encrypted with a passphrase.", "2 of 2 keys done")
	open, err := pak.PassphraseIdentity("sesame")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.pak"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%q, %v", files, err)
	}
	b, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pak.Decrypt(b, open); err != nil {
		t.Error(err)
	}
}
