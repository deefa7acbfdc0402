package keystore

import (
	"cmp"
	"math"
	"time"
)

// Life is what the state of a key depends on, in a fraction of the room that the
// key takes: who asks for the states of all keys keeps these together. Times are
// in milliseconds since 1970, as exact as they are stored.
type Life struct {
	begins, ends int64         // ends is math.MaxInt64 if it never does
	rotates      int64         // until then a retiring secret works beside the current one
	warn         time.Duration // of the key itself; 0: it has none
	off          off
}

// off is why a key does not work, whatever the time.
type off uint8

const (
	on off = iota
	ownerDisabled
	disabled // itself, and perhaps its owner, too
	revoked
)

func (k *Key) life(ownerOff bool) Life {
	l := Life{begins: k.NotBefore.UnixMilli(), ends: math.MaxInt64, rotates: math.MinInt64, warn: k.WarnBefore}
	switch {
	case !k.Revoked.IsZero():
		l.off = revoked
	case !k.DisabledAt.IsZero():
		l.off = disabled
	case ownerOff:
		l.off = ownerDisabled
	}
	if !k.Expires.IsZero() {
		l.ends = k.Expires.UnixMilli()
	}
	for i := range k.Secrets {
		switch s := &k.Secrets[i]; {
		case s.State != Retiring:
		case s.Retires.IsZero():
			l.rotates = math.MaxInt64
		default:
			l.rotates = max(l.rotates, s.Retires.UnixMilli())
		}
	}
	return l
}

// Revoked reports whether the key was ended for good.
func (l Life) Revoked() bool { return l.off == revoked }

// Disabled reports whether the key itself was switched off, and not revoked
// after that. One whose owner alone is disabled was not.
func (l Life) Disabled() bool { return l.off == disabled }

// Ends returns when the key expires, in milliseconds since 1970; ok is false if
// it never does.
func (l Life) Ends() (at int64, ok bool) { return l.ends, l.ends != math.MaxInt64 }

// StateAt returns the state at an instant. Within warn before its expiry, or
// within the key's own WarnBefore, a key is expiring.
func (l Life) StateAt(now time.Time, warn time.Duration) State {
	at := now.UnixMilli()
	_, expires := l.Ends()
	switch {
	case l.off == revoked:
		return StateRevoked
	case l.off == disabled || l.off == ownerDisabled:
		return StateDisabled
	case expires && at >= l.ends:
		return StateExpired
	case at < l.begins:
		return StatePending
	case at < l.rotates:
		return StateRotating
	case expires && l.ends <= now.Add(cmp.Or(l.warn, warn)).UnixMilli():
		return StateExpiring
	}
	return StateActive
}
