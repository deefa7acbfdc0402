package main

import (
	"context"
	"errors"
	"os"

	"filippo.io/age"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/text"
)

func (a *app) pakCommand() *cobra.Command {
	return group("pak", "Files with a key string (.pak)", a.pakShowCommand(), a.pakOpenCommand(), a.pakCheckCommand())
}

// openFlags are what opens an encrypted file.
type openFlags struct {
	identities     []string
	passphraseFile string
}

func (f *openFlags) define(set *pflag.FlagSet, what string) {
	set.StringArrayVar(&f.identities, "identity", nil, "age or SSH private key `FILE` that opens an encrypted "+what+"; repeat it")
	set.StringVar(&f.passphraseFile, "passphrase-file", "", "`FILE` with the passphrase in its first line, instead of asking")
}

// openedPak is a .pak file that was read.
type openedPak struct {
	plain     []byte
	file      pak.File
	encrypted bool
}

// openPak reads, decrypts and understands a .pak file.
func (a *app) openPak(ctx context.Context, path string, f openFlags) (p openedPak, err error) {
	if p.plain, err = pak.Load(path); err != nil {
		return p, fileError(".pak file", path, err)
	}
	if p.encrypted = pak.Encrypted(p.plain); p.encrypted {
		if p.plain, err = a.decrypt(ctx, p.plain, f); err != nil {
			return p, err
		}
	}
	p.file, err = pak.Decode(p.plain)
	return p, err
}

func (a *app) decrypt(ctx context.Context, b []byte, f openFlags) ([]byte, error) {
	ids, err := a.openers(ctx, f, ".pak file")
	if err != nil {
		return nil, err
	}
	plain, err := pak.Decrypt(b, ids...)
	if errors.Is(err, pak.ErrNoIdentity) {
		return nil, &failedError{text: err.Error(), hint: noIdentityHint}
	}
	return plain, err
}

const noIdentityHint = "a file that is encrypted to a recipient needs --identity FILE; else the passphrase is wrong"

// openers returns what may open an encrypted file: the identities, and a
// passphrase that is asked for when it is needed.
func (a *app) openers(ctx context.Context, f openFlags, what string) ([]age.Identity, error) {
	ask := func() (string, error) {
		if f.passphraseFile != "" {
			return readPassphrase(f.passphraseFile)
		}
		return a.ask(ctx, "Passphrase of the "+what+": ")
	}
	ids := []age.Identity{&askedIdentity{ask}}
	for _, path := range f.identities {
		more, err := a.readIdentities(ctx, path)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return ids, nil
}

// readIdentities reads an identity file. Its own passphrase is asked for when
// it is needed.
func (a *app) readIdentities(ctx context.Context, path string) (ids []age.Identity, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fileError("--identity", path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	ids, err = pak.ParseIdentities(file, func() ([]byte, error) {
		p, err := a.ask(ctx, "Passphrase of "+text.Quote(path)+": ")
		return []byte(p), err
	})
	if err != nil {
		return nil, &failedError{text: "--identity " + text.Quote(path), err: err}
	}
	return ids, nil
}

// askedIdentity asks for the passphrase once it is clear that one opens the
// file.
type askedIdentity struct{ ask func() (string, error) }

// Unwrap implements [age.Identity].
func (i *askedIdentity) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if len(stanzas) != 1 || stanzas[0].Type != "scrypt" {
		return nil, age.ErrIncorrectIdentity
	}
	p, err := i.ask()
	if err != nil {
		return nil, err
	}
	id, err := pak.PassphraseIdentity(p)
	if err != nil {
		return nil, err
	}
	return id.Unwrap(stanzas)
}
