// Package iprule decides from which addresses a key may be used: an allow list
// and a deny list of prefixes, a note to each entry.
//
// The rules, in this order:
//
//   - Deny wins. An address inside any deny entry is refused, so a narrower
//     deny inside an allow is a carve-out.
//   - An empty allow list means any address. Otherwise the address must lie
//     inside an allow entry.
//   - An IPv4-mapped address (::ffff:192.0.2.1) is the IPv4 address in it,
//     in the tested address as in an entry. An IPv6 entry therefore never
//     matches it, however wide the entry is.
//   - A tested address with a zone (fe80::1%eth0) is in no allow list, because
//     entries have no zones. Against the deny list the zone is ignored, so that
//     writing one slips past nothing.
//   - No address at all (the zero [netip.Addr]) passes only where nothing is
//     restricted.
//
// What may be typed is read by [Parse] and [ParseList]: addresses, CIDR
// prefixes and ranges. They refuse what has two readings or would be read as
// something else than meant (octets with leading zeros, ports, masks, host
// names, 0.0.0.0/0) and say what to write instead.
//
// What may be saved is decided by [Rules.Validate]; [Rules.Problems] tells
// the rest that an operator should know. [Rules.Decide] explains a decision
// step by step, and [Rules.Compile] makes the same decision quickly: the two
// agree for every address, whether the rules are valid or not.
//
// Which list would do for the callers that were seen is computed by
// [NewCover]: the tightest one for every number of entries.
//
// Entries are meant to be canonical: masked, and IPv4 where IPv4 is meant.
// Parse makes them so; rules built by hand are read as if they were. An entry
// without a valid prefix matches nothing and fails Validate.
package iprule
