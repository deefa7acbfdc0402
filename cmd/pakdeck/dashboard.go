package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui"
)

// openDashboard shows the dashboard on a store, beginning at a place.
func openDashboard(ctx context.Context, a *app, st *keystore.Store, place string) error {
	actor := a.actor("tui")
	var demos []*keystore.Store
	defer func() {
		for _, d := range demos {
			_ = d.Close()
		}
	}()
	choices, err := a.choices()
	if err != nil {
		return err
	}
	view, err := a.readView()
	if err != nil {
		a.warn("how the lists were left cannot be read: " + err.Error())
	}
	err = tui.Run(ctx, tui.Options{
		Store: st.As(actor), Version: buildVersion().Version,
		In: a.in, Out: a.out, Env: os.Environ(), Home: a.env("HOME"), Operator: a.operator(), Local: a.loc,
		Start: place, ASCII: choices.ASCII || !a.utf8(), Palette: choices.Theme, Keys: choices.Keys,
		View: view, SaveView: a.writeView, Idle: choices.Idle, Mouse: choices.Mouse.At(a.env("SSH_CONNECTION") != ""),
		OpenDemo: func(ctx context.Context) (*keystore.Store, error) {
			d, err := a.demoStore(ctx, filepath.Join(a.dataHome, "demo.db"), false)
			if err != nil {
				return nil, err
			}
			demos = append(demos, d)
			return d.As(actor), nil
		},
	})
	if errors.Is(err, tui.ErrIdle) {
		a.note("%v", err)
		return nil
	}
	return err
}

// openOrMake opens the store for the dashboard. On a machine without one, the
// standard store is made: who opens the dashboard wants to begin. A path that
// was named is never made, because it may be mistyped.
func (a *app) openOrMake(ctx context.Context) (*keystore.Store, error) {
	st, err := a.open(ctx)
	missing := ofType[*noStoreError](err)
	if !missing || a.readOnly || a.storeFlag != "" || a.env("PAKDECK_STORE") != "" {
		return st, err
	}
	return keystore.Create(ctx, a.storePath(), keystore.CreateOptions{}, a.storeOptions()...)
}
