package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) userDisableCommand() *cobra.Command {
	return &cobra.Command{
		Use: "disable NAME", Short: "Switch a user off, and with it all its keys",
		Args: want("NAME"), ValidArgsFunction: a.completeUser,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.switchUser(ctx, st, args[0], "disabled", (*keystore.Store).DisableUser)
		}),
	}
}

func (a *app) userEnableCommand() *cobra.Command {
	return &cobra.Command{
		Use: "enable NAME", Short: "Switch a user on again; its keys are as they were",
		Args: want("NAME"), ValidArgsFunction: a.completeUser,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.switchUser(ctx, st, args[0], "enabled", (*keystore.Store).EnableUser)
		}),
	}
}

// switchUser disables or enables a user, whatever else is changed meanwhile.
func (a *app) switchUser(ctx context.Context, st *keystore.Store, ref, done string,
	change func(*keystore.Store, context.Context, keystore.UserID, uint64) (keystore.User, error),
) error {
	var before keystore.User
	after, err := attempt(true, func() (u keystore.User, err error) {
		if before, err = st.User(ctx, ref); err != nil {
			return u, err
		}
		return change(st, ctx, before.ID, before.Version)
	})
	if err != nil {
		return err
	}
	counts, err := keyCounts(ctx, st)
	switch {
	case err != nil:
		return err
	case before.Version == after.Version:
		a.note("user %s was %s already", after.Name, done)
	case after.Disabled:
		a.note("disabled user %s: its keys (%d) are refused from now on", after.Name, counts[after.ID])
	default:
		a.note("enabled user %s: its keys (%d) are as they were", after.Name, counts[after.ID])
	}
	return a.printUser(ctx, st, after)
}
