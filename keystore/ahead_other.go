//go:build !linux

package keystore

import "context"

// readAhead would ask the kernel to bring a file into memory; there is no such
// advice here.
func readAhead(context.Context, string) {}
