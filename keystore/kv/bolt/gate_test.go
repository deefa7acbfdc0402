//go:build unix

package bolt

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

func TestSignaturesAreReadBack(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 32, 0, 123456789, time.FixedZone("CET", 3600))
	for _, command := range []string{"pakdeck", "", "two words", printable(strings.Repeat("🔑", 100)), printable("a\x1b[31m\nb")} {
		b := signature(math.MaxInt32, command, at)
		if len(b) != signatureSize || b[len(b)-1] != '\n' {
			t.Errorf("%q: the signature has %d bytes and ends with %q", command, len(b), b[len(b)-1])
		}
		h, ok := parseSignature(b)
		if want := (kv.Holder{PID: math.MaxInt32, Command: command, Since: at.UTC()}); !ok || h != want {
			t.Errorf("%q: got %+v, want %+v", command, h, want)
		}
	}
}

func TestWhatIsNoSignatureIsNoHolder(t *testing.T) {
	for _, text := range []string{
		"", string(padded("")), "12", "12 ", "0 2026-11-23T14:32:00Z pakdeck", "-1 2026-11-23T14:32:00Z pakdeck",
		"99999999999 2026-11-23T14:32:00Z pakdeck", "12 yesterday pakdeck", "x 2026-11-23T14:32:00Z pakdeck",
	} {
		if h, ok := parseSignature([]byte(text)); ok {
			t.Errorf("%q was read as %+v", text, h)
		}
	}
}

func FuzzParseSignature(f *testing.F) {
	f.Add(signature(1, "pakdeck", time.Unix(1, 1)))
	f.Add([]byte("1 2026-11-23T14:32:00+01:00 \x00\xff"))
	f.Add([]byte("1 2026-11-23T14:32:00Z 00000000000000000000000 0")) // a blank where the command is cut
	f.Add([]byte("1 2026-11-23T14:32:00Z \u06fc"))                    // more bytes than runes
	f.Add([]byte("1 0000-01-01T00:00:00+01:00 a"))                    // a year before 0
	f.Fuzz(func(t *testing.T, b []byte) {
		h, ok := parseSignature(b)
		if !ok {
			return
		}
		for _, r := range h.Command {
			if !unicode.IsPrint(r) {
				t.Errorf("%q lets %q through", b, r)
			}
		}
		again := signature(h.PID, h.Command, h.Since)
		if got, ok := parseSignature(again); len(again) != signatureSize || !ok || got != h {
			t.Errorf("%+v is written as %q and read as %+v", h, again, got)
		}
	})
}

func TestOwnCommandIsTheNameOfThisProgram(t *testing.T) {
	if c := ownCommand(); c == "" || !strings.Contains(os.Args[0], c) {
		t.Errorf("got %q, want a part of %q", c, os.Args[0])
	}
}
