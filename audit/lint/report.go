package lint

import (
	"cmp"
	"slices"
	"time"
)

// Report is the findings of one run with what the formats for other programs
// say beside them.
type Report struct {
	Findings []Finding // what counts, in the order of Run
	Waived   []Waived  // what was accepted
	Rules    []Rule    // those that ran
	Store    string    // path of the store
	Time     time.Time // of the snapshot
	Version  string    // of the program
	// FailOn is the severity from which on a finding fails the run; "" for
	// none. JUnit knows only passed and failed.
	FailOn Severity
}

// Failed reports whether a finding is as grave as FailOn.
func (r Report) Failed() bool { return slices.ContainsFunc(r.Findings, r.fails) }

func (r Report) fails(f Finding) bool { return f.Severity.AtLeast(r.FailOn) }

// Score is how an object stands.
type Score struct {
	Object Object
	Counts Counts
}

// Scores returns how the objects with findings stand, the worst first.
func Scores(list []Finding) []Score {
	counts := ByObject(list)
	objects := make(map[string]Object, len(counts))
	for _, f := range list {
		objects[f.Object.ID] = f.Object
	}
	out := make([]Score, 0, len(counts))
	for id, c := range counts {
		out = append(out, Score{objects[id], c})
	}
	slices.SortFunc(out, func(a, b Score) int {
		return cmp.Or(
			cmp.Compare(a.Counts.Score(), b.Counts.Score()),
			cmp.Compare(a.Object.Name, b.Object.Name), cmp.Compare(a.Object.ID, b.Object.ID))
	})
	return out
}

// ruleOf returns the rule of a finding and its place among those that ran.
func (r Report) ruleOf(f Finding) (Rule, int) {
	i := slices.IndexFunc(r.Rules, func(x Rule) bool { return x.ID == f.Rule })
	if i < 0 {
		return Rule{ID: f.Rule}, -1
	}
	return r.Rules[i], i
}
