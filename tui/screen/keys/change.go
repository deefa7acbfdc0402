package keys

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

// change is one way of changing a key that the operator saw.
type change struct {
	doing string // "disabling"
	done  string // "disabled"
	apply func(context.Context, *keystore.Store, keystore.KeyView) (keystore.KeyView, error)
	undo  *change // or nil if it cannot be taken back
}

// disabling and enabling take each other back.
func disabling() change {
	return change{doing: "disabling", done: "disabled", apply: disable, undo: &change{doing: "enabling", done: "enabled", apply: enable}}
}

func enabling() change {
	return change{doing: "enabling", done: "enabled", apply: enable, undo: &change{doing: "disabling", done: "disabled", apply: disable}}
}

func disable(ctx context.Context, st *keystore.Store, v keystore.KeyView) (keystore.KeyView, error) {
	return st.DisableKey(ctx, v.ID, v.Version)
}

func enable(ctx context.Context, st *keystore.Store, v keystore.KeyView) (keystore.KeyView, error) {
	return st.EnableKey(ctx, v.ID, v.Version)
}

// revoking can be taken back for a while, unless the reason tells that somebody
// else has the key.
func revoking(reason string) change {
	c := change{
		doing: "revoking", done: "revoked for ever:",
		apply: func(ctx context.Context, st *keystore.Store, v keystore.KeyView) (keystore.KeyView, error) {
			return st.RevokeKey(ctx, v.ID, v.Version, reason)
		},
	}
	if !keystore.SoundsCompromised(reason) {
		back := restoring()
		c.undo = &back
	}
	return c
}

// restoring takes revocations back that were a slip.
func restoring() change {
	return change{
		doing: "taking back the revocation of", done: "restored",
		apply: func(ctx context.Context, st *keystore.Store, v keystore.KeyView) (keystore.KeyView, error) {
			return st.RestoreKey(ctx, v.ID, v.Version)
		},
	}
}

// run returns the command that changes keys one after the other. It goes on
// after a failure: the others were meant too.
func (c change) run(env *screen.Env, st *keystore.Store, keys []*keystore.KeyView) tea.Cmd {
	return env.Do(func(ctx context.Context) tea.Msg {
		var made []*keystore.KeyView
		var errs []error
		for _, v := range keys {
			after, err := c.apply(ctx, st, *v)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			made = append(made, &after)
		}
		return c.report(env, st, keys, made, errs)
	})
}

// report tells what was changed and what was not, in this order reversed: the
// last word is what can be undone.
func (c change) report(env *screen.Env, st *keystore.Store, keys, made []*keystore.KeyView, errs []error) tea.Msg {
	var cmds []tea.Cmd
	if err := errors.Join(errs...); err != nil {
		seen := make([]keystore.KeyView, len(keys))
		for i, v := range keys {
			seen[i] = *v
		}
		cmds = append(cmds, screen.Tell(screen.Failed{Doing: c.doing + " " + named(keys), Err: err, Keys: seen}))
	}
	if len(made) > 0 {
		say := screen.Say{Level: screen.OK, Text: c.done + " " + named(made)}
		if len(errs) > 0 {
			say.Level, say.Text = screen.Warning, fmt.Sprintf("%s; %d could not be", say.Text, len(errs))
		}
		if c.undo != nil {
			say.Undo = c.undo.run(env, st, made)
		}
		cmds = append(cmds, screen.Tell(say))
	}
	return tea.Sequence(append(cmds, screen.Tell(screen.Refresh{}))...)()
}

// named names one key, or counts several.
func named(keys []*keystore.KeyView) string {
	if len(keys) == 1 {
		return keys[0].Ref()
	}
	return text.Plural(int64(len(keys)), "key")
}

// consequence says in plain words what stops working with a key.
func consequence(env *screen.Env, v *keystore.KeyView) string {
	now := env.Board.Now
	state := v.StateAt(now, env.Board.Policy.WarnBefore)
	switch {
	case !state.Works():
		return "It does not work now: " + stateWords(*v, state, now) + "."
	case v.Uses.Last.Time.IsZero():
		return "It was never used."
	default:
		return "It was used " + seen(v.Uses.Last, now) + "."
	}
}
