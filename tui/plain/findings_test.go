package plain_test

import (
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// judged are the findings that count in a store.
func judged(t *testing.T, st *decktest.Store) []lint.Finding {
	t.Helper()
	s, err := lint.Take(t.Context(), st.Store, lint.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return lint.Run(s)
}

// place is the number of the first finding in the list of lint that is so, with
// the answers that lead there.
func place(t *testing.T, st *decktest.Store, is func(lint.Finding) bool) lint.Finding {
	t.Helper()
	for _, f := range judged(t, st) {
		if is(f) {
			return f
		}
	}
	t.Fatal("there is no such finding")
	return lint.Finding{}
}

func TestAFindingIsFixedAndTakenBack(t *testing.T) {
	st := decktest.Sample(t)
	f := place(t, st, func(f lint.Finding) bool {
		return f.Object.Kind == lint.KindKey && f.Fix != nil && f.Fix.Change != nil && f.Fix.Change.Do == lint.DisableKey
	})
	list := "lint " + f.Rule + " " + f.Object.Name
	said := converse(t, st, list, "1", "fix 1", "no", "fix 1", "yes", list, "undo", "yes", list)
	want(t, said, "1 finding.", "To do it: fix 1", "Comes: ", "It was ", "Nothing was changed.", "Fixed "+f.Rule+" of "+f.Object.Name+".",
		"To take that back: undo", "0 findings.", "Took back what was changed")
	if n := strings.Count(said, "\n1 finding."); n != 2 {
		t.Errorf("it was found %d times:\n%s", n, said)
	}
}

func TestSeveralFixesWantTheirNumber(t *testing.T) {
	st := decktest.Sample(t)
	const rule = "PAK201"
	before := len(judged(t, st))
	said := converse(t, st, "fix safe", "fix 1", "fix", "lint "+rule, "fix x", "fix 1-4", "4", "fix 1-4", "2", "undo", "yes")
	want(t, said, "there is nothing here that can be fixed any more", `"1" is no number of the last list of findings, which has 0; lint lists them`,
		"say which finding by number", `"x" is no number`, "2 of these cannot be fixed here", "Type the number 2 to go on", "Nothing was changed.", "Fixed 2 findings.", "Took back what was changed")
	if after := len(judged(t, st)); after != before {
		t.Errorf("%d findings became %d", before, after)
	}
}

func TestAFindingThatWantsADecisionIsNotFixed(t *testing.T) {
	st := decktest.Sample(t)
	f := place(t, st, func(f lint.Finding) bool { return f.Fix != nil && f.Fix.Change == nil && f.Object.Kind == lint.KindKey })
	want(t, converse(t, st, "lint "+f.Rule+" "+f.Object.Name, "fix 1"), "there is something to decide first: "+f.Fix.Text)
}

func TestFindingsAreWaivedAndCountAgain(t *testing.T) {
	st := decktest.Sample(t)
	f := judged(t, st)[0]
	list := "lint " + f.Rule + " " + f.Object.Name
	said := converse(t, st, list, "waive 1", "", "accepted by mira", "never", "30d", "yes", list, "waivers", "unwaive 1", "yes", list, "undo", "yes", list)
	want(t, said, "To be accepted: ", "a waiver must end", "Waived "+f.Rule, "0 findings.", "1. "+f.Rule+" of "+f.Object.Name+", until 2026-12-23",
		"accepted by mira", f.Rule+" of "+f.Object.Name+" counts again.", "Took back the end of that waiver.")
	w, err := lint.Waivers(t.Context(), st.Store)
	if err != nil || len(w) != 1 || w[0].Reason != "accepted by mira" {
		t.Errorf("the waivers are %+v, %v", w, err)
	}
}

func TestWhatCountsIsRemembered(t *testing.T) {
	st := decktest.Sample(t)
	want(t, converse(t, st, "remember", "no", "remember", "yes"), "Nothing was changed.", "Remembered.")
	if b, err := lint.Remembered(t.Context(), st.Store); err != nil || b == nil {
		t.Errorf("the baseline is %v, %v", b, err)
	}
}

func TestUndoTakesOneChangeBack(t *testing.T) {
	st := decktest.Sample(t)
	const key = "build-bot/metrics-pusher"
	said := converse(t, st, "undo", "disable "+key, "yes", "undo", "no", "undo", "yes", "undo")
	want(t, said, "Take back the disabling of "+key, "Took back the disabling")
	if n := strings.Count(said, "there is nothing that can be taken back"); n != 2 {
		t.Errorf("said %d times that there is nothing:\n%s", n, said)
	}
	if k := st.Key(key); !k.DisabledAt.IsZero() {
		t.Error("it is still disabled")
	}
	converse(t, st, "revoke "+key, "a slip", "metrics-pusher", "undo", "yes", "disableuser edge", "yes", "undo", "yes", "disable "+key, "yes", "enable "+key, "undo", "yes")
	if k := st.Key(key); !k.Revoked.IsZero() || k.DisabledAt.IsZero() || st.User("edge").Disabled {
		t.Errorf("the key is %+v", k.Key)
	}
	if said := converse(t, st, "revoke "+key, "it leaked", "metrics-pusher", "undo"); !strings.Contains(said, "there is nothing that can be taken back") {
		t.Errorf("a key in wrong hands can be brought back:\n%s", said)
	}
}
