package keystore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/kv/bolt"
)

// Copy writes the store file as it is at one moment to an empty file, and
// returns the newest checkpoint of that moment. Changes wait meanwhile: about a
// second for a gigabyte.
func (s *Store) Copy(ctx context.Context, to *os.File) (head journal.Checkpoint, err error) {
	engine, ok := s.kv.(kv.Copier)
	if !ok {
		return head, fmt.Errorf("copying store: %w", errors.ErrUnsupported)
	}
	err = engine.Copy(ctx, to, func(r kv.Reader) (err error) {
		head, err = journal.Head(r)
		return err
	})
	return head, err
}

// Replace puts the store file by in the place of the one at path, which gets
// the name aside; all are on one file system. Nothing that another process
// commits meanwhile goes to a file without a name. The timeout is as for
// [WithTimeout].
func Replace(ctx context.Context, path, by, aside string, timeout time.Duration) error {
	return bolt.Replace(ctx, path, by, aside, bolt.Options{Timeout: timeout})
}
