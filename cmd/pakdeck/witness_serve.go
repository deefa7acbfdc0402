package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/cmd/pakdeck/internal/server"
)

// defaultWitnessListen is where a witness listens unless it is told otherwise.
const defaultWitnessListen = "127.0.0.1:7426"

func (a *app) witnessServeCommand(state *string) *cobra.Command {
	f := serveFlags{}
	c := &cobra.Command{
		Use: "serve", Short: "Take checkpoints over HTTP", Args: want(),
		Long: `Take checkpoints over HTTP: POST /add-checkpoint as in C2SP tlog-witness. An address
that is not loopback needs --tls-cert and --tls-key, or --insecure-listen:
checkpoints are signed and public, so nothing secret crosses the network.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.witnessServe(c.Context(), *state, f) },
	}
	set := c.Flags()
	set.StringVar(&f.Listen, "listen", defaultWitnessListen, "`ADDRESS` host:port, or unix:PATH, or unix:PATH?mode=0660&group=NAME")
	set.StringVar(&f.TLSCert, "tls-cert", "", "PEM `FILE` of the certificate")
	set.StringVar(&f.TLSKey, "tls-key", "", "PEM `FILE` of its key")
	set.BoolVar(&f.InsecureListen, "insecure-listen", false, "listen on the network without TLS")
	set.StringVar(&f.logFormat, "log-format", "text", "`FORMAT` of the logs: text or json")
	a.completeWords(c, "log-format", "text", "json")
	return c
}

func (a *app) witnessServe(ctx context.Context, state string, f serveFlags) error {
	f.MaxStale = 1
	if err := f.check(); err != nil {
		return err
	}
	logger, err := a.logger(f.logFormat)
	if err != nil {
		return err
	}
	w, err := a.openWitness(state)
	if err != nil {
		return err
	}
	f.Log = logger
	mux := http.NewServeMux()
	mux.Handle("/", w.Handler(func(err error) { logger.Warn("warning", "error", err.Error()) }))
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNoContent) })
	return server.Serve(ctx, f.Config, mux)
}
