package lint

import (
	"encoding/csv"
	"io"
	"strings"
)

var csvHeading = []string{
	"severity", "rule", "kind", "id", "object", "finding", "evidence", "fix", "command", "fingerprint",
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
		fix := Proposal{}
		if f.Fix != nil {
			fix = *f.Fix
		}
		row := []string{
			string(f.Severity), f.Rule, f.Object.Kind, f.Object.ID, f.Object.Name, f.Text,
			strings.Join(f.Evidence, "; "), fix.Text, fix.Command, f.Fingerprint,
		}
		for i, cell := range row {
			row[i] = unformula(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// unformula keeps a spreadsheet from calculating with what others named.
func unformula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
