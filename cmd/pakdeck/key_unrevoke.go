package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) keyUnrevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "unrevoke KEY", Short: "Take back a revocation that was a mistake",
		Long: `Take back a revocation that was a mistake. It is possible for 60 minutes, unless
the key was revoked as compromised or its name was given to another key.`,
		Args: want("KEY"), ValidArgsFunction: a.completeRevoked,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.switchKey(ctx, st, args[0], func(k keystore.KeyView) (keystore.KeyView, error) {
				return st.RestoreKey(ctx, k.ID, k.Version)
			}, "%s is as it was before it was revoked", "%s was not revoked")
		}),
	}
}

// completeRevoked offers keys whose revocation may be taken back.
func (a *app) completeRevoked(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.completeKeys(c, args, begun, func(st *keystore.Store, k keystore.KeyView) bool {
		return !k.Revoked.IsZero() && !k.Compromised && st.Now().Sub(k.Revoked) <= keystore.RestoreWithin
	})
}
