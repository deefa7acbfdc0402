package witness

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Witness is a witness with its state. It may be used by several goroutines, and
// several processes may work on one state.
type Witness struct {
	path string
	key  journal.Cosigner
	now  func() time.Time
	mu   sync.Mutex
}

// Log is a journal that a witness knows.
type Log struct {
	Origin   string
	Verifier string             // its public key
	Newest   journal.Checkpoint // the last one that was cosigned; zero if there is none
}

// Create makes a witness of a name, such as "witness.example/audit". What is at
// path already is fs.ErrExist.
func Create(path, name string, random io.Reader, now func() time.Time) (*Witness, error) {
	key, err := journal.NewCosigner(name, random)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("%w: %w", errState, err)
	}
	w := &Witness{path: path, key: key, now: now}
	return w, w.locked(func() error {
		if exists(path) {
			return fmt.Errorf("%w at %s: %w", errState, path, fs.ErrExist)
		}
		return state{Format: format, Key: key.Secret(), Logs: []logState{}}.write(path)
	})
}

// Open returns the witness whose state is at path.
func Open(path string, now func() time.Time) (*Witness, error) {
	s, err := readState(path)
	if err != nil {
		return nil, err
	}
	key, err := journal.ParseCosigner(s.Key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errState, err)
	}
	return &Witness{path: path, key: key, now: now}, nil
}

// Name returns the name of the witness.
func (w *Witness) Name() string { return w.key.Name() }

// Public returns the key with which others check its cosignatures.
func (w *Witness) Public() string { return w.key.Public() }

// EvidencePath returns the path of the file with contradictory checkpoints and
// with those of journals that were forgotten, which need not exist.
func (w *Witness) EvidencePath() string { return w.path + ".evidence" }

// Trust makes the journal known whose checkpoints the key verifies. The same key
// again changes nothing; another one for a known journal is refused.
func (w *Witness) Trust(verifier string) (origin string, err error) {
	v, err := journal.NewVerifier(verifier)
	if err != nil {
		return "", err
	}
	return v.Name(), w.change(func(s *state) (bool, error) {
		l, _, err := s.log(v.Name())
		switch {
		case err != nil:
			return false, err
		case l == nil:
			s.Logs = append(s.Logs, logState{Verifier: verifier})
			return true, nil
		case l.Verifier != verifier:
			return false, fmt.Errorf("the journal %s is known with another key", v.Name())
		}
		return false, nil
	})
}

// Forget makes a journal unknown, so that it can be trusted anew after a backup
// was restored: whoever decides that answers for it. The last checkpoint is kept
// with the evidence and returned.
func (w *Witness) Forget(origin string) (newest journal.Checkpoint, err error) {
	err = w.change(func(s *state) (bool, error) {
		l, v, err := s.log(origin)
		if err != nil {
			return false, err
		}
		if l == nil {
			return false, fmt.Errorf("the journal %q is not known here", origin)
		}
		gone := *l
		if newest, err = l.newest(v); err != nil {
			return false, err
		}
		if newest.Note != nil {
			if err := w.keepEvidence(newest); err != nil {
				return false, fmt.Errorf("keeping the evidence: %w", err)
			}
		}
		s.Logs = slices.DeleteFunc(s.Logs, func(x logState) bool { return x == gone })
		return true, nil
	})
	return newest, err
}

// Logs returns the journals that the witness knows.
func (w *Witness) Logs() ([]Log, error) {
	var out []Log
	err := w.change(func(s *state) (bool, error) {
		for i := range s.Logs {
			v, err := journal.NewVerifier(s.Logs[i].Verifier)
			if err != nil {
				return false, fmt.Errorf("%w: %w", errState, err)
			}
			newest, err := s.Logs[i].newest(v)
			if err != nil {
				return false, err
			}
			out = append(out, Log{Origin: v.Name(), Verifier: s.Logs[i].Verifier, Newest: newest})
		}
		return false, nil
	})
	return out, err
}

// Refusal says why a checkpoint was not cosigned. Status is that of C2SP
// tlog-witness.
type Refusal struct {
	Status int
	Text   string
	Size   int64 // of the last checkpoint, if Status is 409 and the client must go on from it
	stale  bool  // Size counts
}

func (r *Refusal) Error() string { return r.Text }

// Add takes the body of an add-checkpoint request and returns the cosignature,
// one line. What is wrong with the request is a [*Refusal].
func (w *Witness) Add(request []byte) (line string, err error) {
	err = w.change(func(s *state) (bool, error) {
		var changed bool
		changed, line, err = w.add(s, request)
		return changed, err
	})
	if err != nil {
		return "", err
	}
	return line, nil
}

func (w *Witness) add(s *state, request []byte) (changed bool, line string, err error) {
	c, err := journal.ParseConsistency(request)
	if err != nil {
		return false, "", &Refusal{Status: http.StatusBadRequest, Text: err.Error()}
	}
	l, v, err := s.log(c.Checkpoint.Origin)
	if err != nil {
		return false, "", err
	}
	if l == nil {
		return false, "", &Refusal{Status: http.StatusNotFound, Text: fmt.Sprintf("the journal %q is not known here", c.Checkpoint.Origin)}
	}
	if c.Checkpoint, err = journal.ParseCheckpoint(c.Checkpoint.Note, v); err != nil {
		return false, "", &Refusal{Status: http.StatusForbidden, Text: err.Error()}
	}
	newest, err := l.newest(v)
	if err != nil {
		return false, "", err
	}
	if err := w.judge(c, newest); err != nil {
		return false, "", err
	}
	if line, err = w.key.Cosign(c.Checkpoint, w.now()); err != nil {
		return false, "", err
	}
	l.Note = string(c.Checkpoint.Note)
	return true, line, nil
}

// judge decides whether a checkpoint goes on from the newest one.
func (w *Witness) judge(c journal.Consistency, newest journal.Checkpoint) error {
	if c.Checkpoint.Size == newest.Size && newest.Note != nil && c.Checkpoint.Root != newest.Root {
		if err := w.keepEvidence(newest, c.Checkpoint); err != nil {
			return fmt.Errorf("keeping the evidence: %w", err)
		}
	}
	switch {
	case c.Old > c.Checkpoint.Size:
		return &Refusal{Status: http.StatusBadRequest, Text: fmt.Sprintf("old %d is more than the %d records of the checkpoint", c.Old, c.Checkpoint.Size)}
	case c.Old != newest.Size:
		return &Refusal{
			Status: http.StatusConflict, Size: newest.Size, stale: true,
			Text: fmt.Sprintf("the last checkpoint seen here covers %d records, the request goes on from %d", newest.Size, c.Old),
		}
	}
	if err := c.Continues(newest.Root); err != nil {
		status := http.StatusUnprocessableEntity
		if c.Old == c.Checkpoint.Size {
			status = http.StatusConflict
		}
		return &Refusal{Status: status, Text: err.Error()}
	}
	return nil
}

// keepEvidence keeps checkpoints, each once: anybody may send contradictory ones
// again.
func (w *Witness) keepEvidence(list ...journal.Checkpoint) error {
	known, err := os.ReadFile(w.EvidencePath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, c := range list {
		if bytes.Contains(known, c.Note) {
			continue
		}
		if err := journal.AppendCheckpointFile(w.EvidencePath(), c); err != nil {
			return err
		}
	}
	return nil
}
