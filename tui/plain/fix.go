package plain

import (
	"fmt"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/words"
)

// safe stands for all findings that need no question.
const safe = "safe"

// fix puts findings right, after it was told what that changes.
func (t *talk) fix(which string) error {
	var list []lint.Finding
	choose := lint.Finding.Auto
	if which != safe {
		var err error
		if list, err = t.listedFindings(which); err != nil {
			return err
		}
		choose = among(list)
	}
	s, err := lint.Take(t.ctx, t.st, lint.Options{})
	if err != nil {
		return err
	}
	steps, _ := lint.Plan(s, lint.Rules(), choose)
	if len(steps) == 0 {
		return t.nothingToFix(list)
	}
	if err := t.preview(steps, s); err != nil {
		return err
	}
	if more := len(list) - len(steps); more > 0 {
		t.say("%d of these cannot be fixed here, or need it no more: finding and their number tell why.", more)
	}
	switch what := "Fix " + words.Fixed(steps) + "."; {
	case len(steps) > 1:
		err = t.typeCount(what, len(steps))
	case steps[0].Do == lint.RevokeKey:
		err = t.typeName(*steps[0].Key)
	default:
		err = t.agree(what)
	}
	if err != nil {
		return err
	}
	changes := make([]*lint.Change, len(steps))
	for i, x := range steps {
		changes[i] = x.Change
	}
	return t.change(changes, "Fixed "+words.Fixed(steps))
}

// among selects the findings of a list.
func among(list []lint.Finding) func(lint.Finding) bool {
	want := map[string]bool{}
	for _, f := range list {
		want[f.Fingerprint] = true
	}
	return func(f lint.Finding) bool { return want[f.Fingerprint] }
}

// nothingToFix says why.
func (t *talk) nothingToFix(list []lint.Finding) error {
	for _, f := range list {
		if f.Fix != nil && f.Fix.Change == nil {
			return fmt.Errorf("%s of %s: there is something to decide first: %s", f.Rule, board.ObjectName(f), f.Fix.Text)
		}
	}
	return fmt.Errorf("there is nothing here that can be fixed any more; lint lists what counts now")
}

// preview tells what each step will make different.
func (t *talk) preview(steps []lint.Step, at lint.Snapshot) error {
	err := t.pages(len(steps), func(i int) {
		x := steps[i]
		t.say("%s: %s.", board.ObjectName(x.Finding), x.Finding.Fix.Text)
		for _, l := range x.Preview(at.Now) {
			for _, gone := range l.Gone {
				t.say("Goes: %s %s", l.Field, gone)
			}
			for _, comes := range l.Comes {
				t.say("Comes: %s %s", l.Field, comes)
			}
		}
		if x.Do == lint.DisableKey || x.Do == lint.RevokeKey {
			t.say("%s", words.Use(*x.Key, at.Now))
		}
	})
	if final := words.Final(steps); err == nil && final != "" {
		t.say("%s", final)
	}
	return err
}

// change makes changes, and offers to take those back that can be.
func (t *talk) change(changes []*lint.Change, done string) error {
	made, undo, err := lint.ApplyAll(t.ctx, t.st, changes)
	switch {
	case made > 0 && err != nil:
		t.say("Made %d of %s.", made, text.Plural(len(changes), "change"))
	case made > 0:
		t.say("%s.", done)
	}
	if len(undo) > 0 {
		t.undoable("what was changed: "+done, func() error { return t.change(undo, "Taken back: "+done) })
	}
	return err
}
