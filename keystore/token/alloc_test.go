//go:build !race

// The race detector makes sync.Pool drop things at random.

package token

import (
	"strings"
	"testing"
)

func TestHotPathDoesNotAllocate(t *testing.T) {
	good := mint(t, "pak", 1).Reveal()
	pepper := NewPepper("p1", make([]byte, 32))
	stored := pepper.Digest(good)
	for name, s := range map[string]string{
		"good": good, "prefix": "x", "length": good[:30], "alphabet": good[:65] + "-",
		"canonical": good[:17] + strings.Repeat("z", 49), "checksum": good[:60] + "000000",
	} {
		if n := testing.AllocsPerRun(500, func() { _, _ = Check("pak", s) }); n != 0 {
			t.Errorf("Check of %s: %v allocations", name, n)
		}
	}
	for _, s := range []string{good, "", strings.Repeat("x", 5000)} {
		if n := testing.AllocsPerRun(500, func() { _ = pepper.Digest(s).Equal(stored) }); n != 0 {
			t.Errorf("Digest of %d bytes: %v allocations", len(s), n)
		}
	}
}
