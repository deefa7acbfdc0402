package lint_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/audit/lint"
)

// trial is a world and the severities of what a rule finds in it, joined by
// blanks.
type trial struct {
	name  string
	spoil func(*world)
	want  string
}

// found returns what a rule finds in the world of a trial.
func (c trial) found(rule string) []lint.Finding {
	w := newWorld()
	c.spoil(w)
	return slices.DeleteFunc(lint.Run(w.Snapshot), func(f lint.Finding) bool { return f.Rule != rule })
}

// at marks the trials on the exact threshold.
const at = "at the threshold: "

// trials returns what each rule finds, and what it leaves alone.
func trials() map[string][]trial {
	all := map[string][]trial{}
	for _, m := range []map[string][]trial{lifetimeTrials, networkTrials, listTrials, ownerTrials, metadataTrials, storeTrials, waiverTrials, useTrials, behaviourTrials, signTrials} {
		maps.Copy(all, m)
	}
	return all
}

func TestRules(t *testing.T) {
	for id, list := range trials() {
		for _, c := range list {
			var got []string
			for _, f := range c.found(id) {
				got = append(got, string(f.Severity))
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%s, %s: found %q, want %q", id, c.name, s, c.want)
			}
		}
	}
}

// withoutThreshold are the rules that know only yes and no.
var withoutThreshold = []string{
	"PAK101", "PAK201", "PAK202", "PAK207", "PAK208", "PAK209", "PAK211", "PAK212", "PAK216",
	"PAK301", "PAK302", "PAK305", "PAK307", "PAK602", "PAK603", "PAK701", "PAK705",
	"PAK214", "PAK901", "PAK903", "PAK213", "PAK706",
}

func TestEveryRuleIsTried(t *testing.T) {
	all := trials()
	for _, r := range lint.Rules() {
		var found, left, edge bool
		for _, c := range all[r.ID] {
			found = found || c.want != ""
			left = left || c.want == ""
			edge = edge || strings.HasPrefix(c.name, at)
		}
		if !found || !left || !edge && !slices.Contains(withoutThreshold, r.ID) {
			t.Errorf("%s: fires %v, stays silent %v, tried at its threshold %v", r.ID, found, left, edge)
		}
	}
}

func TestNothingIsWrongWithTheWorld(t *testing.T) {
	for _, f := range lint.Run(newWorld().Snapshot) {
		t.Errorf("%s %s: %s", f.Rule, f.Object.Name, f.Text)
	}
}
