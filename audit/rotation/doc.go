// Package rotation says of a key with two secrets whether the old one can go.
//
// [Look] reads who used the old and the new secret; [Judge] decides: the old
// secret is safe to retire when every caller of it has been quiet for longer
// than the gaps between its uses have been so far, while a verifier was
// counting. A caller that uses the new secret by now has to be quiet for its
// longest gap and half of it again; one that vanished, for a day at least, and
// for three if it was known for less than a week, because of weekends; one that
// was seen a single time, for a month.
//
// It errs to one side. It may say "not yet" of a secret that nobody needs any
// more, for which the operator can overrule it. It never says "safe" before the
// usual gap of each caller has passed, and not while nobody listened: silence is
// then no evidence. What it cannot know is a caller who comes more seldom than
// uses are kept (see package usage).
package rotation
