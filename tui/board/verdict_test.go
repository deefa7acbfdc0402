package board_test

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/filter/haystack"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

func picture(t *testing.T, st *decktest.Store, old *board.Board) *board.Board {
	t.Helper()
	b, _, err := board.Load(t.Context(), st.Store, old)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheVerdictCountsByKey(t *testing.T) {
	st := decktest.Sample(t)
	v := board.Judge(t.Context(), st.Store, picture(t, st, nil), &board.Verdict{})
	if v.Err != nil || v.Counts.Total() == 0 {
		t.Fatalf("verdict: %+v, %v", v.Counts, v.Err)
	}
	var sum lint.Counts
	for id, c := range lint.ByObject(v.Findings) {
		if v.CountsOf(id) != c || len(v.About(id)) != c.Total() {
			t.Errorf("%s: %+v, %d findings, want %+v", id, v.CountsOf(id), len(v.About(id)), c)
		}
		sum.Error, sum.Warning, sum.Info = sum.Error+c.Error, sum.Warning+c.Warning, sum.Info+c.Info
	}
	if sum != v.Counts {
		t.Errorf("by object %+v, in all %+v", sum, v.Counts)
	}
}

func TestOnlyChangesAndTimeMakeAVerdictDue(t *testing.T) {
	st := decktest.Sample(t)
	b := picture(t, st, nil)
	if !new(board.Verdict).Due(b) {
		t.Error("nothing was judged yet, but nothing is due")
	}
	v := board.Judge(t.Context(), st.Store, b, &board.Verdict{})
	st.Clock.Add(30 * time.Second)
	if v.Due(picture(t, st, b)) {
		t.Error("nothing was changed, but it is due")
	}
	key := st.Key("legacy/legacy-sync")
	if _, err := st.DisableKey(t.Context(), key.ID, key.Version); err != nil {
		t.Fatal(err)
	}
	if b = picture(t, st, b); !v.Due(b) {
		t.Error("a key was changed, but nothing is due")
	}
	v = board.Judge(t.Context(), st.Store, b, v)
	st.Clock.Add(time.Minute)
	if !v.Due(picture(t, st, b)) {
		t.Error("a minute later nothing is due")
	}
}

func TestWhatCannotBeJudgedKeepsTheOldFindings(t *testing.T) {
	st := decktest.Sample(t)
	b := picture(t, st, nil)
	before := board.Judge(t.Context(), st.Store, b, &board.Verdict{})
	if err := os.WriteFile(st.PolicyPath(), []byte("[lint]\nrotate = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	after := board.Judge(t.Context(), st.Store, b, before)
	if !errors.Is(after.Err, lint.ErrConfig) || after.Counts != before.Counts {
		t.Errorf("verdict: %+v, %v; before %+v", after.Counts, after.Err, before.Counts)
	}
}

func TestNamesAreInOrderWhateverTheirCase(t *testing.T) {
	keys := make([]keystore.KeyView, 4)
	for i, name := range []string{"b", "C", "a", "B"} {
		keys[i].Name = name
	}
	b := board.Board{Keys: keys}
	b.Arrange()
	got := b.ByName
	for i, want := range []int32{2, 0, 3, 1} {
		if got[i] != want {
			t.Fatalf("by name: %v", got)
		}
	}
}

func TestKeysOfAUserAreFoundByTheirNames(t *testing.T) {
	var b board.Board
	for _, ref := range []string{"ann/ci", "bob/ci", "ann/CI", "ann/cis", "ann/b", "ann/ci"} {
		user, name, _ := strings.Cut(ref, "/")
		id := keystore.KeyID(strconv.Itoa(len(b.Keys)))
		b.Keys = append(b.Keys, keystore.KeyView{Key: keystore.Key{ID: id, User: keystore.UserID(user), Name: name}})
	}
	b.Arrange()
	for name, want := range map[string]string{"ci": "05", "CI": "2", "cis": "3", "c": "", "d": ""} {
		got := ""
		for v := range b.Namesakes("ann", name) {
			got += string(v.ID)
		}
		if got != want {
			t.Errorf("ann/%s: keys %q, want %q", name, got, want)
		}
	}
}

func TestTheRollPutsFindingsInGroups(t *testing.T) {
	found := func(rule string, s lint.Severity, kind, name string) lint.Finding {
		owner, _, _ := strings.Cut(name, "/") // "" of a store
		return lint.Finding{Rule: rule, Severity: s, Object: lint.Object{Kind: kind, Name: name}, Owner: owner, Text: "Wrong", Fingerprint: rule + name}
	}
	open := []lint.Finding{
		found("PAK201", lint.Error, lint.KindKey, "bot/b"),
		found("PAK101", lint.Warning, lint.KindUser, "bot"),
		found("PAK101", lint.Warning, lint.KindKey, "ann/a"),
	}
	waived := []lint.Waived{{Finding: found("PAK201", lint.Error, lint.KindStore, "/srv/store.db"), Waiver: lint.Waiver{Reason: "known"}}}
	v := board.NewVerdict(&board.Board{}, decktest.Now, open, waived)
	for by, want := range []string{"ERROR WARNING WARNING ERROR", "PAK201 PAK101 PAK101 PAK201", "bot/b bot ann/a store", "bot bot ann the"} {
		g := v.Roll.Groupings[by]
		var titles []string
		for _, group := range g.Groups {
			titles = append(titles, strings.Fields(g.Titles[group])[0])
		}
		if got := strings.Join(titles, " "); got != want {
			t.Errorf("by %s: %s, want %s", board.GroupedBy[by], got, want)
		}
	}
	if got := strings.Join(v.Roll.Groupings[2].Titles, ", "); got != "ann/a, bot/b, bot, store store.db" {
		t.Errorf("groups by key: %s", got)
	}
	if f, w := v.Found(3); w == nil || w.Reason != "known" || f.Fingerprint != waived[0].Fingerprint {
		t.Errorf("place 3: %+v, %+v", f, w)
	}
	if at, ok := v.Roll.Place("PAK101bot"); !ok || at != 1 {
		t.Errorf("PAK101bot is at %d, %v", at, ok)
	}
	if letters := haystack.LettersOf("wrong"); !v.Roll.Search.HasAll(2, []string{"wrong", "ann/a", "pak101"}, letters) {
		t.Error("a finding is not found by its words")
	}
}
