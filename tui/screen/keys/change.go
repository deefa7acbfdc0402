package keys

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/words"
)

// change is one way of changing keys that the operator saw.
type change struct {
	doing string // "disabling"
	done  string // "disabled"
	way   keystore.KeyChange
	undo  *change // or nil if it cannot be taken back
}

// disabling and enabling take each other back.
func disabling() change { return off().undoneBy(on()) }
func enabling() change  { return on().undoneBy(off()) }

func off() change {
	return change{doing: "disabling", done: "disabled", way: keystore.KeyChange{Disable: true}}
}

func on() change {
	return change{doing: "enabling", done: "enabled", way: keystore.KeyChange{Enable: true}}
}

func (c change) undoneBy(back change) change {
	c.undo = &back
	return c
}

// revoking can be taken back for a while, unless the reason tells that somebody
// else has the key.
func revoking(reason string) change {
	c := change{doing: "revoking", done: "revoked for ever:", way: keystore.KeyChange{Revoke: &keystore.Revocation{Reason: reason}}}
	if keystore.SoundsCompromised(reason) {
		return c
	}
	return c.undoneBy(restoring())
}

// restoring takes revocations back that were a slip.
func restoring() change {
	return change{doing: "taking back the revocation of", done: "restored", way: keystore.KeyChange{Restore: true}}
}

// outcome is what became of keys.
type outcome struct {
	made   []*keystore.KeyView
	failed []keystore.KeyView // as they were seen; the first of them
	errs   []error            // of those
	errors int                // of all
	end    error              // what ended it before all were tried
}

// mostErrors is how many errors are told in full.
const mostErrors = 5

func (o *outcome) add(seen *keystore.KeyView, after keystore.KeyView, err error) {
	switch {
	case err == nil:
		o.made = append(o.made, &after)
		return
	case len(o.errs) < mostErrors:
		o.failed, o.errs = append(o.failed, *seen), append(o.errs, err)
	}
	o.errors++
}

// err returns what is to be told of what could not be done, or nil.
func (o outcome) err() error {
	errs := o.errs
	if more := o.errors - len(errs); more > 0 {
		errs = append(errs, fmt.Errorf("%s more could not be changed", text.Plural(more, "key")))
	}
	if !o.stopped() {
		errs = append(errs, o.end)
	}
	return errors.Join(errs...)
}

// stopped reports whether the operator ended it.
func (o outcome) stopped() bool { return errors.Is(o.end, context.Canceled) }

// run returns the command that changes keys. It goes on after a failure: the
// others were meant too.
func (c change) run(st *keystore.Store, keys []*keystore.KeyView) tea.Cmd {
	return screen.Tell(screen.Work{Doing: c.doing + " " + named(keys), Size: len(keys), Do: func(ctx context.Context, done func(int)) tea.Msg {
		list := make([]keystore.KeyChange, len(keys))
		for i, v := range keys {
			list[i] = c.way
			list[i].ID, list[i].Version = v.ID, v.Version
		}
		var o outcome
		n := 0
		o.end = bulk.Each(ctx, st, list, func(after keystore.KeyView, err error) {
			o.add(keys[n], after, err)
			n++
			done(n)
		})
		return c.report(st, keys, o)
	}})
}

// report tells what was changed and what was not, in this order reversed: the
// last word is what can be undone.
func (c change) report(st *keystore.Store, keys []*keystore.KeyView, o outcome) tea.Msg {
	var cmds []tea.Cmd
	if err := o.err(); err != nil {
		cmds = append(cmds, screen.Tell(screen.Failed{Doing: c.doing + " " + named(keys), Err: err, Keys: o.failed}))
	}
	if len(o.made) > 0 || o.stopped() {
		cmds = append(cmds, screen.Tell(c.words(st, keys, o)))
	}
	return tea.Sequence(append(cmds, screen.Tell(screen.Refresh{}))...)()
}

// words say what was changed.
func (c change) words(st *keystore.Store, keys []*keystore.KeyView, o outcome) screen.Say {
	say := screen.Say{Level: screen.OK, Text: c.done + " " + named(o.made)}
	if left := len(keys) - len(o.made) - o.errors; left > 0 {
		say.Level, say.Text = screen.Warning, fmt.Sprintf("%s; %s stayed as they were", say.Text, text.Count(left))
	}
	if o.errors > 0 {
		say.Level, say.Text = screen.Warning, fmt.Sprintf("%s; %s could not be", say.Text, text.Count(o.errors))
	}
	if c.undo != nil && len(o.made) > 0 {
		say.Undo = c.undo.run(st, o.made)
	}
	return say
}

// named names one key, or counts several.
func named(keys []*keystore.KeyView) string {
	if len(keys) == 1 {
		return keys[0].Ref()
	}
	return text.Plural(len(keys), "key")
}

// consequence says in plain words what stops working with a key.
func consequence(env *screen.Env, v *keystore.KeyView) string {
	now := env.Board.Now
	state := v.StateAt(now, env.Board.Policy.WarnBefore)
	switch {
	case !state.Works():
		return "It does not work now: " + stateWords(*v, state, now) + "."
	default:
		return words.Use(*v, now)
	}
}
