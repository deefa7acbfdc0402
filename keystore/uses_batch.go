package keystore

import (
	"time"

	"github.com/pakdeck/pakdeck/keystore/token"
)

// UseBatch is what a verifier saw since its last batch.
type UseBatch struct {
	Uses    map[token.ID]Uses // by secret; proven uses only
	Tallies map[Tally]Count   // the same uses by hour and caller, and those that proved nothing
	Notable []Use             // to be written to the journal, oldest first
	Watched Span              // when the verifier was counting; zero: not said
	// Demands are the scopes that accepted uses needed, by secret; each once a
	// day, whatever the number of uses.
	Demands map[token.ID][]Scope
}

// MostDemands is how many scopes are kept apart for one secret: those that are
// demanded are named by proxies and programs, not by who presents the key.
const MostDemands = 100

// Tally names uses that are counted together: those by one caller with one
// outcome in one hour.
type Tally struct {
	// Secret is the one that was used, or whose id was named with a wrong
	// secret. Zero: the string named no secret of this store.
	Secret  token.ID
	Hour    int64 // since 1970, UTC
	Outcome Outcome
	// Caller is zero for all who are beyond what is kept apart. Agent and
	// Route are families: "curl", "GET /v1/items/{id}".
	Caller Caller
}

// HourOf returns the hour of an instant, as in [Tally].
func HourOf(t time.Time) int64 {
	const hour = 3600
	s := t.Unix()
	if s < 0 {
		return 0 // a clock that was never set
	}
	return s / hour
}

// Count is how many uses there were, and when the first and last of them.
type Count struct {
	N           uint64
	First, Last time.Time
}

// Add returns the sum of c and d.
func (c Count) Add(d Count) Count {
	c.N += d.N
	if c.First.IsZero() || (!d.First.IsZero() && d.First.Before(c.First)) {
		c.First = d.First
	}
	if d.Last.After(c.Last) {
		c.Last = d.Last
	}
	return c
}

// Span is the time from From until To.
type Span struct{ From, To time.Time }

// IsZero reports whether a span was not given.
func (s Span) IsZero() bool { return s == Span{} }

// Empty reports whether there is nothing to record. That somebody watched and
// saw nothing is not in itself worth a transaction.
func (b UseBatch) Empty() bool {
	return len(b.Uses) == 0 && len(b.Tallies) == 0 && len(b.Notable) == 0
}
