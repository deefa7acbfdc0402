package lint

import (
	"encoding/xml"
	"io"
	"strings"
)

type junitSuites struct {
	XMLName xml.Name   `xml:"testsuites"`
	Suite   junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Timestamp string      `xml:"timestamp,attr"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
	Skipped *junitSkipped `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// WriteJUnit writes the report as JUnit XML: a test case for each finding, which
// failed if the finding fails the run, a skipped one for each that is waived, and
// one for each rule that found nothing.
func WriteJUnit(w io.Writer, r Report) error {
	suite := junitSuite{Name: "pakdeck lint", Timestamp: instant(r.Time)}
	found := map[string]bool{}
	for _, f := range r.Findings {
		found[f.Rule] = true
		c := junitCase{Class: f.Rule, Name: f.Object.Name + ": " + f.Text}
		if r.fails(f) {
			c.Failure = &junitFailure{Type: string(f.Severity), Message: f.Text, Text: f.details()}
			suite.Failures++
		} else {
			c.Out = string(f.Severity) + "\n" + f.details()
		}
		suite.Cases = append(suite.Cases, c)
	}
	for _, x := range r.Waived {
		found[x.Rule] = true
		suite.Skipped++
		suite.Cases = append(suite.Cases, junitCase{
			Class: x.Rule, Name: x.Object.Name + ": " + x.Text,
			Skipped: &junitSkipped{"waived until " + instant(x.Waiver.Until) + ": " + x.Waiver.Reason},
		})
	}
	for _, rule := range r.Rules {
		if !found[rule.ID] {
			suite.Cases = append(suite.Cases, junitCase{Class: rule.ID, Name: rule.Title})
		}
	}
	suite.Tests = len(suite.Cases)
	return writeXML(w, junitSuites{Suite: suite})
}

// details returns evidence and fix, one a line.
func (f Finding) details() string {
	lines := f.Evidence
	if f.Fix != nil {
		lines = append(lines[:len(lines):len(lines)], "fix: "+f.Fix.Text)
		if f.Fix.Command != "" {
			lines = append(lines, f.Fix.Command)
		}
	}
	return strings.Join(lines, "\n")
}

func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
