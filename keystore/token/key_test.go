package token

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
)

func TestMintedKeyHasTheDocumentedShape(t *testing.T) {
	shape := regexp.MustCompile(`^\bpak_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b$`)
	for range 200 {
		k, err := Mint(DefaultPrefix, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s := k.Reveal(); !shape.MatchString(s) || len(s) != Size {
			t.Fatalf("%d bytes, shape %v", len(s), shape.MatchString(s))
		}
	}
}

// The parts are checked against math/big and hash/crc32.
func TestMintWritesSecretAndChecksumInBase62(t *testing.T) {
	id := []byte("\x00\x01\x09\x0a\x23\x24\x3d\x3e\xf7\x05\x06\x07") // 0xf7 is 247, the last that counts
	secrets := map[string][]byte{
		"zero":   make([]byte, 32),
		"one":    append(make([]byte, 31), 1),
		"max":    bytes.Repeat([]byte{0xff}, 32),
		"top":    append([]byte{0x80}, make([]byte, 31)...),
		"random": []byte("0123456789abcdef0123456789ABCDEF"),
	}
	for name, secret := range secrets {
		k, err := Mint("acme9", bytes.NewReader(append(bytes.Clone(id), secret...)))
		if err != nil {
			t.Fatal(err)
		}
		body := "acme9_019AZaz0z567_" + base62(new(big.Int).SetBytes(secret), 43)
		sum := new(big.Int).SetUint64(uint64(crc32.ChecksumIEEE([]byte(body))))
		if want := body + base62(sum, 6); k.Reveal() != want {
			t.Errorf("%s: got %s, want %s", name, k.Reveal(), want)
		}
		if k.ID().String() != "019AZaz0z567" {
			t.Errorf("%s: id %s", name, k.ID())
		}
	}
}

func TestLargestSecretIsTheTextOfTheBound(t *testing.T) {
	one := big.NewInt(1)
	n := new(big.Int).Lsh(one, 256)
	if want := base62(n.Sub(n, one), secretWidth); maxSecret != want {
		t.Errorf("got %s, want %s", maxSecret, want)
	}
}

func TestEveryByteAtEveryPlaceIsJudgedAlone(t *testing.T) {
	for n := range 20 {
		s := []byte(strings.Repeat("?", n))
		for i := range s {
			s[i] = "09AZaz"[i%6]
		}
		if !isBase62(string(s)) {
			t.Fatalf("%q is refused", s)
		}
		for i := range s {
			for c := range 256 {
				was := s[i]
				s[i] = byte(c)
				if got, want := isBase62(string(s)), strings.IndexByte(alphabet, byte(c)) >= 0; got != want {
					t.Fatalf("%q: %v, want %v", s, got, want)
				}
				s[i] = was
			}
		}
	}
}

func TestIDsAreUnbiased(t *testing.T) {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	stream := bytes.NewReader(bytes.Repeat(all[:], 3*idWidth))
	counts := make(map[byte]int)
	for range 3 * evenBytes {
		id, err := newID(stream)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range id {
			counts[c]++
		}
	}
	for i := range len(alphabet) {
		if got, want := counts[alphabet[i]], 3*idWidth*evenBytes/62; got != want {
			t.Errorf("digit %c: %d times, want %d", alphabet[i], got, want)
		}
	}
}

func TestMintRefusesABrokenSource(t *testing.T) {
	broken := errors.New("entropy device on fire")
	tests := map[string]struct {
		source io.Reader
		want   error
	}{
		"empty":              {strings.NewReader(""), io.EOF},
		"ends in the id":     {strings.NewReader("short"), io.EOF},
		"ends in the secret": {strings.NewReader(strings.Repeat("x", 43)), io.ErrUnexpectedEOF},
		"fails":              {iotest.ErrReader(broken), broken},
		"stuck at 0xff":      {strings.NewReader(strings.Repeat("\xff", 1<<16)), errRandomness},
	}
	for name, tt := range tests {
		if k, err := Mint("pak", tt.source); !errors.Is(err, tt.want) || !k.IsZero() {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func TestPrefix(t *testing.T) {
	for _, p := range []string{"pak", "ab", "0x", "a23456789012"} {
		if err := ValidatePrefix(p); err != nil {
			t.Error(err)
		}
		if k := mint(t, p, 1); len(k.Reveal()) != Length(p) || !strings.HasPrefix(k.Reveal(), p+"_") {
			t.Errorf("%q: %v", p, k)
		}
	}
	for _, p := range []string{"", "a", "a234567890123", "Pak", "pa_k", "pa-k", "på", "pa ", mint(t, "pak", 1).Reveal()} {
		err := ValidatePrefix(p)
		if !errors.Is(err, ErrPrefix) {
			t.Errorf("%q: %v", p, err)
			continue
		}
		if leaks(err.Error(), mint(t, "pak", 1)) {
			t.Errorf("error quotes a key string")
		}
		if _, err := Mint(p, nil); !errors.Is(err, ErrPrefix) {
			t.Errorf("mint with %q: %v", p, err)
		}
		if len(FindAll(p, "pak_4kTMd9zqW8aB_abc")) != 0 {
			t.Errorf("%q finds keys", p)
		}
	}
}

func TestKeyAccessors(t *testing.T) {
	k, other := mint(t, "pak", 1), mint(t, "pak", 2)
	s := k.Reveal()
	parsed, err := Parse("pak", s)
	if err != nil {
		t.Fatal(err)
	}
	if !parsed.Equal(k) || parsed.Equal(other) || parsed.Equal(Key{}) || !(Key{}).Equal(Key{}) {
		t.Error("Equal is wrong")
	}
	if got := k.ID().String(); got != s[4:16] {
		t.Errorf("id %s, want %s", got, s[4:16])
	}
	if k.Last4() != s[62:] {
		t.Errorf("last four %s, want %s", k.Last4(), s[62:])
	}
	if k.IsZero() || !(Key{}).IsZero() {
		t.Error("IsZero is wrong")
	}
	zero := Key{}
	if zero.Reveal() != "" || zero.Last4() != "" || !zero.ID().IsZero() {
		t.Error("the zero Key is not empty")
	}
}

func TestIDText(t *testing.T) {
	id, err := ParseID("4kTMd9zqW8aB")
	if err != nil || id.String() != "4kTMd9zqW8aB" || id.IsZero() {
		t.Fatal(id, err)
	}
	text, err := id.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back ID
	if err := back.UnmarshalText(text); err != nil || back != id {
		t.Errorf("%v, %v", back, err)
	}
	if err := back.UnmarshalText(nil); err != nil || !back.IsZero() || back.String() != "" {
		t.Errorf("empty text: %v, %v", back, err)
	}
}

func TestParseIDRefuses(t *testing.T) {
	k := mint(t, "pak", 1)
	for _, s := range []string{"", "4kTMd9zqW8a", "4kTMd9zqW8aBc", "4kTMd9zqW8a_", "4kTMd9zqW8aé", k.Reveal(), k.Reveal()[17:]} {
		_, err := ParseID(s)
		if !errors.Is(err, ErrID) || leaks(err.Error(), k) {
			t.Errorf("%d bytes: %v", len(s), err)
		}
		var id ID
		if err := id.UnmarshalText([]byte(s)); s != "" && !errors.Is(err, ErrID) {
			t.Errorf("text of %d bytes: %v", len(s), err)
		}
	}
}

func TestChecksumIsCRC32(t *testing.T) {
	text := mint(t, "pak", 1).Reveal() + strings.Repeat("\xff\x00é", 20)
	for n := range len(text) {
		if got, want := checksum(text[:n]), crc32.ChecksumIEEE([]byte(text[:n])); got != want {
			t.Fatalf("%d bytes: %08x, want %08x", n, got, want)
		}
	}
}
