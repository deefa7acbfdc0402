package token

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// source is a reproducible stream of random bytes.
func source(seed uint64) *rand.ChaCha8 {
	var s [32]byte
	s[0], s[1] = byte(seed), byte(seed>>8)
	return rand.NewChaCha8(s)
}

func mint(t testing.TB, prefix string, seed uint64) Key {
	t.Helper()
	k, err := Mint(prefix, source(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// base62 is another way to write a number, to test the package's own.
func base62(n *big.Int, width int) string {
	var b []byte
	for n = new(big.Int).Set(n); len(b) < width; {
		var digit big.Int
		n.DivMod(n, big.NewInt(62), &digit)
		b = append([]byte{alphabet[digit.Int64()]}, b...)
	}
	return string(b)
}

// leaks reports whether text holds any 8 characters in a row of the secret
// part of k.
func leaks(text string, k Key) bool {
	s := k.Reveal()
	tail := s[len(s)-tailWidth:]
	for i := range len(tail) - 7 {
		if strings.Contains(text, tail[i:i+8]) {
			return true
		}
	}
	return false
}
