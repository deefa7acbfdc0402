package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) keyRevokeCommand() *cobra.Command {
	var r keystore.Revocation
	c := &cobra.Command{
		Use: "revoke KEY --reason TEXT", Short: "End a key for ever",
		Long: `End a key for ever. It stays listed, because the audit needs it; its name may be
given to a new key. What can be undone is: pakdeck key disable.

A slip can be taken back for 60 minutes with "key unrevoke", but not if the key is
compromised: with --compromised, or with a reason that says so ("leaked in a
build log").`,
		Args: want("KEY"), ValidArgsFunction: a.completeKey,
	}
	c.Flags().StringVar(&r.Reason, "reason", "", "`TEXT` that says why, for the journal and for whoever meets the key later")
	c.Flags().BoolVar(&r.Compromised, "compromised", false, "somebody else has the key: the revocation can never be taken back")
	c.RunE = a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
		if !c.Flags().Changed("reason") {
			return usagef("--reason is missing; say why the key ends, such as \"leaked in a build log\"")
		}
		done := "revoked %s: it is refused from now on, and for ever"
		if !r.Compromised && !keystore.SoundsCompromised(r.Reason) {
			done += "; was it a slip, key unrevoke takes it back until " + instant(st.Now().Add(keystore.RestoreWithin)).String()
		}
		return a.switchKey(ctx, st, args[0], func(k keystore.KeyView) (keystore.KeyView, error) {
			return st.Revoke(ctx, k.ID, k.Version, r)
		}, done, "%s was revoked already")
	})
	return c
}
