package plain

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

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
