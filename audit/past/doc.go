// Package past answers questions about earlier times from the journal alone: who
// and what was there, and which keys could do something from somewhere.
//
// A [World] is made by applying the records of changes one after the other, each
// of which holds what it changed before and after. So the answer needs nothing of
// the rows that the store keeps today, and it is as good as the journal: verify
// that first. What the journal does not tell is not in a World: the digests of
// secrets, and settings of the policy.
//
// Records count by their times, in the order in which they were written: a change
// is part of the past if its time is not after the time that is asked for.
package past
