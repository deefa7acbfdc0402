package lint_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/audit/lint"
)

func TestEveryRuleSaysAllThereIsToSay(t *testing.T) {
	form := regexp.MustCompile(`^PAK[1-9][0-9]{2}$`)
	for _, r := range lint.Rules() {
		for what, text := range map[string]string{
			"title": r.Title, "rationale": r.Rationale, "problematic": r.Problematic, "correct": r.Correct,
			"exceptions": r.Exceptions, "fix": r.FixText, "group": string(r.Group), "sources": strings.Join(r.Sources, ""),
		} {
			if strings.TrimSpace(text) == "" || !utf8.ValidString(text) {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
		if slices.Contains(r.Sources, "") || !form.MatchString(r.ID) {
			t.Errorf("%s: an empty source, or an odd id", r.ID)
		}
		if _, err := lint.ParseSeverity(string(r.Severity)); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		if strings.HasSuffix(r.Title, ".") || !strings.HasSuffix(r.FixText, ".") || !strings.HasSuffix(r.Rationale, ".") {
			t.Errorf("%s: titles end without a full stop, fix and rationale with one", r.ID)
		}
	}
}

func TestRulesAreInTheOrderOfTheirIDs(t *testing.T) {
	groups := map[byte]lint.Group{
		'1': lint.Lifetime, '2': lint.Network, '3': lint.Owner, '4': lint.Behaviour, '5': lint.Rotation, '6': lint.Metadata, '7': lint.Store,
		'9': lint.Linter,
	}
	last := ""
	for _, r := range lint.Rules() {
		if r.ID <= last {
			t.Errorf("%s comes after %s", r.ID, last)
		}
		if groups[r.ID[3]] != r.Group {
			t.Errorf("%s is in group %s", r.ID, r.Group)
		}
		last = r.ID
	}
}

func TestExplainHasEveryPartInNarrowLines(t *testing.T) {
	for _, r := range lint.Rules() {
		text := r.Explain()
		for _, part := range []string{r.ID, r.Title, "\nProblematic:\n", "\nCorrect:\n", "\nRationale:\n", "\nExceptions:\n", "\nFix:\n", "\nSources:\n"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the explanation has no %q", r.ID, part)
			}
		}
		words := strings.Join(strings.Fields(text), " ")
		for _, source := range r.Sources {
			if !strings.Contains(words, source) {
				t.Errorf("%s: the explanation does not name %q", r.ID, source)
			}
		}
		for line := range strings.SplitSeq(text, "\n") {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%s: line of %d characters: %s", r.ID, utf8.RuneCountInString(line), line)
			}
		}
	}
}

func TestEveryFindingProposesAFixWithEvidence(t *testing.T) {
	for id, list := range trials() {
		for _, c := range list {
			for _, f := range c.found(id) {
				if f.Fix == nil || f.Fix.Text == "" || len(f.Evidence) == 0 || f.Text == "" || f.Object.Kind == "" {
					t.Errorf("%s, %s: %+v", id, c.name, f)
				}
				if strings.ContainsAny(f.Fix.Command+f.Text+strings.Join(f.Evidence, ""), "\n") {
					t.Errorf("%s, %s: a line break in %+v", id, c.name, f)
				}
			}
		}
	}
}

func TestARuleIsFoundWhateverTheCase(t *testing.T) {
	if r, ok := lint.RuleNamed("pak101"); !ok || r.ID != "PAK101" {
		t.Errorf("pak101 gives %q", r.ID)
	}
	if _, ok := lint.RuleNamed("PAK999"); ok {
		t.Error("there is a PAK999")
	}
}
