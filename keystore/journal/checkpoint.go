package journal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// maxNote bounds a signed checkpoint in bytes; witnesses may add signatures.
const maxNote = 16 << 10

// Checkpoint is a signed statement of what the journal held: so many records,
// with this root.
type Checkpoint struct {
	Origin string    // name of the journal and of its key: "pakdeck/<store id>"
	Size   int64     // number of records
	Root   Hash      // RFC 6962 section 2.1 tree hash of them
	Time   time.Time // when it was signed, UTC, whole seconds
	// Note is the signed note (C2SP signed-note and tlog-checkpoint) that says
	// so. Its text is four lines: origin, size, root in base64, and the
	// extension line "time 2026-11-23T14:32:00Z".
	Note []byte
}

// Short returns the size and the first 8 digits of the root, "18231:9f2c41e1",
// for a person to compare.
func (c Checkpoint) Short() string {
	return fmt.Sprintf("%d:%x", c.Size, c.Root[:4])
}

// text returns the signed part of the note.
func (c *Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\ntime %s\n", c.Origin, c.Size,
		base64.StdEncoding.EncodeToString(c.Root[:]), c.Time.Format(time.RFC3339))
}

func sign(c Checkpoint, s Signer) (Checkpoint, error) {
	if err := checkOrigin(c.Origin); err != nil {
		return Checkpoint{}, err
	}
	c.Time = c.Time.UTC().Truncate(time.Second)
	signed, err := note.Sign(&note.Note{Text: c.text()}, s)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign checkpoint: %w", err)
	}
	c.Note = signed
	return c, nil
}

// ParseCheckpoint checks the signature on a note with v and returns what it
// says. Further signatures and further extension lines are allowed, as in C2SP.
func ParseCheckpoint(noteText []byte, v Verifier) (Checkpoint, error) {
	if v == nil {
		return Checkpoint{}, errNoVerifier
	}
	c, err := parseUnsigned(noteText)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != v.Name() {
		return Checkpoint{}, fmt.Errorf("checkpoint is of %s, want %s", quote.Text(c.Origin), quote.Text(v.Name()))
	}
	signed, err := note.Open(noteText, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d records is not signed by the key of %s: %w",
			c.Size, quote.Text(v.Name()), err)
	}
	// note takes base64 whose last digit has spare bits set; a row that was
	// changed there must not pass for the one that was written.
	for _, sig := range slices.Concat(signed.Sigs, signed.UnverifiedSigs) {
		if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
			return Checkpoint{}, errCheckpoint
		}
	}
	return c, nil
}

var errCheckpoint = errors.New("checkpoint is malformed: want origin, size, base64 root, time and a signature")

// parseUnsigned returns what a signed note says without checking who says so.
func parseUnsigned(signed []byte) (Checkpoint, error) {
	end := bytes.LastIndex(signed, []byte(blank))
	if end < 0 || len(signed) > maxNote {
		return Checkpoint{}, errCheckpoint
	}
	lines := strings.Split(string(signed[:end]), "\n")
	if len(lines) < 4 {
		return Checkpoint{}, errCheckpoint
	}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	at, err3 := time.Parse("time "+time.RFC3339, lines[3])
	if errors.Join(err1, err2, err3) != nil || len(root) != len(Hash{}) {
		return Checkpoint{}, errCheckpoint
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: Hash(root), Time: at.UTC(), Note: bytes.Clone(signed)}
	for _, extension := range lines[4:] {
		if extension == "" {
			return Checkpoint{}, errCheckpoint
		}
	}
	if size < 0 || checkOrigin(c.Origin) != nil || c.text() != strings.Join(lines[:4], "\n")+"\n" {
		return Checkpoint{}, errCheckpoint
	}
	return c, nil
}
