package lint

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func TestSpreadVisitsEverythingOnce(t *testing.T) {
	for _, n := range []int{0, 1, share - 1, share, 5*share + 3} {
		seen := make([]atomic.Int32, n)
		spread(n, func(_, from, to int) {
			for i := from; i < to; i++ {
				seen[i].Add(1)
			}
		})
		for i := range seen {
			if seen[i].Load() != 1 {
				t.Fatalf("of %d: %d was visited %d times", n, i, seen[i].Load())
			}
		}
	}
}

func TestAPanicReachesTheCaller(t *testing.T) {
	defer func() {
		if p := recover(); fmt.Sprint(p) != "broken rule" {
			t.Errorf("recovered %v", p)
		}
	}()
	spread(9*share, func(part, _, _ int) {
		if part == 0 {
			panic("broken rule")
		}
	})
	t.Error("no panic")
}
