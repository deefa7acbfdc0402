package network_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

const ref = "build-bot/ci-deploy-staging"

// run opens the editor of a key with both lists. Its last caller is
// 198.51.100.7, which is also where the operator comes from.
func run(t *testing.T, w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	runOn(t, func(*decktest.Store) {}, w, h, f)
}

func runOn(t *testing.T, prepare func(*decktest.Store), w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		prepare(st)
		d := decktest.Start(t, st, w, h, decktest.At("keys/"+ref))
		d.Press("i")
		f(d)
	})
}

func TestAtEverySize(t *testing.T) {
	for _, size := range decktest.TriedFromSmallest() {
		run(t, size.W, size.H, func(d *decktest.Deck) {
			d.GoldenBody("lists")
			d.Press("n")
			d.Type("10.9.0.10-10.9.0.40")
			d.GoldenBody("add")
			d.Press("tab")
			d.Type("new farm", "enter", "esc", "t")
			d.Type("198.51.100.70")
			d.GoldenBody("test")
			d.Press("tab", "ctrl+s")
			d.GoldenBody("preview")
		})
	}
}

func TestAnEntryIsAddedAndSaved(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		before := d.Store.Key(ref)
		d.Press("n")
		d.Type("10.9.0.10-10.9.0.11", "tab")
		d.Type("new farm", "enter", "esc", "ctrl+s")
		d.Want("+ allow 10.9.0.10/31 # new farm")
		if d.Store.Key(ref).Version != before.Version {
			t.Error("something was written before it was agreed to")
		}
		d.Press("y")
		d.Settle()
		d.Want("changed the addresses of " + ref)
		if v := d.Store.Key(ref); len(v.Rules.Allow) != 3 || v.Rules.Allow[2].String() != "10.9.0.10/31 # new farm" || len(v.Rules.Deny) != 1 {
			t.Errorf("saved %+v", v.Rules)
		}
	})
}

func TestWhoWouldBeShutOutIsSaidBeforeSaving(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Want("the last caller 198.51.100.7 would be", "you 198.51.100.7 would be allowed")
		d.Press("d") // the entry that they come from
		d.Want("you 198.51.100.7: allowed before, now", "refused")
		d.Press("ctrl+s")
		d.Want("- allow 198.51.100.0/24 # eu office nat", "the last caller 198.51.100.7 would be refused", "you 198.51.100.7 would be refused")
		d.Press("esc", "u")
		d.Want("eu office nat")
		d.Press("ctrl+s")
		d.Want("nothing was changed")
	})
}

func TestEntriesAreChangedMovedAndPasted(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("e", "tab", "ctrl+u")
		d.Type("office", "enter", "j", "D")
		d.Want("DENY (2)", "moved to DENY: 10.4.7.0/26")
		d.Press("ctrl+s")
		d.Want("+ deny 10.4.7.0/26", "+ allow 198.51.100.0/24 # office", "- allow 10.4.7.0/26 # build farm")
		d.Press("esc", "G")
		d.Paste("192.0.2.0/24 # lab\nnonsense\n2001:db8::/32")
		d.Want("added 2 prefixes, 1 left out", "lab", "2001:db8::/32")
	})
}

func TestTheTrace(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		for addr, want := range map[string]string{
			"198.51.100.70": "DENIED by d1 198.51.100.64/26", "198.51.100.7": "ALLOWED by a1 198.51.100.0/24",
			"::ffff:10.4.7.2": "it counts as 10.4.7.2", "300.1.1.1": `"300.1.1.1" is no address yet`,
		} {
			d.Press("t", "ctrl+u")
			d.Type(addr)
			d.Want(want)
			d.Press("tab")
		}
	})
}

func TestWrongEntriesAreQuotedAndNotTaken(t *testing.T) {
	for input, want := range map[string]string{
		"10.0.0.1:443": `"10.0.0.1:443"`, "0.0.0.0/0": `"0.0.0.0/0"`, "fe80::1%eth0": `"fe80::1%eth0"`, "example.com": `"example.com"`, "010.1.1.1": `"010.1.1.1"`,
	} {
		run(t, 140, 45, func(d *decktest.Deck) {
			d.Press("n")
			d.Type(input, "enter")
			d.Want(want, "ALLOW (2)")
		})
	}
}

func TestWhatIsHalfTypedIsNotSavedSilently(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("d", "n")
		d.Type("10.0.0.0/8", "ctrl+s")
		d.Want("an entry is half typed")
	})
}

func TestRulesThatCannotWorkAreNotSaved(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("n")
		d.Type("198.51.100.64/28", "enter", "esc", "ctrl+s")
		d.Want("can never match")
		d.Without("Save the addresses")
	})
}

func TestThePolicyIsHeldAgainstTheRules(t *testing.T) {
	runOn(t, func(st *decktest.Store) {
		st.SetPolicy("[key]\nrequire_allow = true\n")
	}, 100, 30, func(d *decktest.Deck) {
		d.Press("d", "d", "ctrl+s")
		d.Want("policy: an allow list is required")
		d.Without("Save the addresses")
	})
}

// race has somebody else save other rules while they are edited.
func race(t *testing.T, d *decktest.Deck, change func(*iprule.Rules)) {
	t.Helper()
	v := d.Store.Key(ref)
	change(&v.Rules)
	if _, err := d.Store.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Rules: &v.Rules}); err != nil {
		t.Fatal(err)
	}
}

func TestWhatOthersSaveIsShownAsSoonAsItIsKnown(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		race(t, d, func(r *iprule.Rules) { r.Allow[1].Note = "new farm" })
		d.Advance(3 * time.Second)
		d.Want("new farm")
		d.Press("j", "d")
		race(t, d, func(r *iprule.Rules) { r.Allow[0].Note = "new office" })
		d.Advance(3 * time.Second)
		d.Want("somebody else saved it   unsaved: -1")
		d.Without("new office")
	})
}

func TestEntriesThatOnlyOneChangedAreSettledUnasked(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("j", "d")
		race(t, d, func(r *iprule.Rules) {
			r.Deny = nil
			r.Allow = append(r.Allow, iprule.Entry{Prefix: netip.MustParsePrefix("192.0.2.0/28")})
		})
		d.Press("ctrl+s", "y")
		d.Settle()
		d.Want("- allow 10.4.7.0/26", "somebody else saved: allow 192.0.2.0/28: not listed -> listed", "somebody else saved: deny 198.51.100.64/26: listed as")
		d.Press("y")
		d.Settle()
		got := d.Store.Key(ref).Rules
		if len(got.Deny) != 0 || len(got.Allow) != 2 || got.Allow[1].Prefix.String() != "192.0.2.0/28" {
			t.Errorf("saved %+v", got)
		}
	})
}

func TestAnEntryThatBothChangedIsAskedOf(t *testing.T) {
	for _, size := range decktest.Tried() {
		for answer, left := range map[string]int{"y": 1, "tab enter": 2} {
			run(t, size.W, size.H, func(d *decktest.Deck) {
				d.Press("j", "d")
				race(t, d, func(r *iprule.Rules) { r.Allow[1].Note = "new farm" })
				d.Press("ctrl+s", "y")
				d.Settle()
				if left == 1 {
					tuitest.Golden(t, fmt.Sprintf("conflict-%dx%d", size.W, size.H), d.Body())
				}
				d.Press(strings.Fields(answer)...)
				d.Settle()
				if left == 1 {
					d.Press("y")
					d.Settle()
				} else {
					d.Want("nothing of yours is left to save")
				}
				if got := d.Store.Key(ref).Rules; len(got.Allow) != left || left == 2 && got.Allow[1].Note != "new farm" {
					t.Errorf("saved %+v", got)
				}
			})
		}
	}
}

func TestLeavingWithChangesAsks(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("d", "esc")
		d.Want("This would be lost: the changed addresses of " + ref)
	})
}
