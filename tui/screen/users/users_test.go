package users_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// start shows the users of the sample store.
func start(t *testing.T, w, h int) *decktest.Deck {
	t.Helper()
	return decktest.Start(t, decktest.Sample(t), w, h, decktest.At("users"))
}

func on(t *testing.T, test func(t *testing.T, d *decktest.Deck)) {
	t.Helper()
	decktest.Run(t, "users", 100, 30, test)
}

func TestScreens(t *testing.T) {
	for name, keys := range map[string][]string{
		"list":    nil,
		"keys":    {"enter"},
		"disable": {"x"},
		"admin":   {"G", "k", "O"},
		"filter":  {"/", "o", "r", "p"},
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, w, h)
			d.Press(keys...)
			return d
		})
	}
}

func TestDisablingNamesTheKeysThatStopWorking(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("x")
		d.Want("4 keys of this user will be refused", "metrics-pusher, billing-export", "The last use was 3m ago: ci-deploy-staging from 198.51.100.7")
		d.Press("y")
		d.Want("disabled build-bot", "U undo (", "disabled: none of its")
		if !d.Store.User("build-bot").Disabled {
			t.Fatal("not disabled")
		}
		d.Press("U")
		d.Want("enabled build-bot")
		if d.Store.User("build-bot").Disabled {
			t.Error("undo did not enable it")
		}
	})
}

func TestAUserWithoutWorkingKeysIsDisabledWithoutAlarm(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("j", "x")
		d.Want("Disable contractor?", "No key of this user works now.")
	})
}

func TestKeysOfADisabledUserAreDisabled(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("x", "y", "K")
		d.Want("build-bot is disabled: its keys would not work")
		d.Press("enter")
		d.Want("disabled: its owner")
	})
}

func TestSomebodyElseWasQuicker(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("x")
		u, contact := d.Store.User("build-bot"), "new@corp"
		if _, err := d.Store.Open().EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Contact: &contact}); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Press("y")
		d.Want("was changed by somebody else meanwhile", "Nothing was changed by you", "contact: you saw platform@corp, it is now new@corp")
		if d.Store.User("build-bot").Disabled {
			t.Error("disabled nevertheless")
		}
	})
}

func TestWaysToOtherPlaces(t *testing.T) {
	for key, want := range map[string]string{
		"enter": "Users > Keys of build-bot", "n": "Users > New user", "e": "Users > Edit build-bot",
		"K": "Users > New key", "a": "Users > Journal of build-bot",
	} {
		on(t, func(t *testing.T, d *decktest.Deck) {
			d.Press(key)
			d.Want(want)
			d.Press("esc")
			d.Want("6 of 6 shown")
		})
	}
}

func TestTheKeysOfAUserWithout(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		if _, err := d.Store.Open().AddUser(t.Context(), keystore.NewUser{Name: "alice"}); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Press("g", "enter")
		d.Want("Users > Keys of alice", "alice has no key yet. n creates one.")
		d.Press("n")
		d.Want("Owner       > alice")
	})
}

func TestTheFilterAndTheOrder(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("person")
		d.Want("2 of 6 shown", "contractor", "mira")
		d.Type(" admin")
		d.Want("1 of 6 shown")
		d.Press("enter")
		d.Want("filter: person admin")
		d.Press("esc")
		d.Want("6 of 6 shown")
		d.Press("/")
		d.Type("nobody", "esc")
		d.Want("6 of 6 shown")
		for _, step := range []struct{ key, first, status string }{
			{"o", "build-bot", "sort: state"},
			{"o", "build-bot", "sort: keys"},
			{"o", "edge", "sort: seen"},
			{"O", "contractor", "sort: seen"},
			{"o", "build-bot", "sort: name"},
			{"O", "partners", "sort: name"},
		} {
			d.Press(step.key, "g")
			d.Want(step.status, ">  "+step.first)
		}
	})
}

func TestANewUserAppearsAndTheCursorStays(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("j")
		if _, err := d.Store.Open().AddUser(t.Context(), keystore.NewUser{Name: "aaron"}); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Want("7 of 7 shown", "   aaron", ">  contractor")
	})
}

func TestTimeGoesOnInTheList(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Want("3m")
		d.Store.Clock.Add(2 * time.Hour)
		d.Settle()
		d.Want("2h ago from", "198.51.100.7")
		d.Without("1s ")
	})
}

func TestADeepLinkSelectsTheUser(t *testing.T) {
	decktest.Run(t, "users/mira", 100, 30, func(t *testing.T, d *decktest.Deck) {
		d.Want(">  mira", "everything: admin")
	})
}

func TestReadOnlyHidesWhatWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Sample(t, keystore.WithReadOnly()), 100, 30, decktest.At("users"))
		before := d.Text()
		d.Press("n", "e", "x", "K")
		if d.Text() != before {
			t.Errorf("a key that writes did something:\n%s", d.Text())
		}
	})
}
