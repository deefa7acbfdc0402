// Package usage answers who used what: how often in which hour, with which
// outcome, and by which callers.
//
// A verifier counts in memory; [Recorder.Record] is what verify.Options.Record
// wants, and adds a batch to the annex "usage" in the transaction that also
// sums it up and writes its journal records. [Load] reads what belongs to a
// [Selection] (a secret, a key, all keys of a user, everything) in one
// consistent view into a [Report], which answers without I/O: series by hour
// and day, a heatmap, callers, addresses, the usual gap between uses.
// [Walk] and [Sums] read those of all secrets at once.
//
// Exact are the counts by hour and outcome of every proven use, whoever sends
// what: of a secret, a key, a user and the store. After a clean end of the
// verifier nothing is missing; after a kill at most what the last second
// held. First and last use and the sums for all time are exact too
// ([Report.Total]); so "never used" is a fact, not the end of a window.
//
// Bounded is who is told apart. A caller is an address, the family of its
// user agent and its route without ids. Of each secret and day, and apart for
// accepted uses, refused ones and attempts that proved nothing, so that one
// flood cannot wash out the others, [MostLines] callers are kept in full;
// further ones by address alone, their words shown as [Several], until there
// are [MostAddresses] lines; what is beyond is counted as [Caller.Beyond],
// never dropped. A caller who comes more often takes the line of the one who
// came least. So whatever an attacker sends, a secret costs a bounded number
// of bytes a day. Attempts with a wrong secret are told apart by network and
// hour for a bounded number of them; beyond it they count for the store only.
//
// Which scopes the uses of a secret needed is kept by the day, not by the use, for
// at most [keystore.MostDemands] of them: see [Demands].
//
// A gap is not a zero: for every minute the store knows whether a verifier was
// counting ([Bucket.Watched]). Where none was, nothing is known.
//
// Hours and days are stored in UTC; a [time.Location] is applied when a
// report is asked, so an hour that a change to summer time skips or repeats
// costs no use. Counts carry the hour of the verifier's clock: a clock that
// jumps puts them where it said, and never twice.
//
// Hours are kept for a time, then days, then nothing; callers likewise. See
// [Retention] for how long, and the table [usage] of the policy file.
//
// The rows of the annex (numbers big-endian; day counts from 1970; the zero
// secret id stands for the whole store):
//
//	h<day><secret id>   counts by hour and outcome
//	c<day><secret id>   callers of that day
//	d<secret id>        scopes that accepted uses needed, and on which day last
//	w<day>              the minutes in which a verifier was counting
//	t                   how far old rows have been thinned out
package usage
