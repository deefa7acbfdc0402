package lint

import (
	"cmp"
	"runtime"
	"sync"
)

// share is how many keys, or owners, are worth a worker.
const share = 512

// together calls functions at the same time and returns the first of their errors,
// in the order in which they are given. A panic in one of them is one of the
// caller's, who may have a terminal to restore.
func together(fns ...func() error) error {
	errs, panics := make([]error, len(fns)), make([]any, len(fns))
	var wg sync.WaitGroup
	for i, fn := range fns {
		wg.Go(func() {
			defer func() { panics[i] = recover() }()
			errs[i] = fn()
		})
	}
	wg.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
	return cmp.Or(errs...)
}

// spread calls fn for parts of n things, on all processors if there are many.
func spread(n int, fn func(part, from, to int)) {
	parts := make([]func() error, min(runtime.GOMAXPROCS(0), n/share+1))
	for i := range parts {
		parts[i] = func() error {
			fn(i, n*i/len(parts), n*(i+1)/len(parts))
			return nil
		}
	}
	_ = together(parts...)
}
