package edit_test

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

const ref = "build-bot/ci-deploy-staging"

// run opens the form of a key with an allow list.
func run(t *testing.T, w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	decktest.Run(t, "keys/"+ref, w, h, func(t *testing.T, d *decktest.Deck) {
		d.Press("e")
		f(d)
	})
}

func TestAtEverySize(t *testing.T) {
	for _, size := range decktest.TriedFromSmallest() {
		run(t, size.W, size.H, func(d *decktest.Deck) {
			d.GoldenBody("edit")
			d.Type("-2", "tab", "tab", "ctrl+u")
			d.Type("30d", "enter")
			d.GoldenBody("preview")
		})
	}
}

func TestAChangeIsShownAndSavedWhenAgreedTo(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		before := d.Store.Key(ref)
		d.Type("-2", "tab", "ctrl+u")
		d.Type("moved", "tab", "ctrl+u")
		d.Type("30d", "tab")
		d.Type("2026-12-01", "tab")
		d.Type("artifact:read", "enter", "enter")
		d.Want("name: ci-deploy-staging -> ci-deploy-staging-2", "description: Deploys to staging from the build farm. -> moved",
			"2026-11-25 18:32 UTC -> 2026-12-23 09:00 UTC", "not before: at once -> 2026-12-01 09:00 UTC",
			"scopes: artifact:read, deploy:write -> deploy:write")
		if v := d.Store.Key(ref); v.Version != before.Version {
			t.Error("something was written before it was agreed to")
		}
		d.Press("y")
		d.Settle()
		d.Want("changed build-bot/ci-deploy-staging-2")
		v := d.Store.Key(ref + "-2")
		if v.Description != "moved" || len(v.Scopes) != 1 || !v.Expires.Equal(time.Date(2026, 12, 23, 9, 0, 0, 0, time.UTC)) ||
			!v.NotBefore.Equal(time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)) || len(v.Rules.Allow) != 2 {
			t.Errorf("saved %+v", v.Key)
		}
	})
}

func TestNothingChangedSavesNothing(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("enter")
		d.Want("nothing was changed")
		d.Press("esc")
		d.Without("This would be lost")
	})
}

func TestLeavingWithChangesAsks(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("x")
		d.Want("1 unsaved change")
		d.Press("esc")
		d.Want("This would be lost: your changes of " + ref)
	})
}

func TestWrongValuesAreQuotedAndNotSaved(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps func(d *decktest.Deck)
		want  string
	}{
		{"no name", func(d *decktest.Deck) { d.Press("ctrl+u") }, "name: must not be empty"},
		{"a taken name", func(d *decktest.Deck) { d.Press("ctrl+u"); d.Type("billing-export") }, `build-bot has another key "billing-export" already`},
		{"a date with two readings", func(d *decktest.Deck) { d.Press("tab", "tab", "ctrl+u"); d.Type("02/03/2027") }, `"02/03/2027"`},
		{"a past date", func(d *decktest.Deck) { d.Press("tab", "tab", "ctrl+u"); d.Type("2025-01-01") }, `"2025-01-01"`},
		{"a begin that never comes", func(d *decktest.Deck) { d.Press("tab", "tab", "tab"); d.Type("never") }, `"never" would never begin`},
		{"a begin after the end", func(d *decktest.Deck) { d.Press("tab", "tab", "tab"); d.Type("2027-01-01") }, `"2027-01-01" is not before the key ends`},
		{"a scope that is none", func(d *decktest.Deck) { d.Press("tab", "tab", "tab", "tab"); d.Type("Nope") }, `scope "Nope" is no scope; write resource:action`},
		{"a foreign scope", func(d *decktest.Deck) {
			d.Press("tab", "tab", "tab", "tab")
			d.Type("billing:read", "enter")
		}, "billing:read is outside the permissions of build-bot"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, 100, 30, func(d *decktest.Deck) {
				before := d.Store.Key(ref)
				c.steps(d)
				d.Press("enter")
				d.Want(c.want)
				d.Without("Save the changes")
				if v := d.Store.Key(ref); v.Version != before.Version {
					t.Error("something was written")
				}
			})
		})
	}
}

// TestAnOldKeyCanBeDescribedUnderANewPolicy: only what is changed is held
// against the policy.
func TestAnOldKeyCanBeDescribedUnderANewPolicy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		st.SetPolicy("[key]\nmax_lifetime = \"10d\"\n")
		d := decktest.Start(t, st, 100, 30, decktest.At("keys/"+ref))
		d.Press("e", "tab")
		d.Type(" More.", "enter", "y")
		d.Settle()
		d.Want("changed " + ref)
		d.Press("e", "tab", "tab", "ctrl+u")
		d.Type("90d", "enter")
		d.Want("policy: ", "more than 10 days")
	})
}

// extend opens the calendar of a key from the list.
func extend(t *testing.T, w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	decktest.Run(t, "keys/"+ref, w, h, func(t *testing.T, d *decktest.Deck) {
		d.Press("E")
		f(d)
	})
}

func TestExtendingAtEverySize(t *testing.T) {
	for _, size := range decktest.TriedFromSmallest() {
		extend(t, size.W, size.H, func(d *decktest.Deck) {
			d.Press("tab", "pgdown")
			d.GoldenBody("extend")
		})
	}
}

func TestExtendingAsksWhatChangesAndSaves(t *testing.T) {
	extend(t, 100, 30, func(d *decktest.Deck) {
		d.Want("Ends    > 2026-11-25", "18:32", "that is 2026-11-25 19:32")
		d.Press("tab", "pgdown", "2", "4", "enter")
		d.Want("expires: 2026-11-25 18:32 UTC -> 2026-12-24 18:32 UTC")
		d.Press("y")
		d.Settle()
		if v := d.Store.Key(ref); !v.Expires.Equal(time.Date(2026, 12, 24, 18, 32, 0, 0, time.UTC)) {
			t.Errorf("it ends %v", v.Expires)
		}
	})
}

func TestEscLeavesTheCalendarToWhereOneCameFrom(t *testing.T) {
	extend(t, 100, 30, func(d *decktest.Deck) {
		d.Press("esc")
		d.Want("of the owner")
	})
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("ctrl+t")
		d.Want("Mo  Tu  We")
		d.Press("esc")
		d.Want("Description", "2026-11-25 18:32 UTC")
		d.Press("ctrl+t", "tab", "right", "enter")
		d.Want("Expires     > 2026-11-26 18:32 UTC", "1 unsaved change")
	})
}

func TestThePolicyLimitsTheCalendar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		st.SetPolicy("[key]\nmax_lifetime = \"100d\"\n")
		d := decktest.Start(t, st, 100, 30, decktest.At("keys/"+ref))
		d.Press("E", "tab", "pgdown")
		d.Want("Fri 2026-12-25: policy: no later than 2026-12-03")
		d.Press("enter")
		d.Want("Fri 2026-12-25: policy")
		d.Without("nothing was changed")
		d.Press("shift+tab", "ctrl+u")
		d.Type("90d", "enter")
		d.Want("more than 100 days after")
		d.Without("Save the changes")
	})
}

// TestWhoWouldBeShutOutIsSaidBeforeSaving: an end that is nearer, or scopes
// that go, are held against the uses of the last 30 days.
func TestWhoWouldBeShutOutIsSaidBeforeSaving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		at := decktest.Now.Add(-time.Hour)
		tally := keystore.Tally{
			Secret: st.Key(ref).Current().ID, Hour: keystore.HourOf(at), Outcome: keystore.OK,
			Caller: keystore.Caller{IP: netip.MustParseAddr("198.51.100.7"), Agent: "curl"},
		}
		err := usage.NewRecorder(st.Store).Record(t.Context(), keystore.UseBatch{Tallies: map[keystore.Tally]keystore.Count{tally: {N: 41208, First: at, Last: at}}})
		if err != nil {
			t.Fatal(err)
		}
		d := decktest.Start(t, st, 100, 30, decktest.At("keys/"+ref))
		d.Press("e", "tab", "tab", "ctrl+u")
		d.Type("12h", "enter")
		d.Want("would have refused 0 of 41,208 uses of the last 30 days", "refuses everybody from", "2026-11-24T02:32:00Z on")
		d.Press("esc", "ctrl+u")
		d.Type("90d", "enter")
		d.Want("expires: 2026-11-25 18:32 UTC -> 2027-02-21 09:00 UTC")
		d.Without("would have refused")
	})
}

func TestHowOftenTheKeyIsRotatedAndHowEarlyItWarnsAreChanged(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("shift+tab")
		d.Want("as the policy says, in its last 14d")
		d.Type("1d")
		d.Want("expiring in its last 1d")
		d.Press("shift+tab")
		d.Type("45d")
		d.Want("due to be rotated every 45d")
		d.Press("enter")
		d.Want("rotate: none -> 45d", "warn: none -> 1d")
		d.Press("y")
		d.Settle()
		if v := d.Store.Key(ref); v.RotateEvery != 45*24*time.Hour || v.WarnBefore != 24*time.Hour {
			t.Errorf("every %v, %v before", v.RotateEvery, v.WarnBefore)
		}
		d.Want("active, 2 d 4 h left")
		d.Press("e", "shift+tab", "ctrl+u")
		d.Type("soon", "enter")
		d.Want(`"soon" is no length of time`)
	})
}
