package main

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/cmd/pakdeck/internal/server"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/httpauth"
	"github.com/pakdeck/pakdeck/tui/text"
)

// serveFlags are the settings of the server.
type serveFlags struct {
	server.Config
	publishFlags
	logFormat string
}

const serveHelp = `Verify keys for a web server, over HTTP: /auth for forward-auth, /v1/verify and
/oauth/introspect, /metrics, /healthz and /readyz. Uses are recorded in the
store. A change that any process makes holds at once.

An address that is not loopback needs --tls-cert and --tls-key, or
--insecure-listen. SIGTERM, SIGINT and SIGHUP end it after the requests under
way, with exit code 0. Logs go to standard error.

Every hour, at the start and at the stop the journal gets a record and a checkpoint,
even if nothing happened. The checkpoints go to the file beside the store, and where
--syslog and --witness say.

While it runs it says in the folder STORE.verifiers how far it follows the store, so
that a command which ends a secret returns once it is refused here.`

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use: "serve", Short: "Verify keys over HTTP", Long: serveHelp, Args: want(),
		Example: "  pakdeck serve --trusted-proxy unix --listen 'unix:/run/pakdeck/auth.sock?mode=0660&group=www-data'",
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, _ []string) error {
			return a.serve(ctx, st, f)
		}),
	}
	set := c.Flags()
	set.StringVar(&f.Listen, "listen", server.DefaultListen, "`ADDRESS` host:port, or unix:PATH, or unix:PATH?mode=0660&group=NAME")
	set.StringVar(&f.TLSCert, "tls-cert", "", "PEM `FILE` of the certificate")
	set.StringVar(&f.TLSKey, "tls-key", "", "PEM `FILE` of its key")
	set.BoolVar(&f.InsecureListen, "insecure-listen", false, "let key strings cross the network in the clear")
	set.StringArrayVar(&f.TrustedProxies, "trusted-proxy", nil, "`PREFIX` of peers whose X-Forwarded headers are believed; repeat it")
	set.DurationVar(&f.MaxStale, "max-stale", 10*time.Second, "`TIME` for which keys are accepted while the store cannot be read")
	set.IntVar(&f.FailuresPerMinute, "failures-per-minute", httpauth.DefaultFailuresPerMinute, "`N` failed attempts that a network may have; negative for no limit")
	set.StringVar(&f.Realm, "realm", "pakdeck", "`NAME` in WWW-Authenticate")
	set.StringVar(&f.logFormat, "log-format", "text", "`FORMAT` of the logs: text or json")
	set.StringVar(&f.syslog, "syslog", "", "send checkpoints to syslog at `ADDRESS`: local, unix:PATH, udp:HOST:PORT")
	set.StringVar(&f.witness, "witness", "", "let the witness at `URL` vouch for checkpoints")
	set.StringVar(&f.witnessKey, "witness-key", "", "public `KEY` of the witness, or @FILE")
	a.completeWords(c, "log-format", "text", "json")
	return c
}

func (a *app) serve(ctx context.Context, st *keystore.Store, f serveFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	logger, err := a.logger(f.logFormat)
	if err != nil {
		return err
	}
	if st.Demo() {
		logger.Warn("this is a demo store: anybody may know its key strings")
	}
	f.Log = logger
	if f.Publish, err = f.publishers(st); err != nil {
		return err
	}
	return server.Run(ctx, st.As(a.actor("serve")), f.Config)
}

// check refuses settings that need no look at the system to be wrong.
func (f serveFlags) check() error {
	if _, err := httpauth.ParseProxies(f.TrustedProxies); err != nil {
		return usagef("--trusted-proxy: %v", err)
	}
	_, _, splitErr := net.SplitHostPort(f.Listen)
	switch {
	case splitErr != nil && !strings.HasPrefix(f.Listen, "unix:"):
		return usagef("--listen %s: write host:port, such as %s, or unix:PATH", text.Quote(f.Listen), server.DefaultListen)
	case (f.TLSCert == "") != (f.TLSKey == ""):
		return usagef("--tls-cert and --tls-key go together: give both or none")
	case f.MaxStale <= 0:
		return usagef("--max-stale %v: give a time such as 10s", f.MaxStale)
	}
	return nil
}

// logger returns a logger to standard error.
func (a *app) logger(format string) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(a.err, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(a.err, nil)), nil
	}
	return nil, usagef("--log-format %s: use text or json", text.Quote(format))
}
