package server

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/httpauth"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// book returns a logbook, its text, and its clock.
func book() (*logbook, *lines, *time.Time) {
	now, text := noon, &lines{}
	return newLogbook(slog.New(slog.NewTextHandler(text, nil)), func() time.Time { return now }), text, &now
}

func refusal(ip string, o keystore.Outcome) httpauth.Refusal {
	return httpauth.Refusal{Status: 401, Outcome: o, Addr: netip.MustParseAddr(ip), Route: "GET /v1/models"}
}

func TestOneLineAMinuteForEachNetworkAndOutcome(t *testing.T) {
	b, text, now := book()
	for range 10 {
		b.refused(nil, refusal("192.0.2.1", keystore.Unknown))
		b.refused(nil, refusal("192.0.2.99", keystore.Unknown))
		b.refused(nil, refusal("192.0.2.1", keystore.Expired))
		b.refused(nil, refusal("198.51.100.1", keystore.Unknown))
	}
	if n := strings.Count(text.String(), "msg=refused"); n != 3 {
		t.Errorf("%d lines, want 3:\n%s", n, text)
	}
	*now = noon.Add(time.Minute)
	b.refused(nil, refusal("192.0.2.1", keystore.Unknown))
	if n := strings.Count(text.String(), "msg=refused"); n != 4 {
		t.Errorf("%d lines in the next minute, want 4", n)
	}
	if !strings.Contains(text.String(), "lines=37") {
		t.Errorf("what was left out is not told:\n%s", text)
	}
}

func TestTheLogIsBoundedWhateverHappens(t *testing.T) {
	b, text, _ := book()
	for i := range 10 * mostLines {
		b.refused(nil, refusal(fmt.Sprintf("10.%d.%d.1", i/256, i%256), keystore.Unknown))
		b.warn(fmt.Errorf("warning %d", i))
	}
	if n := strings.Count(text.String(), "\n"); n != mostLines {
		t.Errorf("%d lines, want %d", n, mostLines)
	}
}

func TestWhatALineSays(t *testing.T) {
	b, text, _ := book()
	long := refusal("192.0.2.1", keystore.Expired)
	long.Route = "GET /" + strings.Repeat("x", 10_000)
	b.refused(nil, long)
	b.refused(&http.Request{RemoteAddr: "10.0.0.9:4711"}, httpauth.Refusal{Status: 403, Code: "invalid_request", Err: errors.New("X-Forwarded-For cannot be read"), Route: "GET /a\nb"})
	b.warn(errors.New("the store is busy"))
	if _, err := b.Write([]byte("http: TLS handshake error from 192.0.2.1:1234: EOF\n")); err != nil {
		t.Error(err)
	}
	_, _ = b.Write([]byte("http: TLS handshake error from 192.0.2.2:5678: EOF\n"))
	for _, want := range []string{
		"level=INFO msg=refused outcome=expired status=401", "ip=192.0.2.1",
		`level=WARN msg=refused outcome=invalid_request status=403 route="GET /a\nb" peer=10.0.0.9:4711 error="X-Forwarded-For cannot be read"`,
		`msg=warning error="the store is busy"`,
		`msg="http server" error="http: TLS handshake error from 192.0.2.1:1234: EOF"`,
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text.String(), "192.0.2.2") || len(text.String()) > 2000 {
		t.Errorf("too much:\n%s", text)
	}
}
