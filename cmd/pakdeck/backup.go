package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/backup"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/text"
)

// backupFlags say what goes into a backup, and to whom it is encrypted.
type backupFlags struct {
	sealFlags
	keyring bool
}

// backupJSON is a backup that was made.
type backupJSON struct {
	File      string    `json:"file"`
	Store     string    `json:"store"` // its origin
	Time      time.Time `json:"time"`
	Records   int64     `json:"records"`
	Root      string    `json:"root"` // of the journal's tree
	Encrypted bool      `json:"encrypted"`
	Keyring   bool      `json:"keyring"`
}

func (a *app) backupCommand() *cobra.Command {
	var f backupFlags
	c := &cobra.Command{
		Use: "backup FILE", Short: "Copy the store to one file", Args: want("FILE"),
		Long: `Copy the store, its checkpoints and its policy to a new file, or with - to standard
output. Everything goes on meanwhile: what is copied is the state of one moment.

The file is a tar file with a signed list of sums. It opens with age, tar and
sha256sum -c MANIFEST. Encrypt it if it leaves the machine: it tells who owns
which key and from where it is used, though no key string.

The keyring stays behind, so that a stolen backup is no use for guessing keys.
Keep a copy of it somewhere else, or take it along with --with-keyring into an
encrypted backup. Try now and then whether a backup can be put back:
pakdeck restore --dry-run FILE`,
		Example: `  pakdeck backup --to age1... --with-keyring /mnt/backup/pakdeck-$(date +%F).tar.age
  pakdeck backup --to ops.pub - | ssh vault 'cat > pakdeck.tar.age'`,
		RunE: a.withStore(func(ctx context.Context, st *keystore.Store, args []string) error {
			return a.backUp(ctx, st, args[0], f)
		}),
	}
	f.define(c.Flags(), "backup", "or a file of them")
	c.Flags().BoolVar(&f.keyring, "with-keyring", false, "take the keyring along; only encrypted")
	return c
}

func (a *app) backUp(ctx context.Context, st *keystore.Store, path string, f backupFlags) error {
	if err := f.check(path, isTerminal(a.out), a.json); err != nil {
		return err
	}
	to, err := f.seal(ctx, a)
	if err != nil {
		return err
	}
	made := backupJSON{File: path, Store: st.Origin(), Encrypted: len(to) > 0, Keyring: f.keyring}
	o := backup.Options{To: to, Keyring: f.keyring}
	var m backup.Manifest
	if path == "-" {
		m, err = backup.Write(ctx, st, a.out, o)
	} else {
		m, err = backup.Save(ctx, st, path, o)
		err = saveError(path, err)
	}
	if err != nil {
		return err
	}
	made.Time, made.Records, made.Root = m.Time, m.Size, m.Root.String()
	if err := a.noteBackup(ctx, st, m, made); err != nil || path == "-" {
		return err
	}
	if a.json {
		return a.printJSON(made)
	}
	return nil
}

// check refuses flags that do not go together, and places where no backup can be.
func (f *backupFlags) check(path string, terminal, asJSON bool) error {
	switch {
	case f.keyring && !f.sealed():
		return usagef("--with-keyring goes into an encrypted backup only: give --to RECIPIENT or --passphrase")
	case path == "-" && terminal:
		return usagef("a backup is nothing for a terminal; give a file, or send it on")
	case path == "-" && asJSON:
		return usagef("--json and - both write to standard output; give a file")
	}
	if err := f.contradiction("backup"); err != nil || path == "-" {
		return err
	}
	return checkPlace("FILE", path)
}

// noteBackup tells of a backup that was made, the store as well.
func (a *app) noteBackup(ctx context.Context, st *keystore.Store, m backup.Manifest, made backupJSON) error {
	how := "not encrypted"
	if made.Encrypted {
		how = "encrypted"
	}
	a.note("%s", fmt.Sprintf("backed up %s with %s, %s", m.Origin, text.Plural(m.Size, "journal record"), how))
	if !made.Keyring {
		a.note("The keyring is not in it: keep a copy of %s somewhere else.", st.KeyringPath())
	}
	if root, ok := pak.InGitWorkTree(made.File); ok && made.File != "-" {
		a.warn(made.File + " lies in the Git work tree " + root + ": see that it is not committed")
	}
	if st.ReadOnly() {
		a.warn("the store does not know of this backup, because nothing may be changed")
		return nil
	}
	if err := backup.NoteMade(ctx, st, m, made.File, made.Encrypted); err != nil {
		return &failedError{text: "the backup was made, but the journal does not tell of it", err: err}
	}
	return nil
}
