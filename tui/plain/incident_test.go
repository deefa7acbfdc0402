package plain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// leak issues keys and returns a log that gives them away: one whole, one twice,
// one cut off.
func leak(t *testing.T, st *decktest.Store) string {
	t.Helper()
	var keys []string
	for _, name := range []string{"whole", "twice", "cut"} {
		_, secret, err := st.CreateKey(t.Context(), keystore.NewKey{User: st.User("build-bot").ID, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, secret.Reveal())
	}
	return "boot\n.\n? back\nkey=" + keys[0] + "\n" + strings.Repeat("x", 100<<10) + " " + keys[1] + "\n" + keys[1] + "\n" + keys[2][:20] + "..."
}

func revoked(st *decktest.Store, name string) bool {
	return !st.Key("build-bot/" + name).Revoked.IsZero()
}

func TestATextThatIsPastedGivesKeysAway(t *testing.T) {
	st := decktest.Sample(t)
	text := leak(t, st)
	said := converse(t, st, "incident", "", text, "..", "explode", "revoke", "3")
	want(t, said, "Paste it now.", "The text gives away 3 secrets.", "(whole, 2 times) is the current secret of build-bot/twice, contact ",
		"(cut off, once) is the current secret of build-bot/cut", "1. build-bot/whole", "None of them was used in the last 7 days.",
		`"explode" is none of them; answer with a number from 1 to 2`, "Revoked 3 of 3 keys.")
	if keyString.MatchString(said) || strings.Contains(said, text[20:60]) {
		t.Errorf("a key string is shown:\n%s", said)
	}
	if k := st.Key("build-bot/cut"); k.Revoked.IsZero() || !strings.Contains(k.RevokeReason, "given away by a text") {
		t.Errorf("the key is %+v", k.Key)
	}
	if said := converse(t, st, "unrevoke build-bot/cut", "yes"); !strings.Contains(said, "Failed: ") {
		t.Errorf("a key in wrong hands is back:\n%s", said)
	}
}

func TestAnIncidentEndsNothingWithoutTheNumber(t *testing.T) {
	for _, answers := range [][]string{{"revoke", "2"}, {"1", "yes"}, {"back"}, {}, {"rotate", "shown", "2"}} {
		st := decktest.Sample(t)
		path := filepath.Join(filepath.Dir(st.Path()), "build.log")
		if err := os.WriteFile(path, []byte(leak(t, st)), 0o600); err != nil {
			t.Fatal(err)
		}
		said := converse(t, st, append([]string{"incident", "/nowhere", "~/build.log"}, answers...)...)
		want(t, said, "/nowhere", "The text gives away 3 secrets.", "Nothing was changed.")
		if revoked(st, "whole") || revoked(st, "cut") {
			t.Errorf("%q: keys are revoked:\n%s", answers, said)
		}
	}
}

func TestATextEndsWithTheInput(t *testing.T) {
	st := decktest.Sample(t)
	text := leak(t, st)
	want(t, converse(t, st, "incident", "", text), "The text gives away 3 secrets.", "Nothing was changed.")
	want(t, converse(t, st, "incident", "", "nothing here", ".."), "The text gives away 0 secrets.", "No key of this store is in danger.")
}

func TestKeysInWrongHandsGetNewSecretsAtOnce(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "incident user:edge", "rotate", "shown", "3", "", "undo", "back", "session", "back")
	want(t, said, "3 keys in danger.", "The old secrets are refused at once.", "written out here once", "The new key string of edge/edge-gateway-eu is on the next line.",
		"Stopped.", "Session ", "1. edge/edge-gateway-eu: handed over, not in use yet")
	if n := len(keyString.FindAllString(said, -1)); n != 2 {
		t.Errorf("%d key strings are shown:\n%s", n, said)
	}
	k := st.Key(rotated)
	if _, works := k.RetiringAt(st.Clock.Now()); works {
		t.Error("the old secret works")
	}
}
