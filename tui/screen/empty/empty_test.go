package empty_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

func TestScreens(t *testing.T) {
	decktest.Golden(t, "empty", func(t *testing.T, w, h int) *decktest.Deck {
		return decktest.Start(t, decktest.Empty(t), w, h, func(o *tui.Options) {
			o.OpenDemo = func(context.Context) (*keystore.Store, error) { return nil, errors.New("unused") }
		})
	})
}

func TestTheFirstUserMakesTheListAppear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Empty(t), 100, 30)
		if _, err := d.Store.Open().AddUser(t.Context(), keystore.NewUser{Name: "bot"}); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Want("No keys yet. n creates the first key.", "0 of 0 shown")
	})
}

func TestTheDemonstrationIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sample := decktest.Sample(t)
		d := decktest.Start(t, decktest.Empty(t), 100, 30, func(o *tui.Options) {
			o.OpenDemo = func(context.Context) (*keystore.Store, error) { return sample.Store, nil }
		})
		d.Press(":")
		d.Type("demo", "enter")
		d.Settle()
		d.Want("ci-deploy-staging", "14 keys", "this is a demonstration")
	})
}

func TestADemonstrationThatCannotBeMadeIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Empty(t), 100, 30, func(o *tui.Options) {
			o.OpenDemo = func(context.Context) (*keystore.Store, error) { return nil, errors.New("the disk is full") }
		})
		d.Press(":")
		d.Type("demo", "enter")
		d.Want("opening the demonstration: the disk is full", "No keys yet.")
	})
}

func TestWithoutADemonstrationNoneIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Empty(t), 100, 30)
		d.Without("demo")
		d.Press(":")
		d.Type("demo", "enter")
		d.Want("there is no demonstration here")
	})
}

func TestTheFirstStepsLeadSomewhere(t *testing.T) {
	for key, want := range map[string]string{"u": "New user", "n": "New key"} {
		synctest.Test(t, func(t *testing.T) {
			d := decktest.Start(t, decktest.Empty(t), 100, 30)
			d.Press(key)
			d.Want(want)
			d.Press("esc")
			d.Want("No keys yet.")
		})
	}
}

func TestAnEmptyStoreThatMayOnlyBeReadSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Empty(t)
		d := decktest.Start(t, st.Open(keystore.WithReadOnly()), 100, 30)
		d.Want("No keys yet.", "open for reading only")
		d.Without("creates the first key")
	})
}
