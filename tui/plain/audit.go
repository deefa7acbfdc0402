package plain

import (
	"fmt"

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

// lint tells what breaks good practice, the gravest first.
func (t *talk) lint(string) error {
	s, err := lint.Take(t.ctx, t.st, lint.Options{})
	if err != nil {
		return err
	}
	found := lint.Run(s)
	t.say("%s.", text.Plural(int64(len(found)), "finding"))
	for i, f := range found {
		if i > 0 && i%page == 0 {
			if err := t.more(len(found) - i); err != nil {
				return nil
			}
		}
		t.say("%s, %s, %s: %s", f.Severity, f.Rule, f.Object.Name, f.Text)
	}
	return nil
}
