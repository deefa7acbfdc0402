package plain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
)

func TestWhoGoesBackKeepsADraft(t *testing.T) {
	for _, end := range [][]string{{"back"}, {"."}, {}, {"90d", "", "", "no"}} {
		st := decktest.Sample(t)
		desk := draft.Desk{Store: st.Store, Operator: "mira@bastion-1", Terminal: "/dev/pts/7"}
		want(t, converseAt(t, st, desk, "new", "back"), "Nothing was changed.")
		said := converseAt(t, st, desk, append([]string{"new", "build-bot", "nightly", "at night", "deploy:write"}, end...)...)
		want(t, said, "Kept as a draft: build-bot/nightly.", "Nothing was changed.")
		said = converseAt(t, st, desk, "new", "perhaps", "", "", "", "", "", "", "10.4.7.0/24", "", "", "yes", "")
		want(t, said, "There is a draft of build-bot/nightly, kept 2026-11-23 14:32 UTC, just now at /dev/pts/7.", `"perhaps" is neither; answer yes or no`,
			"Name [nightly]: ", "Issued build-bot/nightly.")
		if k := st.Key("build-bot/nightly"); k.Description != "at night" || len(k.Scopes) != 1 || len(k.Rules.Allow) != 1 {
			t.Errorf("issued %+v", k.Key)
		}
		if said := converseAt(t, st, desk, "new", "back"); strings.Contains(said, "draft") {
			t.Errorf("the draft is still there:\n%s", said)
		}
	}
}

func TestAddressesThatAreBeingTriedAreKept(t *testing.T) {
	st := decktest.Sample(t)
	desk := draft.Desk{Store: st.Store, Operator: "mira@bastion-1"}
	converseAt(t, st, desk, "new", "build-bot", "nightly", "", "", "", "10.4.7.0/24", "10.4.7.9", "back")
	converseAt(t, st, desk, "new", "yes", "", "", "", "", "", "", "back")
	want(t, converseAt(t, st, desk, "new", "", "", "", "", "", "", "", "", "", "yes", ""), "Allow: 10.4.7.0/24", "Deny: 10.4.7.9/32", "Issued build-bot/nightly.")
}

func TestADraftOfTheDashboardIsGoneOnWith(t *testing.T) {
	st := decktest.Sample(t)
	desk := draft.Desk{Store: st.Store, Operator: "mira@bastion-1"}
	d := draft.Draft{
		Began: st.Clock.Now(), Owner: "build-bot", Name: "nightly", Expires: "2027-02-21", Clock: "18:00", Zone: "Europe/Berlin", NotBefore: "2026-12-01", Rotate: "30d", Warn: "7d",
	}
	if _, err := desk.Save(t.Context(), d, 0); err != nil {
		t.Fatal(err)
	}
	want(t, converseAt(t, st, desk, "new", "yes", "", "", "", "", "", "", "", "yes", ""), "Begins: 2026-12-01", "Rotate every: 720h. Warn before: 168h.")
	k := st.Key("build-bot/nightly")
	if end := time.Date(2027, 2, 21, 17, 0, 0, 0, time.UTC); !k.Expires.Equal(end) || k.NotBefore.IsZero() || k.RotateEvery != 30*24*time.Hour {
		t.Errorf("issued %+v", k.Key)
	}
}

func TestADraftAtAnotherTerminalStays(t *testing.T) {
	st := decktest.Sample(t)
	desk := draft.Desk{Store: st.Store, Operator: "mira@bastion-1"}
	if _, err := desk.Save(t.Context(), draft.Draft{Began: st.Clock.Now().Add(-time.Minute), Name: "elsewhere"}, 0); err != nil {
		t.Fatal(err)
	}
	// A clone does not ask for the draft, so it does not replace it; who begins
	// anew knows of it.
	want(t, converseAt(t, st, desk, "clone "+rotated, "", "copy", "back"), "not kept: there is a draft of elsewhere already.")
	want(t, converseAt(t, st, desk, "new", "no", "build-bot", "mine", "back", "new", "back"), "Kept as a draft: build-bot/mine.", "There is a draft of build-bot/mine")
}

func TestAKeyIsIssuedForAUser(t *testing.T) {
	st := decktest.Sample(t)
	want(t, converse(t, st, "newkey edge", "", "nightly", "", "", "", "", "", "yes", ""), "Issued edge/nightly.")
	if k := st.Key("edge/nightly"); k.Expires.IsZero() || k.StateAt(st.Clock.Now(), 0) != keystore.StateActive {
		t.Errorf("issued %+v", k.Key)
	}
}
