package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/demo"
)

func (a *app) demoCommand() *cobra.Command {
	reset, noOpen := false, false
	c := &cobra.Command{
		Use: "demo", Short: "Look around in a store of invented users and keys", Args: want(),
		Long: `Make a store of invented users and keys, apart from the real one, and open the
dashboard on it. It is made once and can be played with; --reset makes it anew.
Its path is that of --store, else demo.db beside the standard store.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.runDemo(c.Context(), reset, noOpen) },
	}
	c.Flags().BoolVar(&reset, "reset", false, "make it anew")
	a.addLook(c)
	c.Flags().BoolVar(&noOpen, "no-open", false, "do not open the dashboard")
	return c
}

func (a *app) runDemo(ctx context.Context, reset, noOpen bool) error {
	path := a.storeFlag
	if path == "" {
		path = filepath.Join(a.dataHome, "demo.db")
	}
	st, err := a.demoStore(ctx, path, reset)
	if err != nil {
		return err
	}
	if a.wantsPlain() && !noOpen && !a.json {
		return closing(st, a.runPlain(ctx, st, ""))
	}
	if a.dashboard != nil && !noOpen && !a.json && isTerminal(a.in) && isTerminal(a.out) {
		return closing(st, a.dashboard(ctx, a, st, ""))
	}
	a.note("the demo store is %s; look at it with: pakdeck --store %[1]s", st.Path())
	if a.json {
		return closing(st, a.printJSON(map[string]string{"store": st.Path()}))
	}
	return closing(st, nil)
}

// demoStore opens the demo store, which it makes if need be. What is no demo
// store is never touched.
func (a *app) demoStore(ctx context.Context, path string, reset bool) (*keystore.Store, error) {
	st, err := a.openAt(ctx, path)
	switch {
	case err != nil && !ofType[*noStoreError](err):
		return nil, err
	case err == nil && !st.Demo():
		return nil, closing(st, &failedError{text: path + " is no demo store; it was not touched", hint: "give another path with --store"})
	case err == nil && !reset:
		return st, nil
	case err == nil:
		if err := closing(st, removeStore(path)); err != nil {
			return nil, err
		}
	}
	if a.readOnly {
		return nil, keystore.ErrReadOnly
	}
	made, err := demo.Create(ctx, path, a.now())
	if err != nil {
		return nil, err
	}
	if err := made.Close(); err != nil {
		return nil, err
	}
	return a.openAt(ctx, path)
}

// removeStore removes a store and the files beside it. Without its checkpoints
// a keyring alone stands in nobody's way, wherever this is cut short.
func removeStore(path string) error {
	for _, ending := range []string{".checkpoints", "", ".keyring", ".lock", ".policy.toml"} {
		if err := os.Remove(path + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
