package lint

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/keystore"
)

// levenshtein is the distance by the whole table.
func levenshtein(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j], d[i][j-1], d[i-1][j-1])
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestWithinAgreesWithTheWholeTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SliceOfN(rapid.RuneFrom([]rune("abcé")), 0, 9)
		a, b, most := word.Draw(t, "a"), word.Draw(t, "b"), rapid.IntRange(0, 4).Draw(t, "most")
		if got, want := within(a, b, most), levenshtein(a, b) <= most; got != want {
			t.Fatalf("within(%q, %q, %d) = %v", string(a), string(b), most, got)
		}
	})
}

func TestNumberedSiblings(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"runner-01", "runner-2", true},
		{"ci", "ci2", false},
		{"a1b", "a2c", false},
		{"same1", "same1", false},
		{"eu", "us", false},
	} {
		if got := numberedSiblings(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}

// crowd returns a holder of n keys whose names are far apart, but for one pair.
func crowd(n int, twin, other string) *holder {
	h := &holder{}
	for i := range n {
		x := &subject{usable: true, KeyView: &keystore.KeyView{}}
		x.Name = strings.Repeat(string(rune('a'+i%26)), 6) + fmt.Sprintf("%c%c%c", 'a'+i/26%26, 'k'+i/7%13, 'a'+i%11) + "zz"
		x.Created = time.Unix(int64(i), 0)
		h.keys = append(h.keys, x)
	}
	h.keys[0].Name, h.keys[n-1].Name = twin, other
	h.usable = h.keys
	return h
}

func TestTwinsAreFoundAmongManyKeys(t *testing.T) {
	for _, pair := range [][2]string{{"billing-export", "billing-exporte"}, {"billing-export", "xbilling-export"}} {
		for _, n := range []int{2, comparedAll, comparedAll + 1, 500} {
			h := crowd(n, pair[0], pair[1])
			h.findTwins(2)
			if newest := h.keys[n-1]; newest.twin != h.keys[0] {
				t.Errorf("%d keys: %q is not the twin of %q", n, pair[1], pair[0])
			}
			if h.keys[0].twin != nil {
				t.Errorf("%d keys: the older one has a twin as well", n)
			}
		}
	}
}
