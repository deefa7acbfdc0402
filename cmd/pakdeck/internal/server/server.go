// Package server is the service behind "pakdeck serve": it answers proxies
// and programs that ask whether a key is good.
//
//	/auth                forward-auth for nginx, Caddy, Traefik, HAProxy
//	/auth/...            the same for Envoy's ext_authz
//	/v1/verify           POST, for holders of a management key
//	/oauth/introspect    POST, RFC 7662, the same
//	/metrics             Prometheus
//	/healthz, /readyz    is it alive, can it decide
//
// It refuses to listen beyond this machine without TLS unless it is told to,
// to take over a socket that another server answers on, and to start if the
// start cannot be written to the journal. Told to stop, it lets requests
// under way finish and writes the last uses to the store.
package server

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/httpauth"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// Time limits. A question is small and its answer is quick. Every limit costs
// net/http a timer for each request: so the headers and the whole of a request
// have the same one, and writing has none, because an answer always fits into
// the socket's buffer.
const (
	readTimeout   = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 10 * time.Second // for requests under way
	recordTimeout = 5 * time.Second  // for the last journal record
)

// maxHeader bounds the headers of a request, in bytes. A proxy hands on those
// of its client, of which nginx takes 32 KiB.
const maxHeader = 64 << 10

// heartbeatEvery is how often the journal gets a record and a checkpoint even
// if nothing happens, so that a quiet stretch can be proven too.
const heartbeatEvery = time.Hour

// Run serves until ctx ends, then stops in order: requests under way have
// 10 s to finish, the last uses are written to the store, and the stop to the
// journal. It returns nil if all of that went well.
func Run(ctx context.Context, st *keystore.Store, c Config) error {
	s, err := newServer(ctx, st, c.withDefaults())
	if err != nil {
		return err
	}
	ln, err := listen(ctx, s.config)
	if err != nil {
		return err
	}
	where := addressOf(ln.Addr())
	// Who is told to end from here on ends in order, with both records.
	if err := st.RecordEvent(context.WithoutCancel(ctx), journal.EventServeStart, where, s.settings()...); err != nil {
		return errors.Join(fmt.Errorf("writing the start to the journal: %w", err), ln.Close())
	}
	s.config.Log.Info("serving", "listen", where, "secrets", s.verifier.Len())
	s.publishing.start()
	err = s.run(ctx, ln)
	err = errors.Join(err, s.recordStop(where))
	s.publishing.stop()
	s.config.Log.Info("stopped", "listen", where)
	return err
}

// addressOf returns the address as an operator writes it.
func addressOf(a net.Addr) string {
	if a.Network() == "unix" {
		return "unix:" + a.String()
	}
	return a.String()
}

type server struct {
	config   Config
	store    *keystore.Store
	verifier *verify.Verifier
	http     *http.Server
	book     *logbook

	publishing *publishing // of checkpoints
}

func newServer(ctx context.Context, st *keystore.Store, c Config) (*server, error) {
	proxies, err := httpauth.ParseProxies(c.TrustedProxies)
	if err != nil {
		return nil, err
	}
	tls, err := c.tls()
	if err != nil {
		return nil, err
	}
	book := newLogbook(c.Log, time.Now)
	if _, err := usage.ReadRetention(st); err != nil {
		return nil, err
	}
	v, err := verify.New(ctx, st, verify.Options{MaxStale: c.MaxStale, Warn: book.warn, Info: book.info, Record: usage.NewRecorder(st).Record})
	if err != nil {
		return nil, err
	}
	throttle := c.throttle()
	handler := newRoutes(st, v, throttle, []httpauth.Option{
		httpauth.TrustProxies(proxies), httpauth.WithThrottle(throttle),
		httpauth.WithRealm(c.Realm), httpauth.WithObserver(book.refused),
	})
	return &server{config: c, store: st, verifier: v, book: book, publishing: newPublishing(c.Publish, book.warn), http: &http.Server{
		Handler: handler, ConnContext: laneContext, TLSConfig: tls, ErrorLog: log.New(book, "", 0),
		ReadHeaderTimeout: readTimeout, ReadTimeout: readTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
	}}, nil
}

// run serves on ln until ctx ends or something fails. The verifier outlives
// the last request, so that its use is written too.
func (s *server) run(ctx context.Context, ln net.Listener) error {
	following, stopFollowing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopFollowing()
	followed, served := make(chan error, 1), make(chan error, 1)
	go func() { followed <- s.verifier.Run(following) }()
	select {
	case <-s.verifier.Following(): // no answer before those who change keys wait for this verifier
	case err := <-followed:
		return errors.Join(err, ln.Close())
	}
	go func() { served <- s.serve(ln) }()
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	s.config.Ready(ln.Addr())
	for {
		select {
		case <-beat.C:
			s.heartbeat(ctx)
		case <-ctx.Done():
			s.shutdown()
			stopFollowing()
			return errors.Join(<-served, <-followed)
		case err := <-served:
			stopFollowing()
			return errors.Join(err, <-followed)
		case err := <-followed:
			s.shutdown()
			return errors.Join(err, <-served)
		}
	}
}

func (s *server) serve(ln net.Listener) error {
	var err error
	if s.http.TLSConfig != nil {
		err = s.http.ServeTLS(ln, "", "")
	} else {
		err = s.http.Serve(lanes{ln})
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serving: %w", err)
}

// shutdown lets requests under way finish. Those that do not are cut off.
func (s *server) shutdown() {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		s.config.Log.Warn("some requests did not finish and were cut off", "after", stopTimeout)
		_ = s.http.Close()
	}
}

func (s *server) heartbeat(ctx context.Context) {
	if err := s.store.RecordEvent(ctx, journal.EventServeHeartbeat, "", s.settings()...); err != nil {
		s.book.warn(fmt.Errorf("writing an hourly record to the journal: %w", err))
	}
	s.publishing.now()
}

// settings are what the linter has to know of a verifier that runs.
func (s *server) settings() []journal.Change {
	if len(s.config.TrustedProxies) == 0 {
		return nil
	}
	return []journal.Change{{Field: journal.FieldTrustedProxies, After: s.config.TrustedProxies}}
}

func (s *server) recordStop(where string) error {
	ctx, cancel := context.WithTimeout(context.Background(), recordTimeout)
	defer cancel()
	if err := s.store.RecordEvent(ctx, journal.EventServeStop, where); err != nil {
		return fmt.Errorf("writing the stop to the journal: %w", err)
	}
	return nil
}
