package httpauth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func proxies(t testing.TB, list ...string) Proxies {
	t.Helper()
	p, err := ParseProxies(list)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// asked returns a request from a TCP peer with lines of X-Forwarded-For.
func asked(peer string, forwarded ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/auth", nil)
	r.RemoteAddr = peer
	for _, line := range forwarded {
		r.Header.Add("X-Forwarded-For", line)
	}
	return r
}

func TestTheClientIsTheRightmostHopThatIsNoTrustedProxy(t *testing.T) {
	p := proxies(t, "10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1")
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"no proxy", "192.0.2.1:4711", nil, "192.0.2.1"},
		{"an untrusted peer claims another address", "192.0.2.1:4711", []string{"203.0.113.7"}, "192.0.2.1"},
		{"an untrusted peer sends junk", "192.0.2.1:4711", []string{"junk"}, "192.0.2.1"},
		{"a proxy without the header", "10.0.0.1:4711", nil, "10.0.0.1"},
		{"one hop", "10.0.0.1:4711", []string{"203.0.113.7"}, "203.0.113.7"},
		{"a client that claims another address", "10.0.0.1:4711", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		{"two proxies", "10.0.0.1:4711", []string{"203.0.113.7, 10.2.3.4"}, "203.0.113.7"},
		{"two proxies and a claim", "10.0.0.1:4711", []string{"10.9.9.9,198.51.100.1,203.0.113.7 ,10.2.3.4"}, "203.0.113.7"},
		{"several lines", "10.0.0.1:4711", []string{"198.51.100.1", "203.0.113.7", "10.2.3.4, 10.2.3.5"}, "203.0.113.7"},
		{"nothing but proxies", "10.0.0.1:4711", []string{"10.7.7.7, 10.2.3.4"}, "10.7.7.7"},
		{"a port", "10.0.0.1:4711", []string{"203.0.113.7:65535"}, "203.0.113.7"},
		{"IPv6", "10.0.0.1:4711", []string{"2001:db8::1"}, "2001:db8::1"},
		{"IPv6 in brackets", "10.0.0.1:4711", []string{"[2001:db8::1]"}, "2001:db8::1"},
		{"IPv6 with a port", "10.0.0.1:4711", []string{"[2001:db8::1]:443"}, "2001:db8::1"},
		{"an IPv6 proxy", "[2001:db8:1::5]:4711", []string{"2001:db8::1"}, "2001:db8::1"},
		{"IPv4-mapped", "10.0.0.1:4711", []string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		{"an IPv4-mapped proxy", "[::ffff:10.0.0.1]:4711", []string{"203.0.113.7, ::ffff:10.0.0.2"}, "203.0.113.7"},
		{"a zone of the peer", "[fe80::1%eth0]:4711", nil, "fe80::1"},
		{"junk that need not be read", "10.0.0.1:4711", []string{"unknown, 203.0.113.7"}, "203.0.113.7"},
		{"tabs and blanks", "10.0.0.1:4711", []string{"x,\t 203.0.113.7 \t"}, "203.0.113.7"},
	} {
		got, err := p.ClientAddr(asked(c.peer, c.forwarded...))
		if err != nil || got != netip.MustParseAddr(c.want) {
			t.Errorf("%s: %v, %v; want %s", c.name, got, err, c.want)
		}
	}
}

func TestAHopThatIsNoAddressIsRefused(t *testing.T) {
	p := proxies(t, "10.0.0.0/8")
	for _, hop := range []string{
		"", " ", ",", "203.0.113.7,", "unknown", "_hidden", "203.0.113", "203.0.113.7:", "203.0.113.7:x",
		"203.0.113.7:65536", "203.0.113.7:-1", "203.0.113.7:+1", "[203.0.113.7]", "[2001:db8::1", "2001:db8::1]:443", "[2001:db8::1]443",
		"[]", "[]:443", "fe80::1%eth0", "[fe80::1%eth0]:1", `"203.0.113.7"`, "203.0.113.7 10.0.0.1", "for=203.0.113.7",
		"203.0.113.7, unknown, 10.1.1.1",
	} {
		got, err := p.ClientAddr(asked("10.0.0.1:4711", hop))
		if !errors.Is(err, ErrHop) || got.IsValid() {
			t.Errorf("%q: %v, %v; want an error", hop, got, err)
		}
	}
}

func TestAnErrorAboutAHopDoesNotRepeatAKeyString(t *testing.T) {
	key := "pak_4kTMd9zqW8aB_" + strings.Repeat("s", 49)
	_, err := proxies(t, "10.0.0.0/8").ClientAddr(asked("10.0.0.1:4711", key))
	if err == nil || strings.Contains(err.Error(), "sss") {
		t.Errorf("%v", err)
	}
}

func TestThePeerOfAUnixSocketHasNoAddress(t *testing.T) {
	overUnix := func(forwarded ...string) *http.Request {
		r := asked("@", forwarded...)
		// A client can name its end of the connection like an address.
		r.RemoteAddr = "127.0.0.1:80"
		return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(&net.UnixAddr{Net: "unix", Name: "/run/x"})))
	}
	trusting, other := proxies(t, "unix"), proxies(t, "127.0.0.1")
	for _, c := range []struct {
		name string
		p    Proxies
		r    *http.Request
		want netip.Addr
	}{
		{"trusted", trusting, overUnix("203.0.113.7"), netip.MustParseAddr("203.0.113.7")},
		{"trusted, no header", trusting, overUnix(), netip.Addr{}},
		{"not trusted", other, overUnix("203.0.113.7"), netip.Addr{}},
		{"nobody is trusted", Proxies{}, overUnix("203.0.113.7"), netip.Addr{}},
	} {
		if got, err := c.p.ClientAddr(c.r); err != nil || got != c.want {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

func TestAPeerWithoutAnAddressIsAnError(t *testing.T) {
	for _, peer := range []string{"", "@", "localhost:80", "127.0.0.1"} {
		if _, err := (Proxies{}).ClientAddr(asked(peer)); !errors.Is(err, ErrPeer) {
			t.Errorf("%q: %v", peer, err)
		}
	}
}

func TestTrustedProxiesAreChecked(t *testing.T) {
	for _, list := range [][]string{
		nil, {"unix"}, {"127.0.0.1", "::1"}, {"10.0.0.0/8", "unix"}, {"10.0.0.9/8"}, {"0.0.0.0/1"}, {"::ffff:10.0.0.0/104"},
	} {
		if _, err := ParseProxies(list); err != nil {
			t.Errorf("%q: %v", list, err)
		}
	}
	for _, c := range []struct {
		list []string
		want string
	}{
		{[]string{"0.0.0.0/0"}, "anybody could claim any address"},
		{[]string{"::/0"}, "anybody"},
		{[]string{"10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1"}, "0.0.0.0/0"},
		{[]string{"::/1", "8000::/1"}, "::/0"},
		{[]string{"::ffff:0.0.0.0/96"}, "0.0.0.0/0"},
		{[]string{"::ffff:0.0.0.0/90"}, "IPv4 form"},
		{[]string{"proxy.internal"}, "write an address"},
		{[]string{""}, "write an address"},
		{[]string{"fe80::1%eth0"}, "write an address"},
		{[]string{"10.0.0.0/33"}, "10.0.0.0/33"},
		{[]string{"Unix"}, "unix"},
	} {
		if _, err := ParseProxies(c.list); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q in it", c.list, err, c.want)
		}
	}
}

// reference is ClientAddr by the book: join, split, walk from the right.
func reference(p Proxies, peer netip.Addr, lines []string) (netip.Addr, bool) {
	if !p.contains(peer) || len(lines) == 0 {
		return peer, true
	}
	hops := strings.Split(strings.Join(lines, ","), ",")
	for i := len(hops) - 1; ; i-- {
		a, err := parseHop(hops[i])
		if err != nil {
			return netip.Addr{}, false
		}
		if i == 0 || !p.contains(a) {
			return a, true
		}
	}
}

func FuzzClientAddr(f *testing.F) {
	f.Add("203.0.113.7, 10.2.3.4", "10.1.1.1", true)
	f.Add("unknown", "[2001:db8::1]:443", true)
	f.Add("", ",", false)
	f.Add("::ffff:10.0.0.1:80", "1.2.3.4:80", true)
	p := proxies(f, "10.0.0.0/8", "127.0.0.1")
	f.Fuzz(func(t *testing.T, one, two string, trusted bool) {
		peer := netip.MustParseAddr("192.0.2.1")
		if trusted {
			peer = netip.MustParseAddr("10.0.0.1")
		}
		lines := []string{one, two}
		got, err := p.ClientAddr(asked(netip.AddrPortFrom(peer, 80).String(), lines...))
		want, ok := reference(p, peer, lines)
		if got != want || (err == nil) != ok {
			t.Errorf("%q: %v, %v; want %v", lines, got, err, want)
		}
		if err == nil && (!got.IsValid() || got.Is4In6() || got.Zone() != "") {
			t.Errorf("%q: %v is not a plain address", lines, got)
		}
		if !trusted && got != peer {
			t.Errorf("an untrusted peer is taken for %v", got)
		}
	})
}

func FuzzHop(f *testing.F) {
	for _, s := range []string{"1.2.3.4", "1.2.3.4:80", "[2001:db8::1]:443", "2001:db8::1", "unknown", "", "::ffff:1.2.3.4", "[::1]", "1:2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseHop(s)
		if err != nil {
			return
		}
		for _, form := range []string{a.String(), netip.AddrPortFrom(a, 443).String(), " " + a.String() + "\t"} {
			if again, err := parseHop(form); err != nil || again != a {
				t.Errorf("%q is %v, but %q is %v, %v", s, a, form, again, err)
			}
		}
	})
}

func FuzzProxies(f *testing.F) {
	f.Add("10.0.0.0/8", "unix")
	f.Add("0.0.0.0/1", "128.0.0.0/1")
	f.Add("::/0", "x")
	f.Fuzz(func(t *testing.T, one, two string) {
		p, err := ParseProxies([]string{one, two})
		if err != nil {
			return
		}
		if len(p.prefixes) == 0 && !p.unix {
			t.Errorf("%q and %q were taken for nothing", one, two)
		}
		for _, x := range p.prefixes {
			if x.Bits() == 0 || x != x.Masked() {
				t.Errorf("%q and %q trust %v", one, two, x)
			}
		}
	})
}
