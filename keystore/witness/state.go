package witness

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// format is the version of the state file.
const format = 1

// maxState bounds what is read as a state, in bytes.
const maxState = 16 << 20

// state is what a witness remembers.
type state struct {
	Format int        `json:"format"`
	Key    string     `json:"key"` // secret
	Logs   []logState `json:"logs"`
}

// logState is one journal that the witness knows.
type logState struct {
	Verifier string `json:"verifier"`
	Note     string `json:"checkpoint,omitempty"` // the last one that was cosigned
}

var errState = errors.New("the state of the witness")

// readState reads the state file.
func readState(path string) (state, error) {
	var s state
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return s, fmt.Errorf("%w: %w", errState, err)
	case !info.Mode().IsRegular() || info.Size() > maxState:
		return s, fmt.Errorf("%w: %s is no file of a witness", errState, path)
	case info.Mode().Perm()&0o077 != 0:
		return s, fmt.Errorf("%w: others may read %s (mode %04o), and a key is in it; run: chmod 600 %s", errState, path, info.Mode().Perm(), path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return s, fmt.Errorf("%w: %w", errState, err)
	}
	if json.Unmarshal(b, &s) != nil || s.Format != format {
		return s, fmt.Errorf("%w: %s is damaged, or of another version", errState, path)
	}
	return s, nil
}

// write replaces the state file, durably.
func (s state) write(path string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new") // 0600
	if err != nil {
		return fmt.Errorf("%w: %w", errState, err)
	}
	_, werr := f.Write(append(b, '\n'))
	err = errors.Join(werr, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%w: %w", errState, err), os.Remove(f.Name()))
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

// locked runs fn while no other process works on the state. The lock is a file of
// its own, because the state file is replaced.
func (w *Witness) locked(fn func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, err := os.OpenFile(w.path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", errState, err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return errors.Join(fmt.Errorf("%w: %w", errState, err), f.Close())
	}
	return errors.Join(fn(), f.Close())
}

// change reads the state, lets fn change it, and writes it if fn returns true.
func (w *Witness) change(fn func(*state) (bool, error)) error {
	return w.locked(func() error {
		s, err := readState(w.path)
		if err != nil {
			return err
		}
		changed, err := fn(&s)
		if err != nil || !changed {
			return err
		}
		return s.write(w.path)
	})
}

// log returns the journal of an origin, nil if the witness does not know it.
func (s *state) log(origin string) (*logState, journal.Verifier, error) {
	for i := range s.Logs {
		v, err := journal.NewVerifier(s.Logs[i].Verifier)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", errState, err)
		}
		if v.Name() == origin {
			return &s.Logs[i], v, nil
		}
	}
	return nil, nil, nil
}

// newest returns the last checkpoint that was cosigned, a zero one if there is
// none.
func (l *logState) newest(v journal.Verifier) (journal.Checkpoint, error) {
	if l.Note == "" {
		return journal.Checkpoint{}, nil
	}
	c, err := journal.ParseCheckpoint([]byte(l.Note), v)
	if err != nil {
		return c, fmt.Errorf("%w: %w", errState, err)
	}
	return c, nil
}

// exists reports whether something is at a path.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
