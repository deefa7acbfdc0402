package plain

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/text"
)

// lint tells what breaks good practice, the gravest first: all of it, what is
// about a key, or what words select.
func (t *talk) lint(which string) error {
	keep := func(f lint.Finding) bool { return says(f, strings.Fields(strings.ToLower(which))) }
	if which != "" {
		v, err := t.pickKey(which)
		switch {
		case err == nil:
			keep = func(f lint.Finding) bool { return f.Object.ID == string(v.ID) }
		case !errors.Is(err, keystore.ErrNotFound) && !errors.Is(err, keystore.ErrAmbiguous):
			return err
		}
	}
	s, err := lint.Take(t.ctx, t.st, lint.Options{})
	if err != nil {
		return err
	}
	t.opens = "finding"
	t.found = slices.DeleteFunc(lint.Run(s), func(f lint.Finding) bool { return !keep(f) })
	t.say("%s.", text.Plural(len(t.found), "finding"))
	t.list(len(t.found), func(i int) string { return findingWords(t.found[i]) })
	return nil
}

// says reports whether a finding has all of some words.
func says(f lint.Finding, words []string) bool {
	all := strings.ToLower(findingWords(f) + " " + f.Owner)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) })
}

func findingWords(f lint.Finding) string {
	return fmt.Sprintf("%s, %s, %s: %s", f.Severity, f.Rule, board.ObjectName(f), f.Text)
}

// listedFindings returns those of the last list that are named by number.
func (t *talk) listedFindings(numbers string) ([]lint.Finding, error) {
	places, err := t.numbers(numbers, len(t.found), "finding", "lint")
	out := make([]lint.Finding, len(places))
	for i, n := range places {
		out[i] = t.found[n]
	}
	return out, err
}

// showFinding says everything about a finding of the last list.
func (t *talk) showFinding(number string) error {
	list, err := t.listedFindings(number)
	if err != nil {
		return err
	}
	f := list[0]
	t.say("Finding: %s", findingWords(f))
	for _, fact := range f.Evidence {
		t.say("Evidence: %s", strings.Join(strings.Fields(fact), " "))
	}
	if f.Fix != nil {
		t.say("Fix: %s.", f.Fix.Text)
		if f.Fix.Change != nil {
			t.say("To do it: fix %s", number)
		}
		if f.Fix.Command != "" {
			t.say("Command: %s", f.Fix.Command)
		}
	}
	if r, ok := lint.RuleNamed(f.Rule); ok {
		t.say("Why: %s", strings.Join(strings.Fields(r.Rationale), " "))
	}
	return nil
}

// waive accepts findings of the last list for a while. Several of a rule about one
// object are one waiver.
func (t *talk) waive(numbers string) error {
	list, err := t.listedFindings(numbers)
	if err != nil {
		return err
	}
	list = slices.CompactFunc(list, func(a, b lint.Finding) bool { return a.Rule == b.Rule && a.Object.ID == b.Object.ID })
	for _, f := range list {
		t.say("To be accepted: %s", findingWords(f))
	}
	reason, err := t.ask("Why, for the journal", "", keystore.CheckReason)
	if err != nil {
		return err
	}
	until, err := t.askWaiverEnd()
	if err != nil {
		return err
	}
	if err := t.agree(fmt.Sprintf("%s will not count until %s.", text.Plural(len(list), "finding"), t.when(until))); err != nil {
		return err
	}
	for _, f := range list {
		if _, err := lint.Waive(t.ctx, t.st, f.Rule, f.Object, reason, until); err != nil {
			return err
		}
		t.say("Waived %s of %s.", f.Rule, board.ObjectName(f))
	}
	t.undoable(fmt.Sprintf("the waiving of %s", text.Plural(len(list), "finding")), func() (err error) {
		for _, f := range list {
			_, one := lint.Unwaive(t.ctx, t.st, f.Rule, f.Object.ID)
			err = errors.Join(err, one)
		}
		return err
	})
	return nil
}

func (t *talk) askWaiverEnd() (until time.Time, err error) {
	_, err = t.ask("Until when", "90d", func(s string) error {
		e, err := expiry.Parse(s, t.st.Now(), t.zone)
		if err == nil && e.Never() {
			err = fmt.Errorf("%s: a waiver must end; give a date, such as 90d or 2027-02-21", quoted(s))
		}
		until = e.At
		return err
	}, "The finding counts again from then on. Write a date such as 2027-02-21, or a time such as 90d or eoq.")
	return until, err
}

// listWaivers lists what was accepted, and until when.
func (t *talk) listWaivers(string) error {
	list, err := lint.Waivers(t.ctx, t.st)
	if err != nil {
		return err
	}
	t.waivers, t.opens = list, ""
	t.say("%s.", text.Plural(len(list), "waiver"))
	t.list(len(list), func(i int) string { return t.waiverWords(list[i]) })
	return nil
}

func (t *talk) waiverWords(w lint.Waiver) string {
	ends := "until"
	if !w.Holds(t.st.Now()) {
		ends = "ended"
	}
	return fmt.Sprintf("%s of %s, %s %s, by %s: %s", w.Rule, w.Object.Name, ends, t.when(w.Until), w.Author, w.Reason)
}

// unwaive takes waivers of the last list back.
func (t *talk) unwaive(numbers string) error {
	places, err := t.numbers(numbers, len(t.waivers), "waiver", "waivers")
	if err != nil {
		return err
	}
	for _, n := range places {
		t.say("To be taken back: %s", t.waiverWords(t.waivers[n]))
	}
	if err := t.agree("What they accept will count again."); err != nil {
		return err
	}
	for _, n := range places {
		w := t.waivers[n]
		if _, err := lint.Unwaive(t.ctx, t.st, w.Rule, w.Object.ID); err != nil {
			return err
		}
		t.say("%s of %s counts again.", w.Rule, w.Object.Name)
		t.undoable("the end of that waiver", func() error {
			_, err := lint.Waive(t.ctx, t.st, w.Rule, w.Object, w.Reason, w.Until)
			return err
		})
	}
	return nil
}

// remember makes what counts now the baseline of later runs.
func (t *talk) remember(string) error {
	s, err := lint.Take(t.ctx, t.st, lint.Options{})
	if err != nil {
		return err
	}
	v := lint.Judge(s, lint.Rules())
	if err := t.agree(text.Plural(len(v.Open), "finding") + " count now. Later runs will tell what is new since."); err != nil {
		return err
	}
	if err := lint.Remember(t.ctx, t.st, v); err != nil {
		return err
	}
	t.say("Remembered.")
	return nil
}
