package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/backup"
	"github.com/pakdeck/pakdeck/tui/text"
)

type restoreFlags struct {
	openFlags
	keyring         string
	replace, dryRun bool
}

// restoreJSON is a backup and what becomes of the present store.
type restoreJSON struct {
	Store    string     `json:"store"` // its origin
	Time     time.Time  `json:"time"`
	Records  int64      `json:"records"`
	Keys     int        `json:"keys"`
	Users    int        `json:"users"`
	Present  string     `json:"present"` // none, readable or unreadable
	Since    int64      `json:"since"`   // records that the present store has beyond the backup
	Stops    []stopJSON `json:"stops"`
	Aside    []string   `json:"aside"`
	Restored bool       `json:"restored"`
}

// stopJSON is what stays off although the backup has it on.
type stopJSON struct {
	Kind string `json:"kind"`
	Ref  string `json:"ref"`
	Why  string `json:"why"`
}

func (a *app) restoreCommand() *cobra.Command {
	var f restoreFlags
	c := &cobra.Command{
		Use: "restore FILE", Short: "Put a backup back", Args: want("FILE"),
		Long: `Put a backup in the place of the store that --store names; - is standard input.

Before anything is touched, every file is compared with the signed list, and the
journal is recomputed. The keyring is the one beside the store, or else --keyring,
or else the one in the backup.

A store that is there is replaced only with --replace, and kept beside the new one.
What was done since the backup is lost then, but for this: keys and users that the
present store has stopped stay stopped, and a key that got a new secret since is
disabled, because its old one may be in wrong hands.

A witness will refuse the restored journal as one that was rewritten: that is what
it is for. Who keeps it has to decide: pakdeck witness forget, then trust.

With --dry-run all of this is tried, and nothing is put back.`,
		Example: `  pakdeck restore --dry-run --identity ~/.ssh/id_ed25519 /mnt/backup/pakdeck.tar.age
  pakdeck --store /var/lib/pakdeck/store.db restore --passphrase-file pass pakdeck.tar.age`,
		RunE: func(c *cobra.Command, args []string) error { return a.runRestore(c.Context(), args[0], f) },
	}
	f.define(c.Flags(), "backup")
	c.Flags().StringVar(&f.keyring, "keyring", "", "the keyring `FILE` of the store")
	c.Flags().BoolVar(&f.replace, "replace", false, "replace the store that is there, and keep it under another name")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "try the backup, and put nothing back")
	return c
}

func (a *app) runRestore(ctx context.Context, file string, f restoreFlags) (err error) {
	path := a.storePath()
	if a.readOnly && !f.dryRun {
		return keystore.ErrReadOnly
	}
	b, err := a.openBackup(ctx, file, path, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if f.dryRun {
		return a.tryRestore(ctx, b, file, path)
	}
	r, err := b.Restore(ctx, path, f.replace, a.timeout, a.storeOptions()...)
	if errors.Is(err, fs.ErrExist) && !f.replace && r.Exists {
		return &failedError{
			text: "there is a store at " + path + " already; it was not touched",
			hint: "see what would be lost with --dry-run, then give --replace",
		}
	}
	if err != nil {
		return err
	}
	return a.printRestore(b, r, path, true)
}

// openBackup opens a backup where the store is to be.
func (a *app) openBackup(ctx context.Context, file, path string, f restoreFlags) (b *backup.Backup, err error) {
	if f.keyring != "" {
		if _, err := os.Stat(f.keyring); err != nil {
			return nil, fileError("--keyring", f.keyring, err)
		}
	}
	in := a.in
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return nil, fileError("FILE", file, err)
		}
		defer func() { err = errors.Join(err, opened.Close()) }()
		in = opened
	}
	how := backup.How{Folder: filepath.Dir(path), Keyring: f.keyring, Store: a.storeOptions()}
	if how.Identities, err = a.openers(ctx, f.openFlags, "backup"); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path + ".keyring"); err == nil && how.Keyring == "" {
		how.Keyring = path + ".keyring"
	}
	if err := makeFolder(how.Folder, f.dryRun); err != nil {
		return nil, err
	}
	b, err = backup.Open(ctx, io.Reader(in), how)
	return b, restoreFault(file, err)
}

// makeFolder makes the folder of a store, unless nothing shall be left.
func makeFolder(folder string, dryRun bool) error {
	if !dryRun {
		return os.MkdirAll(folder, 0o700)
	}
	if _, err := os.Stat(folder); err != nil {
		return fileError("the folder of the store", folder, err)
	}
	return nil
}

// restoreFault says what to do about a backup that does not open.
func restoreFault(file string, err error) error {
	e := &failedError{text: "the backup " + file, err: err}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, backup.ErrIdentity):
		e.hint = noIdentityHint
	case errors.Is(err, backup.ErrNoKeyring):
		e.hint = "give the copy of the keyring that was kept apart: --keyring FILE"
	case errors.Is(err, backup.ErrUnproved):
		e.hint = "use another backup; this one is not as the store has signed it"
	}
	return e
}

// tryRestore says what would become of a backup, and tells the present store
// that the backup is good.
func (a *app) tryRestore(ctx context.Context, b *backup.Backup, file, path string) error {
	p, err := b.Look(ctx, path, a.storeOptions()...)
	if err != nil {
		return err
	}
	if err := a.printRestore(b, backup.Restored{Present: p}, path, false); err != nil {
		return err
	}
	if !p.Exists || p.Trouble != nil || a.readOnly {
		return nil
	}
	st, err := a.openAt(ctx, path)
	if err != nil {
		return err
	}
	return closing(st, backup.NoteTried(ctx, st, b.Manifest, file))
}

func (a *app) printRestore(b *backup.Backup, r backup.Restored, path string, done bool) error {
	m := b.Manifest
	if a.json {
		j := restoreJSON{
			Store: m.Origin, Time: m.Time, Records: m.Size, Keys: b.Keys, Users: b.Users, Present: presence(r.Present),
			Since: r.Since, Stops: []stopJSON{}, Aside: append([]string{}, r.Aside...), Restored: done,
		}
		for _, s := range r.Stops {
			j.Stops = append(j.Stops, stopJSON{s.Kind, s.Ref, s.Why})
		}
		return a.printJSON(j)
	}
	rows := [][]string{
		{"backup", fmt.Sprintf("%s at %s: %s of %s", m.Origin, m.Time.Format(time.RFC3339), text.Plural(b.Keys, "key"), text.Plural(b.Users, "user"))},
		{"journal", text.Plural(m.Size, "record") + ", intact, and signed by the store"},
	}
	for _, s := range r.Stops {
		rows = append(rows, []string{"stays off", s.Kind + " " + s.Ref + ": " + s.Why})
	}
	for _, path := range r.Aside {
		rows = append(rows, []string{"kept", path})
	}
	if err := a.printRows(rows); err != nil {
		return err
	}
	a.noteRestore(m, r, path, done)
	return nil
}

func presence(p backup.Present) string {
	switch {
	case !p.Exists:
		return "none"
	case p.Trouble != nil:
		return "unreadable"
	}
	return "readable"
}

// noteRestore says what the restore means for the keys.
func (a *app) noteRestore(m backup.Manifest, r backup.Restored, path string, done bool) {
	are, works := "would be", "would work"
	if done {
		are, works = "are", "works"
		a.note("restored %s", path)
	} else {
		a.note("The backup is good; nothing was put back.")
	}
	switch {
	case !r.Exists:
		a.note("What was revoked or replaced after %s %s again: stop it anew.", m.Time.Format(time.RFC3339), works)
	case r.Trouble != nil:
		a.warn("the old store could not be read: " + strings.TrimSpace(r.Trouble.Error()))
		a.note("What was revoked or replaced after %s %s again: stop it anew.", m.Time.Format(time.RFC3339), works)
	case r.Since > 0:
		a.note("%s since then %s lost, but for what stays off.", text.Plural(r.Since, "journal record"), are)
	case r.Since < 0:
		a.note("The backup has %s that the store lacks.", text.Plural(-r.Since, "journal record"))
	}
}
