package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
)

func (a *app) keyCommand() *cobra.Command {
	return group("key", "Keys: issue, restrict, look at, switch off, rotate",
		a.keyCreateCommand(), a.keyDraftCommand(), a.keyListCommand(), a.keyShowCommand(), a.keyEditCommand(),
		a.withDryRun(a.keyDisableCommand(), disabled), a.keyEnableCommand(),
		a.withDryRun(a.keyRevokeCommand(), revoked), a.keyUnrevokeCommand(),
		a.keyRotateCommand(), a.keyRetireCommand(), a.keyExplainCommand())
}

// printKey writes a key that was changed, with --json only.
func (a *app) printKey(ctx context.Context, st *keystore.Store, k keystore.KeyView) error {
	if !a.json {
		return nil
	}
	j, err := a.viewer(ctx, st).key(k)
	if err != nil {
		return err
	}
	return a.printJSON(j)
}
