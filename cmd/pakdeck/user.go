package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) userCommand() *cobra.Command {
	return group("user", "Users, who own keys",
		a.userAddCommand(), a.userListCommand(), a.userShowCommand(), a.userEditCommand(),
		a.withUserDryRun(a.userDisableCommand(), disabledUser), a.userEnableCommand())
}

// keyCounts returns how many keys that were not revoked each user has.
func keyCounts(ctx context.Context, st *keystore.Store) (map[keystore.UserID]int, error) {
	keys, err := st.Keys(ctx)
	counts := map[keystore.UserID]int{}
	for _, k := range keys {
		if k.Revoked.IsZero() {
			counts[k.User]++
		}
	}
	return counts, err
}

// printUser writes a user that was changed, with --json only.
func (a *app) printUser(ctx context.Context, st *keystore.Store, u keystore.User) error {
	if !a.json {
		return nil
	}
	counts, err := keyCounts(ctx, st)
	if err != nil {
		return err
	}
	return a.printJSON(userOf(u, counts[u.ID]))
}
