package pak

import (
	"errors"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestEncodeWritesEveryFieldInOrder(t *testing.T) {
	f := sample(t)
	want := `# pakdeck protected API key, format 1. Treat it like a password.
PAK_FORMAT=1
PAK_API_KEY=` + f.Key.Reveal() + `
PAK_NAME=ci-deploy
PAK_OWNER=build-bot
PAK_ISSUED=2026-11-23T04:00:00Z
PAK_EXPIRES=2027-02-21T09:00:00Z
PAK_ALLOW=10.4.7.0/26,203.0.113.16/29
PAK_STORE=pakdeck/7f3a9c
`
	if got := string(Encode(f)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = `# pakdeck protected API key, format 1. Treat it like a password.
PAK_FORMAT=1
PAK_API_KEY=
PAK_NAME=
PAK_OWNER=
PAK_ISSUED=
PAK_EXPIRES=never
PAK_ALLOW=
PAK_STORE=
`
	if got := string(Encode(File{})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTimesAreWrittenInUTCAndCutToTheSecond(t *testing.T) {
	f := sample(t)
	f.Expires = time.Date(2027, 2, 21, 10, 0, 0, 999_999_999, time.FixedZone("CET", 3600))
	if got := string(Encode(f)); !strings.Contains(got, "\nPAK_EXPIRES=2027-02-21T09:00:00Z\n") {
		t.Error(got)
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"AZaz09_.,:/@+-":     "AZaz09_.,:/@+-",
		"a=b=":               "a=b=",
		"=ls":                "%3Dls",
		"PATH:=ls":           "PATH:%3Dls",
		"two words":          "two%20words",
		"50%":                "50%25",
		"%41":                "%2541",
		"$(id)`id`;&|<>":     "%24%28id%29%60id%60%3B%26%7C%3C%3E",
		`"'\#~*?!{}[]^`:      "%22%27%5C%23%7E%2A%3F%21%7B%7D%5B%5D%5E",
		"Zürich":             "Z%C3%BCrich",
		"\x00\n\r\t\x7f\xff": "%00%0A%0D%09%7F%FF",
	} {
		got := escape(in)
		if got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
		if back, err := unescape(got); err != nil || back != in {
			t.Errorf("%q comes back as %q, %v", in, back, err)
		}
	}
}

func TestUnescapeRefuses(t *testing.T) {
	for in, want := range map[string]error{
		"a b": errNotPlain, "é": errNotPlain, "a'": errNotPlain, "$HOME": errNotPlain, "a\x00": errNotPlain,
		"%": errPercent, "a%4": errPercent, "%zz": errPercent, "%+1": errPercent, "%%41": errPercent,
	} {
		if got, err := unescape(in); !errors.Is(err, want) {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	if got, err := unescape("%c3%BC"); err != nil || got != "ü" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestDecodeReadsWhatEncodeWrites(t *testing.T) {
	plain := regexp.MustCompile(`^(#.*|PAK_[A-Z_]+=([A-Za-z0-9_.,:/@+=-]|%[0-9A-F]{2})*)$`)
	text := rapid.StringMatching(`[^\p{Cc}]{0,40}`)
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(0, 1<<37).Draw(t, "seconds"), 0).UTC()
	})
	prefix := rapid.Custom(func(t *rapid.T) netip.Prefix {
		b := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "address")
		a := netip.AddrFrom16([16]byte(b))
		if rapid.Bool().Draw(t, "IPv4") {
			a = netip.AddrFrom4([4]byte(b[:4]))
		}
		return netip.PrefixFrom(a, rapid.IntRange(0, a.BitLen()).Draw(t, "bits"))
	})
	rapid.Check(t, func(r *rapid.T) {
		f := File{
			Key:    mint(t, rapid.StringMatching(`[a-z0-9]{2,12}`).Draw(r, "prefix")),
			Name:   text.Draw(r, "name"),
			Owner:  text.Draw(r, "owner"),
			Issued: instant.Draw(r, "issued"),
			Allow:  rapid.SliceOfN(prefix, 0, 100).Draw(r, "allow"),
			Store:  text.Draw(r, "store"),
		}
		if rapid.Bool().Draw(r, "expires") {
			f.Expires = instant.Draw(r, "expiry")
		}
		b := Encode(f)
		for line := range strings.Lines(string(b)) {
			if !plain.MatchString(strings.TrimSuffix(line, "\n")) {
				r.Fatalf("needs quotes: %q", line)
			}
		}
		got, err := Decode(b)
		if err != nil {
			r.Fatal(err)
		}
		if diff := same(f, got); diff != "" {
			r.Fatal(diff)
		}
	})
}
