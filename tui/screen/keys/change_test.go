package keys_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

func TestDisablingAsksAndCanBeUndone(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("x")
		d.Want("Disable build-bot/ci-deploy-staging?", "used 3m ago from 198.51.100.7")
		d.Press("enter") // on Cancel
		if v := d.Store.Key("build-bot/ci-deploy-staging"); !v.DisabledAt.IsZero() {
			t.Fatal("a stray enter disabled the key")
		}
		d.Press("x", "y")
		d.Want("disabled build-bot/ci-deploy-staging", "U undo (")
		if v := d.Store.Key("build-bot/ci-deploy-staging"); v.DisabledAt.IsZero() {
			t.Fatal("the key works still")
		}
		d.Press("U")
		d.Want("enabled build-bot/ci-deploy-staging")
		if v := d.Store.Key("build-bot/ci-deploy-staging"); !v.DisabledAt.IsZero() || v.Version != 3 {
			t.Errorf("disabled %v in version %d after undo", v.DisabledAt, v.Version)
		}
	})
}

func TestUndoIsOfferedForTenSeconds(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("x", "y")
		d.Advance(11 * time.Second)
		d.Without("U undo")
		d.Press("U")
		d.Want("there is nothing to undo")
		if v := d.Store.Key("build-bot/ci-deploy-staging"); v.DisabledAt.IsZero() {
			t.Error("undo worked after its time")
		}
	})
}

func TestEnablingDoesNotAsk(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("G", "x")
		d.Want("enabled contractor/contractor-2025", "U undo (")
		if v := d.Store.Key("contractor/contractor-2025"); !v.DisabledAt.IsZero() {
			t.Error("the key is disabled still")
		}
	})
}

func TestMarkedKeysAreDisabledTogether(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("space", "space", "G", "space") // two that work and one that is off
		d.Want("3 marked")
		d.Press("x")
		d.Want("Disable 2 keys?", "build-bot/ci-deploy-staging, build-bot/metrics-pusher", "type how many: 2")
		d.Press("y") // no short cut where something must be typed
		d.Press("backspace")
		d.Type("2", "enter")
		d.Want("disabled 2 keys", "U undo")
		for _, ref := range []string{"build-bot/ci-deploy-staging", "build-bot/metrics-pusher"} {
			if d.Store.Key(ref).DisabledAt.IsZero() {
				t.Errorf("%s works still", ref)
			}
		}
		d.Press("U")
		d.Want("enabled 2 keys")
		d.Press("esc")
		d.Without("marked")
	})
}

func TestRevokingWantsTheNameTyped(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("X", "enter")
		d.Want("must not be empty")
		d.Type("leaked", "enter")
		d.Want("Revoke build-bot/ci-deploy-staging?", "for ever", "Reason: leaked", "used 3m ago from 198.51.100.7")
		d.Type("metrics-pusher", "enter")
		d.Want("not the same")
		if v := d.Store.Key("build-bot/ci-deploy-staging"); !v.Revoked.IsZero() {
			t.Fatal("the wrong name revoked the key")
		}
		for range len("metrics-pusher") {
			d.Press("backspace")
		}
		d.Type("ci-deploy-staging", "enter")
		d.Want("revoked for ever: build-bot/ci-deploy-staging")
		d.Without("U undo")
		v := d.Store.Key("build-bot/ci-deploy-staging")
		if v.Revoked.IsZero() || v.RevokeReason != "leaked" {
			t.Errorf("revoked %v for %q", v.Revoked, v.RevokeReason)
		}
		if got := under(d); got != "metrics-pusher" {
			t.Errorf("the cursor is on %s, want what came to stand there", got)
		}
	})
}

func TestARevokedKeyCannotBeChanged(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("h", "/")
		d.Type("initech", "enter")
		for _, key := range []string{"x", "X", "e", "i"} {
			d.Press(key)
			d.Want("is revoked and cannot be changed")
			d.Advance(6 * time.Second)
		}
	})
}

func TestSomebodyElseWasQuicker(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("x")
		v := d.Store.Key("build-bot/ci-deploy-staging")
		text := "changed meanwhile"
		if _, err := d.Store.Open().EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &text}); err != nil {
			t.Fatal(err)
		}
		d.Settle() // the list behind the question shows it already
		d.Press("y")
		d.Want("was changed by somebody else meanwhile", "Nothing was changed by you", "description: you saw Deploys to staging", "changed meanwhile")
		if v := d.Store.Key("build-bot/ci-deploy-staging"); !v.DisabledAt.IsZero() {
			t.Error("the change was made nevertheless")
		}
		d.Press("enter", "x", "y")
		d.Want("disabled build-bot/ci-deploy-staging")
	})
}

// TestAKeyThatNobodyCanTypeIsRevokedByItsID is about names with characters
// that no keyboard has.
func TestAKeyThatNobodyCanTypeIsRevokedByItsID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		v, _, err := st.CreateKey(t.Context(), keystore.NewKey{User: st.User("edge").ID, Name: "❤\ufe0f", Expires: decktest.Now.Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		d := decktest.Start(t, st, 100, 30)
		d.Press("X")
		d.Type("no reason", "enter")
		d.Type(string(v.ID), "enter")
		if st.Key(string(v.ID)).Revoked.IsZero() {
			t.Errorf("not revoked:\n%s", d.Text())
		}
	})
}

func TestReadOnlyHidesWhatWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Sample(t, keystore.WithReadOnly()), 100, 30)
		before := d.Text()
		d.Want("  ro  ")
		d.Without("x disable", "X revoke", "n new", "e edit", "i network")
		d.Press("x", "X", "n", "e", "i", "c")
		if d.Text() != before {
			t.Errorf("a key that writes did something:\n%s", d.Text())
		}
		d.Press("?")
		d.Without("end it", "issue a key")
	})
}

func TestOneOfSeveralWasChangedMeanwhile(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("space", "space", "x")
		v, text := d.Store.Key("build-bot/metrics-pusher"), "changed meanwhile"
		if _, err := d.Store.Open().EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &text}); err != nil {
			t.Fatal(err)
		}
		d.Type("2", "enter")
		d.Want("disabling 2 keys failed", "changed by somebody else", "disabled build-bot/ci-deploy-staging; 1 could not be", "U undo")
		d.Press("enter", "U")
		if v := d.Store.Key("build-bot/ci-deploy-staging"); !v.DisabledAt.IsZero() {
			t.Error("undo did not enable it")
		}
	})
}

// TestAnActionIsForTheRangeThatLooksMarked, whether V or space has ended it.
func TestAnActionIsForTheRangeThatLooksMarked(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("V", "j", "j")
		d.Want("range of 3", "b bulk")
		d.Press("x")
		d.Want("Disable 3 keys?")
		d.Press("esc")
		d.Want("3 marked")
	})
}
