package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// app is what the commands work with. Nothing else of the process is read.
type app struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
	now      func() time.Time
	loc      *time.Location // in which dates are meant
	dataHome string         // folder of the default store
	// config is the operator's choices for the dashboard, view what it remembers;
	// "" is none.
	config, view string

	// dashboard runs the full screen on a store, beginning at a place such as
	// "keys/ID"; nil where there is none.
	dashboard func(ctx context.Context, a *app, st *keystore.Store, place string) error

	storeFlag string
	readOnly  bool
	json      bool
	timeout   time.Duration
	look      lookFlags
}

// run runs one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	err := refuseKeyStrings(args)
	if err == nil {
		err = a.rootCommand(args).ExecuteContext(ctx)
	}
	if cause := context.Cause(ctx); err != nil && errors.Is(err, context.Canceled) && cause != nil {
		err = errInterrupted
	}
	return a.report(err, args)
}

// storeName is the standard store in its folder.
const storeName = "store.db"

// storePath returns the store that the flags and the environment name.
func (a *app) storePath() string {
	switch {
	case a.storeFlag != "":
		return a.storeFlag
	case a.env("PAKDECK_STORE") != "":
		return a.env("PAKDECK_STORE")
	}
	return filepath.Join(a.dataHome, storeName)
}

// open opens the store; the caller closes it.
func (a *app) open(ctx context.Context) (*keystore.Store, error) {
	return a.openAt(ctx, a.storePath())
}

func (a *app) openAt(ctx context.Context, path string) (*keystore.Store, error) {
	st, err := keystore.Open(ctx, path, a.storeOptions()...)
	if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, keystore.ErrKeyring) {
		return nil, &noStoreError{path: path, standard: a.storeFlag == ""}
	}
	return st, err
}

func (a *app) storeOptions() []keystore.Option {
	options := []keystore.Option{
		keystore.WithActor(a.actor("cli")), keystore.WithClock(a.now),
		keystore.WithTimeout(a.timeout), keystore.WithWarnings(func(err error) { a.warn(err.Error()) }),
	}
	if a.readOnly {
		options = append(options, keystore.WithReadOnly())
	}
	return options
}

// isTerminal reports whether one of the app's streams is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// utf8 reports whether the operator's terminal shows more than ASCII.
func (a *app) utf8() bool {
	_, _, utf8 := text.Locale(a.env)
	return utf8
}
