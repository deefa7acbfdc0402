package pak

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// ErrIdentity is in the chain of every error of [ParseIdentities] that is not
// one of reading or of the passphrase.
var ErrIdentity = errors.New("not an identity")

// maxWorkFactor bounds what a hostile file makes scrypt cost: 1 GiB.
const maxWorkFactor = 20

// PassphraseIdentity returns the identity that opens what was encrypted to a
// passphrase, by [Passphrase] or by age -p.
func PassphraseIdentity(p string) (age.Identity, error) {
	id, err := age.NewScryptIdentity(p)
	if err != nil {
		return nil, fmt.Errorf("%w: the passphrase is empty", ErrIdentity)
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	return id, nil
}

// ParseIdentities reads an age identity file, which may be encrypted to a
// passphrase, or an SSH private key (ed25519 or rsa, OpenSSH format if it is
// encrypted). The passphrase of an identity file is asked for at once, that of
// an SSH key when a file is decrypted that the key can open. passphrase may be
// nil if there is nobody to ask. No error holds any of what was read.
func ParseIdentities(r io.Reader, passphrase func() ([]byte, error)) ([]age.Identity, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read identities: %w", err)
	}
	if passphrase == nil {
		passphrase = func() ([]byte, error) { return nil, errNoPassphrase }
	}
	switch {
	case len(b) > MaxSize:
		return nil, fmt.Errorf("%w: larger than 64 KiB", ErrIdentity)
	case Encrypted(b):
		return encryptedIdentities(b, passphrase)
	case bytes.HasPrefix(bytes.TrimSpace(b), []byte("-----BEGIN")):
		id, err := sshIdentity(b, passphrase)
		if err != nil {
			return nil, err
		}
		return []age.Identity{id}, nil
	}
	return plainIdentities(b)
}

var errNoPassphrase = errors.New("it is encrypted and there is nobody to ask for the passphrase")

func plainIdentities(b []byte) ([]age.Identity, error) {
	ids, err := age.ParseIdentities(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: want lines of AGE-SECRET-KEY-1..., or an SSH private key", ErrIdentity)
	}
	return ids, nil
}

func encryptedIdentities(b []byte, passphrase func() ([]byte, error)) ([]age.Identity, error) {
	p, err := passphrase()
	if err != nil {
		return nil, fmt.Errorf("open identity file: %w", err)
	}
	id, err := PassphraseIdentity(string(p))
	if err != nil {
		return nil, err
	}
	plain, err := Decrypt(b, id)
	if err != nil {
		return nil, fmt.Errorf("open identity file: %w", err)
	}
	return plainIdentities(plain)
}

func sshIdentity(b []byte, passphrase func() ([]byte, error)) (age.Identity, error) {
	id, err := agessh.ParseIdentity(b)
	locked, ok := errors.AsType[*ssh.PassphraseMissingError](err)
	switch {
	case err == nil:
		return id, nil
	case !ok:
		return nil, fmt.Errorf("%w: want an SSH private key of type ed25519 or rsa", ErrIdentity)
	case locked.PublicKey == nil:
		return nil, fmt.Errorf("%w: encrypted in the old PEM format; convert it with ssh-keygen -p", ErrIdentity)
	}
	id, err = agessh.NewEncryptedSSHIdentity(locked.PublicKey, b, passphrase)
	if err != nil {
		return nil, fmt.Errorf("%w: want an SSH private key of type ed25519 or rsa", ErrIdentity)
	}
	return id, nil
}
