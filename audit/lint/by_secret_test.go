package lint

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/keystore/token"
)

// TestWhatComesNextIsOnlyAGuess asks for secrets in any order and more than once.
func TestWhatComesNextIsOnlyAGuess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var got bySecret[int]
		want := map[token.ID]int{}
		for _, n := range rapid.SliceOf(rapid.ByteRange('a', 'f')).Draw(t, "secrets") {
			id := token.ID{n}
			*got.of(id)++
			want[id]++
		}
		if len(got.all) != len(want) {
			t.Fatalf("%d secrets, want %d", len(got.all), len(want))
		}
		for id, n := range want {
			if x := got.all[id]; x == nil || x.id != id || x.it != n {
				t.Fatalf("%s: %+v, want %d", id, x, n)
			}
		}
	})
}
