package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) keyRevokeCommand() *cobra.Command {
	reason := ""
	c := &cobra.Command{
		Use: "revoke KEY --reason TEXT", Short: "End a key for ever",
		Long: "End a key for ever. It stays listed, because the audit needs it; its name may be\ngiven to a new key. What can be undone is: pakdeck key disable.",
		Args: want("KEY"), ValidArgsFunction: a.completeKey,
	}
	c.Flags().StringVar(&reason, "reason", "", "`TEXT` that says why, for the journal and for whoever meets the key later")
	c.RunE = a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
		if !c.Flags().Changed("reason") {
			return usagef("--reason is missing; say why the key ends, such as \"leaked in a build log\"")
		}
		return a.switchKey(ctx, st, args[0], func(k keystore.KeyView) (keystore.KeyView, error) {
			return st.RevokeKey(ctx, k.ID, k.Version, reason)
		}, "revoked %s: it is refused from now on, and for ever", "%s was revoked already")
	})
	return c
}
