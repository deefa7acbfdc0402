package main

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
)

// newest is the word for the newest record.
const newestRecord = "last"

func (a *app) auditShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show N", Short: "Show a journal record with its hashes", Args: want("the number of a record"),
		Long: `Show everything that a journal record says, its leaf hash, and that of the record
before it. N is its number, or "last". With --json the record is written in
exactly the stored bytes.`,
		Example: "  pakdeck audit show last",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.showRecord(ctx, st, args[0])
		}),
	}
}

// recordNumber reads the number of a record.
func recordNumber(ctx context.Context, st *keystore.Store, s string) (int64, error) {
	if s == newestRecord {
		head, err := st.Head(ctx)
		return head.Size - 1, err
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, usagef("%s is no number of a record; write one such as 17, or %s", text.Quote(s), newestRecord)
	}
	return n, nil
}

// record reads one record.
func (a *app) record(ctx context.Context, st *keystore.Store, s string) (trail.Entry, error) {
	n, err := recordNumber(ctx, st, s)
	if err != nil {
		return trail.Entry{}, err
	}
	raw, err := st.JournalRecord(ctx, n)
	if err != nil {
		return trail.Entry{}, err
	}
	r, err := journal.Decode(raw)
	return trail.Entry{Record: r, Raw: raw}, err
}

func (a *app) showRecord(ctx context.Context, st *keystore.Store, s string) error {
	e, err := a.record(ctx, st, s)
	if err != nil {
		return err
	}
	if a.json {
		return a.write(append(bytes.Clone(e.Raw), '\n'))
	}
	rows := [][]string{
		{"record", strconv.FormatInt(e.Seq, 10)},
		{"time", journal.Stamp(e.Time)},
		{"event", e.Event + " (" + strconv.Itoa(e.Code) + ")"},
		{"outcome", e.Outcome},
	}
	for _, f := range [...][2]string{
		{"reason", e.Reason},
		{"operator", operatorText(e.Actor)},
		{"ssh", e.Actor.Claims.SSHConnection},
		{"sudo", e.Actor.Claims.SudoUser},
		{e.Object.Kind, e.Object.Name},
		{"id", e.Object.ID},
		{"ip", e.Source.IP},
		{"agent", e.Source.Agent},
		{"route", e.Source.Route},
		{"secret", e.Source.Secret},
		{"fingerprint", e.Source.Fingerprint},
	} {
		if f[1] != "" {
			rows = append(rows, []string{f[0], f[1]})
		}
	}
	rows = append(rows, deltaRows(e.Diff)...)
	return a.printRows(append(rows, []string{"leaf", e.Leaf().String()}, []string{"prev", e.Prev.String()}))
}

// operatorText is who caused a record, as a fact and by name.
func operatorText(by journal.Actor) string {
	words := []string{by.User, "uid " + strconv.Itoa(by.UID)}
	if by.Via != "" {
		words = append(words, "via "+by.Via)
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// deltaRows are changes as rows: what went, then what came.
func deltaRows(changes []journal.Change) (rows [][]string) {
	for _, c := range changes {
		d, label := trail.DeltaOf(c), c.Field
		add := func(mark, text string) {
			rows = append(rows, []string{label, mark + text})
			label = ""
		}
		for _, s := range d.Removed {
			add("- ", s)
		}
		for _, s := range d.Added {
			add("+ ", s)
		}
		if label != "" {
			add("", "none")
		}
	}
	return rows
}

func (a *app) auditDiffCommand() *cobra.Command {
	return &cobra.Command{
		Use: "diff N", Short: "Show what a change changed, before and after", Args: want("the number of a record"),
		Long: `Show what the change of journal record N took away (-) and brought (+). N is a
number, or "last". The exit code is 1 if the record changed nothing.`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.diffRecord(ctx, st, args[0])
		}),
	}
}

// deltaJSON is one field of a change.
type deltaJSON struct {
	changeJSON
	Removed []string `json:"removed"`
	Added   []string `json:"added"`
}

func (a *app) diffRecord(ctx context.Context, st *keystore.Store, s string) error {
	e, err := a.record(ctx, st, s)
	if err != nil {
		return err
	}
	if a.json {
		out := []deltaJSON{}
		for _, c := range e.Diff {
			d := trail.DeltaOf(c)
			out = append(out, deltaJSON{changeJSON{c.Field, c.Before, c.After}, list(d.Removed), list(d.Added)})
		}
		err = a.printJSON(out)
	} else if len(e.Diff) > 0 {
		a.note("%s of %s at %s by %s", e.Event, what(e.Record), instant(e.Time), who(e.Record))
		err = a.printRows(deltaRows(e.Diff))
	}
	if err == nil && len(e.Diff) == 0 {
		a.note("record %d, %s, changed nothing", e.Seq, e.Event)
		return errNegative
	}
	return err
}
