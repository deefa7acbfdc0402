package keys_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

var errDiskFull = errors.New("the disk is full")

func TestColumnsAreChosenAndRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var saved config.View
		d := decktest.Start(t, decktest.Sample(t), 140, 45, func(o *tui.Options) {
			o.SaveView = func(v config.View) error {
				saved = v
				return nil
			}
		})
		d.Want("OWNER", "ADDRESS", "STATE")
		d.Press("C")
		d.Want("Columns", "[x] owner", "8 of 8")
		d.Press("space")
		d.Type("addr", "space", "enter")
		d.Without("OWNER", "ADDRESS")
		d.Want("STATE", "CREATED", "EXPIRES ^")
		d.Press("o", "O")
		d.Settle()
		want := config.View{Columns: []string{"name", "key", "state", "expires", "seen", "created", "lint"}, Sort: "seen", Reverse: true}
		if !slices.Equal(saved.Columns, want.Columns) || saved.Sort != want.Sort || !saved.Reverse {
			t.Errorf("saved %+v, want %+v", saved, want)
		}
		d.Press("C", "space", "esc")
		d.Want("STATE")
	})
}

func TestAListIsFoundAsItWasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Sample(t), 140, 45, func(o *tui.Options) {
			o.View = config.View{Columns: []string{"name", "lint", "nonsense"}, Sort: "name", Reverse: true}
		})
		d.Want("NAME v", "!")
		d.Without("OWNER", "STATE   ")
		if first := d.Line(4); !strings.Contains(first, "支払い-worker") {
			t.Errorf("the list begins with %q", first)
		}
	})
}

func TestAViewThatCannotBeSavedIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Sample(t), 100, 30, func(o *tui.Options) {
			o.SaveView = func(config.View) error { return errDiskFull }
		})
		d.Press("o")
		d.Settle()
		d.Want("remembering how the list is shown: the disk is full", "sort: seen")
	})
}
