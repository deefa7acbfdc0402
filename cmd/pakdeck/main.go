package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
	_ "time/tzdata" // zone names are read on machines without a database, too

	"github.com/adrg/xdg"
)

func main() {
	ctx, stop := signalled()
	code := fromProcess().run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// fromProcess returns the app that works on this process's terminal,
// environment and clock.
func fromProcess() *app {
	return &app{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		env: os.Getenv, now: time.Now, loc: time.Local,
		dataHome: filepath.Join(xdg.DataHome, "pakdeck"), dashboard: openDashboard,
		config: filepath.Join(xdg.ConfigHome, "pakdeck", "config.toml"),
		view:   filepath.Join(xdg.StateHome, "pakdeck", "view.toml"),
	}
}

// signalled returns a context that ends at the first signal that asks the
// program to. The second one ends the program at once. A signal that the
// parent switched off stays off, as nohup wants it.
func signalled() (context.Context, context.CancelFunc) {
	ask := []os.Signal{syscall.SIGTERM}
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			ask = append(ask, s)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), ask...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
