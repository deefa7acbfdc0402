// Package backup copies a store to one file, proves that the copy can be put
// back, and puts it back.
//
// A backup is a tar file (POSIX pax), encrypted with age if there is somebody
// to encrypt it to:
//
//	MANIFEST               what is in it, signed with the key of the journal
//	store.db.keyring       only if asked for, and only encrypted
//	store.db.checkpoints
//	store.db.policy.toml   if there is one
//	store.db
//
// Other people's tools open it: age -d, tar x, sha256sum -c MANIFEST. What comes
// out is a store, once its keyring lies beside it.
//
// The store goes on working meanwhile; [Write] takes the state of one moment.
// Without the keyring a backup lets nobody test a guessed key string, nor does it
// verify one: keep a copy of the keyring somewhere else.
//
// [Open] believes nothing: it compares every file with the manifest, the
// manifest with its signature, and recomputes the journal. [Backup.Restore] puts
// files in their places only after that, the store last, replaces nothing unless
// it is told to, and throws nothing away even then. A key that was stopped since
// the backup was made stays stopped if the present store can still be read.
package backup
