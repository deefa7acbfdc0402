package plain_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/plain"
)

// issue are the answers to what is asked of a new key, up to where it goes.
var issue = []string{"new", "build-bot", "nightly", "", "", "90d", "", "", "yes"}

func TestAKeyIsEncryptedToARecipient(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for answer, owner := range map[string]string{id.Recipient().String(): "", "": id.Recipient().String()} {
		st := decktest.Sample(t)
		if owner != "" {
			u := st.User("build-bot")
			if _, err := st.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Recipient: &owner}); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "nightly.pak")
		said := converse(t, st, append(issue, path, "pak", "age1nonsense", answer)...)
		want(t, said, "Saved "+path+", encrypted.", "age1nonsense")
		if keyString.MatchString(said) {
			t.Errorf("the key string was shown:\n%s", said)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := pak.Decrypt(b, id)
		if f, bad := pak.Decode(text); err != nil || bad != nil || f.Name != "nightly" {
			t.Errorf("%v, %v: %+v", err, bad, f)
		}
	}
}

// TestAPassphraseIsAskedForTwiceAndNotSeen: where there is an echo to switch
// off, neither the passphrase nor what is pasted back is taken from the input.
func TestAPassphraseIsAskedForTwiceAndNotSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("scrypt is slow by design")
	}
	st := decktest.Sample(t)
	path := filepath.Join(t.TempDir(), "nightly.pak")
	hidden := []string{"", "one", "two", "sesame", "sesame", ""}
	var prompts []string
	var out bytes.Buffer
	err := plain.Run(t.Context(), plain.Options{
		Store: st.Store, In: strings.NewReader(strings.Join(append(issue, path, "json", "passphrase", path, "json", "passphrase"), "\n")), Out: &out,
		Hidden: func(_ context.Context, prompt string) (string, error) {
			prompts = append(prompts, prompt)
			answer := hidden[0]
			hidden = hidden[1:]
			return answer, nil
		},
	})
	if err != nil || len(prompts) != 6 {
		t.Fatalf("%v after %q\n%s", err, prompts, out.String())
	}
	want(t, out.String(), "No passphrase was typed.", "the two passphrases differ", "Saved "+path+", json, encrypted.")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open, err := pak.PassphraseIdentity("sesame")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := pak.Decrypt(b, open); err != nil || !strings.Contains(string(text), `"nightly"`) {
		t.Errorf("%v: %q", err, text)
	}
}

// TestTheKeyStringIsPastedBack: the answer that is pasted is the one that was
// shown.
func TestTheKeyStringIsPastedBack(t *testing.T) {
	st := decktest.Sample(t)
	in, out := &steps{}, &bytes.Buffer{}
	for _, line := range append(issue, "", "nonsense") {
		in.then(line+"\n", nil)
	}
	in.then("", func() {
		in.lines = append(in.lines, keyString.FindString(out.String())+"\n")
		in.do = append(in.do, nil)
	})
	if err := plain.Run(t.Context(), plain.Options{Store: st.Store, In: in, Out: out}); err != nil {
		t.Fatal(err)
	}
	want(t, out.String(), "no match: ", "Match: what you pasted is this key string.")
}

func TestGoingBackFromHowAFileIsAsksForItsNameAgain(t *testing.T) {
	st := decktest.Sample(t)
	dir := t.TempDir()
	said := converse(t, st, append(issue, filepath.Join(dir, "a.pak"), "back", filepath.Join(dir, "b.pak"), "", ".", filepath.Join(dir, "c.pak"), "", "")...)
	if keyString.MatchString(said) {
		t.Errorf("the key string was shown:\n%s", said)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 || files[0].Name() != "c.pak" {
		t.Errorf("%v, %v", files, err)
	}
}
