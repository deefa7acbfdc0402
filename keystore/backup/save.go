package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/pakdeck/pakdeck/keystore"
)

// Save writes a backup to a new file with mode 0600, and returns when it is on
// the disk. The file has its name only once it is whole; one that is there
// already is left alone ([fs.ErrExist]).
func Save(ctx context.Context, st *keystore.Store, path string, o Options) (m Manifest, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	m, err = Write(ctx, st, f, o)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return m, err
	}
	return m, errors.Join(os.Link(f.Name(), path), syncFolder(filepath.Dir(path)))
}
