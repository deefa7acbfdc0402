package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) userShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Show a user", Args: want("NAME"), ValidArgsFunction: a.completeUser,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			u, err := st.User(ctx, args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printUser(ctx, st, u)
			}
			counts, err := keyCounts(ctx, st)
			if err != nil {
				return err
			}
			return a.printRows([][]string{
				{"user", u.Name},
				{"id", string(u.ID)},
				{"kind", string(u.Kind)},
				{"state", userState(u)},
				{"permissions", permissionText(u)},
				{"contact", u.Contact},
				{"recipient", u.Recipient},
				{"keys", strconv.Itoa(counts[u.ID])},
				{"created", instant(u.Created).String()},
				{"updated", instant(u.Updated).String()},
				{"version", strconv.FormatUint(u.Version, 10)},
			})
		}),
	}
}
