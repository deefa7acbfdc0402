package lint

import (
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Report is the findings of one run with what the formats for other programs
// say beside them.
type Report struct {
	Findings []Finding // what counts, in the order of Run
	Waived   []Waived  // what was accepted
	Progress *Progress // since the baseline; nil: there is none
	Known    Counts    // of what OnlyNew left out
	Scores   []Score   // of the objects, the worst first
	Fixes    []Fixed   // what was changed before it was judged, or would be
	Rules    []Rule    // those that ran
	Store    string    // path of the store
	StoreID  string    // origin of its checkpoints
	Prefix   string    // first word of its key strings
	// Keys and Uses are what was judged; only the credential report tells them.
	Keys    []keystore.KeyView
	Uses    map[token.ID]keystore.Uses
	Time    time.Time // of the snapshot
	Version string    // of the program
	// FailOn is the severity from which on a finding fails the run; "" for
	// none. JUnit knows only passed and failed.
	FailOn Severity
}

// Compare fills in what became of the findings since a baseline (nil: there is
// none), and the scores.
func (r *Report) Compare(b *Baseline) {
	if b == nil {
		r.Scores = Scores(r.Findings)
		return
	}
	p := b.Compare(Verdict{r.Findings, r.Waived}, r.Rules)
	r.Progress, r.Scores = &p, b.Scores(r.Findings)
}

// OnlyAbout leaves what is about one object.
func (r *Report) OnlyAbout(id string) {
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return f.Object.ID != id })
	r.Waived = slices.DeleteFunc(r.Waived, func(f Waived) bool { return f.Object.ID != id })
	r.Keys = slices.DeleteFunc(slices.Clone(r.Keys), func(k keystore.KeyView) bool { return string(k.ID) != id })
	r.Scores = slices.DeleteFunc(r.Scores, func(s Score) bool { return s.Object.ID != id })
	if p := r.Progress; p != nil {
		p.Fixed = slices.DeleteFunc(p.Fixed, func(f Past) bool { return f.Object.ID != id })
		p.Same = 0
		isNew := map[string]bool{}
		for _, f := range r.Findings {
			if p.New[f.Fingerprint] {
				isNew[f.Fingerprint] = true
			} else {
				p.Same++
			}
		}
		p.New = isNew
	}
}

// OnlyNew leaves the findings that the baseline did not have: all without one.
func (r *Report) OnlyNew() {
	if r.Progress == nil {
		return
	}
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool {
		if r.Progress.New[f.Fingerprint] {
			return false
		}
		r.Known.add(f.Severity)
		return true
	})
}

// Score is that of all findings, whether they are shown or known.
func (r *Report) Score() int {
	c := Count(r.Findings)
	return Counts{c.Error + r.Known.Error, c.Warning + r.Known.Warning, c.Info + r.Known.Info}.Score()
}

// Failed reports whether a finding is as grave as FailOn.
func (r Report) Failed() bool { return slices.ContainsFunc(r.Findings, r.fails) }

func (r Report) fails(f Finding) bool { return f.Severity.AtLeast(r.FailOn) }

// ruleOf returns the rule of a finding and its place among those that ran.
func (r Report) ruleOf(f Finding) (Rule, int) {
	i := slices.IndexFunc(r.Rules, func(x Rule) bool { return x.ID == f.Rule })
	if i < 0 {
		return Rule{ID: f.Rule}, -1
	}
	return r.Rules[i], i
}
