// Package trail reads the journal for people: newest first, filtered, a page
// at a time, so that a journal of millions of records opens as fast as one of
// ten.
//
// # The filter language
//
// A filter is written as that of keys is (package keystore/filter): terms
// separated by blanks, all of which must hold; a term is field:value or a bare
// word; a "!" before it negates it; several values separated by commas are
// alternatives; a value with blanks, commas or colons stands in double quotes.
//
//	key:build-bot/ci !outcome:ok since:7d
//	event:key.revoke,key.disable operator:mira
//	key:"nightly import" ip:203.0.113.0/24 until:2026-11-23T09:00:00Z
//
// [Fields] lists the fields. Case does not matter, except in the ids of secrets.
// A bare word is looked for in the names of keys, users, operators and events,
// and in reasons.
//
// [Parse] refuses fields, events, outcomes, addresses and times that do not
// exist: a filter with a typo in it would show an empty list that looks like an
// answer. The errors are of type [*filter.SyntaxError].
//
// # Cost
//
// A filter that names the id of a key, a user, a fingerprint, or only events that
// are no uses, reads the records that the journal's index has for it, however many
// others there are. Any other looks at all of them.
//
// Most records are passed over by their head or by a search in their bytes, about
// a tenth of the cost of decoding them. One call looks at a bounded number of
// records for a bounded time, and tells where to go on.
package trail
