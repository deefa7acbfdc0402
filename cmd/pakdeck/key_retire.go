package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) keyRetireCommand() *cobra.Command {
	dryRun := false
	c := &cobra.Command{
		Use: "retire KEY", Short: "End the old secret of a rotation now",
		Long: `End the old secret of a rotation now, before its grace has passed. Who still used
it is told. A retired secret stays known: who still tries it is seen in "key show".`,
		Args: want("KEY"), ValidArgsFunction: a.completeKey,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.endSecret(ctx, st, args[0], dryRun, func(k keystore.KeyView) (keystore.KeyView, error) {
				return st.RetireSecret(ctx, k.ID, k.Version)
			}, "retired the old secret of %s: %s works alone, %s is refused from now on", true)
		}),
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "tell who uses the old secret, but do not end it")
	return c
}

// endSecret ends one of the two secrets of a key: the old one, or else the new
// one. It tells who has used that one.
func (a *app) endSecret(ctx context.Context, st *keystore.Store, ref string, dryRun bool,
	end func(keystore.KeyView) (keystore.KeyView, error), done string, old bool,
) error {
	k, err := st.Key(ctx, ref)
	if err != nil {
		return err
	}
	loser, rotating := k.RetiringAt(st.Now())
	survivor := k.Current()
	if !old {
		loser, survivor = survivor, loser
	}
	if rotating {
		if err := a.noteUser(ctx, st, loser); err != nil {
			return err
		}
	}
	if dryRun && rotating {
		a.note("dry run: nothing was changed")
		return nil
	}
	after, err := end(k)
	if err != nil {
		return err
	}
	a.note(done, after.Ref(), survivor.ID, loser.ID)
	return a.printKey(ctx, st, after)
}

// noteUser tells who used a secret last.
func (a *app) noteUser(ctx context.Context, st *keystore.Store, s keystore.Secret) error {
	u, err := st.Uses(ctx, keystore.Key{Secrets: []keystore.Secret{s}})
	if err != nil {
		return err
	}
	if u.Last.Time.IsZero() {
		a.note("%s was never used", s.ID)
		return nil
	}
	a.note("%s was last used %s", s.ID, sightingText(u.Last, a.viewer(ctx, st)))
	return nil
}
