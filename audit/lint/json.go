package lint

import (
	"encoding/json"
	"io"
)

type reportJSON struct {
	Store    string        `json:"store"`
	Time     string        `json:"time"`
	Score    int           `json:"score"`
	Counts   Counts        `json:"counts"`
	Rules    int           `json:"rules"`
	Progress *progressJSON `json:"since_baseline"`
	Findings []findingJSON `json:"findings"`
	Waived   []waivedJSON  `json:"waived"`
	Scores   []scoreJSON   `json:"scores"`
	Fixes    []fixedJSON   `json:"fixes"`
}

// fixedJSON is a change that --fix made, or would.
type fixedJSON struct {
	Rule    string     `json:"rule"`
	Object  objectJSON `json:"object"`
	Text    string     `json:"text"`
	Deed    Deed       `json:"deed"`
	Changes []Line     `json:"changes"`
	Error   string     `json:"error,omitempty"`
}

func (f Fixed) json() fixedJSON {
	j := fixedJSON{
		Rule: f.Finding.Rule, Object: objectJSON(f.Finding.Object), Text: f.Finding.Fix.Text, Deed: f.Do, Changes: f.Preview(f.At),
	}
	if f.Err != nil {
		j.Error = f.Err.Error()
	}
	return j
}

type findingJSON struct {
	Rule        string     `json:"rule"`
	Severity    Severity   `json:"severity"`
	Title       string     `json:"title"`
	Object      objectJSON `json:"object"`
	Finding     string     `json:"finding"`
	Evidence    []string   `json:"evidence"`
	Fix         *fixJSON   `json:"fix"`
	Fingerprint string     `json:"fingerprint"`
	New         *bool      `json:"new"` // null without a baseline
}

type progressJSON struct {
	Time  string     `json:"time"`
	New   int        `json:"new"`
	Same  int        `json:"unchanged"`
	Fixed []pastJSON `json:"fixed"`
}

type pastJSON struct {
	Rule        string     `json:"rule"`
	Severity    Severity   `json:"severity"`
	Object      objectJSON `json:"object"`
	Fingerprint string     `json:"fingerprint"`
	First       string     `json:"first_seen"`
}

func (p *Progress) json() *progressJSON {
	if p == nil {
		return nil
	}
	out := &progressJSON{Time: instant(p.Since), New: len(p.New), Same: p.Same, Fixed: []pastJSON{}}
	for _, f := range p.Fixed {
		out.Fixed = append(out.Fixed, pastJSON{f.Rule, f.Severity, objectJSON(f.Object), f.Fingerprint, instant(f.First)})
	}
	return out
}

type waivedJSON struct {
	findingJSON
	Waiver waiverJSON `json:"waiver"`
}

type waiverJSON struct {
	Rule   string     `json:"rule"`
	Object objectJSON `json:"object"`
	Reason string     `json:"reason"`
	Author string     `json:"author"`
	Made   string     `json:"made"`
	Until  string     `json:"until"`
}

// MarshalJSON writes the waiver with its times in RFC 3339.
func (w Waiver) MarshalJSON() ([]byte, error) { return json.Marshal(w.json()) }

func (w Waiver) json() waiverJSON {
	return waiverJSON{w.Rule, objectJSON(w.Object), w.Reason, w.Author, instant(w.Made), instant(w.Until)}
}

type objectJSON struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type fixJSON struct {
	Text    string `json:"text"`
	Command string `json:"command"`
	Auto    bool   `json:"auto"` // lint --fix does it
}

type scoreJSON struct {
	Object objectJSON `json:"object"`
	Score  int        `json:"score"`
	Before *int       `json:"score_before"` // in the baseline; null without one
	Counts
}

func (s Score) json() scoreJSON {
	out := scoreJSON{Object: objectJSON(s.Object), Score: s.Counts.Score(), Counts: s.Counts}
	if s.Before != nil {
		before := s.Before.Score()
		out.Before = &before
	}
	return out
}

// WriteJSON writes the report as one JSON object. Fields may be added, but
// none is removed.
func WriteJSON(w io.Writer, r Report) error {
	counts := Count(r.Findings)
	out := reportJSON{
		Store: r.Store, Time: instant(r.Time), Score: r.Score(), Counts: counts, Rules: len(r.Rules), Progress: r.Progress.json(),
		Findings: []findingJSON{}, Waived: []waivedJSON{}, Scores: []scoreJSON{}, Fixes: []fixedJSON{},
	}
	for _, f := range r.Fixes {
		out.Fixes = append(out.Fixes, f.json())
	}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, r.findingJSON(f))
	}
	for _, w := range r.Waived {
		out.Waived = append(out.Waived, waivedJSON{r.findingJSON(w.Finding), w.Waiver.json()})
	}
	for _, s := range r.Scores {
		out.Scores = append(out.Scores, s.json())
	}
	return encode(w, out)
}

func (r Report) findingJSON(f Finding) findingJSON {
	rule, _ := r.ruleOf(f)
	j := findingJSON{
		Rule: f.Rule, Severity: f.Severity, Title: rule.Title, Object: objectJSON(f.Object), Finding: f.Text,
		Evidence: f.Evidence, Fingerprint: f.Fingerprint,
	}
	if r.Progress != nil {
		isNew := r.Progress.New[f.Fingerprint]
		j.New = &isNew
	}
	if j.Evidence == nil {
		j.Evidence = []string{}
	}
	if f.Fix != nil {
		j.Fix = &fixJSON{f.Fix.Text, f.Fix.Command, f.Auto()}
	}
	return j
}

type ruleJSON struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Severity    Severity `json:"severity"`
	Group       Group    `json:"group"`
	Problematic string   `json:"problematic"`
	Correct     string   `json:"correct"`
	Rationale   string   `json:"rationale"`
	Exceptions  string   `json:"exceptions"`
	Fix         string   `json:"fix"`
	Sources     []string `json:"sources"`
}

// MarshalJSON writes all texts of the rule.
func (r Rule) MarshalJSON() ([]byte, error) {
	return json.Marshal(ruleJSON{
		r.ID, r.Title, r.Severity, r.Group, r.Problematic, r.Correct, r.Rationale, r.Exceptions, r.FixText, r.Sources,
	})
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
