package server

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"time"

	"github.com/pakdeck/pakdeck/keystore/httpauth"
)

// DefaultListen is where the server listens unless it is told otherwise.
const DefaultListen = "127.0.0.1:7425"

// Config says how to serve. The zero value serves on [DefaultListen] and
// trusts nobody's X-Forwarded headers.
type Config struct {
	// Listen is host:port, or unix:PATH for a unix socket. The socket is
	// open to its owner alone; unix:PATH?mode=0660&group=www-data lets in
	// the group that nginx runs as.
	Listen string
	// TLSCert and TLSKey are PEM files, read at the start. An address that
	// is not loopback needs them, or InsecureListen.
	TLSCert, TLSKey string
	// InsecureListen allows key strings to cross the network in the clear.
	InsecureListen bool
	// TrustedProxies are the peers whose X-Forwarded headers are believed:
	// see [httpauth.ParseProxies].
	TrustedProxies []string
	// MaxStale is how long keys are accepted without having been able to
	// read the store; 0 means 10 s.
	MaxStale time.Duration
	// FailuresPerMinute is how many failed attempts a network may have; 0
	// means [httpauth.DefaultFailuresPerMinute], a negative number no limit.
	FailuresPerMinute int
	// Realm is that of WWW-Authenticate; "" means pakdeck.
	Realm string
	// Log receives starts, stops, refused requests and warnings; nil drops
	// them.
	Log *slog.Logger
	// Publish hands checkpoints on: at the start, every hour, and at the stop.
	Publish []Publisher
	// Ready is called once, when connections are accepted at the address.
	Ready func(net.Addr)
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Ready == nil {
		c.Ready = func(net.Addr) {}
	}
	if c.Realm == "" {
		c.Realm = "pakdeck"
	}
	return c
}

// throttle returns the limit on failed attempts, nil for none.
func (c Config) throttle() *httpauth.Throttle {
	if c.FailuresPerMinute < 0 {
		return nil
	}
	return httpauth.NewThrottle(c.FailuresPerMinute)
}

// tls returns the TLS settings, nil for plain HTTP.
func (c Config) tls() (*tls.Config, error) {
	if c.TLSCert == "" && c.TLSKey == "" {
		return nil, nil
	}
	if c.TLSCert == "" || c.TLSKey == "" {
		return nil, errors.New("TLS needs both a certificate file and a key file")
	}
	pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
