// Package journal keeps the append-only, provable record of what happened to a
// store: every change and every notable use.
//
// A record is one line of JSON ([Record.Encode]). Its leaf hash is
// SHA-256(0x00 || line), each record names the leaf hash of the one before it
// (prev), and the leaf hashes are the leaves of a Merkle tree as in RFC 6962
// section 2.1. After every transaction the root of that tree is signed: a
// checkpoint in the C2SP tlog-checkpoint format. Whoever kept a checkpoint can
// tell later whether the records it covers are still the same, with sha256sum
// and the public key only.
//
// # Promises
//
//   - A record is written in the caller's transaction: no change without its
//     record, no record without its change.
//   - [Verify] recomputes everything in one pass with bounded memory and names
//     the first bad record; one changed byte is always traced to its record.
//   - A line is harmless to print: control, bidirectional and invisible
//     characters are escaped.
//   - A record has exactly one form. [Decode] accepts nothing else.
//
// # What it refuses
//
// Records over [MaxRecord], writing on top of rows that do not agree with each
// other ([ErrDamaged]), and signing for another journal than the one at hand.
//
// # What it cannot do
//
// Without a checkpoint kept elsewhere, cutting off the tail together with its
// checkpoints, or putting an old copy of the whole store back, is invisible.
// Who holds the signing key can rewrite everything; again only checkpoints kept
// elsewhere show it.
//
// # Proofs
//
// A record is proved by a C2SP tlog-proof ([Proof]), that a journal goes on from
// an older one by the body of a C2SP add-checkpoint request ([Consistency]). Both
// are texts that are checked without the journal. A witness, who keeps the newest
// checkpoint of a journal and takes no other that does not go on from it, says so
// by a C2SP cosignature ([Cosigner], [Witness]).
//
// # Rows
//
// Numbers are big-endian, 8 bytes:
//
//	j/r/ seq            the stored bytes of a record
//	j/h/ level index    interior hash of the tree, level (1 byte) >= 8 only
//	j/f                 size, leaf hash of the newest record, then the hashes of
//	                    the complete subtrees, largest first
//	j/c                 the newest signed checkpoint
//	j/i/ term seq       numbers of records that a [Term] (8 bytes) finds, from seq
//	                    on: how much more each is than the one before, as uvarint
//	j/i                 the first record that is in the index
//
// Interior hashes below level 8 are recomputed from at most 128 records, so the
// tree takes less than one row for a hundred records.
package journal
