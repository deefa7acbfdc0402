package tui_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// counting is a work that does one of ten every five seconds.
func counting() screen.Work {
	return screen.Work{Doing: "counting", Size: 10, Do: func(ctx context.Context, done func(int)) tea.Msg {
		for n := range 10 {
			select {
			case <-ctx.Done():
				return screen.Say{Level: screen.Warning, Text: "stopped in time"}
			case <-time.After(5 * time.Second):
				done(n + 1)
			}
		}
		return screen.Say{Level: screen.OK, Text: "all is counted"}
	}}
}

func TestAWorkTellsHowFarItIsWhateverIsShown(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Send(screen.Failed{Doing: "saving", Err: errors.New("short")}) // would stay
		d.Send(counting())
		d.Advance(11 * time.Second)
		d.Want("work  counting: 2 done (20%)", "esc stops it")
		d.Press("3")
		d.Advance(10 * time.Second)
		d.Want("[3 Usage]", "counting: 4 done (40%)")
		d.Press("T")
		d.Want("times are in")
		d.Advance(36 * time.Second)
		d.Without("counting")
		d.Press("M")
		d.Want("ok  all is counted")
	})
}

func TestEscStopsAWork(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("space")
		d.Send(counting())
		d.Press("/")
		d.Type("edge")
		d.Advance(11 * time.Second)
		d.Want("counting: 2 done")
		d.Without("esc stops")
		d.Press("esc") // is for what is being typed
		d.Want("counting: 2 done", "esc stops it", "14 of 15")
		d.Press("esc")
		d.Settle()
		d.Want("stopped in time", "1 marked")
	})
}

func TestQuittingAWorkAsks(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Send(counting())
		d.Advance(11 * time.Second)
		d.Press("q")
		d.Want("Quit?", "the rest of counting: 2 done (20%)")
		d.Press("esc", "1", "q", "y")
		if !d.Exited() {
			t.Error("it still runs")
		}
	})
}

// TestStoppedHalfWayTheTruthIsTold is on a store that takes its time.
func TestStoppedHalfWayTheTruthIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, slow := decktest.Slow(t)
		d := decktest.Start(t, st, 100, 30)
		d.Press("*", "x")
		d.Want("Disable 13 keys?")
		d.Type("13")
		slow.Store(true)
		d.Press("enter")
		d.Advance(3 * time.Second)
		d.Want("work  disabling 13 keys: ")
		d.Press("esc")
		d.Want("stopping")
		slow.Store(false)
		d.Advance(2 * time.Second)
		d.Want("warn  disabled 7 keys; 6 stayed as they were", "U undo")
		off := func() (n int) {
			list, err := st.Keys(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range list {
				if !v.DisabledAt.IsZero() {
					n++
				}
			}
			return n
		}
		if off() != 8 {
			t.Errorf("%d keys are off, want those and the one that was", off())
		}
		d.Press("U")
		d.Want("enabled 7 keys")
		if off() != 1 {
			t.Errorf("after the undo %d keys are off", off())
		}
	})
}
