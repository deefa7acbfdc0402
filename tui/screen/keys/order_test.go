package keys

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersAreSortedAndEqualOnesKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOf(rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 3))).Draw(t, "numbers")
		all := make([]numbered, len(numbers))
		for i, n := range numbers {
			all[i] = numbered{n, int32(i)}
		}
		want := slices.Clone(all)
		slices.SortStableFunc(want, func(a, b numbered) int { return cmp.Compare(a.number, b.number) })
		if got := sortNumbers(all); !slices.Equal(got, want) {
			t.Errorf("sortNumbers = %v, want %v", got, want)
		}
	})
}
