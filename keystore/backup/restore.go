package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// ErrOther: there is the store of another origin where a backup is to go.
var ErrOther = errors.New("another store is there")

// Present is what lies where a backup is to be restored.
type Present struct {
	Exists  bool
	Trouble error  // why it cannot be read, nil if it can
	Since   int64  // records that it has and the backup lacks, or, below zero, the other way round
	Stops   []Stop // what it has stopped since the backup was made
}

// Look tells what lies at the path of a store. The options are for reading it.
func (b *Backup) Look(ctx context.Context, path string, options ...keystore.Option) (p Present, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	p.Exists = true
	st, err := keystore.Open(ctx, path, append(slices.Clip(options), keystore.WithReadOnly())...)
	if err != nil {
		p.Trouble = err
		return p, nil
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if st.Origin() != b.Manifest.Origin {
		return p, fmt.Errorf("%w: %s, and the backup is of %s", ErrOther, st.Origin(), b.Manifest.Origin)
	}
	head, err := st.Head(ctx)
	if err == nil {
		p.Stops, err = stops(ctx, b.store, st)
	}
	if err != nil {
		p.Trouble = err
		return p, nil
	}
	p.Since = head.Size - b.Manifest.Size
	return p, nil
}

// Restored is what [Backup.Restore] did.
type Restored struct {
	Present
	Aside []string // the files that were in the way, under their new names
}

// Restore puts the backup in the place of the store at path. If there is one
// already it must be told to replace it, and keeps the old one beside it. What
// the present store refuses, the restored one refuses from its first moment. The
// journal says that it was restored, and from when.
//
// It uses the Backup up, but for Close. The options are for the stores that it
// opens, and the timeout as for [keystore.WithTimeout].
func (b *Backup) Restore(ctx context.Context, path string, replace bool, timeout time.Duration, options ...keystore.Option) (r Restored, err error) {
	if r.Present, err = b.Look(ctx, path, options...); err != nil {
		return r, err
	}
	if r.Exists && !replace {
		return r, &fs.PathError{Op: "restore", Path: path, Err: fs.ErrExist}
	}
	p := placing{from: b.folder, path: path, stamp: b.store.Now().Format(".before-20060102T150405.000Z")}
	if err := errors.Join(carry(ctx, b.store, r.Stops), b.note(ctx, r.Since), b.store.Close()); err != nil {
		return r, err
	}
	b.store = nil
	if err := p.place(ctx, r.Exists, timeout); err != nil {
		return r, errors.Join(err, p.undo())
	}
	r.Aside = p.aside
	return r, b.stragglers(ctx, &r, p, options)
}

func (b *Backup) note(ctx context.Context, since int64) error {
	return b.store.RecordEvent(ctx, journal.EventStoreRestore, "", []journal.Change{
		{Field: "backup", After: b.Manifest.Time.Format(time.RFC3339)},
		{Field: "records", Before: max(b.Manifest.Size, b.Manifest.Size+since), After: b.Manifest.Size},
	}...)
}

// stragglers stops what the old store stopped between the first look at it and
// its last moment.
func (b *Backup) stragglers(ctx context.Context, r *Restored, p placing, options []keystore.Option) (err error) {
	if !r.Exists || r.Trouble != nil {
		return nil
	}
	old, err := p.openAside(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, old.Close(), p.closeAside()) }()
	st, err := keystore.Open(ctx, p.path, options...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	late, err := stops(ctx, st, old)
	if err != nil {
		return err
	}
	r.Stops = append(r.Stops, late...)
	return carry(ctx, st, late)
}

// placing moves the unpacked files to where the store is.
type placing struct {
	from  string // folder of the unpacked files
	path  string // of the store
	stamp string // the end of the names of files that are in the way
	aside []string
	undos []func() error
}

// place puts the store last: until then, what is there goes on as it was.
func (p *placing) place(ctx context.Context, exists bool, timeout time.Duration) error {
	if err := p.link(nameKeyring, ".keyring"); err != nil {
		return err
	}
	if err := p.link(namePolicy, ".policy.toml"); err != nil {
		return err
	}
	if err := p.swap(nameCheckpoints, ".checkpoints"); err != nil {
		return err
	}
	if !exists {
		if err := os.Link(filepath.Join(p.from, nameStore), p.path); err != nil {
			return err
		}
		return syncFolder(filepath.Dir(p.path))
	}
	if err := keystore.Replace(ctx, p.path, filepath.Join(p.from, nameStore), p.path+p.stamp, timeout); err != nil {
		return err
	}
	p.aside = append([]string{p.path + p.stamp}, p.aside...)
	return nil
}

// link gives an unpacked file its place if that is free.
func (p *placing) link(name, ending string) error {
	err := os.Link(filepath.Join(p.from, name), p.path+ending)
	switch {
	case err == nil:
		p.undos = append(p.undos, func() error { return os.Remove(p.path + ending) })
	case errors.Is(err, fs.ErrExist), errors.Is(err, fs.ErrNotExist): // there already, or not in the backup
		return nil
	}
	return err
}

// swap puts an unpacked file in the place of the present one, which gets another
// name.
func (p *placing) swap(name, ending string) error {
	path, aside := p.path+ending, p.path+p.stamp+ending
	switch err := os.Rename(path, aside); {
	case err == nil:
		p.aside = append(p.aside, aside)
		p.undos = append(p.undos, func() error { return os.Rename(aside, path) })
	case !errors.Is(err, fs.ErrNotExist):
		return err
	default:
		p.undos = append(p.undos, func() error { return os.Remove(path) })
	}
	return os.Rename(filepath.Join(p.from, name), path)
}

// undo takes back what was done before the store was in its place.
func (p *placing) undo() (err error) {
	for i := len(p.undos) - 1; i >= 0; i-- {
		err = errors.Join(err, p.undos[i]())
	}
	return err
}

// openAside opens the replaced store. For that its keyring has a second name,
// until closeAside.
func (p placing) openAside(ctx context.Context, options []keystore.Option) (*keystore.Store, error) {
	path := p.path + p.stamp
	if err := os.Link(p.path+".keyring", path+".keyring"); err != nil {
		return nil, err
	}
	st, err := keystore.Open(ctx, path, append(slices.Clip(options), keystore.WithReadOnly())...)
	if err != nil {
		return nil, errors.Join(err, p.closeAside())
	}
	return st, nil
}

func (p placing) closeAside() error {
	err := os.Remove(p.path + p.stamp + ".keyring")
	if lock := os.Remove(p.path + p.stamp + ".lock"); !errors.Is(lock, fs.ErrNotExist) {
		err = errors.Join(err, lock)
	}
	return err
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
