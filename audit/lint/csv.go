package lint

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/pakdeck/pakdeck/audit/trail"
)

var csvHeading = []string{
	"severity", "rule", "kind", "id", "object", "finding", "evidence", "fix", "command", "fingerprint", "waived",
}

// WriteCSV writes a finding a line, as RFC 4180 has it, under a heading. Pieces
// of evidence are joined by "; ". A cell that a spreadsheet would take for a
// formula begins with an apostrophe.
func WriteCSV(w io.Writer, r Report) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeading); err != nil {
		return err
	}
	for _, f := range r.Findings {
		if err := out.Write(f.csv("")); err != nil {
			return err
		}
	}
	for _, x := range r.Waived {
		if err := out.Write(x.csv("until " + instant(x.Waiver.Until) + ": " + x.Waiver.Reason)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (f Finding) csv(waived string) []string {
	fix := Proposal{}
	if f.Fix != nil {
		fix = *f.Fix
	}
	row := []string{
		string(f.Severity), f.Rule, f.Object.Kind, f.Object.ID, f.Object.Name, f.Text,
		strings.Join(f.Evidence, "; "), fix.Text, fix.Command, f.Fingerprint, waived,
	}
	for i, cell := range row {
		row[i] = trail.Cell(cell)
	}
	return row
}
