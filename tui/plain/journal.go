package plain

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/words"
)

// listJournal tells the records that a filter selects, newest first.
func (t *talk) listJournal(expr string) error {
	f, err := trail.Parse(expr, t.st.Now())
	if err != nil {
		return err
	}
	head, err := t.st.Head(t.ctx)
	if err != nil {
		return err
	}
	t.opens = "record"
	t.say("%s in the journal, newest first.", text.Plural(head.Size, "record"))
	told := 0
	for from := head.Size - 1; from >= 0; {
		found, err := trail.Backwards(t.ctx, t.st, f, from, page-told%page)
		if err != nil {
			return err
		}
		for _, e := range found.Entries {
			t.say("%s", t.recordWords(e.Record))
		}
		told += len(found.Entries)
		if from = found.Next; from < 0 || told == 0 || told%page > 0 {
			continue
		}
		if _, err := t.ask("Enter goes on with older ones, a dot stops", "", nil, "A filter such as event:key.revoke since:7d tells less."); err != nil {
			return nil
		}
	}
	t.say("%s told.", text.Plural(told, "record"))
	return nil
}

// history tells what happened to a key.
func (t *talk) history(ref string) error {
	v, err := t.pickKey(ref)
	if err != nil {
		return err
	}
	return t.listJournal("key:" + string(v.ID))
}

func (t *talk) recordWords(r journal.Record) string {
	words := fmt.Sprintf("%d. %s, %s %s", r.Seq, expiry.Local(r.Time, t.zone), r.Event, cmp.Or(r.Object.Name, r.Object.ID, r.Object.Kind))
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

// recordNumber reads the number of a record.
func recordNumber(number string) (int64, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is no number of a record; journal lists them", quoted(number))
	}
	return n, nil
}

// showRecord says everything that a record says, and what proves it.
func (t *talk) showRecord(number string) error {
	n, err := recordNumber(number)
	if err != nil {
		return err
	}
	raw, err := t.st.JournalRecord(t.ctx, n)
	if err != nil {
		return err
	}
	r, err := journal.Decode(raw)
	if err != nil {
		return err
	}
	t.facts(words.Record(trail.Entry{Record: r, Raw: raw}, t.zone))
	p, err := t.st.Prove(t.ctx, n)
	if err == nil {
		_, err = journal.OpenProof(p.Encode(), t.st.Verifier())
	}
	t.facts(words.Proof(p, err))
	t.say("To save the proof: prove %d", n)
	return nil
}

// facts says what is known, a line each; a value without a label belongs to the
// label before. The hashes of a proof are for the file.
func (t *talk) facts(list []facts.Fact) {
	label := ""
	for _, f := range list {
		if f.Label != "" {
			label = f.Label
		}
		said := f.Text
		if rest, ok := strings.CutPrefix(said, "- "); ok {
			said = "goes " + rest
		} else if rest, ok := strings.CutPrefix(said, "+ "); ok {
			said = "comes " + rest
		}
		switch {
		case label == "path":
		case f.Head:
			t.say("%s:", f.Text)
		case f.Text != "":
			t.say("%s: %s", label, said)
		}
	}
}

// prove saves a proof that is checked without the store.
func (t *talk) prove(number string) error {
	n, err := recordNumber(number)
	if err != nil {
		return err
	}
	p, err := t.st.Prove(t.ctx, n)
	if err != nil {
		return err
	}
	path, err := t.askFile("Save the proof to", filepath.Join(t.home, fmt.Sprintf("record-%d.tlog-proof", n)), "pakdeck audit check-proof checks it with the public key only.")
	if err != nil {
		return err
	}
	if err := pak.Save(path, p.Encode()); err != nil {
		return err
	}
	t.say("Saved the proof of record %d to %s.", n, path)
	return nil
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
		text.Plural(r.Size, "record"), r.Checkpoint.Short(), text.Plural(r.Checked, "checkpoint"))
	return nil
}
