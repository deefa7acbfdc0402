package lint

import "time"

// Step is a change that puts a finding right, made from the state that the
// steps before it leave.
type Step struct {
	Finding Finding
	*Change
}

// Fixed is a step that was taken, or only foretold.
type Fixed struct {
	Step
	At  time.Time // of the snapshot from which it was made
	Err error     // why it was not made
}

// passes bounds how often a plan looks again at what its own changes leave.
const passes = 8

// Plan returns the changes that put the chosen findings right, one after the
// other. What an earlier change has put right already needs none; a finding
// that is still there after its own change is left alone. It only computes, and also
// returns the snapshot that is left: applying the steps in their order does the
// same to the store.
func Plan(s Snapshot, rules []Rule, choose func(Finding) bool) (steps []Step, left Snapshot) {
	done := map[string]bool{}
	for range passes {
		before := len(steps)
		touched := map[string]bool{}
		after := s
		for _, f := range Judge(s, rules).Open {
			if f.Fix == nil || f.Fix.Change == nil || done[f.Fingerprint] || touched[f.Object.ID] || !choose(f) {
				continue
			}
			done[f.Fingerprint] = true
			touched[f.Object.ID] = true
			f.Fix.Change.on(&after)
			steps = append(steps, Step{f, f.Fix.Change})
		}
		if len(steps) == before {
			break
		}
		s = after
	}
	return steps, s
}

// Auto reports whether a finding can be put right without asking, by a change
// that is safe.
func (f Finding) Auto() bool { return f.Fix != nil && f.Fix.Auto && f.Fix.Change != nil }
