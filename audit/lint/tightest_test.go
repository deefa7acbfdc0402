package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
)

func finding(t *testing.T, w *world, rule string) lint.Finding {
	t.Helper()
	for _, f := range lint.Run(w.Snapshot) {
		if f.Rule == rule {
			return f
		}
	}
	t.Fatalf("%s found nothing", rule)
	return lint.Finding{}
}

func TestTheTightestListIsProposedWithItsReplay(t *testing.T) {
	w := newWorld()
	w.allow()
	for i := range 20 {
		w.uses(fmt.Sprintf("10.4.7.%d", i), 100)
	}
	w.uses("198.51.100.9", 5)
	w.uses("2001:db8:20::9", 40)
	w.uses("2001:db8:20::77", 40)
	w.saw("203.0.113.70", "", keystore.IPDenied, 9, day, day)
	f := finding(t, w, "PAK201")
	want := "pakdeck key edit build-bot/ci-deploy --allow 10.4.7.0/28,10.4.7.16/30,198.51.100.9/32,2001:db8:20::/64"
	if f.Fix.Command != want || f.Fix.Auto || f.Fix.Change == nil {
		t.Errorf("%+v\nwant %s", f.Fix, want)
	}
	if !strings.Contains(f.Fix.Text, "would have refused 0 of 2,085 uses of the last 30 days (first: never)") {
		t.Errorf("no replay in %q", f.Fix.Text)
	}
	steps, left := lint.Plan(w.Snapshot, lint.Rules(), func(f lint.Finding) bool { return f.Rule == "PAK201" })
	if len(steps) != 1 || slices.ContainsFunc(lint.Run(left), func(f lint.Finding) bool { return f.Rule == "PAK201" || f.Rule == "PAK204" }) {
		t.Errorf("%d steps leave %+v", len(steps), lint.Run(left))
	}
}

func TestTooLittleEvidenceProposesNothing(t *testing.T) {
	for _, c := range []struct {
		spoil func(*world)
		want  string
	}{
		{func(w *world) { w.activity() }, "0 uses in 30 days; a proposal needs 100"},
		{func(w *world) { w.uses("10.4.7.9", 99) }, "99 uses in 30 days; a proposal needs 100"},
		{func(w *world) { w.saw("10.4.7.9", "", keystore.OK, 5000, 2*day, time.Hour) }, "uses over 47 hours; a proposal needs 7 days"},
		{func(w *world) { w.uses("10.4.7.9", 5000); w.activity().Beyond = 3 }, "more callers than are told apart (3 uses)"},
		{func(w *world) {
			for i := range 9 {
				w.uses(fmt.Sprintf("%d.1.1.1", 20+20*i), 100)
			}
		}, "the callers are too far apart for 8 entries"},
	} {
		w := newWorld()
		w.allow()
		c.spoil(w)
		f := finding(t, w, "PAK201")
		if f.Fix.Change != nil || f.Fix.Command != "" || !strings.Contains(strings.Join(f.Evidence, "\n"), c.want) {
			t.Errorf("%s: %+v, %q", c.want, f.Fix, f.Evidence)
		}
	}
}

func TestAProposedListKeepsTheDenyList(t *testing.T) {
	w := newWorld()
	w.allow("10.0.0.0/8")
	w.deny("10.4.7.128/25")
	w.uses("10.4.7.9", 200)
	f := finding(t, w, "PAK204")
	if after := f.Fix.Change.After(now); len(after.Rules.Deny) != 1 || after.Rules.Allow[0].Prefix.String() != "10.4.7.9/32" {
		t.Errorf("%+v", after.Rules)
	}
}
