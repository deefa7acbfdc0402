package main

import (
	"context"
	"fmt"
	"log/syslog"
	"strings"

	"github.com/pakdeck/pakdeck/cmd/pakdeck/internal/server"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/text"
)

// publishFlags say where checkpoints go besides the file beside the store.
type publishFlags struct{ syslog, witness, witnessKey string }

// publishers returns what hands checkpoints on.
func (f publishFlags) publishers(st *keystore.Store) ([]server.Publisher, error) {
	var out []server.Publisher
	if f.syslog != "" {
		p, err := toSyslog(f.syslog, st)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if (f.witness == "") != (f.witnessKey == "") {
		return nil, usagef("--witness and --witness-key go together: give both or none")
	}
	if f.witness != "" {
		p, err := toWitness(f.witness, f.witnessKey, st)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// localSyslog is the syslog daemon of this machine.
const localSyslog = "local"

// toSyslog connects to a syslog daemon. A connection that breaks is made anew.
func toSyslog(address string, st *keystore.Store) (server.Publisher, error) {
	network, raddr, ok := strings.Cut(address, ":")
	switch {
	case address == localSyslog:
		network, raddr = "", ""
	case !ok || raddr == "" || network != "udp" && network != "tcp" && network != "unix":
		return nil, usagef("--syslog %s: write local, unix:PATH, udp:HOST:PORT or tcp:HOST:PORT", text.Quote(address))
	case network == "unix":
		network = "unixgram"
	}
	w, err := syslog.Dial(network, raddr, syslog.LOG_NOTICE|syslog.LOG_AUTHPRIV, "pakdeck")
	if err != nil {
		return nil, &failedError{text: "--syslog " + text.Quote(address), err: err}
	}
	return func(ctx context.Context) error {
		head, err := st.Head(ctx)
		if err != nil {
			return err
		}
		// One line, from which the note comes back by printf %b.
		note := strings.ReplaceAll(string(head.Note), "\n", `\n`)
		if err := w.Notice(fmt.Sprintf(`checkpoint %s note="%s"`, head.Short(), note)); err != nil {
			return fmt.Errorf("sending checkpoint %s to syslog: %w", head.Short(), err)
		}
		return nil
	}, nil
}

func toWitness(url, key string, st *keystore.Store) (server.Publisher, error) {
	key, err := textOrFile("--witness-key", key)
	if err != nil {
		return nil, err
	}
	c, err := newWitnessClient(url, key)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		cp, err := c.Cosign(ctx, st)
		if err != nil {
			return err
		}
		return st.KeepCheckpoint(cp)
	}, nil
}
