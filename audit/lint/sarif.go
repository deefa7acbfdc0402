package lint

import (
	"io"
	"net/url"
	"path/filepath"
	"strings"
)

// The parts of SARIF 2.1.0 (OASIS, 2020) that a report needs; the section of
// the standard is behind each.
type (
	sarifLog struct { // 3.13
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct { // 3.14
		Tool        sarifTool                `json:"tool"`
		Invocations []sarifInvocation        `json:"invocations"`
		Bases       map[string]sarifArtifact `json:"originalUriBaseIds"`
		Results     []sarifResult            `json:"results"`
	}
	sarifTool struct { // 3.18
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct { // 3.19
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct { // 3.49
		ID            string         `json:"id"`
		Short         sarifText      `json:"shortDescription"`
		Full          sarifText      `json:"fullDescription"`
		Help          sarifText      `json:"help"`
		Configuration sarifConfig    `json:"defaultConfiguration"`
		Properties    sarifRuleExtra `json:"properties"`
	}
	sarifText struct { // 3.12
		Text string `json:"text"`
	}
	sarifConfig struct { // 3.50
		Level string `json:"level"`
	}
	sarifRuleExtra struct {
		Tags     []string `json:"tags"`
		Security string   `json:"security-severity"` // GitHub code scanning, "0.0" to "10.0"
		Sources  []string `json:"sources"`
	}
	sarifInvocation struct { // 3.20
		Successful bool   `json:"executionSuccessful"`
		End        string `json:"endTimeUtc"`
	}
	sarifResult struct { // 3.27
		Rule         string            `json:"ruleId"`
		Index        int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Baseline     string            `json:"baselineState,omitempty"`
		Suppressions []sarifSuppressed `json:"suppressions"`
		Properties   sarifExtra        `json:"properties"`
	}
	sarifSuppressed struct { // 3.35
		Kind          string           `json:"kind"`
		Status        string           `json:"status"`
		Justification string           `json:"justification"`
		Properties    sarifWaiverExtra `json:"properties"`
	}
	sarifWaiverExtra struct { // the standard knows neither
		Author string `json:"author"`
		Until  string `json:"until"`
	}
	sarifLocation struct { // 3.28
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct { // 3.29
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct { // 3.4
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct { // 3.30; a store has no lines, but GitHub wants one
		Line int `json:"startLine"`
	}
	sarifLogical struct { // 3.33
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifExtra struct {
		ID       string   `json:"objectId"`
		Security string   `json:"security-severity"`
		Evidence []string `json:"evidence,omitempty"`
		Fix      *fixJSON `json:"fix,omitempty"`
	}
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifBase   = "STORE"
	sarifPrint  = "pakdeckFinding/v1"
)

// levels maps severities to SARIF's (3.27.10).
var levels = map[Severity]string{Error: "error", Warning: "warning", Info: "note"}

// securitySeverity maps severities to a score as CVSS has it: high, medium,
// low.
var securitySeverity = map[Severity]string{Error: "8.0", Warning: "5.0", Info: "2.0"}

// WriteSARIF writes the report in SARIF 2.1.0. It declares all rules that ran,
// so that a reader can close what is no longer found, and what was waived as
// suppressed.
func WriteSARIF(w io.Writer, r Report) error {
	folder, file := filepath.Split(r.Store)
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "pakdeck", Version: r.Version, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{true, instant(r.Time)}},
		Bases:       map[string]sarifArtifact{sarifBase: {URI: (&url.URL{Scheme: "file", Path: filepath.ToSlash(folder)}).String()}},
		Results:     []sarifResult{},
	}
	for _, rule := range r.Rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule.sarif())
	}
	for _, f := range r.Findings {
		_, index := r.ruleOf(f)
		result := f.sarif(index, file)
		result.Baseline = r.baselineState(f)
		run.Results = append(run.Results, result)
	}
	for _, x := range r.Waived {
		_, index := r.ruleOf(x.Finding)
		result := x.sarif(index, file)
		result.Suppressions = []sarifSuppressed{{"external", "accepted", x.Waiver.Reason, sarifWaiverExtra{x.Waiver.Author, instant(x.Waiver.Until)}}}
		run.Results = append(run.Results, result)
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// baselineState is new or unchanged (3.27.24), "" without a baseline. What was
// fixed has no result any more, as the standard allows.
func (r Report) baselineState(f Finding) string {
	switch {
	case r.Progress == nil:
		return ""
	case r.Progress.New[f.Fingerprint]:
		return "new"
	}
	return "unchanged"
}

func (r Rule) sarif() sarifRule {
	return sarifRule{
		ID: r.ID, Short: sarifText{sentence(r.Title)}, Full: sarifText{r.Rationale}, Help: sarifText{r.Explain()},
		Configuration: sarifConfig{levels[r.Severity]},
		Properties: sarifRuleExtra{
			Tags: []string{"security", string(r.Group)}, Security: securitySeverity[r.Severity], Sources: r.Sources,
		},
	}
}

// sentence returns a title as GitHub shows it: with a capital and a full stop.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

func (f Finding) sarif(index int, file string) sarifResult {
	out := sarifResult{
		Rule: f.Rule, Index: index, Level: levels[f.Severity],
		Message: sarifText{f.Object.Name + ": " + f.Text},
		Locations: []sarifLocation{{
			Physical: sarifPhysical{sarifArtifact{(&url.URL{Path: file}).String(), sarifBase}, sarifRegion{1}},
			Logical:  []sarifLogical{{f.Object.Name, f.Object.Kind}},
		}},
		Fingerprints: map[string]string{sarifPrint: f.Fingerprint}, Suppressions: []sarifSuppressed{},
		Properties: sarifExtra{ID: f.Object.ID, Security: securitySeverity[f.Severity], Evidence: f.Evidence},
	}
	if f.Fix != nil {
		out.Properties.Fix = &fixJSON{f.Fix.Text, f.Fix.Command, f.Auto()}
	}
	return out
}
