package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"filippo.io/age"
	"github.com/spf13/pflag"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/text"
)

// sealFlags say to whom a file is encrypted.
type sealFlags struct {
	to             []string
	passphrase     bool
	passphraseFile string
	owner          keystore.User // whom --to owner means; without a name it means nobody
}

// define adds the flags; what is the file, in their help.
func (f *sealFlags) define(set *pflag.FlagSet, what, to string) {
	set.StringArrayVar(&f.to, "to", nil, "encrypt the "+what+" to a `RECIPIENT`: age1..., ssh-ed25519 ..., ssh-rsa ... "+to+"; repeat it")
	set.BoolVar(&f.passphrase, "passphrase", false, "encrypt the "+what+" to a passphrase, which is asked for")
	set.StringVar(&f.passphraseFile, "passphrase-file", "", "encrypt the "+what+" to the passphrase in the first line of `FILE`")
}

// locked reports whether the file is encrypted to a passphrase.
func (f *sealFlags) locked() bool { return f.passphrase || f.passphraseFile != "" }

// sealed reports whether the file is encrypted.
func (f *sealFlags) sealed() bool { return f.locked() || len(f.to) > 0 }

// contradiction reports flags that do not belong together.
func (f *sealFlags) contradiction(what string) error {
	if len(f.to) > 0 && f.locked() || f.passphrase && f.passphraseFile != "" {
		return usagef("a %s is encrypted to recipients or to one passphrase, not to both", what)
	}
	return nil
}

// seal returns to whom the file is encrypted; a passphrase is asked for.
func (f *sealFlags) seal(ctx context.Context, a *app) ([]age.Recipient, error) {
	if f.locked() {
		return f.lock(ctx, a)
	}
	return f.recipients()
}

// recipients returns the recipients of --to, maybe none. Recipients that do not
// go together are found out here and not when there is something to encrypt.
func (f *sealFlags) recipients() ([]age.Recipient, error) {
	var to []age.Recipient
	for _, value := range f.to {
		list, err := f.parseRecipients(value)
		if err != nil {
			return nil, err
		}
		to = append(to, list...)
	}
	if len(to) == 0 {
		return nil, nil
	}
	_, err := pak.Encrypt([]byte("trial"), to...)
	if err != nil {
		return nil, &usageError{text: "--to: " + err.Error()}
	}
	return to, nil
}

func ownerRecipient(u keystore.User) ([]age.Recipient, error) {
	if u.Recipient == "" {
		return nil, usagef("--to owner: %s has no recipient; add one: pakdeck user edit %[1]s --recipient age1...", u.Name)
	}
	r, err := pak.ParseRecipient(u.Recipient)
	return []age.Recipient{r}, err
}

// lock returns the passphrase as a recipient.
func (f *sealFlags) lock(ctx context.Context, a *app) ([]age.Recipient, error) {
	p, err := a.newPassphrase(ctx, f.passphraseFile)
	if err != nil {
		return nil, err
	}
	r, err := pak.Passphrase(p)
	return []age.Recipient{r}, err
}

// ofOwner is the word of --to for the recipient that the key's owner has.
const ofOwner = "owner"

// parseRecipients reads one value of --to: a recipient or a file of them.
func (f *sealFlags) parseRecipients(value string) ([]age.Recipient, error) {
	if value == ofOwner && f.owner.Name != "" {
		return ownerRecipient(f.owner)
	}
	if _, err := os.Stat(value); err != nil {
		r, err := pak.ParseRecipient(value)
		return []age.Recipient{r}, err
	}
	content, err := readList("@" + value)
	if err != nil {
		return nil, err
	}
	var list []age.Recipient
	for line := range strings.Lines(content) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		r, err := pak.ParseRecipient(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", text.Quote(value), err)
		}
		list = append(list, r)
	}
	if len(list) == 0 {
		return nil, usagef("--to %s: there is no recipient in the file", text.Quote(value))
	}
	return list, nil
}
