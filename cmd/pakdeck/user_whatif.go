package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/audit/whatif"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// triedUserJSON is whom a change of a user would have refused, by its keys.
type triedUserJSON struct {
	DryRun bool            `json:"dry_run"`
	ID     keystore.UserID `json:"id"`
	Keys   []triedKeyJSON  `json:"keys"` // on which it has an effect
}

type triedKeyJSON struct {
	ID     keystore.KeyID `json:"id"`
	Key    string         `json:"key"`
	Effect effectJSON     `json:"effect"`
}

// tryUser tells what a change of a user would do to those who use its keys.
func (a *app) tryUser(ctx context.Context, st *keystore.Store, before, after keystore.User) error {
	keys, err := st.Keys(ctx)
	if err != nil {
		return err
	}
	tried, all := triedUserJSON{true, before.ID, []triedKeyJSON{}}, 0
	for _, k := range keys {
		if k.User != before.ID {
			continue
		}
		all++
		changed := k
		changed.Owner = after
		effect, err := a.tryKey(ctx, st, k, changed)
		if err != nil {
			return err
		}
		if effect != nil {
			tried.Keys = append(tried.Keys, triedKeyJSON{k.ID, k.Ref(), *effect})
		}
	}
	a.note(effectOnKeys, len(tried.Keys), text.Plural(all, "key"))
	a.note("dry run: nothing was changed")
	if !a.json {
		return nil
	}
	return a.printJSON(tried)
}

// effectOnKeys ends what [app.tryKey] told of several keys.
const effectOnKeys = "it has an effect on what was seen of %d of %s"

// tryKey tells on one line what a change of a key would do to those who use it,
// nil if nothing.
func (a *app) tryKey(ctx context.Context, st *keystore.Store, before, after keystore.KeyView) (*effectJSON, error) {
	seen, err := whatif.Load(ctx, st, before.Key, st.Now())
	if err != nil {
		return nil, err
	}
	e := whatif.Of(before, after, st.Now(), seen)
	if e.Refused+e.Uncertain+e.Admitted == 0 {
		return nil, nil
	}
	a.note("%s: %s", before.Ref(), e)
	effect := effectOf(e)
	return &effect, nil
}

// withUserDryRun gives a command that restricts a user the flag --dry-run; change
// says how the user is afterwards.
func (a *app) withUserDryRun(c *cobra.Command, change func(keystore.User) (keystore.User, error)) *cobra.Command {
	dry, run := false, c.RunE
	c.Flags().BoolVar(&dry, "dry-run", false, dryRunHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		if !dry {
			return run(c, args)
		}
		return a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			before, err := st.User(ctx, args[0])
			if err != nil {
				return err
			}
			after, err := change(before)
			if err != nil {
				return err
			}
			return a.tryUser(ctx, st, before, after)
		})(c, args)
	}
	return c
}

func disabledUser(u keystore.User) (keystore.User, error) {
	u.Disabled = true
	return u, nil
}

// after returns the user as the flags leave what its keys may do.
func (f *userEditFlags) after(u keystore.User) (keystore.User, error) {
	e, err := f.edit(u)
	if e.Admin != nil {
		u.Admin = *e.Admin
	}
	if e.Permissions != nil {
		u.Permissions = *e.Permissions
	}
	return u, err
}
