package pak

import (
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pakdeck/pakdeck/keystore/token"
)

func mint(t testing.TB, prefix string) token.Key {
	t.Helper()
	k, err := token.Mint(prefix, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sample is the file of the package comment.
func sample(t testing.TB) File {
	return File{
		Key:     mint(t, "pak"),
		Name:    "ci-deploy",
		Owner:   "build-bot",
		Issued:  time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC),
		Expires: time.Date(2027, 2, 21, 9, 0, 0, 0, time.UTC),
		Allow:   []netip.Prefix{netip.MustParsePrefix("10.4.7.0/26"), netip.MustParsePrefix("203.0.113.16/29")},
		Store:   "pakdeck/7f3a9c",
	}
}

// same compares files; keys have an Equal method.
func same(want, got File) string {
	return cmp.Diff(want, got, cmpopts.EquateComparable(netip.Prefix{}), cmpopts.EquateEmpty())
}

// leaks reports whether text holds 8 characters in a row of the secret part.
func leaks(text string, k token.Key) bool { return leaksRun(text, k, 8) }

func leaksRun(text string, k token.Key, n int) bool {
	s := k.Reveal()
	tail := s[len(s)-49:]
	for i := range len(tail) - n + 1 {
		if strings.Contains(text, tail[i:i+n]) {
			return true
		}
	}
	return false
}

// write puts b into a private file of a new folder.
func write(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
