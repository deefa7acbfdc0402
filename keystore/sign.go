package keystore

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// SignReport makes a signed note of a text with the key that signs the
// journal's checkpoints, so that whoever has the store's public key can check
// it. The text must end with a line end, and must not begin as a checkpoint
// does: nobody shall get one signed that the journal did not make.
func (s *Store) SignReport(text string) ([]byte, error) {
	first, _, _ := strings.Cut(text, "\n")
	if strings.TrimSpace(first) == s.Origin() || !strings.HasPrefix(first, "# ") {
		return nil, &FieldError{"report", first, "must begin with a heading: # and a title"}
	}
	b, err := note.Sign(&note.Note{Text: text}, s.ring.signer)
	if err != nil {
		return nil, fmt.Errorf("signing the report: %w", err)
	}
	return b, nil
}

// OpenReport returns the text of a report that this store has signed.
func (s *Store) OpenReport(signed []byte) (string, error) {
	n, err := note.Open(signed, note.VerifierList(s.ring.verifier))
	if err != nil {
		return "", fmt.Errorf("the report was not signed by %s, or was changed since: %w", s.Origin(), err)
	}
	return n.Text, nil
}
