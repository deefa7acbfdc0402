package server

import (
	"context"
	"log"
	"net/http"
	"time"
)

// Serve serves a handler as a Config says until ctx ends, and lets requests under
// way finish.
func Serve(ctx context.Context, c Config, h http.Handler) error {
	c = c.withDefaults()
	tls, err := c.tls()
	if err != nil {
		return err
	}
	book := newLogbook(c.Log, time.Now)
	s := &server{config: c, book: book, http: &http.Server{
		Handler: h, TLSConfig: tls, ErrorLog: log.New(book, "", 0),
		ReadHeaderTimeout: readTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
	}}
	ln, err := listen(ctx, c)
	if err != nil {
		return err
	}
	c.Log.Info("serving", "listen", addressOf(ln.Addr()))
	served := make(chan error, 1)
	go func() { served <- s.serve(ln) }()
	c.Ready(ln.Addr())
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	s.shutdown()
	c.Log.Info("stopped", "listen", addressOf(ln.Addr()))
	return <-served
}
