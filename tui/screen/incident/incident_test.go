package incident_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// log is a thousand lines with twelve secrets: seven key strings, three cut
// off, and two of another store. It issues the keys first.
func log(t *testing.T, st *decktest.Store) (text string, secrets []string) {
	t.Helper()
	lines := make([]string, 1000)
	for i := range lines {
		lines[i] = fmt.Sprintf("2026-11-23T14:32:%02dZ GET /v1/models 200", i%60)
	}
	for i := range 10 {
		_, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: st.User("build-bot").ID, Name: fmt.Sprintf("logged-%d", i)})
		if err != nil {
			t.Fatal(err)
		}
		s := secret.Reveal()
		secrets = append(secrets, s)
		if i >= 7 {
			s = s[:20+i] + "..."
		}
		lines[90*i] += " Authorization: Bearer " + s
	}
	for i := range 2 {
		k, err := token.Mint([]string{"pak", "acme"}[i], nil)
		if err != nil {
			t.Fatal(err)
		}
		lines[950+10*i] += " key=" + k.Reveal()
	}
	return strings.Join(lines, "\n"), secrets
}

// start goes to the screen as an operator does.
func start(t *testing.T, st *decktest.Store, w, h int, change ...func(*tui.Options)) *decktest.Deck {
	t.Helper()
	d := decktest.Start(t, st, w, h, change...)
	d.Press(":")
	d.Type("incident", "enter")
	d.Settle()
	return d
}

func TestScreens(t *testing.T) {
	for name, keys := range map[string][]string{"found": {"j"}, "ask": {"X"}} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			st := decktest.Sample(t)
			text := fmt.Sprintf("line\nkey pak_%s_ cut\npak_000000000000 and\npak_%s_x again pak_%s\n",
				st.Key("edge/edge-gateway-eu").Current().ID, st.Key("legacy/legacy-sync").Current().ID, st.Key("legacy/legacy-sync").Current().ID)
			d := start(t, st, w, h)
			d.Paste(text)
			d.Settle()
			d.Press(keys...)
			return d
		})
	}
	decktest.Golden(t, "asking", func(t *testing.T, w, h int) *decktest.Deck {
		return start(t, decktest.Sample(t), w, h)
	})
}

// From a pasted log of 1,000 lines to the end of all its keys in under 15 key
// presses, the palette included.
func TestAnIncidentIsResolvedInFifteenKeyPresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		text, secrets := log(t, st)
		d := decktest.Start(t, st, 100, 30)
		presses := 0
		do := func(keys ...string) {
			for _, k := range keys {
				presses++
				d.Press(k)
			}
			d.Settle()
		}
		do(":", "i", "n", "c", "i", "enter")
		d.Want("Keys in wrong hands")
		d.Paste(text)
		d.Settle()
		d.Want("gives away 12 secrets", "10 keys of this store in danger", "other store", "cut off")
		do("X", "1", "0", "enter")
		d.Settle()
		d.Want("revoked 10 of 10 keys", "None of them is still good.")
		if presses >= 15 {
			t.Errorf("%d key presses", presses)
		}
		for i := range 10 {
			if v := st.Key(fmt.Sprintf("build-bot/logged-%d", i)); v.Revoked.IsZero() || !v.Compromised {
				t.Errorf("%s: revoked %v, compromised %v", v.Name, v.Revoked, v.Compromised)
			}
		}
		for _, s := range secrets {
			d.Without(s[20:40])
		}
		d.Press("X")
		d.Want("no key of this store is in danger")
	})
}

func TestRotationBeginsWithAnEmergency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		text, _ := log(t, st)
		d := start(t, st, 100, 30)
		d.Paste(text)
		d.Settle()
		d.Press("r")
		d.Settle()
		d.Want("1 of 10", "not at all: somebody else may have it")
		d.Press("r")
		d.Want("The old secret is refused at once.", "type the name logged-0")
		d.Type("logged-0", "enter")
		d.Settle()
		d.Want("I stored this key")
		d.Press("space", "enter", "esc")
		d.Settle()
		d.Want("9 keys of this store in danger", "old secret")
	})
}

func TestAFileIsSearched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		text, _ := log(t, st)
		home := filepath.Dir(st.Path())
		if err := os.WriteFile(filepath.Join(home, "x.log"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		d := start(t, st, 100, 30)
		d.Press("enter")
		d.Want("paste the text, or type the name of a file")
		d.Type("~/nothing.log", "enter")
		d.Settle()
		d.Want("no such file")
		for range len("nothing.log") {
			d.Press("backspace")
		}
		d.Type("x.log", "enter")
		d.Settle()
		d.Want("gives away 12 secrets")
		d.Press("n")
		d.Want("Keys in wrong hands")
		d.Paste("nothing in here\n")
		d.Settle()
		d.Want("gives away 0 secrets", "the text holds no key")
	})
}

// A terminal that does not mark a paste sends it as keys: they must not be
// taken for commands.
func TestAPasteThatComesAsKeysDoesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		head, err := st.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		d := start(t, st, 100, 30)
		d.Type("Xrnq GET /v1 pak_000000000000_", "enter")
		d.Settle()
		if now, err := st.Head(t.Context()); err != nil || now.Size != head.Size {
			t.Errorf("the journal grew from %d to %d (%v)", head.Size, now.Size, err)
		}
		d.Want("Keys in wrong hands")
	})
}

// All keys of an owner, found by a filter, marked and ended; and what a verifier
// makes of it.
func TestMarkedKeysAreInWrongHands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		v, err := follow.Announce(st.Path(), 1<<40)
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		d := decktest.Start(t, st, 100, 30)
		d.Press("/")
		d.Type("user:edge", "enter", "*", ":")
		d.Type("key.incident", "enter")
		d.Settle()
		d.Want("3 keys in wrong hands", "3 keys of this store in danger", "3 of them were used in the last 7 days")
		d.Press("X")
		d.Type("3", "enter")
		d.Settle()
		d.Settle()
		d.Want("revoked 3 of 3 keys; the verifier knows it after 0 ms", "None of them is still good.")
		if k := st.Key("edge/edge-gateway-eu"); k.RevokeReason != "compromised: in wrong hands" || !k.Compromised {
			t.Errorf("%q, %v", k.RevokeReason, k.Compromised)
		}
	})
}
