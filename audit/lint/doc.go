// Package lint judges keys, their owners and the store by rules of good
// practice, and says of each finding why it matters, who says so and what
// would put it right.
//
// [Take] reads a [Snapshot] of a store in one place; [Run] judges it and does
// nothing else: no input, no clock, no randomness. The same snapshot gives the
// same findings in the same order. A caller that has the keys in memory, such
// as a dashboard, may fill a Snapshot by itself; what it leaves out is not
// judged.
//
// A finding that was accepted on purpose is waived: for a reason, by somebody,
// until a day ([Waive]). Waivers that have ended or are not needed are findings
// themselves.
//
// A finding never holds a secret: names and descriptions that look as if they
// hold one are shown redacted. A fix is a proposal; nothing here changes
// anything.
//
// The ids of rules never change and are never used again. Thresholds are set in
// the table [lint] of the policy file; see [Config].
//
// # Rules that are not here, and why
//
//   - PAK403, impossible travel: the times of single uses are not kept. Two
//     networks in one hour are what any service in two places looks like.
//   - PAK506, the age of the pepper and of the signing key: neither can be
//     replaced yet, and a finding that nothing puts right teaches to look away.
//   - PAK801 to PAK804, keys in files: nobody searches files for them, and the
//     paths of .pak files are not kept.
//
// Two rules judge by the hour what the catalogue says in minutes, because that is
// how refusals are counted: PAK405 finds 120 refusals in an hour instead of 20 in
// ten minutes, so a shorter burst is not found, and PAK406 a use from a network
// after wrong secrets from there within a day instead of ten minutes, so it may
// find more.
//
// The cost grows with the number of keys, not with its square: keys are
// compared with others of the same owner alone, and of an owner with very many
// keys only with those whose names sort close.
package lint
