package plain

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
)

// bulk makes one change to all keys that a filter selects, after it was shown
// for each and their number was typed.
func (t *talk) bulk(expr string) error {
	if expr == "" {
		var err error
		if expr, err = t.ask("Which keys; a filter such as user:build-bot state:expiring", "", nil); err != nil || expr == "" {
			return errBack
		}
	}
	keys, _, err := t.selected(expr)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return fmt.Errorf("no key matches %.60q", expr)
	}
	t.say("%s.", text.Plural(int64(len(keys)), "key"))
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

// askChange asks what is to be done to every key.
func (t *talk) askChange() (c bulk.Change, err error) {
	what, err := t.ask("What to do: disable, enable, revoke, extend", "", func(s string) error {
		switch s {
		case "disable", "enable", "revoke", "extend":
			return nil
		}
		return fmt.Errorf("%.40q is none of them", s)
	})
	if err != nil {
		return c, err
	}
	switch what {
	case "disable":
		c.Disable = true
	case "enable":
		c.Enable = true
	case "revoke":
		var reason string
		reason, err = t.ask("Why, for the journal", "", keystore.CheckReason)
		c.Revoke = &keystore.Revocation{Reason: reason}
	case "extend":
		_, err = t.ask("By how long, such as 90d", "", func(s string) (err error) {
			c.Extend, err = expiry.ParseSpan(s)
			return err
		})
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
		return fmt.Errorf("no key would change")
	}
	if err := t.typeCount(text.Plural(int64(n), "key")+" would change.", n); err != nil {
		return err
	}
	done := 0
	err := bulk.Apply(t.ctx, t.st, plan, func(r bulk.Result) {
		if r.Done {
			done++
		} else if r.Err != nil && r.Line.Err == nil {
			t.say("%s was not changed: %s", r.Before.Ref(), r.Err)
		}
	})
	t.say("Changed %d of %s.", done, text.Plural(int64(n), "key"))
	return err
}
