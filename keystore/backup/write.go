package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Options say what goes into a backup, and who can open it.
type Options struct {
	To []age.Recipient // empty: it is not encrypted
	// Keyring takes the keyring along. Whoever opens the backup can then test
	// guessed key strings and forge the journal, so it must be encrypted.
	Keyring bool
}

// ErrPlainKeyring: a keyring may leave its place encrypted only.
var ErrPlainKeyring = errors.New("the keyring goes into an encrypted backup only: say to whom")

// Write writes a backup of the store as it is at one moment. The store is first
// copied to a file without a name beside it, so there must be room for that;
// changes wait while it is copied, but not while it is written.
func Write(ctx context.Context, st *keystore.Store, w io.Writer, o Options) (m Manifest, err error) {
	if o.Keyring && len(o.To) == 0 {
		return m, ErrPlainKeyring
	}
	s, err := take(ctx, st, o.Keyring)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if m, err = s.manifest(st); err != nil {
		return m, err
	}
	signed, err := st.SignReport(m.text())
	if err != nil {
		return m, err
	}
	if len(o.To) == 0 {
		return m, s.write(ctx, w, m.Time, signed)
	}
	sealed, err := age.Encrypt(w, o.To...)
	if err != nil {
		return m, fmt.Errorf("encrypting the backup: %w", err)
	}
	return m, errors.Join(s.write(ctx, sealed, m.Time, signed), sealed.Close())
}

// source is the files of a backup before they are written.
type source struct {
	parts []part // in the order of names
	head  journal.Checkpoint
}

// part is an open file, of which the first size bytes count: the checkpoint file
// may grow meanwhile.
type part struct {
	name string
	file *os.File
	size int64
}

func (p part) reader() io.Reader { return io.NewSectionReader(p.file, 0, p.size) }

// take opens the files beside the store and copies the store. The checkpoints
// come first, lest there are some that the copy knows nothing of.
func take(ctx context.Context, st *keystore.Store, keyring bool) (s *source, err error) {
	s = &source{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if keyring {
		err = s.add(nameKeyring, st.KeyringPath())
	}
	err = errors.Join(err, s.add(nameCheckpoints, st.CheckpointPath()))
	if e := s.add(namePolicy, st.PolicyPath()); !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	if err != nil {
		return s, err
	}
	return s, s.addStore(ctx, st)
}

func (s *source) add(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	s.parts = append(s.parts, part{name, f, info.Size()})
	return nil
}

// addStore copies the store to a file that has no name, so that nothing is left
// of it whatever happens.
func (s *source) addStore(ctx context.Context, st *keystore.Store) error {
	f, err := os.CreateTemp(filepath.Dir(st.Path()), "."+filepath.Base(st.Path())+".backup-*")
	if err != nil {
		return fmt.Errorf("copying store: %w", err)
	}
	if s.head, err = st.Copy(ctx, f); err == nil {
		var info fs.FileInfo
		if info, err = f.Stat(); err == nil {
			s.parts = append(s.parts, part{nameStore, f, info.Size()})
		}
	}
	err = errors.Join(err, os.Remove(f.Name()))
	if err != nil {
		return errors.Join(err, f.Close())
	}
	return nil
}

func (s *source) close() (err error) {
	for _, p := range s.parts {
		err = errors.Join(err, p.file.Close())
	}
	s.parts = nil
	return err
}

func (s *source) manifest(st *keystore.Store) (Manifest, error) {
	m := Manifest{Origin: st.Origin(), Time: st.Now().Truncate(time.Second), Size: s.head.Size, Root: s.head.Root}
	for _, p := range s.parts {
		h := sha256.New()
		if _, err := io.Copy(h, p.reader()); err != nil {
			return m, err
		}
		m.Files = append(m.Files, Sum{p.name, [sha256.Size]byte(h.Sum(nil))})
	}
	return m, nil
}

func (s *source) write(ctx context.Context, w io.Writer, at time.Time, manifest []byte) error {
	t := tar.NewWriter(w)
	header := func(name string, size int64) error {
		return t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: at, Format: tar.FormatPAX})
	}
	if err := header(nameManifest, int64(len(manifest))); err != nil {
		return err
	}
	if _, err := t.Write(manifest); err != nil {
		return err
	}
	for _, p := range s.parts {
		if err := header(p.name, p.size); err != nil {
			return err
		}
		if _, err := io.Copy(t, cancelled{ctx, p.reader()}); err != nil {
			return err
		}
	}
	return t.Close()
}

// cancelled is a reader that ends with a context.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c cancelled) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}
