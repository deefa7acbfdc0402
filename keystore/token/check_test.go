package token

import (
	"errors"
	"math/big"
	"strings"
	"testing"
)

func reasonOf(err error) Reason {
	if e, ok := errors.AsType[*FormatError](err); ok {
		return e.Reason
	}
	return ""
}

// withChecksum makes a string whose only fault is in body.
func withChecksum(body string) string {
	return string(appendChecksum([]byte(body), checksum(body)))
}

func TestCheckNamesTheFault(t *testing.T) {
	good := mint(t, "pak", 1).Reveal()
	head := good[:17]
	above := new(big.Int).Lsh(big.NewInt(1), 256)
	tests := []struct {
		name, s string
		want    Reason
	}{
		{"good", good, ""},
		{"zero secret", withChecksum(head + strings.Repeat("0", 43)), ""},
		{"largest secret", withChecksum(head + maxSecret), ""},
		{"empty", "", ReasonPrefix},
		{"other prefix", "sk" + good[3:], ReasonPrefix},
		{"other prefix of the same length", "pat" + good[3:], ReasonPrefix},
		{"upper case prefix", "PAK" + good[3:], ReasonPrefix},
		{"prefix alone", "pak", ReasonPrefix},
		{"no underscore after the prefix", "pak-" + good[4:], ReasonPrefix},
		{"blank before", " " + good, ReasonPrefix},
		{"newline after", good + "\n", ReasonLength},
		{"one short", good[:65], ReasonLength},
		{"prefix and underscore", "pak_", ReasonLength},
		{"one long", good + "0", ReasonLength},
		{"a megabyte", good + strings.Repeat("0", 1<<20), ReasonLength},
		{"no underscore after the id", good[:16] + "x" + good[17:], ReasonAlphabet},
		{"underscore in the id", good[:10] + "_" + good[11:], ReasonAlphabet},
		{"dash in the secret", good[:30] + "-" + good[31:], ReasonAlphabet},
		{"NUL in the checksum", good[:65] + "\x00", ReasonAlphabet},
		{"high byte", good[:40] + "\xff" + good[41:], ReasonAlphabet},
		{"secret of 2^256", withChecksum(head + base62(above, 43)), ReasonCanonical},
		{"largest text", withChecksum(head + strings.Repeat("z", 43)), ReasonCanonical},
		{"checksum of 2^32", good[:60] + base62(big.NewInt(1<<32), 6), ReasonCanonical},
		{"checksum of another key", good[:60] + mint(t, "pak", 2).Reveal()[60:], ReasonChecksum},
		{"checksum is case sensitive", good[:60] + "000000", ReasonChecksum},
	}
	for _, tt := range tests {
		id, err := Check("pak", tt.s)
		if got := reasonOf(err); got != tt.want {
			t.Errorf("%s: reason %q, want %q", tt.name, got, tt.want)
		}
		if (err == nil) == id.IsZero() {
			t.Errorf("%s: id %q with error %v", tt.name, id, err)
		}
		k, parseErr := Parse("pak", tt.s)
		if reasonOf(parseErr) != tt.want || k.ID() != id {
			t.Errorf("%s: Parse says %v", tt.name, parseErr)
		}
	}
}

// A CRC-32 finds every error burst of up to 32 bits, so no single wrong
// character goes unnoticed.
func TestEveryWrongCharacterIsNoticed(t *testing.T) {
	good := mint(t, "pak", 3).Reveal()
	for i := range len(good) {
		for c := range 256 {
			if byte(c) == good[i] {
				continue
			}
			if _, err := Check("pak", good[:i]+string([]byte{byte(c)})+good[i+1:]); err == nil {
				t.Fatalf("byte %#x at %d is accepted", c, i)
			}
		}
	}
}

func TestEverySwapOfNeighboursIsNoticed(t *testing.T) {
	good := []byte(mint(t, "pak", 4).Reveal())
	for i := range len(good) - 1 {
		if good[i] == good[i+1] {
			continue
		}
		good[i], good[i+1] = good[i+1], good[i]
		if _, err := Check("pak", string(good)); err == nil {
			t.Fatalf("swap at %d is accepted", i)
		}
		good[i], good[i+1] = good[i+1], good[i]
	}
}

func TestFormatErrorsSayWhatIsRightAndNotWhatWasGiven(t *testing.T) {
	k := mint(t, "pak", 1)
	s := k.Reveal()
	tests := map[string]string{
		"sk_" + s[4:]:           `malformed key string: it should begin with "pak_"`,
		s[:60]:                  "malformed key string: 60 characters, want 66",
		s[:20] + "é" + s[22:]:   "malformed key string: want 12 characters of 0-9A-Za-z, an underscore and 49 more after the prefix",
		s[:17] + "z" + s[18:]:   "malformed key string: no key was ever issued with this value",
		s[:60] + "000000":       "malformed key string: the checksum does not match, so it is mistyped or damaged",
		strings.Repeat(s, 1000): "malformed key string: 66000 characters, want 66",
	}
	for in, want := range tests {
		_, err := Parse("pak", in)
		if err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
		_, short := Check("pak", in)
		if short == nil || leaks(short.Error()+err.Error(), k) {
			t.Errorf("%v", short)
		}
	}
}

func FuzzParse(f *testing.F) {
	good := mint(f, "pak", 1).Reveal()
	for _, s := range []string{good, "", "pak_", good[:65], good + "0", "pak_4kTMd9zqW8aB_", withChecksum(good[:17] + maxSecret)} {
		f.Add("pak", s)
		f.Add("acme", s)
	}
	f.Fuzz(func(t *testing.T, prefix, s string) {
		k, err := Parse(prefix, s)
		id, checkErr := Check(prefix, s)
		if reasonOf(err) != reasonOf(checkErr) || id != k.ID() {
			t.Fatalf("Parse says %v, Check %v", err, checkErr)
		}
		if err != nil {
			if reasonOf(err) == "" || !k.IsZero() {
				t.Fatalf("%v with %v", err, k)
			}
			return
		}
		if k.Reveal() != s || len(s) != Length(prefix) || leaks(k.String(), k) {
			t.Fatalf("%v", k)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	good := mint(b, "pak", 1).Reveal()
	for name, s := range map[string]string{"good": good, "checksum": good[:60] + "000000", "prefix": "Bearer " + good} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = Check("pak", s)
			}
		})
	}
}

func BenchmarkMint(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Mint("pak", nil); err != nil {
			b.Fatal(err)
		}
	}
}
