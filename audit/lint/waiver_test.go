package lint_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
)

// waive accepts what PAK101 finds of the first key.
func (w *world) waive(made, until time.Time) *lint.Waiver {
	w.Waivers = append(w.Waivers, lint.Waiver{
		Rule: "PAK101", Object: lint.Object{Kind: lint.KindKey, ID: string(w.key().ID), Name: "build-bot/old-name"},
		Reason: "sealed device", Author: "mira", Made: made, Until: until,
	})
	return &w.Waivers[len(w.Waivers)-1]
}

// sealed makes the first key one that never ends, as was accepted.
func (w *world) sealed() *lint.Waiver {
	w.key().Expires = time.Time{}
	return w.waive(now.Add(-day), now.Add(30*day))
}

var waiverTrials = map[string][]trial{
	"PAK901": {
		{"no reason", func(w *world) { w.sealed().Reason = "" }, "error"},
		{"no author", func(w *world) { w.sealed().Author = "" }, "error"},
		{"both", func(w *world) { w.sealed() }, ""},
	},
	"PAK902": {
		{at + "now", func(w *world) { w.sealed().Until = now }, "warning"},
		{"a second left", func(w *world) { w.sealed().Until = now.Add(time.Second) }, ""},
		{"none", func(*world) {}, ""},
	},
	"PAK903": {
		{"the key has an end", func(w *world) { w.sealed(); w.ends(day) }, "info"},
		{"the key is gone", func(w *world) { w.sealed(); w.Keys = nil }, "info"},
		{"the key never ends", func(w *world) { w.sealed() }, ""},
		{"ended", func(w *world) { w.sealed().Until = now; w.ends(day) }, ""},
		{"of a rule that was not asked", func(w *world) {
			w.Store.Journal = nil
			x := w.sealed()
			x.Rule, x.Object = "PAK701", lint.Object{Kind: lint.KindStore, ID: w.Store.ID}
		}, ""},
	},
	"PAK904": {
		{at + "180 days", func(w *world) { w.sealed().Made = now.Add(-150 * day) }, ""},
		{"a second more", func(w *world) { w.sealed().Made = now.Add(-150*day - time.Second) }, "warning"},
		{"ended", func(w *world) { x := w.sealed(); x.Made, x.Until = now.Add(-400*day), now }, ""},
	},
}

func TestWhatIsWaivedDoesNotCount(t *testing.T) {
	w := newWorld()
	w.sealed()
	v := lint.Judge(w.Snapshot, lint.Rules())
	if len(v.Open) != 0 || len(v.Waived) != 1 || v.Waived[0].Rule != "PAK101" || v.Waived[0].Waiver.Reason != "sealed device" {
		t.Fatalf("%+v", v)
	}
	w.add("0000000000000k02", "release").Expires = time.Time{}
	if v = lint.Judge(w.Snapshot, lint.Rules()); len(v.Open) != 1 || v.Open[0].Object.ID != "0000000000000k02" {
		t.Errorf("a waiver of one key hides what is found of another: %+v", v.Open)
	}
	w.Waivers[0].Until = now
	open := lint.Run(w.Snapshot)
	if len(open) != 3 {
		t.Errorf("%d findings count once the waiver has ended, want 3", len(open))
	}
}

func TestAWaiverIsNamedAsItsObjectIsNow(t *testing.T) {
	w := newWorld()
	w.sealed()
	w.ends(day)
	f := trial{spoil: func(x *world) { *x = *w }}.found("PAK903")[0]
	if f.Object.Name != "build-bot/ci-deploy" || f.Fix.Command != "pakdeck lint unwaive PAK101 build-bot/ci-deploy" {
		t.Errorf("%+v", f)
	}
	w.Keys = nil
	f = trial{spoil: func(x *world) { *x = *w }}.found("PAK903")[0]
	if !strings.HasSuffix(f.Fix.Command, " PAK101 0000000000000k01") {
		t.Errorf("%+v", f.Fix)
	}
}
