package keystore

// Outcome is what a verification decided on a presented key string.
type Outcome string

// The outcomes, in the order in which they are checked. Up to WrongSecret the
// caller has proved nothing and is told nothing but "invalid".
const (
	Malformed   Outcome = "malformed"      // not the shape of a key string, or a wrong checksum
	Unknown     Outcome = "unknown"        // no secret has this id
	WrongSecret Outcome = "wrong_secret"   // the id exists, the secret does not match it
	Revoked     Outcome = "revoked"        // the key was revoked, or this secret retired
	Disabled    Outcome = "disabled"       // the key is switched off
	OwnerOff    Outcome = "owner_disabled" // the user who owns the key is switched off
	NotYetValid Outcome = "not_yet_valid"  // before the key's first day
	Expired     Outcome = "expired"        // at or after the key's expiry
	IPDenied    Outcome = "ip_denied"      // the address rules refuse the caller
	ScopeDenied Outcome = "scope_denied"   // the demanded scope is not the key's
	OK          Outcome = "ok"
)

// Outcomes lists all outcomes; an Outcome's index in it is stable within one
// build and may be used for counters.
var Outcomes = [...]Outcome{
	OK, Malformed, Unknown, WrongSecret, Revoked, Disabled, OwnerOff, NotYetValid, Expired, IPDenied, ScopeDenied,
}

// Index returns the position of o in [Outcomes], or -1.
func (o Outcome) Index() int {
	for i := range Outcomes { // by index: a range over the values copies them all
		if Outcomes[i] == o {
			return i
		}
	}
	return -1
}

// Proven reports whether an outcome means that the caller held the secret.
func (o Outcome) Proven() bool {
	return o != Malformed && o != Unknown && o != WrongSecret
}
