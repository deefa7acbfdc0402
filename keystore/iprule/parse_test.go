package iprule

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func TestParseAccepts(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string // prefixes, joined by blanks
		hint Hint
	}{
		{"192.0.2.1", "192.0.2.1/32", ""},
		{"2001:db8::1", "2001:db8::1/128", ""},
		{"2001:DB8:0:0:0:0:0:1", "2001:db8::1/128", ""},
		{"  10.0.0.0/8\t", "10.0.0.0/8", ""},
		{"10.0.0.9/8", "10.0.0.0/8", "host bits set: 10.0.0.9/8 is 10.0.0.0/8"},
		{"2001:db8::9/32", "2001:db8::/32", "host bits set: 2001:db8::9/32 is 2001:db8::/32"},
		{"128.0.0.0/1", "128.0.0.0/1", ""},
		{"::ffff:10.1.2.3", "10.1.2.3/32", "IPv4-mapped: ::ffff:10.1.2.3 is 10.1.2.3"},
		{"::ffff:a01:203", "10.1.2.3/32", "IPv4-mapped: ::ffff:a01:203 is 10.1.2.3"},
		{"::ffff:10.0.0.0/104", "10.0.0.0/8", "IPv4-mapped: ::ffff:10.0.0.0/104 is 10.0.0.0/8"},
		{
			"::ffff:10.0.0.9/104", "10.0.0.0/8",
			"IPv4-mapped: ::ffff:10.0.0.9/104 is 10.0.0.9/8; host bits set: 10.0.0.9/8 is 10.0.0.0/8",
		},
		{
			"192.0.2.10-192.0.2.40", "192.0.2.10/31 192.0.2.12/30 192.0.2.16/28 192.0.2.32/29 192.0.2.40/32",
			"range is 5 prefixes",
		},
		{"10.0.0.0 - 10.0.0.255", "10.0.0.0/24", "range is 10.0.0.0/24"},
		{"10.0.0.0–10.0.0.1", "10.0.0.0/31", "range is 10.0.0.0/31"},
		{"10.0.0.7-10.0.0.7", "10.0.0.7/32", "range is 10.0.0.7/32"},
		{"2001:db8::-2001:db8::2", "2001:db8::/127 2001:db8::2/128", "range is 2 prefixes"},
		{
			"::ffff:10.0.0.0-10.0.0.1", "10.0.0.0/31",
			"IPv4-mapped: ::ffff:10.0.0.0 is 10.0.0.0; range is 10.0.0.0/31",
		},
		{"0.0.0.1-255.255.255.255", prefixesFromOne, "range is 32 prefixes"},
	} {
		got, hint, err := Parse(c.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.in, err)
			continue
		}
		if joined := joinPrefixes(got); joined != c.want || hint != c.hint {
			t.Errorf("Parse(%q) = %s, %q; want %s, %q", c.in, joined, hint, c.want, c.hint)
		}
	}
}

const prefixesFromOne = "0.0.0.1/32 0.0.0.2/31 0.0.0.4/30 0.0.0.8/29 0.0.0.16/28 0.0.0.32/27 0.0.0.64/26 0.0.0.128/25 " +
	"0.0.1.0/24 0.0.2.0/23 0.0.4.0/22 0.0.8.0/21 0.0.16.0/20 0.0.32.0/19 0.0.64.0/18 0.0.128.0/17 " +
	"0.1.0.0/16 0.2.0.0/15 0.4.0.0/14 0.8.0.0/13 0.16.0.0/12 0.32.0.0/11 0.64.0.0/10 0.128.0.0/9 " +
	"1.0.0.0/8 2.0.0.0/7 4.0.0.0/6 8.0.0.0/5 16.0.0.0/4 32.0.0.0/3 64.0.0.0/2 128.0.0.0/1"

func TestParseRefusesAndSaysWhatWouldBeRight(t *testing.T) {
	for in, want := range map[string]string{
		"":                          `"" lacks an address: ` + examples,
		"junk":                      `"junk" is no address: ` + examples,
		"/24":                       `"/24" lacks an address: ` + examples,
		"10.0.0.0/":                 `"10.0.0.0/" has no valid prefix length: IPv4 lengths go from 1 to 32, as in 10.0.0.0/32`,
		"10.0.0.0/33":               `"10.0.0.0/33" has no valid prefix length: IPv4 lengths go from 1 to 32, as in 10.0.0.0/32`,
		"10.0.0.0/08":               `"10.0.0.0/08" has no valid prefix length: IPv4 lengths go from 1 to 32, as in 10.0.0.0/32`,
		"10.0.0.0/+8":               `"10.0.0.0/+8" has no valid prefix length: IPv4 lengths go from 1 to 32, as in 10.0.0.0/32`,
		"2001:db8::/129":            `"2001:db8::/129" has no valid prefix length: IPv6 lengths go from 1 to 128, as in 2001:db8::/128`,
		"10.0.0.0/255.255.255.0":    `"10.0.0.0/255.255.255.0" has a mask in place of a length: write 10.0.0.0/24`,
		"10.0.0.9/0.0.0.255":        `"10.0.0.9/0.0.0.255" has a mask in place of a length: write 10.0.0.0/24`,
		"10.0.0.9 255.255.0.0":      `"10.0.0.9 255.255.0.0" has a mask in place of a length: write 10.0.0.0/16`,
		"10.0.0.0/255.0.255.0":      `"10.0.0.0/255.0.255.0" has no valid prefix length: IPv4 lengths go from 1 to 32, as in 10.0.0.0/32`,
		"0.0.0.0/0":                 `"0.0.0.0/0" covers every IPv4 address: an empty allow list already means any address`,
		"10.0.0.0/0":                `"10.0.0.0/0" covers every IPv4 address: an empty allow list already means any address`,
		"::/0":                      `"::/0" covers every IPv6 address: an empty allow list already means any address`,
		"::ffff:0.0.0.0/96":         `"::ffff:0.0.0.0/96" covers every IPv4 address: an empty allow list already means any address`,
		"0.0.0.0-255.255.255.255":   `"0.0.0.0-255.255.255.255" covers every IPv4 address: an empty allow list already means any address`,
		"::ffff:10.0.0.0/8":         `"::ffff:10.0.0.0/8" is an IPv4-mapped prefix with a length below 96: write 10.0.0.0 with an IPv4 length, as in 10.0.0.0/32`,
		"any":                       `"any" is no address: an empty allow list already means any address`,
		"*":                         `"*" is no address: an empty allow list already means any address`,
		"1.2.3.4:80":                `"1.2.3.4:80" has a port: write 1.2.3.4`,
		"[2001:db8::1]":             `"[2001:db8::1]" has brackets: write 2001:db8::1`,
		"[2001:db8::1]:443":         `"[2001:db8::1]:443" has brackets and a port: write 2001:db8::1`,
		"[junk]":                    `"[junk]" has brackets: write the address without them, as in 2001:db8::1`,
		"fe80::1%eth0":              `"fe80::1%eth0" has a zone: write fe80::1`,
		"fe80::1%eth0/64":           `"fe80::1%eth0/64" has a zone: write fe80::1`,
		"fe80::1%a-fe80::2%a":       `"fe80::1%a-fe80::2%a" has a zone: write fe80::1`,
		"x%eth0":                    `"x%eth0" has a zone: write the address without % and what follows`,
		"localhost":                 `"localhost" is a host name: write 127.0.0.1 or ::1`,
		"vpn-1.example.com":         `"vpn-1.example.com" is a host name: write the address it stands for`,
		"example.com/24":            `"example.com/24" is a host name: write the address it stands for`,
		"https://192.0.2.1/":        `"https://192.0.2.1/" is a URL: write the address alone, as in 192.0.2.1`,
		"010.0.0.1":                 `"010.0.0.1" has leading zeros, which some programs read as octal: write 10.0.0.1`,
		"192.168.000.001":           `"192.168.000.001" has leading zeros, which some programs read as octal: write 192.168.0.1`,
		"10.0.0.256":                `"10.0.0.256" has an octet that is no number from 0 to 255: write four of them, as in 192.0.2.1`,
		"10..0.1":                   `"10..0.1" has an octet that is no number from 0 to 255: write four of them, as in 192.0.2.1`,
		"10.0.0":                    `"10.0.0" has 3 octets in place of 4: write 10.0.0.0/24 if all of that network is meant`,
		"10.0/16":                   `"10.0/16" has 2 octets in place of 4: write 10.0.0.0/16 if all of that network is meant`,
		"10.0.0.":                   `"10.0.0." has 3 octets in place of 4: write 10.0.0.0/24 if all of that network is meant`,
		"10.0.0.1.":                 `"10.0.0.1." has a dot at the end: write 10.0.0.1`,
		"1.2.3.4.5":                 `"1.2.3.4.5" has 5 octets in place of 4: write four, as in 192.0.2.1`,
		"192.0.*.*":                 `"192.0.*.*" has a wildcard: write 192.0.0.0/16`,
		"192.0.2.x":                 `"192.0.2.x" has a wildcard: write 192.0.2.0/24`,
		"2001:db8":                  `"2001:db8" is no IPv6 address: write eight groups of up to four hex digits, or fewer with :: for zeros, as in 2001:db8::1`,
		"10.0.0.1 10.0.0.2":         `"10.0.0.1 10.0.0.2" has a blank in it: write one address, prefix or range`,
		"192.0.2.10-40":             `"192.0.2.10-40" is a shortened range: write 192.0.2.10-192.0.2.40`,
		"192.0.2.40-192.0.2.10":     `"192.0.2.40-192.0.2.10" ends before it begins: write 192.0.2.10-192.0.2.40`,
		"192.0.2.1-2001:db8::1":     `"192.0.2.1-2001:db8::1" begins with IPv4 and ends with IPv6: write one range for each`,
		"10.0.0.0-10.0.1.0/24":      `"10.0.0.0-10.0.1.0/24" is a range with a prefix in it: write its first and last address, or the prefix alone`,
		"10.0.0.1-":                 `"10.0.0.1-" lacks an address: ` + examples,
		"10.0.0.1-10.0.0.300":       `"10.0.0.1-10.0.0.300" has an octet that is no number from 0 to 255: write four of them, as in 192.0.2.1`,
		"10.0.0.1-10.0.0.2-3":       `"10.0.0.1-10.0.0.2-3" is no address: ` + examples,
		"2001:db8::1-2001:db9::ffe": `"2001:db8::1-2001:db9::ffe" is a range of 108 prefixes: at most 100 are possible: write a few prefixes that cover it`,
		"a\x1b[31m":                 `"a\x1b[31m" is no address: ` + examples,
	} {
		_, _, err := Parse(in)
		if err == nil || err.Error() != want {
			t.Errorf("Parse(%q): got  %v\n\twant %s", in, err, want)
		}
		if pe := (*ParseError)(nil); err != nil && !errors.As(err, &pe) {
			t.Errorf("Parse(%q): error is a %T", in, err)
		}
	}
}

func TestParseErrorsBoundTheInput(t *testing.T) {
	_, _, err := Parse(strings.Repeat("x-", 500))
	want := `"` + strings.Repeat("x-", 30) + `…" is no address: ` + examples
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestParseErrorsDoNotQuoteWhatLooksLikeASecret(t *testing.T) {
	const secret = "q7Rt2Vb9Xc4Mn8Lk3Jh6Gf1Ds5Ap0Zo"
	for _, in := range []string{
		secret, "pak_4kTMd9zqW8aB_" + secret, "Bearer " + secret, secret + "/24", "10.0.0.1-" + secret, secret + "-10.0.0.1",
		"10.0.0.0/" + secret, "fe80::1%" + secret, "[fe80::1%" + secret + "]", "10.0.0.1:" + secret, "https://x:" + secret + "@y/",
		"192.0.2.1 " + secret,
	} {
		_, _, err := Parse(in)
		if err == nil || strings.Contains(err.Error(), secret[:8]) {
			t.Errorf("Parse(%q): %v", in, err)
		}
		if pe := (*ParseError)(nil); errors.As(err, &pe) && strings.Contains(pe.Input+pe.Reason+pe.Fix, secret[:8]) {
			t.Errorf("Parse(%q): %#v", in, pe)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "192.0.2.1", "192.0.2.1/24", "2001:db8::1/64", "::ffff:1.2.3.4/99", "192.0.2.10-192.0.2.40", "::1-2::",
		"1.2.3.4:80", "[::1]:80", "fe80::1%eth0", "010.0.0.1", "1.2.3", "1.2.*.*", "10.0.0.0/255.0.0.0", "0.0.0.0/0", "a–b", "-", "%", "[", "/",
		"64:ff9b::1/100", "::ffff:0:0-1.2.3.4", "10.0.0.1-40", "1.2.3.4 0.0.0.255", "localhost", "x\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		prefixes, _, err := Parse(s)
		if err != nil {
			if said := err.Error(); len(prefixes) != 0 || !strings.Contains(said, `": `) && !strings.Contains(said, `" `) && !strings.Contains(said, " not shown) ") {
				t.Fatalf("Parse(%q) = %v, %v", s, prefixes, err)
			}
			return
		}
		if len(prefixes) == 0 || len(prefixes) > MaxRange {
			t.Fatalf("Parse(%q) has %d prefixes", s, len(prefixes))
		}
		for i, p := range prefixes {
			mustBeCanonical(t, p)
			again, hint, err := Parse(p.String())
			if err != nil || hint != "" || !slices.Equal(again, prefixes[i:i+1]) {
				t.Fatalf("Parse(%q) has %v, which is read as %v, %q, %v", s, p, again, hint, err)
			}
			if i > 0 && !prefixes[i-1].Addr().Less(p.Addr()) {
				t.Fatalf("Parse(%q) is not sorted: %v", s, prefixes)
			}
		}
	})
}

// mustBeCanonical fails t unless p is what Parse may return.
func mustBeCanonical(t testing.TB, p netip.Prefix) {
	t.Helper()
	if !p.IsValid() || p != p.Masked() || p.Addr().Is4In6() || p.Bits() == 0 {
		t.Fatalf("%v is not canonical", p)
	}
}

func joinPrefixes(prefixes []netip.Prefix) string {
	var s []string
	for _, p := range prefixes {
		s = append(s, p.String())
	}
	return strings.Join(s, " ")
}
