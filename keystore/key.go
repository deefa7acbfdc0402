package keystore

import (
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Key is what an operator names, restricts and audits. Its secrets may
// change; its id and its owner never do. Times are UTC in milliseconds; a
// zero time means "never" or "not".
type Key struct {
	ID           KeyID
	User         UserID
	Name         string // unique within the user
	Description  string
	Scopes       []Scope // empty: all that the owner may do
	Created      time.Time
	Updated      time.Time
	NotBefore    time.Time // zero: valid from the start
	Expires      time.Time // zero: never
	Rules        iprule.Rules
	DisabledAt   time.Time
	Revoked      time.Time
	RevokeReason string
	Compromised  bool          // the revocation is final: somebody else has the key
	RotateEvery  time.Duration // how old a secret may grow; 0: as the policy says
	WarnBefore   time.Duration // how long before Expires it is expiring; 0: as the policy says
	Secrets      []Secret      // newest first, at most [MaxSecrets]
	Version      uint64        // counts changes from 1
}

// SecretState is where one generation of a key's secret stands.
type SecretState string

// The states of a secret.
const (
	Current  SecretState = "current"
	Retiring SecretState = "retiring" // still works, until Retires
	Retired  SecretState = "retired"
)

// Secret is one generation of a key's secret. The string itself is not kept:
// Digest is its HMAC-SHA-256 under the pepper named Pepper.
type Secret struct {
	ID      token.ID
	Pepper  string
	Digest  token.Digest
	State   SecretState
	Created time.Time
	Retires time.Time // when it stops working, or stopped; zero for the current one
	// Grace is how long a retiring secret works after the first use of the
	// current one. Until that use is known, Retires is zero.
	Grace time.Duration
	// Session names the rotation session that made it; empty for most.
	Session string
}

// StateAt returns the state of the secret at an instant: a retiring one is
// retired once its grace has ended, without anybody having to write it down.
func (s Secret) StateAt(now time.Time) SecretState {
	if s.State == Retiring && !s.Retires.IsZero() && !now.Before(s.Retires) {
		return Retired
	}
	return s.State
}

// Current returns the secret that the key is used with, or a zero Secret.
func (k Key) Current() Secret {
	for _, s := range k.Secrets {
		if s.State == Current {
			return s
		}
	}
	return Secret{}
}

// RetiringAt returns the secret that still works beside the current one at an
// instant, and whether there is one.
func (k Key) RetiringAt(now time.Time) (Secret, bool) {
	for _, s := range k.Secrets {
		if s.StateAt(now) == Retiring {
			return s, true
		}
	}
	return Secret{}, false
}

// RotateBy returns when the current secret should have been replaced, by the
// key's own interval or else the policy's. Zero means never.
func (k Key) RotateBy(p Policy) time.Time {
	every := k.RotateEvery
	if every == 0 {
		every = p.RotateEvery
	}
	if every == 0 || k.Current().Created.IsZero() {
		return time.Time{}
	}
	return k.Current().Created.Add(every)
}

// State is what an operator sees of a key.
type State string

// The states of a key. When several apply, the first of this list is shown.
const (
	StateRevoked  State = "revoked"
	StateDisabled State = "disabled" // the key or its owner is switched off
	StateExpired  State = "expired"
	StatePending  State = "pending" // before NotBefore
	StateRotating State = "rotating"
	StateExpiring State = "expiring" // within the warning window
	StateActive   State = "active"
)

// States lists all states.
var States = [...]State{
	StateActive, StateExpiring, StateRotating, StatePending, StateDisabled, StateExpired, StateRevoked,
}

// ParseState reads the name of a state.
func ParseState(s string) (State, error) {
	if st := State(s); slices.Contains(States[:], st) {
		return st, nil
	}
	return "", &FieldError{"state", s, "does not exist; use active, expiring, rotating, pending, disabled, expired or revoked"}
}

// Works reports whether a key in state s verifies at all.
func (s State) Works() bool {
	return s == StateActive || s == StateExpiring || s == StateRotating
}

// StateAt returns the state of the key at an instant. Within warn before its
// expiry, or within the key's own WarnBefore, a key is expiring.
func (k Key) StateAt(now time.Time, owner User, warn time.Duration) State {
	return k.life(owner.Disabled).StateAt(now, warn)
}

func (k Key) clone() Key {
	k.Scopes = slices.Clone(k.Scopes)
	k.Rules.Allow = slices.Clone(k.Rules.Allow)
	k.Rules.Deny = slices.Clone(k.Rules.Deny)
	k.Secrets = slices.Clone(k.Secrets)
	return k
}

// KeyView is a key with what belongs beside it on a screen.
type KeyView struct {
	Key
	Owner User
	Uses  Uses // of all its secrets
}

// StateAt returns the state of the key at an instant.
func (v KeyView) StateAt(now time.Time, warn time.Duration) State {
	return v.Life().StateAt(now, warn)
}

// Life returns what the state of the key depends on.
func (v KeyView) Life() Life { return v.Key.life(v.Owner.Disabled) }

// Ref returns user/name, which refers to the key on the command line.
func (v KeyView) Ref() string { return v.Owner.Name + "/" + v.Name }

// EffectiveScopes returns what the key may do within its owner's permissions.
func (v KeyView) EffectiveScopes() []Scope { return Effective(v.Scopes, v.Owner.Allowed()) }
