package verify

import (
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// RotateBy returns by when a client should have another key string than the
// one it presented: when the secret in it stops working, because it is being
// replaced, or when it reaches the age that the key or the policy sets. The
// zero time means that there is no such day, a time that has passed means
// that it is overdue. Of a secret that works until the new one has been used
// it is the time since which the new one is there.
func (d Decision) RotateBy() time.Time {
	if d.Subject == nil {
		return time.Time{}
	}
	for i := range d.Subject.secrets {
		if s := &d.Subject.secrets[i]; s.ID == d.Secret {
			return d.Subject.rotateBy(s)
		}
	}
	return time.Time{}
}

func (s *Subject) rotateBy(secret *keystore.Secret) time.Time {
	switch {
	case secret.State == keystore.Retiring && secret.Retires.IsZero():
		return s.current().Created
	case secret.State != keystore.Current:
		return secret.Retires
	}
	every := s.rotate
	if every == 0 {
		every = time.Duration(s.policy.Load())
	}
	if every == 0 || secret.Created.IsZero() {
		return time.Time{}
	}
	return secret.Created.Add(every)
}

func (s *Subject) current() keystore.Secret { return keystore.Key{Secrets: s.secrets}.Current() }
