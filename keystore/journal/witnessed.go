package journal

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// mostTail bounds how much of the end of a checkpoint file is looked at.
const mostTail = 16 << 20

// Witnessed is the newest checkpoint of a file that somebody else has signed,
// too. Their names are as the file has them: who wants to be sure needs their
// public keys ([Witness.Seen]).
type Witnessed struct {
	Checkpoint          // zero: there is none
	By         []string // names of the others
	// Back is how far back the file was looked at, zero for all of it.
	Back time.Time
}

// LastWitnessed looks for it at the end of a checkpoint file, the store's own
// signature being checked with v. A file that is not there has none.
func LastWitnessed(path string, v Verifier) (w Witnessed, err error) {
	data, whole, err := tailOf(path, mostTail)
	if err != nil {
		return w, err
	}
	for entry := range entries(data) {
		if !whole && w.Back.IsZero() {
			c, err := parseUnsigned(entry) // the first one may be a part
			if err == nil {
				w.Back = c.Time
			}
		}
		if bytes.Count(entry, []byte("\n— ")) < 2 {
			continue
		}
		if c, err := ParseCheckpoint(entry, v); err == nil {
			if by := others(c.Note, v); len(by) > 0 {
				w.Checkpoint, w.By = c, by
			}
		}
	}
	return w, nil
}

// others names who else signed a note that v vouches for.
func others(signed []byte, v Verifier) (names []string) {
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return nil
	}
	for _, s := range n.UnverifiedSigs {
		if s.Name != v.Name() {
			names = append(names, s.Name)
		}
	}
	return names
}

// tailOf returns the end of a file, at most so much, and whether it is all of it.
func tailOf(path string, most int64) (data []byte, whole bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = f.Close() }()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, false, err
	}
	from := max(0, size-most)
	data, err = io.ReadAll(io.NewSectionReader(f, from, size-from))
	return data, from == 0, err
}
