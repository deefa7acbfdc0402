// Package keystore is pakdeck's domain: users, the API keys they own, and the
// rules that every change obeys.
//
// One use case is one method in one file: it runs in one transaction and
// leaves one record in the journal, or it fails and leaves nothing. Every
// change names the version of the record it was made from; a change made from
// an older one is a [ConflictError] that holds both, never a silent overwrite.
//
// What it refuses: text that could disturb a terminal, names that are taken,
// address rules that can never match, scopes that the owner does not have,
// and whatever the policy file forbids. What it never keeps: a key string.
// [Store.CreateKey] hands it out once; the store holds an HMAC of it under a
// pepper that lives in another file.
//
// The rows, by their first byte (ids are text, numbers big-endian):
//
//	m                       what this store is: id, prefix, format
//	u<user id>              a user
//	U<folded user name>     the id of the user of that name
//	k<key id>               a key with its rules and the digests of its secrets
//	n<user id><key name>    the id of the key of that name
//	s<secret id>            the id of the key that the secret belongs to
//	w<secret id>            uses of that secret: first, last, counts
//	j/...                   the journal (package journal)
//	x<annex>\x00<key>       rows of a package above this one; see [Annex]
package keystore
