package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) keyDisableCommand() *cobra.Command {
	return &cobra.Command{
		Use: "disable KEY", Short: "Switch a key off until it is enabled again",
		Args: want("KEY"), ValidArgsFunction: a.completeKey,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.switchKey(ctx, st, args[0], func(k keystore.KeyView) (keystore.KeyView, error) {
				return st.DisableKey(ctx, k.ID, k.Version)
			}, "disabled %s: it is refused from now on", "%s was disabled already")
		}),
	}
}

func (a *app) keyEnableCommand() *cobra.Command {
	return &cobra.Command{
		Use: "enable KEY", Short: "Switch a disabled key on again",
		Args: want("KEY"), ValidArgsFunction: a.completeKey,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.switchKey(ctx, st, args[0], func(k keystore.KeyView) (keystore.KeyView, error) {
				return st.EnableKey(ctx, k.ID, k.Version)
			}, "enabled %s", "%s was enabled already")
		}),
	}
}

// switchKey changes the state of a key, whatever else is changed meanwhile,
// and says which it was: done, or nothing to do.
func (a *app) switchKey(ctx context.Context, st *keystore.Store, ref string,
	change func(keystore.KeyView) (keystore.KeyView, error), done, nothing string,
) error {
	var before keystore.KeyView
	after, err := attempt(true, func() (k keystore.KeyView, err error) {
		if before, err = st.Key(ctx, ref); err != nil {
			return k, err
		}
		return change(before)
	})
	if err != nil {
		return err
	}
	if after.Version == before.Version {
		done = nothing
	}
	a.refused(ctx, st)
	a.note(done, after.Ref())
	if after.Version != before.Version && after.Owner.Disabled {
		a.note("its owner %s is disabled, and with it all its keys", after.Owner.Name)
	}
	return a.printKey(ctx, st, after)
}
