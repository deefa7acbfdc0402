// Package demo makes a store of invented users and keys to look around in:
// nine users, some forty keys in every state that can be reached, uses by
// believable callers, refused strangers, and a journal of two years that is
// signed like a real one. Some names are chosen to disturb: long ones, CJK and
// Arabic ones, text that looks like commands or markup.
//
// The same time gives the same users, keys, uses and journal on every run:
// ids and secrets come from a fixed source. So every key string of a demo store
// may be known to anybody, the store is marked as a demo for ever, and serve
// says so. Only the keys that sign the checkpoints are really random.
//
// Addresses are from the ranges for documentation (RFC 5737, RFC 3849) and for
// private networks (RFC 1918).
package demo
