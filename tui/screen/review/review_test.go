package review_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// auditor is somebody who made no key of the sample.
var auditor = keystore.WithActor(keystore.Actor{UID: 1001, User: "ada", Via: "tui"})

// start goes to the review of the sample store, and begins one.
func start(t *testing.T, w, h int, options ...keystore.Option) *decktest.Deck {
	t.Helper()
	st := decktest.Sample(t, options...)
	st.SetPolicy("[lint]\nfree_megabytes = 1\nfree_inodes = 1\n")
	d := decktest.Start(t, st, w, h)
	d.Press("R", "b")
	settle(d)
	return d
}

// settle lets what was asked for be written, read and shown.
func settle(d *decktest.Deck) {
	d.Settle()
	d.Settle()
}

func state(t *testing.T, d *decktest.Deck) review.State {
	t.Helper()
	s, err := review.Load(t.Context(), d.Store.Store, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScreens(t *testing.T) {
	for name, keys := range map[string][]string{
		"walk":    {"y"},
		"comment": {"y", "X"},
		"end":     {"y", "E"},
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, w, h, auditor)
			d.Press(keys...)
			settle(d)
			return d
		})
	}
}

func TestAVerdictIsOneKeyAndGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, auditor)
		d.Want("Review 1: 0 of 14", ">  build-bot/billing-export", "created  2026-11-21 by mira", "finding")
		d.Press("y")
		settle(d)
		d.Want("Review 1: 1 of 14", ">  build-bot/ci-deploy-staging", "keep 1")
		d.Press("x")
		d.Want("disable, because", "PAK103 in use and expires in 2")
		d.Press("ctrl+u", "enter")
		d.Want("must not be empty")
		d.Type("nobody owns it", "enter")
		settle(d)
		d.Want("Review 1: 2 of 14", "disable", ">  build-bot/metrics-pusher")
		k := d.Store.Key("build-bot/ci-deploy-staging")
		if got := state(t, d).Decisions[k.ID]; got.Verdict != review.Disable || got.Comment != "nobody owns it" || got.By != "ada" || !k.DisabledAt.IsZero() {
			t.Errorf("%+v; disabled at %v", got, k.DisabledAt)
		}
	})
}

func TestTenKeysAreKeptWithTenKeyPresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 80, 24, auditor)
		for range 10 {
			d.Press("y")
		}
		settle(d)
		if got := len(state(t, d).Decisions); got != 10 {
			t.Errorf("%d decisions", got)
		}
		d.Want("Review 1: 10 of 14")
	})
}

func TestADecisionIsReplacedAndItsCommentEdited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, auditor)
		d.Press("a")
		d.Type("still needed?", "enter")
		settle(d)
		d.Press("k", "enter")
		d.Want("ask, because", "still needed?")
		d.Type(" by whom?", "enter")
		settle(d)
		id := d.Store.Key("build-bot/billing-export").ID
		if got := state(t, d).Decisions[id]; got.Verdict != review.Ask || got.Comment != "still needed? by whom?" {
			t.Errorf("%+v", got)
		}
		d.Press("g", "y")
		settle(d)
		if got := state(t, d).Decisions[id]; got.Verdict != review.Keep || len(state(t, d).Decisions) != 1 {
			t.Errorf("%+v", got)
		}
		d.Press("r", "esc")
		settle(d)
		if got := len(state(t, d).Decisions); got != 1 {
			t.Errorf("%d decisions after a comment that was called off", got)
		}
	})
}

func TestACommentIsNotLostWithoutAQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 80, 24, auditor)
		d.Press("a")
		d.Type("still needed?", "ctrl+c")
		d.Want("This would be lost: the comment on build-bot/billing-export")
		d.Press("n")
		d.Want("still needed?")
		d.Press("esc", "a", "2")
		d.Want("ask, because > 2")
	})
}

func TestAReviewIsLeftAndTakenUpByTwo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, auditor)
		d.Press("y", "y")
		settle(d)
		d.Press("esc")
		d.Want("[1 Keys]", "ci-deploy-staging")
		other := d.Store.Open(keystore.WithActor(keystore.Actor{UID: 1002, User: "jonas"}))
		if _, err := review.Decide(t.Context(), other.Store, d.Store.Key("build-bot/metrics-pusher"), review.Rotate, "old"); err != nil {
			t.Fatal(err)
		}
		d.Press("R")
		settle(d)
		d.Want("Review 1: 3 of 14", ">  build-bot/terraform-apply", "rotate")
		if _, err := review.Decide(t.Context(), other.Store, d.Store.Key("build-bot/terraform-apply"), review.Rotate, "old"); err != nil {
			t.Fatal(err)
		}
		settle(d)
		d.Want("Review 1: 4 of 14", "old", "by jonas on 2026-11-23")
		d.Press("n")
		d.Want(">  contractor/contractor-2025")
	})
}

func TestItEndsWithASignedReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, auditor)
		d.Press("y", "E")
		d.Want("End review 1?", "13 keys without a decision")
		d.Press("y")
		settle(d)
		d.Want("report to > ~/pakdeck-review-1.md")
		d.Press("enter")
		settle(d)
		d.Want("saved ~/pakdeck-review-1.md and pakdeck-review-1.json", "ended 2026-11-23 14:32 UTC")
		b, err := os.ReadFile(filepath.Join(filepath.Dir(d.Store.Path()), "pakdeck-review-1.md"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := d.Store.OpenReport(b)
		if err != nil || !strings.Contains(text, "decided about 1 of 14 keys: keep 1") {
			t.Errorf("%s, %v", text, err)
		}
		d.Press("y", "n")
		d.Want("no review is open; b begins one")
		d.Press("s", "enter")
		settle(d)
		d.Want("exists already")
		d.Press("enter")
		d.Store.Clock.Add(time.Hour)
		d.Press("b")
		settle(d)
		d.Want("Review 2: 0 of 14", "last time  keep", "by ada on 2026-11-23")
	})
}

func TestWhoMadeTheKeyIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30)
		d.Want("the report will say: mira created", "it")
		d.Store.SetPolicy("[review]\nfour_eyes = true\n")
		d.Press("y")
		settle(d)
		d.Want("somebody else must keep build-bot/billing-export", ">  build-bot/billing-export", "Review 1: 0 of 14")
	})
}

func TestWithoutAReviewThereIsNothingToDecide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Sample(t, keystore.WithReadOnly()), 100, 30)
		d.Press("R")
		settle(d)
		d.Want("There was no review yet. b begins one.")
		d.Press("b", "y", "E")
		d.Press("s")
		d.Want("there was no review yet")
		if _, err := review.Load(t.Context(), d.Store.Store, 0); err == nil {
			t.Error("a review was begun in a store that is only looked at")
		}
	})
}

func TestTheListLeadsToTheKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, 100, 30, auditor)
		d.Press("v")
		d.Want("[1 Keys]", ">  billing-export")
		d.Press("-")
		d.Want("Review 1: 0 of 14")
	})
}
