package keystore

import (
	"context"
	"os"

	"golang.org/x/sys/unix"
)

// readAhead asks the kernel to bring a file into memory, in order, until ctx ends.
// The engine maps its file for reading at random, so that a pass over a file that
// is not in memory would wait for every single page. It is advice: what cannot be
// done is left.
func readAhead(ctx context.Context, path string) {
	const chunk = 128 << 10 // the kernel cuts longer advice short
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return
	}
	for at := int64(0); at < info.Size() && ctx.Err() == nil; at += chunk {
		if unix.Fadvise(int(f.Fd()), at, chunk, unix.FADV_WILLNEED) != nil {
			return
		}
	}
}
