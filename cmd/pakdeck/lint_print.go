package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/tui/text"
)

var lintFormats = []string{"text", "json", "sarif", "junit", "csv", "csv-findings"}

// lintWriters write the formats for other programs.
var lintWriters = map[string]func(io.Writer, lint.Report) error{
	"json": lint.WriteJSON, "sarif": lint.WriteSARIF, "junit": lint.WriteJUnit, "csv": lint.WriteCredentials, "csv-findings": lint.WriteCSV,
}

// maxObject bounds the name of an object in the table, in cells. The formats
// for other programs have it whole.
const maxObject = 60

var lintHeading = []string{"SEV", "RULE", "OBJECT", "FINDING"}

func (a *app) printLint(r lint.Report, format string) error {
	write, ok := lintWriters[format]
	if !ok {
		return a.printFindings(r)
	}
	var b bytes.Buffer
	if err := write(&b, r); err != nil {
		return err
	}
	if format == "json" || format == "sarif" {
		return a.write(escapeJSON(b.Bytes()))
	}
	return a.write(b.Bytes())
}

// printFindings writes a table, gravest first, with a blank line between the
// severities, and a summary beside it.
func (a *app) printFindings(r lint.Report) error {
	if len(r.Findings) > 0 {
		rows := [][]string{lintHeading}
		for i, f := range r.Findings {
			if i > 0 && f.Severity != r.Findings[i-1].Severity {
				rows = append(rows, make([]string, len(lintHeading)))
			}
			rows = append(rows, []string{string(f.Severity), f.Rule, text.TruncateMiddle(f.Object.Name, maxObject), f.Text})
		}
		for _, line := range text.Columns(rows, gap) {
			if err := a.print(strings.TrimRight(line, " ")); err != nil {
				return err
			}
		}
	}
	a.note("%s", lintSummary(r))
	if p := r.Progress; p != nil {
		a.note("since %s: %d new, %d unchanged, %d fixed", instant(p.Since), len(p.New), p.Same, len(p.Fixed))
	}
	if len(r.Waived) > 0 {
		a.note("%d waived; see pakdeck lint waivers", len(r.Waived))
	}
	if len(r.Findings) > 0 {
		a.note("why, and what to do: pakdeck lint --explain %s", r.Findings[0].Rule)
	}
	return nil
}

func lintSummary(r lint.Report) string {
	c := lint.Count(r.Findings)
	by := text.Plural(len(r.Rules), "rule")
	switch known := r.Known.Total(); {
	case c.Total() == 0 && known == 0:
		return fmt.Sprintf("%s found nothing; score %d of 100", by, r.Score())
	case c.Total() == 0:
		return fmt.Sprintf("%s found nothing new, and %d known; score %d of 100", by, known, r.Score())
	case known > 0:
		return fmt.Sprintf("%s by %s: %s; %d more known; score %d of 100", text.Plural(c.Total(), "new finding"), by, counted(c), known, r.Score())
	}
	return fmt.Sprintf("%s by %s: %s; score %d of 100", text.Plural(c.Total(), "finding"), by, counted(c), r.Score())
}

// counted says how many findings there are of each severity.
func counted(c lint.Counts) string {
	var parts []string
	for _, p := range []struct {
		n    int
		noun string
	}{{c.Error, "error"}, {c.Warning, "warning"}} {
		if p.n > 0 {
			parts = append(parts, text.Plural(p.n, p.noun))
		}
	}
	if c.Info > 0 {
		parts = append(parts, fmt.Sprintf("%d info", c.Info))
	}
	return joined(slices.Clip(parts), "and")
}
