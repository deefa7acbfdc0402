package pak

import (
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
)

// ErrRecipient is in the chain of every error of [ParseRecipient].
var ErrRecipient = errors.New("not a recipient")

// ParseRecipient reads an age recipient (age1..., also the post-quantum
// age1pq1...) or a line of an SSH public key file (ssh-ed25519 ... or
// ssh-rsa ... of at least 2048 bits). age knows no other SSH keys. Plugin
// recipients are refused, as they would run another program.
func ParseRecipient(s string) (age.Recipient, error) {
	s = strings.TrimSpace(s)
	var r age.Recipient
	var err error
	switch {
	case strings.ContainsAny(s, "\r\n"):
		return nil, fmt.Errorf("%w: want a single line", ErrRecipient)
	case strings.HasPrefix(s, "age1pq1"):
		r, err = age.ParseHybridRecipient(s)
	case strings.HasPrefix(s, "age1"):
		r, err = age.ParseX25519Recipient(s)
	case strings.HasPrefix(s, "ssh-ed25519 "), strings.HasPrefix(s, "ssh-rsa "):
		r, err = agessh.ParseRecipient(s)
	default:
		return nil, foreignRecipient(s)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %q is damaged, incomplete or too weak", ErrRecipient, abridge(s))
	}
	return r, nil
}

// foreignRecipient quotes only what cannot be a secret.
func foreignRecipient(s string) error {
	const want = "want age1..., ssh-ed25519 ... or ssh-rsa ..."
	switch {
	case strings.Contains(s, "AGE-SECRET-KEY-"), strings.Contains(s, "PRIVATE KEY"):
		return fmt.Errorf("%w: this is a private key; give the public one that belongs to it", ErrRecipient)
	case strings.HasPrefix(s, "ecdsa-"), strings.HasPrefix(s, "sk-"), strings.HasPrefix(s, "ssh-"):
		kind, _, _ := strings.Cut(s, " ")
		return fmt.Errorf("%w: age cannot encrypt to %q keys; %s", ErrRecipient, abridge(kind), want)
	case strings.Contains(s, " "), hasLongWord(s): // might be a passphrase or a key string
		return fmt.Errorf("%w: %s", ErrRecipient, want)
	}
	return fmt.Errorf("%w: %q; %s", ErrRecipient, abridge(s), want)
}

// Passphrase returns a recipient that encrypts to a passphrase with scrypt at
// the work factor of age, 2^18: about a second and 256 MiB. An empty one is
// refused.
func Passphrase(p string) (age.Recipient, error) {
	const ageWorkFactor = 18
	return passphraseRecipient(p, ageWorkFactor)
}

func passphraseRecipient(p string, workFactor int) (age.Recipient, error) {
	r, err := age.NewScryptRecipient(p)
	if err != nil {
		return nil, fmt.Errorf("%w: the passphrase is empty", ErrRecipient)
	}
	r.SetWorkFactor(workFactor)
	return r, nil
}
