package rank_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/pakdeck/pakdeck/tui/rank"
)

func TestRowsAreSortedAndEqualOnesKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2, 2), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64}))
		numbers := rapid.SliceOf(number).Draw(t, "numbers")
		rows := []int32{}
		for i := range numbers {
			rows = append(rows, int32(i))
		}
		rows = rapid.Permutation(rows).Draw(t, "rows")
		down := rapid.Bool().Draw(t, "down")
		given, want := slices.Clone(rows), slices.Clone(rows)
		slices.SortStableFunc(want, func(a, b int32) int {
			if down {
				a, b = b, a
			}
			return cmp.Compare(numbers[a], numbers[b])
		})
		if got := rank.By(rows, numbers, down); !slices.Equal(got, want) {
			t.Errorf("By = %v, want %v", got, want)
		}
		if !slices.Equal(rows, given) {
			t.Errorf("the rows became %v", rows)
		}
	})
}
