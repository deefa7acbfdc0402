package iprule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParseList(t *testing.T) {
	for _, c := range []struct{ name, text, entries, errs string }{
		{"empty", "", "", ""},
		{"blank lines and comments", "\n  \n# office\n\t# more\n", "", ""},
		{"one a line", "10.0.0.1\n10.0.0.2\r\n10.0.0.3\r10.0.0.4", "10.0.0.1/32|10.0.0.2/32|10.0.0.3/32|10.0.0.4/32", ""},
		{"every separator", "10.0.0.1,10.0.0.2;10.0.0.3 10.0.0.4\t10.0.0.5\u00a010.0.0.6, ,;", "10.0.0.1/32|10.0.0.2/32|10.0.0.3/32|10.0.0.4/32|10.0.0.5/32|10.0.0.6/32", ""},
		{"quotation marks", `"10.0.0.0/8", '2001:db8::/32',`, "10.0.0.0/8|2001:db8::/32", ""},
		{"byte order mark", "\ufeff10.0.0.0/8", "10.0.0.0/8", ""},
		{"note of the item before it", "10.0.0.1, 10.0.0.2 # vpn; site 2\n10.0.0.3", "10.0.0.1/32|10.0.0.2/32 # vpn; site 2|10.0.0.3/32", ""},
		{"comment line does not annotate the line before", "10.0.0.1\n# next: Paris\n10.0.0.2", "10.0.0.1/32|10.0.0.2/32", ""},
		{"note without blanks", "10.0.0.0/8#vpn # east", "10.0.0.0/8 # vpn # east", ""},
		{"note of a range goes to all of it", "10.0.0.1-10.0.0.2 # lab", "10.0.0.1/32 # lab|10.0.0.2/32 # lab", ""},
		{"blanks around hyphens", "10.0.0.0 - 10.0.0.1 10.0.0.2– 10.0.0.3", "10.0.0.0/31|10.0.0.2/31", ""},
		{"normalised", "10.0.0.9/8 ::ffff:192.0.2.1", "10.0.0.0/8|192.0.2.1/32", ""},
		{"duplicates are kept", "10.0.0.1 10.0.0.1", "10.0.0.1/32|10.0.0.1/32", ""},
		{
			"goes on after a bad item", "10.0.0.1\n1.2.3.4:80 junk 10.0.0.2\n::/0\n10.0.0.3", "10.0.0.1/32|10.0.0.2/32|10.0.0.3/32",
			`line 2: "1.2.3.4:80" has a port: write 1.2.3.4|line 2: "junk" is no address: ` + examples +
				`|line 3: "::/0" covers every IPv6 address: an empty allow list already means any address`,
		},
		{
			"a mask is no address", "10.1.0.0 255.255.0.0\n10.2.0.0 0.0.255.255 # wild\n10.3.0.0 10.4.0.0", "10.3.0.0/32|10.4.0.0/32",
			`line 1: "10.1.0.0 255.255.0.0" has a mask in place of a length: write 10.1.0.0/16|` +
				`line 2: "10.2.0.0 0.0.255.255" has a mask in place of a length: write 10.2.0.0/16`,
		},
		{
			"bad notes", "10.0.0.1 # " + strings.Repeat("ü", 81) + "\n10.0.0.2 # a\u202eb\n10.0.0.3 # a\tb\n10.0.0.4 # \xff\n10.0.0.5 # " + strings.Repeat("ü", 80),
			"10.0.0.5/32 # " + strings.Repeat("ü", 80),
			"line 1: 10.0.0.1/32: note has 81 characters, at most 80 are possible|" +
				"line 2: 10.0.0.2/32: note contains the control character U+202E: use plain text on one line|" +
				"line 3: 10.0.0.3/32: note contains the control character U+0009: use plain text on one line|" +
				"line 4: 10.0.0.4/32: note is not UTF-8 text",
		},
		{"too long", strings.Repeat("\n", MaxText+1), "", "the list has 65537 bytes, at most 65536 are possible"},
		{"longest", strings.Repeat("\n", MaxText), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			entries, errs := ParseList(c.text)
			if got := joinEntries(entries, "|"); got != c.entries {
				t.Errorf("entries %s\n\twant %s", got, c.entries)
			}
			var texts []string
			for _, e := range errs {
				texts = append(texts, e.Error())
			}
			if got := strings.Join(texts, "|"); got != c.errs {
				t.Errorf("errors %s\n\twant %s", got, c.errs)
			}
		})
	}
}

func TestLineErrorUnwraps(t *testing.T) {
	_, errs := ParseList("\njunk")
	if len(errs) != 1 || errs[0].Line != 2 {
		t.Fatalf("got %v", errs)
	}
	if pe, ok := errs[0].Unwrap().(*ParseError); !ok || pe.Input != `"junk"` {
		t.Errorf("Unwrap = %#v", errs[0].Unwrap())
	}
}

func FuzzParseList(f *testing.F) {
	for _, s := range []string{
		"10.0.0.1, 10.0.0.2 # vpn\n2001:db8::/32;junk", "10.0.0.0 - 10.0.0.9#x # y", "\ufeff'10.0.0.1'\r\n#c", "10.0.0.0 255.0.0.0",
		"::/0 0.0.0.0/0", "a-b - c", "10.0.0.1 # \u202e", "10.0.0.1 #\xff", "10.0.0.1#\u00a0 a", "1.2.3.4 # ## #",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		entries, errs := ParseList(s)
		for _, e := range entries {
			mustBeCanonical(t, e.Prefix)
			if err := CheckNote(e.Note); err != nil {
				t.Fatalf("%q: %v", s, err)
			}
		}
		lines := strings.Count(s, "\n") + strings.Count(s, "\r") + 1
		for _, e := range errs {
			if e.Line > lines {
				t.Fatalf("%q: %v, of %d lines", s, e, lines)
			}
		}
		written := joinEntries(entries, "\n")
		if len(written) > MaxText {
			return
		}
		if again, errs := ParseList(written); len(errs) > 0 || !slices.Equal(again, entries) {
			t.Fatalf("%q was read as %v and that as %v, %v", s, entries, again, errs)
		}
	})
}

func joinEntries(entries []Entry, sep string) string {
	var s []string
	for _, e := range entries {
		s = append(s, fmt.Sprint(e))
	}
	return strings.Join(s, sep)
}
