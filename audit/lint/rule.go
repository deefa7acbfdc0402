package lint

import (
	"slices"
	"strings"
)

// Group is what a rule is about. It goes with the first digit of the rule's
// number.
type Group string

// The groups of rules.
const (
	Lifetime  Group = "lifetime"  // 1xx
	Network   Group = "network"   // 2xx
	Owner     Group = "owner"     // 3xx
	Behaviour Group = "behaviour" // 4xx
	Rotation  Group = "rotation"  // 5xx
	Metadata  Group = "metadata"  // 6xx
	Store     Group = "store"     // 7xx
	Linter    Group = "linter"    // 9xx: what the linter itself was told
)

// Rule is one thing that can be wrong, with all that an operator needs to judge
// it. Every text is there.
type Rule struct {
	ID          string // "PAK101"; never changes, never used again
	Title       string
	Severity    Severity // of most findings; some are graver or milder
	Group       Group
	Rationale   string   // why it matters
	Sources     []string // who says so
	Problematic string   // an example that is found
	Correct     string   // the same as it should be
	Exceptions  string   // when to leave it
	FixText     string   // what to do

	check check
}

// check is how a rule looks at the snapshot: one of the four.
type check struct {
	key   func(*scene, *subject) []hit
	owner func(*scene, *holder) []hit
	store func(*scene) []hit
	// waiver looks at what the others found, and what of it was accepted.
	waiver func(*scene, *pact) []hit
}

// About returns the kind of objects that the rule judges; of a rule about
// waivers it is "".
func (r Rule) About() string {
	switch {
	case r.check.key != nil:
		return KindKey
	case r.check.owner != nil:
		return KindUser
	case r.check.store != nil:
		return KindStore
	}
	return ""
}

// Slow reports whether the rule needs the whole journal verified, which is done
// only when asked for.
func (r Rule) Slow() bool { return r.ID == "PAK701" }

// tables are the rules as they are written down.
var tables = [][]Rule{
	lifetimeRules, networkRules, listRules, useRules, ownerRules, behaviourRules, rotationRules, metadataRules, storeRules, waiverRules,
}

// Rules returns all rules in the order of their ids.
func Rules() []Rule {
	rules := slices.Concat(tables...)
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// RuleNamed returns the rule with an id, whatever the case.
func RuleNamed(id string) (Rule, bool) {
	for _, rules := range tables {
		for i := range rules {
			if strings.EqualFold(rules[i].ID, id) {
				return rules[i], true
			}
		}
	}
	return Rule{}, false
}

// Explain returns what there is to know of a rule, as text for a terminal of
// 80 columns.
func (r Rule) Explain() string {
	var b strings.Builder
	b.WriteString(r.ID + "  " + r.Title + "  (" + string(r.Severity) + ", " + string(r.Group) + ")\n")
	for _, part := range []struct{ title, text string }{
		{"Problematic", r.Problematic},
		{"Correct", r.Correct},
		{"Rationale", r.Rationale},
		{"Exceptions", r.Exceptions},
		{"Fix", r.FixText},
		{"Sources", strings.Join(r.Sources, "\n")},
	} {
		b.WriteString("\n" + part.title + ":\n")
		for line := range strings.SplitSeq(part.text, "\n") {
			b.WriteString(wrap(line, 2, 78))
		}
	}
	return b.String()
}

// wrap breaks a line between words, each part indented.
func wrap(line string, indent, width int) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Fields(line) {
		switch {
		case at == 0:
			b.WriteString(strings.Repeat(" ", indent))
			at = indent
		case at+1+len(word) > width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += len(word)
	}
	return b.String() + "\n"
}
