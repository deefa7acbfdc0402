package backup

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
)

// How opens a backup.
type How struct {
	// Folder is where the backup is unpacked, in a folder of its own: the one
	// that the store shall be in.
	Folder string
	// Keyring is the keyring of the store; "" is the one in the backup.
	Keyring    string
	Identities []age.Identity    // that open an encrypted backup
	Store      []keystore.Option // for the unpacked store
}

// Errors of [Open], beside [ErrFormat]; test with errors.Is.
var (
	// ErrIdentity: no identity or passphrase opens the backup.
	ErrIdentity = errors.New("none of the identities or passphrases opens the backup")
	// ErrNoKeyring: the keyring is neither in the backup nor was it given.
	ErrNoKeyring = errors.New("the keyring is not in the backup")
	// ErrUnproved: the backup is not what the store signed, or its journal was changed.
	ErrUnproved = errors.New("the backup cannot be trusted")
)

// Backup is an unpacked backup that was found to be whole and true.
type Backup struct {
	Manifest Manifest
	Keys     int // in the store
	Users    int

	folder string
	store  *keystore.Store
}

// Open unpacks a backup and checks all of it. The caller closes what it returns.
func Open(ctx context.Context, r io.Reader, how How) (b *Backup, err error) {
	folder, err := os.MkdirTemp(how.Folder, ".restore-*")
	if err != nil {
		return nil, err
	}
	b = &Backup{folder: folder}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	plain, err := decrypt(r, how.Identities)
	if err != nil {
		return b, err
	}
	signed, sums, err := unpack(cancelled{ctx, plain}, folder)
	if err != nil {
		return b, err
	}
	if err := b.ring(how.Keyring); err != nil {
		return b, err
	}
	b.store, err = keystore.Open(ctx, b.path(nameStore), how.Store...)
	if errors.Is(err, keystore.ErrKeyring) && how.Keyring != "" {
		return b, fmt.Errorf("%w: %s belongs to another store, is damaged, or open to others", keystore.ErrKeyring, how.Keyring)
	}
	if err != nil {
		return b, err
	}
	if err := b.prove(ctx, signed, sums); err != nil {
		return b, err
	}
	return b, b.count(ctx)
}

// Close removes what was unpacked and not put in its place.
func (b *Backup) Close() error {
	var err error
	if b.store != nil {
		err = b.store.Close()
	}
	return errors.Join(err, os.RemoveAll(b.folder))
}

func (b *Backup) path(name string) string { return filepath.Join(b.folder, name) }

func decrypt(r io.Reader, ids []age.Identity) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	head, _ := in.Peek(len(armor.Header))
	if !pak.Encrypted(head) {
		return in, nil
	}
	if len(ids) == 0 {
		return nil, ErrIdentity
	}
	r = in
	if string(head) == armor.Header {
		r = armor.NewReader(in)
	}
	plain, err := age.Decrypt(r, ids...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, ErrIdentity
	}
	if err != nil {
		return nil, fmt.Errorf("decrypting the backup: %w", err)
	}
	return plain, nil
}

// maxManifest bounds the manifest, in bytes.
const maxManifest = 64 << 10

// unpack writes the files of a backup to a folder. It returns the manifest as it
// was signed and the sums of what was written.
func unpack(r io.Reader, folder string) (signed []byte, sums []Sum, err error) {
	t := tar.NewReader(r)
	h, err := t.Next()
	switch err := ofReading(err); {
	case err != nil:
		return nil, nil, fmt.Errorf("%w: %w", ErrFormat, err)
	case h == nil || h.Name != nameManifest || h.Size > maxManifest:
		return nil, nil, ErrFormat
	}
	if signed, err = io.ReadAll(t); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return signed, sums, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		sum, err := unpackFile(t, h, folder)
		if err != nil {
			return nil, nil, err
		}
		sums = append(sums, sum)
	}
}

// ofReading drops the end of a file, which is for a reader and not for people.
func ofReading(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrHeader) {
		return nil
	}
	return err
}

// unpackFile writes one file. No name but those of a backup is accepted, and
// none twice, so that nothing is written outside the folder.
func unpackFile(t *tar.Reader, h *tar.Header, folder string) (Sum, error) {
	if h.Typeflag != tar.TypeReg || !known(h.Name) {
		return Sum{}, fmt.Errorf("%w: it has a file that no backup has", ErrFormat)
	}
	f, err := os.OpenFile(filepath.Join(folder, h.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Sum{}, err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, sum), t)
	if err := errors.Join(ofReading(err), f.Sync(), f.Close()); err != nil {
		return Sum{}, err
	}
	if err != nil {
		return Sum{}, fmt.Errorf("%w: it ends in %s", ErrFormat, h.Name)
	}
	return Sum{h.Name, [sha256.Size]byte(sum.Sum(nil))}, nil
}
