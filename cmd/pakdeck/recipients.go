package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/text"
)

// recipients returns to whom the .pak file is encrypted; none means that it is
// not. Recipients that do not go together are found out here and not when the
// key is there.
func (f *handoverFlags) recipients() ([]age.Recipient, error) {
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
func (f *handoverFlags) lock(ctx context.Context, a *app) ([]age.Recipient, error) {
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
func (f *handoverFlags) parseRecipients(value string) ([]age.Recipient, error) {
	if value == ofOwner {
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
