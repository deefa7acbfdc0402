package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

var pepperKey = []byte("the pepper of the tests, 32 long")

func plainHMAC(key []byte, s string) Digest {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(s))
	return Digest(mac.Sum(nil))
}

func TestDigestIsHMACSHA256OfTheWholeString(t *testing.T) {
	p := NewPepper("p1", pepperKey)
	text := strings.Repeat("0123456789abcdef", 20)
	for n := range len(text) {
		if got, want := p.Digest(text[:n]), plainHMAC(pepperKey, text[:n]); !got.Equal(want) {
			t.Fatalf("%d bytes: %s, want %s", n, got, want)
		}
	}
}

// RFC 4231 section 4.3.
func TestDigestTestVector(t *testing.T) {
	const want = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	if got := NewPepper("", []byte("Jefe")).Digest("what do ya want for nothing?").String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPepperKeepsItsOwnKey(t *testing.T) {
	key := []byte(strings.Clone(string(pepperKey)))
	p := NewPepper("p1", key)
	clear(key)
	if got := p.Digest("x"); !got.Equal(plainHMAC(pepperKey, "x")) {
		t.Error("clearing the caller's key changed the pepper")
	}
	if p.ID() != "p1" {
		t.Errorf("id %q", p.ID())
	}
}

func TestPepperRefusesAnEmptyKey(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewPepper("p1", nil)
}

func TestPepperDoesNotPrintItsKey(t *testing.T) {
	p := NewPepper("p1", pepperKey)
	p.Digest("warm the pool")
	type holder struct{ p *Pepper }
	asJSON, err := json.Marshal(map[string]any{"pepper": p})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{string(asJSON)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		texts = append(texts, fmt.Sprintf(verb, p), fmt.Sprintf(verb, holder{p}))
	}
	hexKey, decimals := hex.EncodeToString(pepperKey), fmt.Sprint(pepperKey)
	for _, text := range texts {
		if strings.Contains(text, "pepper of") || strings.Contains(text, hexKey[:16]) || strings.Contains(text, decimals[1:20]) {
			t.Errorf("prints the key: %s", text)
		}
	}
	if got := fmt.Sprintf("%v %#v", p, p); got != `p1 token.Pepper("p1")` {
		t.Error(got)
	}
}

func TestDigestFromManyGoroutines(t *testing.T) {
	p := NewPepper("p1", pepperKey)
	var wg sync.WaitGroup
	for g := range 8 {
		s := mint(t, "pak", uint64(g)).Reveal()
		want := plainHMAC(pepperKey, s)
		wg.Go(func() {
			for range 200 {
				if !p.Digest(s).Equal(want) {
					t.Error("digest of another string")
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestDigestText(t *testing.T) {
	d := plainHMAC(pepperKey, "x")
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if want := `"` + hex.EncodeToString(d[:]) + `"`; string(b) != want {
		t.Errorf("got %s, want %s", b, want)
	}
	var back Digest
	if err := json.Unmarshal(b, &back); err != nil || !back.Equal(d) {
		t.Errorf("%v, %v", back, err)
	}
	for _, s := range []string{"", "abc", d.String()[1:], d.String() + "0", strings.Repeat("g", 64)} {
		if _, err := ParseDigest(s); !errors.Is(err, ErrDigest) {
			t.Errorf("%q: %v", s, err)
		}
		if err := back.UnmarshalText([]byte(s)); !errors.Is(err, ErrDigest) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestDigestEqualSeesEveryByte(t *testing.T) {
	d := plainHMAC(pepperKey, "x")
	for i := range d {
		other := d
		other[i] ^= 1
		if d.Equal(other) {
			t.Errorf("byte %d does not count", i)
		}
	}
}

func TestFingerprint(t *testing.T) {
	f := Fingerprint(pepperKey, "hunter2")
	if raw, err := hex.DecodeString(f); err != nil || len(raw) != 8 {
		t.Errorf("%q: want 16 hexadecimal digits", f)
	}
	for name, other := range map[string]string{
		"another string": Fingerprint(pepperKey, "hunter3"),
		"another key":    Fingerprint([]byte("k"), "hunter2"),
		"the digest":     NewPepper("", pepperKey).Digest("hunter2").String()[:16],
		"empty":          Fingerprint(pepperKey, ""),
	} {
		if f == other {
			t.Errorf("equals %s", name)
		}
	}
	long := strings.Repeat("x", MaxFingerprint)
	if Fingerprint(pepperKey, long) != Fingerprint(pepperKey, long+"y") {
		t.Error("more than the bound counts")
	}
	if Fingerprint(pepperKey, long) == Fingerprint(pepperKey, long[1:]) {
		t.Error("less than the bound counts")
	}
}

func FuzzParseDigest(f *testing.F) {
	f.Add(plainHMAC(pepperKey, "x").String())
	f.Add(strings.Repeat("A", 64))
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDigest(s)
		if err == nil && !strings.EqualFold(d.String(), s) {
			t.Fatalf("%q reads as %s", s, d)
		}
	})
}

func BenchmarkDigest(b *testing.B) {
	s := mint(b, "pak", 1).Reveal()
	p := NewPepper("p1", pepperKey)
	b.ReportAllocs()
	for b.Loop() {
		_ = p.Digest(s)
	}
}
