package pak

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// Errors of [Encrypt] and [Decrypt]; test with errors.Is.
var (
	// ErrNoRecipient: Encrypt was told nobody to encrypt to.
	ErrNoRecipient = errors.New("no recipient to encrypt to")
	// ErrNotEncrypted: Decrypt was given something else than an age file.
	ErrNotEncrypted = errors.New("the file is not encrypted")
	// ErrNoIdentity: no identity or passphrase opens the file.
	ErrNoIdentity = errors.New("none of the identities or passphrases opens the file")
	// ErrDamaged: the file was changed or cut off.
	ErrDamaged = errors.New("the encrypted file is damaged")
)

// binaryHeader is how an age file begins that has no armor.
const binaryHeader = "age-encryption.org/v1\n"

// Encrypted reports whether b begins like an age file, with armor or without.
func Encrypted(b []byte) bool {
	return armored(b) || bytes.HasPrefix(b, []byte(binaryHeader))
}

// armored allows blanks before the header, as age does.
func armored(b []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte(armor.Header))
}

// Encrypt returns b, at most [MaxSize] bytes, as an armored age file that any
// one of the recipients opens. A passphrase must be the only recipient.
func Encrypt(b []byte, to ...age.Recipient) ([]byte, error) {
	if len(to) == 0 {
		return nil, ErrNoRecipient
	}
	if len(b) > MaxSize {
		return nil, ErrTooLarge
	}
	var out bytes.Buffer
	armorer := armor.NewWriter(&out)
	w, err := age.Encrypt(armorer, to...)
	if err != nil {
		return nil, fmt.Errorf("encrypt .pak file: %w", err)
	}
	_, err = w.Write(b)
	if err := errors.Join(err, w.Close(), armorer.Close()); err != nil {
		return nil, fmt.Errorf("encrypt .pak file: %w", err)
	}
	return out.Bytes(), nil
}

// Decrypt opens an age file, with armor or without, and returns its content,
// at most [MaxSize] bytes. Its errors are [ErrNotEncrypted], [ErrTooLarge],
// [ErrDamaged], [ErrNoIdentity] and those of the identities.
func Decrypt(b []byte, ids ...age.Identity) ([]byte, error) {
	if !Encrypted(b) {
		return nil, ErrNotEncrypted
	}
	if len(b) > MaxEncrypted {
		return nil, ErrTooLarge
	}
	if len(ids) == 0 {
		return nil, ErrNoIdentity
	}
	b, err := unarmor(b)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bytes.NewReader(b), ids...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, ErrNoIdentity
	}
	if err != nil {
		return nil, fmt.Errorf("decrypt .pak file: %w", err)
	}
	return readPlain(r)
}

// unarmor returns the binary form of an age file with a sound header. The
// errors of age would quote lines of the file.
func unarmor(b []byte) ([]byte, error) {
	if armored(b) {
		var err error
		if b, err = io.ReadAll(armor.NewReader(bytes.NewReader(b))); err != nil {
			return nil, ErrDamaged
		}
	}
	if _, err := age.ExtractHeader(bytes.NewReader(b)); err != nil {
		return nil, ErrDamaged
	}
	return b, nil
}

func readPlain(r io.Reader) ([]byte, error) {
	plain, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, ErrDamaged
	}
	if len(plain) > MaxSize {
		return nil, ErrTooLarge
	}
	return plain, nil
}
