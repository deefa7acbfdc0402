package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// blank ends the text of a note, and it ends an entry of a checkpoint file.
const blank = "\n\n"

var (
	errNoNote  = errors.New("checkpoint carries no signed note")
	errTooMany = errors.New("more entries are bad")
)

// maxReported bounds the bad entries that one error lists.
const maxReported = 10

// EntryError says what is wrong with one entry of a checkpoint file.
type EntryError struct {
	Path  string
	Entry int // from 1
	Err   error
}

func (e *EntryError) Error() string {
	return fmt.Sprintf("%s: entry %d: %v", e.Path, e.Entry, e.Err)
}

// Unwrap returns what is wrong.
func (e *EntryError) Unwrap() error { return e.Err }

// AppendCheckpointFile adds the signed note of c and a blank line to the file,
// which it makes with mode 0600 if there is none. The entry is one write in
// append mode, so several processes may add at once. What a crash left unfinished
// before it stays apart from the new entry. The file is not synced: what the last
// entries say is said again by the next one, and the newest is in the store.
func AppendCheckpointFile(path string, c Checkpoint) (err error) {
	if !bytes.HasSuffix(c.Note, []byte("\n")) {
		return errNoNote
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	whole, err := endsBlank(f)
	if err != nil {
		return err
	}
	_, err = f.Write(newEntry(c, whole))
	return err
}

// newEntry returns the bytes to add to a file; whole says whether the file ends
// as it should.
func newEntry(c Checkpoint, whole bool) []byte {
	var entry []byte
	if !whole {
		entry = append(entry, blank...)
	}
	return append(append(entry, c.Note...), '\n')
}

// endsBlank reports whether the file is empty or ends in a blank line.
func endsBlank(f *os.File) (bool, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return size == 0, err
	}
	tail := make([]byte, min(size, int64(len(blank))))
	_, err = f.ReadAt(tail, size-int64(len(tail)))
	return string(tail) == blank, err
}

// ReadCheckpointFile returns the checkpoints of the file that v vouches for, in
// the order in which they were added. A last entry that was cut off in writing
// is passed over. For other bad entries it returns the good ones together with
// an [EntryError] for each of the first ten bad ones, joined.
func ReadCheckpointFile(path string, v Verifier) ([]Checkpoint, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseFile(path, data, v)
}

func parseFile(path string, data []byte, v Verifier) ([]Checkpoint, error) {
	var (
		good []Checkpoint
		bad  []error
		n    int
	)
	for entry, torn := range entries(data) {
		n++
		c, err := ParseCheckpoint(entry, v)
		switch {
		case err == nil:
			good = append(good, c)
		case torn:
		case len(bad) < maxReported:
			bad = append(bad, &EntryError{Path: path, Entry: n, Err: err})
		case len(bad) == maxReported:
			bad = append(bad, errTooMany)
		}
	}
	return good, errors.Join(bad...)
}

// entries returns the notes in a checkpoint file and whether each may have been
// cut off in writing. Every text begins anew after a blank line, so a bad entry
// does not spoil the next one.
func entries(data []byte) iter.Seq2[[]byte, bool] {
	return func(yield func([]byte, bool) bool) {
		var text []byte
		for rest := data; len(rest) > 0; {
			block, after, ended := bytes.Cut(rest, []byte(blank))
			rest = after
			block = bytes.Trim(block, "\n")
			switch {
			case len(block) == 0:
			case isSignature(block):
				note := append(bytes.Join([][]byte{text, block}, []byte(blank)), '\n')
				if text = nil; !yield(note, !ended) {
					return
				}
			default:
				if text != nil && !yield(text, false) {
					return
				}
				text = block
			}
		}
		if text != nil {
			yield(text, true)
		}
	}
}

// isSignature reports whether a block begins like a signature line, with an em
// dash; its first byte is enough, because origins are ASCII.
func isSignature(block []byte) bool {
	return block[0] == "—"[0]
}
