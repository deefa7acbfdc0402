package plain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/screen/form/changes"
	"github.com/pakdeck/pakdeck/tui/text"
)

// bulk makes one change to all keys that are meant, after it was shown for each
// and their number was typed.
func (t *talk) bulk(which string) error {
	keys, err := t.several(which)
	if err != nil {
		return err
	}
	t.say("%s.", text.Plural(len(keys), "key"))
	c, err := t.askChange()
	if err != nil {
		return err
	}
	plan, err := bulk.Plan(t.ctx, t.st, keys, c)
	if err != nil {
		return err
	}
	if err := t.plan(plan); err != nil {
		return err
	}
	return t.carryOut(plan)
}

// revoke is a change that the dashboard makes to marked keys.
const revoke = "revoke"

// askChange asks what is to be done to every key.
func (t *talk) askChange() (c bulk.Change, err error) {
	var options []option
	for _, k := range changes.Kinds {
		options = append(options, option{name: k.Name, help: k.Example})
	}
	what, err := t.choose("What to do", "", append(options, option{name: revoke, help: "end all of them, for ever"})...)
	switch {
	case err != nil:
		return c, err
	case what == revoke:
		reason, err := t.ask("Why, for the journal", "", keystore.CheckReason)
		return bulk.Change{Revoke: &keystore.Revocation{Reason: reason}}, err
	}
	for _, k := range changes.Kinds {
		switch {
		case k.Name != what:
		case k.None:
			return k.Read("", t.st.Now(), t.zone)
		default:
			_, err = t.ask(k.Name+", such as "+k.Example, "", func(s string) (err error) {
				c, err = k.Read(s, t.st.Now(), t.zone)
				return err
			})
		}
	}
	return c, err
}

// plan says what would become of each key.
func (t *talk) plan(plan []bulk.Line) error {
	return t.pages(len(plan), func(i int) {
		switch l := plan[i]; {
		case l.Err != nil:
			t.say("%s cannot be changed: %s", l.Before.Ref(), strings.ReplaceAll(l.Err.Error(), "\n", "; "))
		case !l.Changes():
			t.say("%s stays as it is.", l.Before.Ref())
		default:
			t.say("%s, %s: %s", l.Before.Ref(), lastUse(l.Before.Uses.Last, t.st.Now()), bulk.Words(l.Diff))
		}
	})
}

// carryOut changes the keys of a plan once their number was typed.
func (t *talk) carryOut(plan []bulk.Line) error {
	n := bulk.Count(plan)
	if n == 0 {
		return errors.New("no key would change")
	}
	atomic := false
	if n > 1 {
		var err error
		if atomic, err = t.yesOrNo("All in one transaction: all are changed, or none", false); err != nil {
			return err
		}
	}
	if err := t.typeCount(text.Plural(n, "key")+" would change.", n); err != nil {
		return err
	}
	done, back := 0, []keystore.KeyChange(nil)
	tell := func(r bulk.Result) {
		if r.Done {
			done++
		} else if r.Err != nil && r.Line.Err == nil {
			t.say("%s was not changed: %s", r.Before.Ref(), r.Err)
		}
		if undo, ok := r.Undo(); ok {
			back = append(back, undo)
		}
	}
	err := t.applyPlan(plan, atomic, tell)
	t.say("Changed %d of %s.", done, text.Plural(n, "key"))
	if len(back) > 0 {
		t.undoable(fmt.Sprintf("the changes of %s", text.Plural(len(back), "key")), func() error { return t.changeBack(back, atomic) })
	}
	return err
}

func (t *talk) applyPlan(plan []bulk.Line, atomic bool, tell func(bulk.Result)) error {
	if !atomic {
		return bulk.Apply(t.ctx, t.st, plan, tell)
	}
	results, err := bulk.ApplyAll(t.ctx, t.st, plan)
	for _, r := range results {
		tell(r)
	}
	return err
}

// changeBack takes changes back as they were made: all at once or each by itself.
func (t *talk) changeBack(back []keystore.KeyChange, atomic bool) error {
	if atomic {
		_, err := t.st.ChangeKeys(t.ctx, back)
		return err
	}
	var errs []error
	err := bulk.Each(t.ctx, t.st, back, func(_ keystore.KeyView, err error) { errs = append(errs, err) })
	return errors.Join(append(errs, err)...)
}
