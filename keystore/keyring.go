package keystore

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// keyring holds the secrets of a store, in a file beside it, so that the
// store alone (a stolen backup, say) lets nobody test a guess or forge a
// journal. Losing it makes every key of the store worthless.
type keyring struct {
	file        keyringFile
	peppers     map[string]*token.Pepper
	fingerprint []byte
	signer      note.Signer
	verifier    note.Verifier
}

// keyringFile is the JSON form. Byte slices are base64.
type keyringFile struct {
	Format      int          `json:"format"`
	Store       string       `json:"store"`
	Peppers     []pepperFile `json:"peppers"` // the last one is for new secrets
	Fingerprint []byte       `json:"fingerprint"`
	Signing     string       `json:"signing"`  // note.Signer key, Ed25519
	Verifier    string       `json:"verifier"` // note.Verifier key; public
}

type pepperFile struct {
	ID      string    `json:"id"`
	Key     []byte    `json:"key"`
	Created time.Time `json:"created"`
}

const (
	pepperSize      = 32
	fingerprintSize = 32
	keyringMaxSize  = 1 << 20
)

// newKeyring makes the secrets of a new store.
func newKeyring(store string, now time.Time, rand io.Reader) (*keyring, error) {
	secrets := make([]byte, pepperSize+fingerprintSize)
	if _, err := io.ReadFull(rand, secrets); err != nil {
		return nil, fmt.Errorf("no randomness for the keyring: %w", err)
	}
	skey, vkey, err := journal.GenerateKey(originOf(store), rand)
	if err != nil {
		return nil, err
	}
	return keyringFrom(keyringFile{
		Format: format, Store: store,
		Peppers:     []pepperFile{{ID: "p1", Key: secrets[:pepperSize], Created: now.UTC().Truncate(time.Second)}},
		Fingerprint: secrets[pepperSize:], Signing: skey, Verifier: vkey,
	})
}

// originOf returns the name of a store in checkpoints and .pak files.
func originOf(store string) string { return "pakdeck/" + store }

func keyringFrom(f keyringFile) (*keyring, error) {
	if f.Format != format {
		return nil, fmt.Errorf("%w: format %d is not known to this version, which reads %d", ErrKeyring, f.Format, format)
	}
	if len(f.Peppers) == 0 || len(f.Fingerprint) != fingerprintSize {
		return nil, fmt.Errorf("%w: incomplete", ErrKeyring)
	}
	k := &keyring{file: f, peppers: make(map[string]*token.Pepper, len(f.Peppers)), fingerprint: f.Fingerprint}
	for _, p := range f.Peppers {
		if len(p.Key) != pepperSize {
			return nil, fmt.Errorf("%w: pepper %q has %d bytes, not %d", ErrKeyring, p.ID, len(p.Key), pepperSize)
		}
		k.peppers[p.ID] = token.NewPepper(p.ID, p.Key)
	}
	// Errors of the note package quote the key: they are not passed on.
	signer, err := note.NewSigner(f.Signing)
	if err != nil {
		return nil, fmt.Errorf("%w: the signing key is damaged", ErrKeyring)
	}
	verifier, err := note.NewVerifier(f.Verifier)
	if err != nil || verifier.KeyHash() != signer.KeyHash() || verifier.Name() != originOf(f.Store) {
		return nil, fmt.Errorf("%w: the signing key and the public key do not belong together", ErrKeyring)
	}
	k.signer, k.verifier = signer, verifier
	return k, nil
}

// pepper returns the pepper for new secrets.
func (k *keyring) pepper() *token.Pepper {
	return k.peppers[k.file.Peppers[len(k.file.Peppers)-1].ID]
}

// KeyringVerifier reads the keyring of a store in a file, whatever may be wrong
// with the store itself, and returns the public key in it, which bears the name of
// the store that it belongs to.
func KeyringVerifier(store string) (note.Verifier, error) {
	k, err := loadKeyring(keyringPath(store), "")
	if err != nil {
		return nil, err
	}
	return k.verifier, nil
}

// loadKeyring reads the keyring of the store with the given id.
func loadKeyring(path, store string) (*keyring, error) {
	f, err := readKeyringFile(path)
	if err != nil {
		return nil, err
	}
	if store != "" && f.Store != store {
		return nil, fmt.Errorf("%w: %s belongs to store %s, not to %s; put back the one that was made with this store", ErrKeyring, path, f.Store, store)
	}
	return keyringFrom(f)
}

func readKeyringFile(path string) (keyringFile, error) {
	var f keyringFile
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, fmt.Errorf("%w: %s is missing; without it no key can be verified, so restore it from a backup: %w", ErrKeyring, path, err)
	}
	if err != nil {
		return f, fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	if !info.Mode().IsRegular() {
		return f, fmt.Errorf("%w: %s is not a regular file", ErrKeyring, path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return f, fmt.Errorf("%w: others may read or write %s (mode %04o); run: chmod 600 %s", ErrKeyring, path, info.Mode().Perm(), path)
	}
	if info.Size() > keyringMaxSize {
		return f, fmt.Errorf("%w: %s has %d bytes, too many for a keyring", ErrKeyring, path, info.Size())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return f, fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	if json.Unmarshal(b, &f) != nil {
		return f, fmt.Errorf("%w: %s is damaged", ErrKeyring, path)
	}
	return f, nil
}

// save writes the keyring to a path that must not exist yet, durably.
func (k *keyring) save(path string) (err error) {
	b, err := json.MarshalIndent(k.file, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	_, werr := f.Write(append(b, '\n'))
	if err := errors.Join(werr, f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// newStoreID returns 12 hex digits.
func newStoreID(rand io.Reader) (string, error) {
	var b [6]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("no randomness for the store id: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}
