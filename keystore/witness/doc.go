// Package witness keeps the newest checkpoints of other stores' journals, and
// refuses one that does not go on from what it has seen.
//
// A store vouches for itself; if it is rolled back or rewritten together with
// everything beside it, only somebody else can tell. A witness on another machine
// is that somebody. It speaks C2SP tlog-witness: a log sends a checkpoint and the
// proof that it continues the last one ([Witness.Add], or POST /add-checkpoint of
// [Witness.Handler]) and gets a cosignature (C2SP tlog-cosignature), which proves
// to others that this was the largest journal the witness had seen.
//
// # Promises
//
//   - What a witness vouched for is on the disk before the cosignature leaves, and
//     two requests at once, also in two processes, cannot make it go back.
//   - Its state is one file of mode 0600, replaced as a whole. One that others can
//     read is refused, because the witness's key is in it.
//   - Two checkpoints of one journal that contradict each other are kept, in a
//     file beside the state: they prove that the log lied.
//
// # What it refuses
//
// Journals that it was not told to trust, checkpoints that their key did not sign,
// and whatever does not go on from the last one. It knows the checkpoints of
// pakdeck, which name their time.
package witness
