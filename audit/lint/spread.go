package lint

import (
	"runtime"
	"sync"
)

// share is how many keys, or owners, are worth a worker.
const share = 512

// spread calls fn for parts of n things, on all processors if there are many.
// A panic in one of the parts is one of the caller's, who may have a terminal
// to restore.
func spread(n int, fn func(part, from, to int)) (parts int) {
	parts = min(runtime.GOMAXPROCS(0), n/share+1)
	panics := make([]any, parts)
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() {
			defer func() { panics[i] = recover() }()
			fn(i, n*i/parts, n*(i+1)/parts)
		})
	}
	wg.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
	return parts
}
