package httpauth

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"go4.org/netipx"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// Errors of [Proxies.ClientAddr].
var (
	// ErrPeer: the server does not say who is at the other end.
	ErrPeer = errors.New("the address of the peer is not known")
	// ErrHop: a trusted proxy sent an X-Forwarded-For that cannot be read.
	ErrHop = errors.New("X-Forwarded-For cannot be read")
)

// Proxies are the peers whose X-Forwarded headers are believed. The zero
// value believes nobody.
type Proxies struct {
	prefixes []netip.Prefix
	unix     bool
}

// ParseProxies reads a list of addresses and prefixes, and the word "unix" for
// the peer of a unix socket. A list that covers all IPv4 or all IPv6
// addresses is refused: anybody could then claim any address.
func ParseProxies(list []string) (Proxies, error) {
	var p Proxies
	for _, item := range list {
		if item == "unix" {
			p.unix = true
			continue
		}
		prefix, err := parseProxy(item)
		if err != nil {
			return Proxies{}, err
		}
		p.prefixes = append(p.prefixes, prefix)
	}
	if err := p.checkSpan(); err != nil {
		return Proxies{}, err
	}
	return p, nil
}

func parseProxy(item string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(item)
	if err != nil {
		a, err := netip.ParseAddr(item)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, fmt.Errorf("trusted proxy %s: write an address, a prefix such as 10.4.0.0/16, or unix", quote.Input(item))
		}
		prefix = netip.PrefixFrom(a, a.BitLen())
	}
	if prefix.Addr().Is4In6() {
		if prefix.Bits() < 96 {
			return netip.Prefix{}, fmt.Errorf("trusted proxy %s: write IPv4 prefixes in IPv4 form", quote.Input(item))
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	return prefix.Masked(), nil
}

// checkSpan refuses a list that leaves no address untrusted.
func (p Proxies) checkSpan() error {
	var b netipx.IPSetBuilder
	for _, prefix := range p.prefixes {
		b.AddPrefix(prefix)
	}
	set, err := b.IPSet()
	if err != nil {
		return fmt.Errorf("trusted proxies: %w", err)
	}
	for _, all := range []string{"0.0.0.0/0", "::/0"} {
		if set.ContainsPrefix(netip.MustParsePrefix(all)) {
			return fmt.Errorf("trusted proxies cover %s: anybody could claim any address; name only your own proxies", all)
		}
	}
	return nil
}

func (p Proxies) contains(a netip.Addr) bool {
	for i := range p.prefixes {
		if p.prefixes[i].Contains(a) {
			return true
		}
	}
	return false
}

// ClientAddr returns the address that a request came from: the rightmost hop
// of X-Forwarded-For that is no trusted proxy, and the leftmost if all are. If
// the peer itself is not trusted, or sent no such header, it is the peer.
//
// Hops are read from the right and only as far as needed; one that is read
// and is not an address is [ErrHop], because skipping it would make a
// client's claim the truth. Ports and brackets are dropped, IPv4-mapped
// addresses are IPv4.
//
// The peer of a unix socket has no address: without a header the result is
// the zero Addr, which no key with address rules accepts.
func (p Proxies) ClientAddr(r *http.Request) (netip.Addr, error) {
	o := p.originOf(r)
	return o.addr, o.err
}

// origin is where a request came from.
type origin struct {
	addr    netip.Addr // of the client
	trusted bool       // the peer is a trusted proxy
	err     error
}

func (p Proxies) originOf(r *http.Request) origin {
	o := p.peerOf(r)
	if !o.trusted {
		return o
	}
	lines := r.Header["X-Forwarded-For"]
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var hop string
			rest, hop, more = cutLast(rest)
			if o.addr, o.err = parseHop(hop); o.err != nil || !p.contains(o.addr) {
				return o
			}
		}
	}
	return o
}

// peerOf returns the other end of the connection as the origin.
func (p Proxies) peerOf(r *http.Request) origin {
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && local.Network() == "unix" {
		return origin{trusted: p.unix}
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return origin{err: ErrPeer}
	}
	a := at.Addr().WithZone("").Unmap()
	return origin{addr: a, trusted: p.contains(a)}
}

// cutLast splits off what follows the last comma.
func cutLast(s string) (before, last string, more bool) {
	i := strings.LastIndexByte(s, ',')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// parseHop reads one element of X-Forwarded-For: an address, which may have a
// port, and brackets if it is IPv6.
func parseHop(s string) (netip.Addr, error) {
	s = strings.Trim(s, " \t")
	host := s
	switch {
	case strings.HasPrefix(s, "["):
		inner, port, ok := strings.Cut(s[1:], "]")
		if !ok || !isPort(port) || !strings.Contains(inner, ":") {
			return netip.Addr{}, hopError(s)
		}
		host = inner
	case strings.Count(s, ":") == 1:
		i := strings.IndexByte(s, ':')
		if !isPort(s[i:]) {
			return netip.Addr{}, hopError(s)
		}
		host = s[:i]
	}
	a, err := netip.ParseAddr(host)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, hopError(s)
	}
	return a.Unmap(), nil
}

// isPort reports whether s is empty or ":" and a port number.
func isPort(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != ':' || len(s) < 2 || len(s) > 6 {
		return false
	}
	n := 0
	for _, c := range []byte(s[1:]) {
		if c < '0' || c > '9' {
			return false
		}
		n = n*10 + int(c-'0')
	}
	return n <= 65535
}

func hopError(hop string) error {
	return fmt.Errorf("%w: %s is not an address", ErrHop, quote.Input(hop))
}
