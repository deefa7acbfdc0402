package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

func known(name string) bool { return slices.Contains(names, name) }

// ring puts the given keyring, if there is one, in the place of that of the
// backup.
func (b *Backup) ring(given string) error {
	if given == "" {
		if _, err := os.Lstat(b.path(nameKeyring)); errors.Is(err, fs.ErrNotExist) {
			return ErrNoKeyring
		}
		return nil
	}
	info, err := os.Stat(given)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(given)
	if err != nil {
		return err
	}
	if err := os.Remove(b.path(nameKeyring)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// With the mode that it has, for the store to judge.
	return errors.Join(os.WriteFile(b.path(nameKeyring), text, 0o600), os.Chmod(b.path(nameKeyring), info.Mode().Perm()))
}

// prove holds what was unpacked against the manifest, the manifest against its
// signature, and the journal against itself and the manifest.
func (b *Backup) prove(ctx context.Context, signed []byte, sums []Sum) error {
	text, err := b.store.OpenReport(signed)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnproved, err)
	}
	if b.Manifest, err = parseManifest(text); err != nil {
		return err
	}
	if !slices.Equal(b.Manifest.Files, sums) {
		return fmt.Errorf("%w: %s", ErrUnproved, difference(b.Manifest.Files, sums))
	}
	report, err := b.store.VerifyJournal(ctx)
	switch {
	case err != nil:
		return err
	case !report.Intact:
		return fmt.Errorf("%w: %s", ErrUnproved, report.Problem)
	case report.Size != b.Manifest.Size || report.Root != b.Manifest.Root:
		return fmt.Errorf("%w: its journal is not the one in the manifest", ErrUnproved)
	}
	return nil
}

// difference names the first file that is not as it was signed.
func difference(want, got []Sum) string {
	for i, w := range want {
		switch {
		case i >= len(got) || got[i].Name != w.Name:
			return w.Name + " is missing"
		case got[i] != w:
			return w.Name + " was changed"
		}
	}
	return got[len(want)].Name + " is not in the manifest"
}

func (b *Backup) count(ctx context.Context) error {
	keys, err := b.store.Keys(ctx)
	if err != nil {
		return err
	}
	users, err := b.store.Users(ctx)
	b.Keys, b.Users = len(keys), len(users)
	return err
}
