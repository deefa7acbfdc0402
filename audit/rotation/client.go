package rotation

import (
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// Client is a caller of the old secret.
type Client struct {
	keystore.Caller
	Uses        uint64
	First, Last time.Time
	// Usual and Longest are the median and the longest time between its uses,
	// zero if it was seen once.
	Usual, Longest time.Duration
	// New is its last use of the new secret, zero if there was none since its
	// last use of the old one.
	New time.Time

	State State
	// Quiet is how long a verifier has been counting since its last use.
	Quiet time.Duration
	// Patience is how long it must be quiet before it is believed.
	Patience time.Duration
}

// State is what is to be thought of a client.
type State string

// The states of a client.
const (
	Using    State = "uses it"  // no longer quiet than usual
	Waiting  State = "quiet"    // longer than usual, not long enough
	Switched State = "switched" // uses the new secret, and the old one no more
	Gone     State = "gone"     // quiet for so long that it will not come again
)

const (
	day = 24 * time.Hour
	// unknownRhythm is the patience with a client that was seen once: most of
	// what comes more seldom than daily comes monthly.
	unknownRhythm = 31 * day
	// oneGap is the least patience; hours are the finest that is kept.
	oneGap = 2 * time.Hour
)

// seen are the days and hours in which a client came, as numbers since 1970.
type seen struct {
	Client
	days []int64
}

// finish works the gaps out.
func (s *seen) finish() Client {
	slices.Sort(s.days)
	s.days = slices.Compact(s.days)
	for i := 1; i < len(s.days); i++ {
		if apart := s.days[i] - s.days[i-1]; apart > 1 {
			s.Longest = max(s.Longest, time.Duration(apart)*day)
		}
	}
	if s.Usual == 0 && len(s.days) > 1 {
		s.Usual = s.Last.Sub(s.First) / time.Duration(len(s.days)-1)
	}
	s.Longest = max(s.Longest, s.Usual)
	return s.Client
}

// patience returns for how long a client must be quiet.
func (c Client) patience() time.Duration {
	need := max(c.Longest+c.Longest/2, oneGap)
	switch {
	case c.Longest == 0 && c.New.IsZero():
		return unknownRhythm
	case c.Longest == 0:
		return max(day, c.New.Sub(c.Last)+oneGap)
	case !c.New.IsZero():
		return need
	case c.Last.Sub(c.First) < 7*day:
		return max(need, 3*day)
	}
	return max(need, day)
}

// judge fills in what follows from the rest.
func (c *Client) judge(e Evidence) {
	c.Patience, c.Quiet = c.patience(), e.Watched(c.Last)
	switch {
	case c.Quiet >= c.Patience && !c.New.IsZero():
		c.State = Switched
	case c.Quiet >= c.Patience:
		c.State = Gone
	case c.Quiet > max(c.Usual, time.Hour):
		c.State = Waiting
	default:
		c.State = Using
	}
}

// done reports whether a client stands in nobody's way.
func (c Client) done() bool { return c.State == Switched || c.State == Gone }
