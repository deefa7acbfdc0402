//go:build amd64 || arm64

package verify

import "unsafe"

// prefetch asks the processor for the cache line at p without waiting for it.
// A line that comes from memory takes about as long as half an HMAC: asked
// for early, it arrives while the HMAC is computed.
//
//go:noescape
func prefetch(p unsafe.Pointer)
