package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/plain"
)

// wantsPlain reports whether questions and answers stand for the dashboard: they
// were asked for, or the terminal cannot do more.
func (a *app) wantsPlain() bool {
	return a.look.plain || a.env("TERM") == "dumb" && isTerminal(a.in) && isTerminal(a.out)
}

// runPlain does the dashboard's tasks as questions and answers, beginning at a
// place.
func (a *app) runPlain(ctx context.Context, st *keystore.Store, place string) error {
	kind, ref, _ := strings.Cut(place, "/")
	if ref != "" {
		kind = strings.TrimSuffix(kind, "s")
	}
	o := plain.Options{
		Store: st.As(a.actor("tui")), In: untilDone{ctx, a.in}, Out: a.out, Zone: a.loc, Home: a.env("HOME"),
		Desk: a.desk(st), Start: strings.TrimSpace(kind + " " + ref),
	}
	if isTerminal(a.in) {
		o.Hidden = a.ask
	}
	return plain.Run(ctx, o)
}

// untilDone is a reader whose Read returns when ctx ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	b, err := wait(u.ctx, func() ([]byte, error) {
		// A buffer of its own: after ctx has ended, the read may go on.
		buf := make([]byte, len(p))
		n, err := u.r.Read(buf)
		return buf[:n], err
	})
	if len(b) > 0 && errors.Is(err, io.EOF) {
		err = nil // it comes again
	}
	return copy(p, b), err
}
