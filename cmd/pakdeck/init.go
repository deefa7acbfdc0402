package main

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// initJSON is what init made.
type initJSON struct {
	Store       string `json:"store"`
	Keyring     string `json:"keyring"`
	Checkpoints string `json:"checkpoints"`
	Policy      string `json:"policy"`
	Prefix      string `json:"prefix"`
	Origin      string `json:"origin"`
	Verifier    string `json:"verifier"`
}

func (a *app) initCommand() *cobra.Command {
	prefix := ""
	c := &cobra.Command{
		Use: "init", Short: "Make a new store", Args: want(),
		Long: `Make a new store with its keyring. An existing one is never touched.

The keyring holds what the store alone must not: without it no key can be
verified, with both files keys can be tested by guessing. Back it up, and keep
the copy apart from copies of the store.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.runInit(c.Context(), prefix) },
	}
	c.Flags().StringVar(&prefix, "prefix", token.DefaultPrefix, "first `WORD` of the key strings, 2 to 12 of a-z0-9; for ever")
	return c
}

func (a *app) runInit(ctx context.Context, prefix string) error {
	if err := token.ValidatePrefix(prefix); err != nil {
		return &keystore.FieldError{Field: "--prefix", Value: prefix, Text: "is no prefix; use 2 to 12 of a-z0-9, such as pak"}
	}
	path := a.storePath()
	st, err := keystore.Create(ctx, path, keystore.CreateOptions{Prefix: prefix}, a.storeOptions()...)
	if errors.Is(err, fs.ErrExist) && !errors.Is(err, keystore.ErrKeyring) {
		return &failedError{text: "there is a store at " + path + " already; it was not touched", hint: "use it, or give another path with --store"}
	}
	if err != nil {
		return err
	}
	return closing(st, a.printInit(st))
}

func (a *app) printInit(st *keystore.Store) error {
	made := initJSON{
		Store: st.Path(), Keyring: st.KeyringPath(), Checkpoints: st.CheckpointPath(), Policy: st.PolicyPath(),
		Prefix: st.Prefix(), Origin: st.Origin(), Verifier: st.VerifierKey(),
	}
	if a.json {
		return a.printJSON(made)
	}
	err := a.printRows([][]string{
		{"store", made.Store}, {"keyring", made.Keyring}, {"checkpoints", made.Checkpoints},
	})
	a.note("Back up the keyring now, apart from the store: without it every key is lost.")
	a.note("Next: pakdeck user add NAME")
	return err
}
