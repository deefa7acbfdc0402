package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// listen opens the socket of a Config.
func listen(ctx context.Context, c Config) (net.Listener, error) {
	if spec, ok := strings.CutPrefix(c.Listen, "unix:"); ok {
		s, err := parseSocket(spec)
		if err != nil {
			return nil, err
		}
		return s.listen(ctx)
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen address %q: write host:port, such as %s, or unix:PATH", c.Listen, DefaultListen)
	}
	if c.TLSCert == "" && !c.InsecureListen && !isLoopback(host) {
		return nil, fmt.Errorf("listen address %q is not loopback, and keys would cross the network in the clear: "+
			"give a TLS certificate and key, or allow it with --insecure-listen", c.Listen)
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program; is pakdeck serving already? %w", c.Listen, err)
	}
	return ln, err
}

// isLoopback reports whether a host can only be reached from this machine.
// Names other than localhost may mean anything and do not count.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
