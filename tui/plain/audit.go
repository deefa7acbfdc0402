package plain

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/text"
)

// listJournal tells the newest records that a filter selects.
func (t *talk) listJournal(expr string) error {
	f, err := trail.Parse(expr, t.st.Now())
	if err != nil {
		return err
	}
	head, err := t.st.Head(t.ctx)
	if err != nil {
		return err
	}
	found, err := trail.Backwards(t.ctx, t.st, f, head.Size-1, page)
	if err != nil {
		return err
	}
	t.opens = "record"
	t.say("%s of %d, newest first.", text.Plural(int64(len(found.Entries)), "record"), head.Size)
	for _, e := range found.Entries {
		t.say("%s", t.recordWords(e.Record))
	}
	return nil
}

func (t *talk) recordWords(r journal.Record) string {
	words := fmt.Sprintf("%d. %s, %s %s", r.Seq, expiry.Local(r.Time, t.zone), r.Event, r.Object.Name)
	if r.Actor.User != "" {
		words += ", by " + r.Actor.User
	}
	if r.Outcome != "" {
		words += ", " + r.Outcome
	}
	if r.Reason != "" {
		words += ", " + r.Reason
	}
	return words
}

// showRecord says everything that a record says.
func (t *talk) showRecord(number string) error {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 {
		return fmt.Errorf("%.40q is no number of a record; journal lists them", number)
	}
	raw, err := t.st.JournalRecord(t.ctx, n)
	if err != nil {
		return err
	}
	r, err := journal.Decode(raw)
	if err != nil {
		return err
	}
	t.say("Record %s", t.recordWords(r))
	for _, fact := range [...][2]string{
		{"Via", r.Actor.Via},
		{"Claims to come from", r.Actor.Claims.SSHConnection},
		{"Claims to be", r.Actor.Claims.SudoUser},
		{"Address", r.Source.IP},
		{"Agent", r.Source.Agent},
		{"Route", r.Source.Route},
		{"Secret", r.Source.Secret},
	} {
		if fact[1] != "" {
			t.say("%s: %s", fact[0], fact[1])
		}
	}
	for _, c := range r.Diff {
		t.say("Change: %s %s -> %s", c.Field, stored(c.Before), stored(c.After))
	}
	return nil
}

// stored is a value of a record as it is in the journal, in JSON.
func stored(v any) string {
	raw, _ := v.(json.RawMessage)
	switch s := string(raw); s {
	case "", "null", `""`, "[]":
		return "none"
	default:
		return strings.Trim(s, `"`)
	}
}

// verify recomputes the journal and compares it with all that claims to know
// it.
func (t *talk) verify(string) error {
	r, err := t.st.VerifyJournal(t.ctx)
	switch {
	case err != nil:
		return err
	case !r.Intact:
		return fmt.Errorf("the journal is not intact: %s; keep the files as they are, and compare them with a backup", r.Problem)
	}
	t.say("Intact: %s, checkpoint %s, compared with %s kept beside the store.",
		text.Plural(r.Size, "record"), r.Checkpoint.Short(), text.Plural(int64(r.Checked), "checkpoint"))
	return nil
}

// lint tells what breaks good practice, the gravest first: all of it, or what
// is about a key.
func (t *talk) lint(ref string) error {
	about := ""
	if ref != "" {
		v, err := t.pickKey(ref)
		if err != nil {
			return err
		}
		about = string(v.ID)
	}
	s, err := lint.Take(t.ctx, t.st, lint.Options{})
	if err != nil {
		return err
	}
	t.opens = "finding"
	t.found = slices.DeleteFunc(lint.Run(s), func(f lint.Finding) bool { return about != "" && f.Object.ID != about })
	t.say("%s.", text.Plural(int64(len(t.found)), "finding"))
	for i, f := range t.found {
		if err := t.page(i, len(t.found)); err != nil {
			return nil
		}
		t.say("%d. %s, %s, %s: %s", i+1, f.Severity, f.Rule, f.Object.Name, f.Text)
	}
	return nil
}

// showFinding says everything about a finding of the last list.
func (t *talk) showFinding(number string) error {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(t.found) {
		return fmt.Errorf("%.40q is no number of the last list of findings; lint lists them", number)
	}
	f := t.found[n-1]
	t.say("Finding: %s, %s, %s: %s", f.Severity, f.Rule, f.Object.Name, f.Text)
	for _, fact := range f.Evidence {
		t.say("Evidence: %s", strings.Join(strings.Fields(fact), " "))
	}
	if f.Fix != nil {
		t.say("Fix: %s.", f.Fix.Text)
		if f.Fix.Command != "" {
			t.say("Command: %s", f.Fix.Command)
		}
	}
	if r, ok := lint.RuleNamed(f.Rule); ok {
		t.say("Why: %s", strings.Join(strings.Fields(r.Rationale), " "))
	}
	return nil
}
