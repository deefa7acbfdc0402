// Package e2e holds the tests that run pakdeck's server behind real proxies,
// with the configuration that is recommended for them.
//
// A proxy that is not installed is skipped. The configurations are in
// testdata; the tests change nothing in them but paths and ports.
package e2e
