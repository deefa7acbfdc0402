// Package review keeps the sessions in which somebody looks at every key of a
// store, one by one, and says what shall become of it: keep, restrict, rotate,
// disable, revoke, or ask the owner.
//
// A session can be left and taken up again, by the same person or another one;
// every decision is kept with who made it, when, and on which version of the
// key, and leaves a record in the journal. A decision changes no key: it says
// what is to be done, and whoever does it leaves records of that.
//
// Who decides about a key that they own or created is no second pair of eyes:
// the report says so, and the policy file can refuse that such a key is kept
// ([Policy]). Who made a key is read from the journal.
//
// A session covers the keys that were there when it began and are not revoked.
// [Report] tells how far it came, what was decided, and what is different from
// the session before. [Sign] makes a signed note of it over the newest
// checkpoint of the journal: whoever has the store's public key can check it
// anywhere, and see that the journal goes on from there.
//
// The rows of the annex "review" (numbers with eight digits, so that they sort):
//
//	s<number>               a session
//	d<number>\x00<key id>   a decision
package review
