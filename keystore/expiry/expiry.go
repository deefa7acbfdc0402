package expiry

import "time"

// DefaultHour is the local hour at which a day without a time ends a key: in
// the morning of a working day rather than at midnight, when nobody is there.
const DefaultHour = 9

// MaxYears is how far an expiry may lie ahead: no later than the same day so
// many years from now.
const MaxYears = 100

// Expiry is when a key stops working. The zero value means never.
type Expiry struct {
	At   time.Time // whole seconds, UTC; zero = never
	Note string    // what an operator should know: a local time that does not exist or exists twice
}

const never = "never"

// Never reports whether the key has no end.
func (e Expiry) Never() bool { return e.At.IsZero() }

// String returns "never" or the instant in RFC 3339, UTC. [Parse] reads both.
func (e Expiry) String() string {
	if e.Never() {
		return never
	}
	return e.At.UTC().Format(time.RFC3339)
}
