package lint

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/storetest"
)

// verdictOf returns findings with the given fingerprints.
func verdictOf(prints ...string) (v Verdict) {
	for _, f := range prints {
		v.Open = append(v.Open, Finding{
			Rule: "PAK101", Severity: Warning, Fingerprint: f,
			Object: Object{KindKey, "k-" + f, "bot/" + f}, Owner: "bot",
		})
	}
	return v
}

func TestABaselineTellsNewFromFixed(t *testing.T) {
	b := verdictOf("a", "b", "c", "d").baseline(time.Unix(1000, 0), nil)
	b.Findings[3].Rule = "PAK102"
	now := verdictOf("b", "x")
	now.Waived = []Waived{{Finding: verdictOf("c").Open[0]}}
	r, _ := RuleNamed("PAK101")
	p := b.Compare(now, []Rule{r})
	if p.Same != 1 || len(p.New) != 1 || !p.New["x"] || len(p.Fixed) != 1 || p.Fixed[0].Fingerprint != "a" {
		t.Errorf("%+v; want b the same, x new, a fixed; c is waived, and the rule of d did not run", p)
	}
}

func TestABaselineIsRememberedWithTheFirstSight(t *testing.T) {
	clock := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	st := storetest.New(t)
	st, err := keystore.Open(t.Context(), st.Path(), keystore.WithClock(func() time.Time { return clock }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	if b, err := Remembered(t.Context(), st); b != nil || err != nil {
		t.Fatalf("a fresh store remembers %+v, %v", b, err)
	}
	many := make([]string, 2*baselineChunk+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	remember := func(prints ...string) *Baseline {
		t.Helper()
		if err := Remember(t.Context(), st, verdictOf(prints...)); err != nil {
			t.Fatal(err)
		}
		b, err := Remembered(t.Context(), st)
		if err != nil || len(b.Findings) != len(prints) || !b.Time.Equal(clock) {
			t.Fatalf("%d findings of %v, %v", len(b.Findings), b.Time, err)
		}
		return b
	}
	remember(many...)
	first := clock
	clock = clock.Add(time.Hour)
	remember("0", "new")
	clock = clock.Add(3 * day)
	b := remember("0", "new")
	if !b.Findings[0].First.Equal(first) || !b.Findings[1].First.Equal(first.Add(time.Hour)) || b.Findings[0].Object.Name != "bot/0" || b.Findings[0].Owner != "bot" {
		t.Errorf("%+v", b.Findings)
	}
	clock = clock.Add(keptPoints * day)
	remember()
	points, err := Trend(t.Context(), st)
	var scores []int
	for _, p := range points {
		scores = append(scores, p.Counts.Score())
	}
	if err != nil || !slices.Equal(scores, []int{84, 100}) {
		t.Errorf("trend %+v, %v; want the last of each day, the oldest forgotten", points, err)
	}
	r, _ := lastRecord(t, st)
	if r.Event != "lint.remember" || r.Object.Kind != KindStore {
		t.Errorf("record %+v", r)
	}
}

func TestScoresCountTheKeysOfAnOwner(t *testing.T) {
	b := verdictOf("a", "b", "gone").baseline(time.Unix(1000, 0), nil)
	now := verdictOf("a", "b")
	now.Open = append(now.Open, Finding{Rule: "PAK307", Severity: Info, Object: Object{KindUser, "u1", "bot"}, Owner: "bot"})
	got := map[string][2]int{}
	for _, s := range b.Scores(now.Open) {
		got[s.Object.Name] = [2]int{s.Counts.Score(), s.Before.Score()}
	}
	want := map[string][2]int{"bot": {83, 76}, "bot/a": {92, 92}, "bot/b": {92, 92}, "bot/gone": {100, 92}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("scores now and before %v, want %v", got, want)
	}
	if s := Scores(now.Open); len(s) != 3 || s[0].Object != (Object{KindUser, "u1", "bot"}) || s[0].Before != nil {
		t.Errorf("without a baseline: %+v", s)
	}
}

func TestAReportCanBeNarrowed(t *testing.T) {
	v := verdictOf("a", "b", "c")
	v.Waived = []Waived{{Finding: verdictOf("w").Open[0]}}
	base := verdictOf("a", "c", "fixed").baseline(time.Unix(1000, 0), nil)
	report := func() Report {
		r := Report{Findings: slices.Clone(v.Open), Waived: slices.Clone(v.Waived), Rules: Rules()}
		r.Compare(&base)
		return r
	}
	r := report()
	r.OnlyNew()
	if len(r.Findings) != 1 || r.Findings[0].Fingerprint != "b" {
		t.Errorf("new: %+v", r.Findings)
	}
	r = report()
	r.OnlyAbout("k-b")
	if len(r.Findings) != 1 || len(r.Waived) != 0 || len(r.Scores) != 1 || len(r.Progress.Fixed) != 0 || r.Progress.Same != 0 || len(r.Progress.New) != 1 {
		t.Errorf("about b: %+v, %+v", r, r.Progress)
	}
	r = Report{Findings: v.Open}
	r.Compare(nil)
	r.OnlyNew()
	if len(r.Findings) != 3 {
		t.Errorf("without a baseline %d findings are new, want all", len(r.Findings))
	}
}
