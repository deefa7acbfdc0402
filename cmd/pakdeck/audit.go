package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (a *app) auditCommand() *cobra.Command {
	return group("audit", "The journal: who did what, and the proof of it",
		a.auditListCommand(), a.auditShowCommand(), a.auditDiffCommand(), a.auditTailCommand(), a.auditExportCommand(),
		a.auditFindCommand(), a.auditAtCommand(), a.auditVerifyCommand(), a.auditCheckpointCommand(), a.auditProveCommand(),
		a.auditCheckProofCommand(), a.auditCosignCommand())
}

// auditHeading names the columns of a journal record.
var auditHeading = []string{"SEQ", "TIME", "WHO", "EVENT", "OUTCOME", "WHAT", "DETAIL"}

// auditRow is a record as a row of a table.
func auditRow(r journal.Record) []string {
	return []string{
		strconv.FormatInt(r.Seq, 10), instant(r.Time).String(), who(r), r.Event, r.Outcome, what(r),
		text.Truncate(detail(r), maxDetail),
	}
}

// maxDetail bounds the detail in a row, in cells.
const maxDetail = 100

// who is the operator, or the address that a request came from.
func who(r journal.Record) string {
	switch {
	case r.Source.IP != "":
		return r.Source.IP
	case r.Actor.User != "":
		return r.Actor.User
	}
	return "uid " + strconv.Itoa(r.Actor.UID)
}

// what is the user or key that a record is about.
func what(r journal.Record) string {
	switch {
	case r.Object.Name != "":
		return r.Object.Name
	case r.Object.ID != "":
		return r.Object.ID
	}
	return "-"
}

// detail is what else a record says, on one line.
func detail(r journal.Record) string {
	var parts []string
	for _, s := range []string{r.Reason, r.Source.Route, r.Source.Agent} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	for _, c := range r.Diff {
		parts = append(parts, changeText(c))
	}
	return strings.Join(parts, "; ")
}

// changeText is a change as the journal holds it: "expires null -> ...". Of
// something new only the value is shown.
func changeText(c journal.Change) string {
	before, after := rawText(c.Before), rawText(c.After)
	if before == "null" {
		return c.Field + " " + after
	}
	return c.Field + " " + before + " -> " + after
}

func rawText(v any) string { return fmt.Sprintf("%s", v) }

// printEntries writes records: as a table, or with --json one a line, in
// exactly the bytes that the proofs are about.
func (a *app) printEntries(heading bool, entries []trail.Entry) error {
	if a.json {
		for _, e := range entries {
			if err := a.write(append(bytes.Clone(e.Raw), '\n')); err != nil {
				return err
			}
		}
		return nil
	}
	var rows [][]string
	if heading {
		rows = append(rows, auditHeading)
	}
	for _, e := range entries {
		rows = append(rows, auditRow(e.Record))
	}
	return a.printRows(rows)
}
