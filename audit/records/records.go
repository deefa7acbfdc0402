// Package records writes what the store knows of keys for other programs: as
// objects in JSON, as lines of them, or as a table for a spreadsheet.
//
// A record holds everything but the secret, which the store does not have either;
// digests stay where they are. What others named can neither be calculated with
// in a spreadsheet nor be obeyed by a terminal. A file is new and readable by its
// owner alone, and if an export is stopped nothing of it is left.
package records

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
)

// Instant is a time in the output: RFC 3339 in UTC, whole seconds. In JSON the
// zero time is null.
type Instant time.Time

func (t Instant) String() string { return time.Time(t).UTC().Format(time.RFC3339) }

// MarshalJSON writes the instant or null.
func (t Instant) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.String())
}

// Or returns the instant, or a word for the zero time.
func (t Instant) Or(word string) string {
	if time.Time(t).IsZero() {
		return word
	}
	return t.String()
}

// Key is a key in JSON, never with its secret.
type Key struct {
	ID              keystore.KeyID              `json:"id"`
	User            string                      `json:"user"`
	Name            string                      `json:"name"`
	Description     string                      `json:"description"`
	State           keystore.State              `json:"state"`
	Scopes          []keystore.Scope            `json:"scopes"`
	EffectiveScopes []keystore.Scope            `json:"effective_scopes"`
	Created         Instant                     `json:"created"`
	Updated         Instant                     `json:"updated"`
	NotBefore       Instant                     `json:"not_before"`
	Expires         Instant                     `json:"expires"`
	Allow           []iprule.Entry              `json:"allow"`
	Deny            []iprule.Entry              `json:"deny"`
	Disabled        Instant                     `json:"disabled"`
	OwnerDisabled   bool                        `json:"owner_disabled"`
	Revoked         Instant                     `json:"revoked"`
	RevokeReason    string                      `json:"revoke_reason"`
	Secrets         []Secret                    `json:"secrets"`
	Uses            uint64                      `json:"uses"`
	LastUsed        *Sighting                   `json:"last_used"`
	Compromised     bool                        `json:"compromised"`
	RotateBy        Instant                     `json:"rotate_by"`
	WarnBefore      string                      `json:"warn_before"`
	Denied          map[keystore.Outcome]uint64 `json:"denied"`
	LastDenied      *Sighting                   `json:"last_denied"`
	Version         uint64                      `json:"version"`
}

// Secret is what may be known of a secret.
type Secret struct {
	ID        string               `json:"id"`
	State     keystore.SecretState `json:"state"`
	Created   Instant              `json:"created"`
	FirstUsed Instant              `json:"first_used"`
	Retires   Instant              `json:"retires"`
	Grace     string               `json:"grace,omitempty"` // counts from the first use of the current one
	LastUsed  Instant              `json:"last_used"`
	Refused   uint64               `json:"refused"`
	Tried     *Sighting            `json:"last_refused"`
}

// Sighting is a use: when, from where, with what.
type Sighting struct {
	Time    Instant          `json:"time"`
	IP      string           `json:"ip"`
	Agent   string           `json:"agent"`
	Route   string           `json:"route"`
	Outcome keystore.Outcome `json:"outcome,omitempty"` // of a refused one
}

// SightingOf returns a use; nil if there was none.
func SightingOf(s keystore.Sighting, outcome keystore.Outcome) *Sighting {
	if s.Time.IsZero() {
		return nil
	}
	j := &Sighting{Time: Instant(s.Time), Agent: s.Agent, Route: s.Route, Outcome: outcome}
	if s.IP.IsValid() {
		j.IP = s.IP.String()
	}
	return j
}

// Viewer turns keys into records.
type Viewer struct {
	Now    time.Time
	Warn   time.Duration
	Policy keystore.Policy
	// Uses returns the uses of one secret of a key that has several.
	Uses func(keystore.Key) (keystore.Uses, error)
}

// Key returns the record of a key.
func (v Viewer) Key(k keystore.KeyView) (Key, error) {
	secrets, err := v.Secrets(k)
	denied := k.Uses.Denied
	if denied == nil {
		denied = map[keystore.Outcome]uint64{}
	}
	warn := "policy"
	if k.WarnBefore != 0 {
		warn = Span(k.WarnBefore)
	}
	return Key{
		ID: k.ID, User: k.Owner.Name, Name: k.Name, Description: k.Description, State: k.StateAt(v.Now, v.Warn),
		Scopes: some(k.Scopes), EffectiveScopes: some(k.EffectiveScopes()),
		Created: Instant(k.Created), Updated: Instant(k.Updated),
		NotBefore: Instant(k.NotBefore), Expires: Instant(k.Expires),
		Allow: some(k.Rules.Allow), Deny: some(k.Rules.Deny),
		Disabled: Instant(k.DisabledAt), OwnerDisabled: k.Owner.Disabled,
		Revoked: Instant(k.Revoked), RevokeReason: k.RevokeReason, Compromised: k.Compromised,
		RotateBy: Instant(k.RotateBy(v.Policy)), WarnBefore: warn,
		Secrets: secrets, Uses: k.Uses.OK, LastUsed: SightingOf(k.Uses.Last, ""),
		Denied: denied, LastDenied: SightingOf(k.Uses.LastDenied, k.Uses.LastReason),
		Version: k.Version,
	}, err
}

// Secrets returns what is known of the secrets of a key, the newest first.
func (v Viewer) Secrets(k keystore.KeyView) ([]Secret, error) {
	out := make([]Secret, len(k.Secrets))
	for i, s := range k.Secrets {
		uses := k.Uses
		if len(k.Secrets) > 1 {
			var err error
			if uses, err = v.Uses(keystore.Key{Secrets: []keystore.Secret{s}}); err != nil {
				return nil, err
			}
		}
		out[i] = Secret{
			ID: s.ID.String(), State: s.StateAt(v.Now), Created: Instant(s.Created),
			FirstUsed: Instant(uses.First.Time), LastUsed: Instant(uses.Last.Time), Retires: Instant(s.Retires),
			Refused: uses.DeniedTotal(), Tried: SightingOf(uses.LastDenied, uses.LastReason),
		}
		if s.Grace > 0 && s.State == keystore.Retiring {
			out[i].Grace = Span(s.Grace)
		}
	}
	return out, nil
}

// some makes an empty list an empty JSON array instead of null.
func some[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// Span returns a length of time as commands take it: "7 days", "2 hours".
func Span(d time.Duration) string {
	unit, name := time.Minute, "minute"
	switch day := 24 * time.Hour; {
	case d%day == 0:
		unit, name = day, "day"
	case d%time.Hour == 0:
		unit, name = time.Hour, "hour"
	}
	n := int(d / unit)
	if n != 1 {
		name += "s"
	}
	return fmt.Sprintf("%d %s", n, name)
}
