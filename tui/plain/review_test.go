package plain_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/audit/review"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/plain"
)

func TestAReviewGoesThroughTheKeys(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "verdicts", "review", "no", "review", "yes", "keep", "", "rotate", "", "2", "really?", "comment", "all is well", "perhaps", "back",
		"review build-bot/ci-deploy-staging", "disable", "not needed", "review legacy/legacy-sync", "6", "", "review build-bot/billing-export", "", "verdicts", "endreview", "no", "endreview", "yes", "", "report", "", "~/again.md")
	want(t, said, "there is no open review", "There was no review yet.", "Nothing was changed.", "Review 1, begun ", ": 0 of 14 decided.", "14 more.",
		"Verdict on build-bot/billing-export, a number or a word [skip]", "1. keep: it is as it should be", "8. skip: decide later", "build-bot/billing-export: keep.",
		`"perhaps" is none of them`, "4 of 14 decided. review goes on.", "Decided: keep, by ", "In 14 days: ", "Made by: ", "Finding: ",
		"Review 1: 6 of 14 keys decided.", ": revoke, PAK", "8 keys without a decision: the report will name them.", "Ended review 1.", "Saved ", "exists already", "again.json")
	s, err := review.Load(t.Context(), st.Store, 0)
	if err != nil || s.Ended.IsZero() || len(s.Decisions) != 6 {
		t.Fatalf("the review is %+v, %v", s.Session, err)
	}
	if d := s.Decisions[st.Key("build-bot/ci-deploy-staging").ID]; d.Verdict != review.Disable || d.Comment != "not needed" {
		t.Errorf("the decision is %+v", d)
	}
	if !st.Key("legacy/legacy-sync").Revoked.IsZero() {
		t.Error("the review changed a key")
	}
	b, err := os.ReadFile(filepath.Join(filepath.Dir(st.Path()), "pakdeck-review-1.md"))
	if err != nil || !strings.Contains(string(b), "not needed") {
		t.Errorf("%v: %s", err, b)
	}
	want(t, converse(t, st, "review", "back", "endreview"), "Review 1 ended ", "Nothing was changed.", "there is no open review")
}

func TestTheLastVerdictIsSaidAgain(t *testing.T) {
	st := decktest.Sample(t)
	converse(t, st, "review", "yes", "keep", "back", "endreview", "yes", "back")
	said := converse(t, st, append([]string{"review", "yes"}, "keep", "keep", "keep", "keep", "keep", "keep", "keep", "keep", "keep", "keep", "keep", "keep", "keep", "keep")...)
	want(t, said, "Last time: keep, by ", "Every key is decided about. endreview ends the review.")
}

func TestAKeyThatTheReviewIsNotAboutHasNoVerdict(t *testing.T) {
	st := decktest.Sample(t)
	want(t, converse(t, st, "review", "yes", "back", "revoke legacy/legacy-sync", "old", "legacy-sync", "review legacy/legacy-sync"), "legacy/legacy-sync is not in the review")
}

// TestAReviewFollowsTheStore: keys that are changed, revoked or decided about by
// others meanwhile are seen as they are.
func TestAReviewFollowsTheStore(t *testing.T) {
	st := decktest.Sample(t)
	other := st.Open()
	in, out := &steps{}, &bytes.Buffer{}
	in.then("review\n", nil)
	in.then("yes\n", nil)
	in.then("skip\n", func() {
		keys := []string{"build-bot/ci-deploy-staging", "build-bot/metrics-pusher", "build-bot/terraform-apply"}
		if _, err := review.Decide(t.Context(), other.Store, other.Key(keys[0]), review.Keep, "seen"); err != nil {
			t.Error(err)
		}
		k := other.Key(keys[1])
		if _, err := other.RevokeKey(t.Context(), k.ID, k.Version, "old"); err != nil {
			t.Error(err)
		}
		k, name := other.Key(keys[2]), "renamed"
		if _, err := other.EditKey(t.Context(), k.ID, k.Version, keystore.KeyEdit{Name: &name}); err != nil {
			t.Error(err)
		}
	})
	in.then("keep\n", nil)
	in.then("back\n", nil)
	if err := plain.Run(t.Context(), plain.Options{Store: st.Store, In: in, Out: out}); err != nil {
		t.Fatal(err)
	}
	want(t, out.String(), "build-bot/ci-deploy-staging: keep, seen, by ", "build-bot/metrics-pusher is revoked by now.", "build-bot/renamed: keep.")
}
