package session_test

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// agree types the number of keys that the question wants, and begins.
func agree(d *decktest.Deck, n string) {
	d.Press("enter")
	d.Type(n, "enter")
	settle(d)
}

// newest returns the session.
func newest(t *testing.T, st *decktest.Store) session.Session {
	t.Helper()
	all, err := session.List(t.Context(), st.Store)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d sessions, %v", len(all), err)
	}
	return all[0]
}

// use lets the new secret of a key of the session be used.
func use(t *testing.T, d *decktest.Deck, ref string) {
	t.Helper()
	s := keystore.Sighting{Time: d.Store.Clock.Now(), Caller: keystore.Caller{IP: netip.MustParseAddr("192.0.2.1")}}
	id := d.Store.Key(ref).Current().ID
	err := d.Store.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{id: {First: s, Last: s, OK: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	d.Store.Clock.Add(2 * time.Second)
	settle(d)
}

var osc52 = regexp.MustCompile(`\x1b\]52;c;([0-9A-Za-z+/=]+)`)

// clipboard returns the key string that was last sent to the terminal.
func clipboard(t *testing.T, d *decktest.Deck) string {
	t.Helper()
	all := osc52.FindAllSubmatch(d.TakeBytes(), -1)
	if len(all) == 0 {
		t.Fatalf("nothing was sent to the clipboard:\n%s", d.Text())
	}
	b, err := base64.StdEncoding.DecodeString(string(all[len(all)-1][1]))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// secretOf checks that a key string is the current one of a key.
func secretOf(t *testing.T, d *decktest.Deck, ref, key string) {
	t.Helper()
	k, err := token.Parse(d.Store.Prefix(), key)
	if err != nil || d.Store.Key(ref).Current().ID != k.ID() {
		t.Errorf("%q is not the key string of %s: %v", key[:min(len(key), 16)], ref, err)
	}
	d.Without(key[20:40])
}

const first, second, third = "build-bot/ci-deploy-staging", "build-bot/metrics-pusher", "mira/backup-agent"

func TestKeysGoToTheClipboardOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, decktest.Sample(t), 100, 30, 3)
		d.Press("down", "down", "tab", "space") // clipboard, and do not wait
		d.Press("enter")
		d.Want("Each gets a new secret, which is sent to your terminal (OSC 52)")
		d.Press("esc")
		d.TakeBytes()
		agree(d, "3")
		d.Want("0 of 3 keys done", "on your clipboard", ": n once it has arrived; sent to your terminal (OSC 52)")
		one := clipboard(t, d)
		secretOf(t, d, first, one)
		d.Press("c")
		settle(d)
		if clipboard(t, d) != one {
			t.Error("copied once more, it is another one")
		}
		d.Press("enter")
		d.Want("paste the key string where it belongs")
		d.Press("n")
		settle(d)
		d.Want("1 of 3 keys done, 0 in use", "handed over")
		secretOf(t, d, second, clipboard(t, d))
		use(t, d, second) // it has arrived, then
		d.Want("2 of 3 keys done, 1 in use")
		secretOf(t, d, third, clipboard(t, d))
		if got := journalOf(t, d); strings.Count(got, "key.copy clipboard, session r") != 4 {
			t.Errorf("the journal:\n%s", got)
		}
		d.Press("ctrl+c")
		d.Want("This would be lost: the new key string of " + third)
	})
}

// journalOf returns the records as "event reason".
func journalOf(t *testing.T, d *decktest.Deck) string {
	t.Helper()
	var b strings.Builder
	err := d.Store.Journal(t.Context(), 0, func(_ int64, raw []byte) error {
		r, err := journal.Decode(raw)
		b.WriteString(r.Event + " " + r.Reason + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A dashboard that ends between the new secret and its arrival leaves a key of
// which the next one says so, and makes another.
func TestAKeyStringThatWasLostIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 100, 30, 2)
		d.Press("down", "down")
		d.TakeBytes()
		agree(d, "2")
		lost := clipboard(t, d)
		secretOf(t, d, first, lost)
		d.Press("esc")
		d.Want("on your clipboard")
		d.Press("esc", "y", "esc")
		d.Press(":")
		d.Type("key.session", "enter")
		d.Settle()
		d.Want("never handed over; enter makes another", "0 of 2 keys done")
		d.Press("enter")
		settle(d)
		again := clipboard(t, d)
		secretOf(t, d, first, again)
		if again == lost {
			t.Error("the lost key string was used again")
		}
		d.Press("x")
		settle(d)
		d.Want("skipped")
		if k := st.Key(first); k.StateAt(st.Clock.Now(), 0) == keystore.StateRotating {
			t.Error("a key that was left out has a secret that nobody knows")
		}
		secretOf(t, d, second, clipboard(t, d))
	})
}

func TestACommandGetsEachKeyAndTheNextOneWaitsForItsUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 100, 30, 3)
		dir := t.TempDir()
		d.Press("down", "tab", "enter")
		d.Want("say which command")
		d.Type("cat > " + dir + "/$PAK_NAME")
		agree(d, "3")
		read := func(name string) string {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatalf("%v\n%s", err, d.Text())
			}
			return strings.TrimSpace(string(b))
		}
		secretOf(t, d, first, read("ci-deploy-staging"))
		d.Want("1 of 3 keys done, 0 in use", first+": waiting for its first use; n goes on without")
		d.Press("n")
		settle(d)
		secretOf(t, d, second, read("metrics-pusher"))
		st.Clock.Add(72 * time.Second)
		settle(d)
		d.Want(second + ": waiting for its first use (1m); n goes on without")
		d.Press("G", "h") // the last one by another way
		settle(d)
		d.TakeBytes()
		use(t, d, second)
		d.Want("2 of 3 keys done, 1 in use", "on your clipboard")
		secretOf(t, d, third, clipboard(t, d))
		d.Press("n")
		settle(d)
		d.Want("3 of 3 keys done, 1 in use")
		if got := journalOf(t, d); !strings.Contains(got, "session.end 3 of 3 keys done, 1 in use") || strings.Count(got, "key.give a command, exit code 0, session r") != 2 {
			t.Errorf("the journal:\n%s", got)
		}
	})
}

func TestTheFolderAndTheCommandOfTheLastSessionAreOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		_, err := session.Start(t.Context(), st.Store, session.Session{Grace: time.Hour, Hand: session.Hand{Dir: "/srv/handover", Command: "vault-it"}},
			[]keystore.KeyView{st.Key(third)})
		if err != nil {
			t.Fatal(err)
		}
		d := start(t, st, 100, 30, 1)
		d.Want("New secrets for 1 key", "/srv/handover")
		d.Press("down")
		d.Want("vault-it")
	})
}

func TestACommandThatFailsLeavesTheKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		before := st.Key(first).Current().ID
		d := start(t, st, 140, 45, 1)
		d.Press("down", "tab")
		d.Type("echo no vault here >&2; exit 7")
		agree(d, "1")
		d.Want("failed", "the command ended with exit code 7: no vault here; the rotation was called off")
		if st.Key(first).Current().ID != before {
			t.Error("the key was changed")
		}
		d.Press("r")
		d.Settle()
		d.Want("one secret")
	})
}

// recipient gives a user a recipient and returns the identity that opens what is
// encrypted to it.
func recipient(t *testing.T, st *decktest.Store, name string) age.Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	receives(t, st, name, id.Recipient().String())
	return id
}

func receives(t *testing.T, st *decktest.Store, name, to string) {
	t.Helper()
	u := st.User(name)
	if _, err := st.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Recipient: &to}); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreForTheOwnersAndWhoHasNoRecipientIsToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		id := recipient(t, st, "build-bot")
		d := start(t, st, 100, 30, 3)
		d.Want("a .pak file that only the key's owner can open", "1 key whose owner has no recipient")
		dir := folder(t, d)
		d.Press("enter")
		d.Want("type a passphrase")
		d.Press("shift+tab", "down", "enter")
		d.Want("Only the owner of a key can open its file, not even you.", "1 of them are left out, for want of a recipient: "+third)
		d.Type("3", "enter")
		settle(d)
		d.Want("3 of 3 keys done", "skipped", "mira has none")
		files, err := filepath.Glob(filepath.Join(dir, "*.pak"))
		if err != nil || len(files) != 2 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil || !bytes.HasPrefix(b, []byte("-----BEGIN AGE")) {
				t.Errorf("%s is not encrypted: %v", f, err)
			}
			open(t, b, id)
		}
		d.Press("G", "h") // after all, by a file of its own
		settle(d)
		d.Want("waiting", "enter goes on")
	})
}

// open checks that an identity opens a file.
func open(t *testing.T, b []byte, id age.Identity) {
	t.Helper()
	if plain, err := pak.Decrypt(b, id); err != nil || !bytes.Contains(plain, []byte("PAK_API_KEY=")) {
		t.Errorf("it does not open: %v", err)
	}
}

func TestThePolicyMayForbidPlainFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		st.SetPolicy("[key]\nallow_plain_files = false\n")
		d := start(t, st, 100, 30, 1)
		d.Want("the policy forbids it", "Passphrase")
	})
}

func TestAResumedSessionAsksForThePassphraseOfItsFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("scrypt at full strength takes seconds")
	}
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		dir := t.TempDir()
		_, err := session.Start(t.Context(), st.Store, session.Session{Grace: time.Hour, Hand: session.Hand{Way: session.ToFile, Dir: dir, Sealed: true}},
			[]keystore.KeyView{st.Key(first)})
		if err != nil {
			t.Fatal(err)
		}
		d := decktest.Start(t, st, 100, 30)
		d.Press(":")
		d.Type("key.session", "enter")
		d.Settle()
		d.Press("enter")
		d.Want("The passphrase of the files")
		d.Type("correct horse", "tab")
		d.Type("correct horse", "enter")
		d.Advance(30 * time.Second)
		d.Want("1 of 1 key done")
		d.Without("correct")
		id, err := age.NewScryptIdentity("correct horse")
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(newest(t, st).Steps[0].File)
		if err != nil {
			t.Fatal(err)
		}
		open(t, b, id)
	})
}

// Who looks elsewhere while a key is being done finds the session as it is then.
func TestASessionThatWasLeftGoesOnWhenItIsShownAgain(t *testing.T) {
	for name, ways := range map[string]int{"file": 0, "clipboard": 2} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := decktest.Sample(t)
				v, err := follow.Announce(st.Path(), 0) // it hangs: each key takes 2 s
				if err != nil {
					t.Fatal(err)
				}
				defer v.Close()
				d := start(t, st, 100, 30, 2)
				for range ways {
					d.Press("down")
				}
				if name == "file" {
					folder(t, d)
				}
				d.Press("enter")
				d.Type("2", "enter")
				d.Press("2")
				d.Want("[2 Users]")
				d.Advance(10 * time.Second)
				d.Press("-")
				d.Advance(10 * time.Second)
				if name == "file" {
					d.Want("2 of 2 keys done")
					return
				}
				d.Want("never handed over", "enter goes on")
				d.Press("enter")
				d.Advance(5 * time.Second)
				d.Want("on your clipboard")
			})
		})
	}
}
