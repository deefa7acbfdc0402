package wizard_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// operator is who decktest says sits before the terminal.
func operator(st *decktest.Store) *screen.Env {
	env := screen.NewEnv(context.Background(), st.Store)
	env.Operator = "ops@bastion-1"
	return env
}

// kept is a draft that an earlier session left.
func kept(t *testing.T, st *decktest.Store, change ...func(*draft.Draft)) {
	t.Helper()
	d := draft.Draft{
		Began: decktest.Now.Add(-time.Hour), Step: 2, Owner: "build-bot", Name: "ci-deploy-eu", Description: "half done",
		Scopes: []keystore.Scope{"deploy:write"}, Expires: "2027-02-19", Clock: "18:30", Zone: "Europe/Berlin",
	}
	for _, f := range change {
		f(&d)
	}
	if _, err := draft.At(operator(st)).Save(t.Context(), d, seen(t, st)); err != nil {
		t.Fatal(err)
	}
}

// seen is the version of the draft that is kept.
func seen(t *testing.T, st *decktest.Store) uint64 {
	t.Helper()
	d, _ := load(t, st)
	return d.Version
}

// load returns the draft that is kept.
func load(t *testing.T, st *decktest.Store) (draft.Draft, bool) {
	t.Helper()
	d, found, err := draft.At(operator(st)).Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d, found
}

func TestWhatIsFilledInIsKeptAfterAPause(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		before := count(t, d)
		head, err := d.Store.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		identity(d, "ci-deploy-eu")
		d.Press("space")
		d.Advance(time.Second)
		got, found := load(t, d.Store)
		if !found || got.Owner != "build-bot" || got.Name != "ci-deploy-eu" || len(got.Scopes) != 1 || got.Step != 1 {
			t.Errorf("kept %+v, %v", got, found)
		}
		if now, _ := d.Store.Head(t.Context()); now.Size != head.Size || count(t, d) != before {
			t.Error("a draft is in the journal, or a key was made")
		}
	})
}

func TestTheNextSessionOffersTheDraft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		kept(t, st)
		d := decktest.Start(t, st, 100, 30)
		d.Want("n goes on with your draft of build-bot/ci-deploy-eu, kept 2026-11-23 14:32 UTC")
		d.Press("n")
		d.Advance(time.Second)
		d.Want("Go on with your draft?", "build-bot/ci-deploy-eu, kept 2026-11-23 14:32 UTC", "begin anew", "go on")
		d.Press("y")
		d.Want(">3 Expiry", "2027-02-19", "Europe/Berlin", "18:30 CET")
		d.Press("esc")
		d.Want("[x] deploy:write")
		d.Press("esc")
		d.Want("half done")
	})
}

func TestADraftBecomesAKeyAndIsGone(t *testing.T) {
	runOn(t, func(st *decktest.Store) { kept(t, st) }, 100, 30, func(d *decktest.Deck) {
		d.Advance(time.Second)
		d.Press("y", "enter", "enter")
		d.Settle()
		d.Press("enter")
		d.Settle()
		d.Want("Key created")
		if v := d.Store.Key("build-bot/ci-deploy-eu"); v.Description != "half done" {
			t.Errorf("made %+v", v.Key)
		}
		if got, found := load(t, d.Store); found {
			t.Errorf("still kept: %+v", got)
		}
		kept(t, d.Store) // a saving that comes too late
		if _, found := load(t, d.Store); found {
			t.Error("a late saving brought it back")
		}
	})
}

// elsewhere keeps another draft at another terminal, whatever is kept already.
func elsewhere(t *testing.T, st *decktest.Store, owner string) {
	t.Helper()
	desk := draft.At(operator(st))
	desk.Terminal = "/dev/pts/7"
	d := draft.Draft{Began: decktest.Now.Add(-time.Minute), Owner: owner, Name: "theirs"}
	if _, err := desk.Save(t.Context(), d, seen(t, st)); err != nil {
		t.Fatal(err)
	}
}

func TestADraftOfAnotherTerminalIsReplacedOnlyKnowingly(t *testing.T) {
	for _, size := range decktest.Tried() {
		run(t, size.W, size.H, func(d *decktest.Deck) {
			d.Type("mira")
			d.Advance(time.Second)
			elsewhere(t, d.Store, "edge")
			d.Press("tab")
			d.Type("mine")
			d.Advance(2 * time.Second)
			d.Want("kept a moment ago, at another terminal")
			tuitest.Golden(t, fmt.Sprintf("draft-elsewhere-%dx%d", size.W, size.H), d.Body())
			d.Press("enter") // the focus is on it: the other one stays
			d.Type("-2")
			d.Advance(2 * time.Second)
			d.Without("Replace your other draft?")
			if got, _ := load(t, d.Store); got.Name != "theirs" {
				t.Errorf("kept %+v", got)
			}
			d.Press("ctrl+s")
			d.Advance(time.Second)
			d.Want("Replace your other draft?", "edge/theirs, kept 2026-11-23 14:32 UTC at /dev/pts/7")
			d.Press("y")
			d.Advance(time.Second)
			d.Type("-3")
			d.Advance(time.Second)
			d.Without("Replace your other draft?")
			if got, _ := load(t, d.Store); got.Name != "mine-2-3" {
				t.Errorf("kept %+v", got)
			}
		})
	}
}

func TestACloneDoesNotReplaceADraftUnasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		kept(t, st)
		d := decktest.Start(t, st, 100, 30)
		d.Press("c")
		d.Type("x")
		d.Advance(2 * time.Second)
		d.Want("Replace your other draft?", "build-bot/ci-deploy-eu, kept")
	})
}

func TestBeginningAnewReplacesTheDraft(t *testing.T) {
	runOn(t, func(st *decktest.Store) { kept(t, st) }, 100, 30, func(d *decktest.Deck) {
		d.Advance(time.Second)
		d.Press("enter") // the focus is on it
		d.Want("Who will own the key", "type a name, or choose one below")
		d.Without("half done")
		if got, found := load(t, d.Store); !found || got.Name != "ci-deploy-eu" {
			t.Errorf("the draft is gone before anything was filled in: %+v", got)
		}
		d.Type("mira")
		d.Advance(time.Second)
		if got, _ := load(t, d.Store); got.Owner != "mira" || got.Name != "" {
			t.Errorf("kept %+v", got)
		}
	})
}

func TestLeavingKeepsADraft(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("build-bot", "tab")
		d.Type("ci-x", "esc")
		d.Settle()
		d.Want("kept as a draft: build-bot/ci-x; n goes on with it")
		d.Without("Who will own")
		d.Press("n")
		d.Advance(time.Second)
		d.Press("y")
		d.Want("ci-x")
		d.Press("esc")
		d.Without("Who will own", "lost")
	})
}

func TestADraftIsKeptOnRequest(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("ctrl+s")
		d.Want("there is nothing to keep yet")
		d.Type("mira", "ctrl+s")
		d.Settle()
		d.Want("kept as a draft: a key of mira")
	})
}

func TestADraftHoldsNoKeyString(t *testing.T) {
	secret := "pak_4kTMd9zqW8aB_" + strings.Repeat("Z9x", 16) + "0"
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("mira", "tab", "tab")
		d.Paste("the old one was " + secret)
		d.Advance(time.Second)
		err := keystore.Annex("draft").View(t.Context(), d.Store.Store, func(r kv.Reader) error {
			return r.Scan(kv.Range{}, func(_, value []byte) error {
				if strings.Contains(string(value), secret[20:]) {
					t.Errorf("kept %s", value)
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, found := load(t, d.Store); !found {
			t.Error("nothing was kept")
		}
	})
}

func TestDraftsOfOthersAndOldOnesAreNotOffered(t *testing.T) {
	runOn(t, func(st *decktest.Store) {
		other := operator(st)
		other.Operator = "eve@bastion-1"
		if _, err := draft.At(other).Save(t.Context(), draft.Draft{Began: decktest.Now, Owner: "mira"}, 0); err != nil {
			t.Fatal(err)
		}
	}, 100, 30, func(d *decktest.Deck) {
		d.Advance(time.Second)
		d.Without("Go on with your draft?")
	})
	runOn(t, func(st *decktest.Store) {
		kept(t, st)
		st.Clock.Add(draft.MaxAge)
	}, 100, 30, func(d *decktest.Deck) {
		d.Advance(time.Second)
		d.Without("Go on with your draft?")
	})
}

func TestAHostileDraftIsShownHarmless(t *testing.T) {
	runOn(t, func(st *decktest.Store) {
		kept(t, st, func(d *draft.Draft) { d.Owner, d.Name, d.Step = "build-bot", "ab\x1b[2J\u202ecd", 0 })
	}, 80, 24, func(d *decktest.Deck) {
		d.Advance(time.Second)
		d.Want(`ab\x1b[2J\u202ecd`)
		d.Press("y")
		d.Want(">1 Identity", `\u202ecd`)
		if strings.ContainsAny(d.Text(), "\x1b\u202e") {
			t.Error("the escape reached the screen")
		}
	})
}

func TestWhatCannotBeKeptIsNotLeftWithoutAQuestion(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("mira", "tab", "tab")
		if err := d.Store.Close(); err != nil {
			t.Fatal(err)
		}
		d.Type("x")
		d.Advance(time.Second)
		d.Press("ctrl+c")
		d.Want("This would be lost: the new key")
	})
}
