package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// Errors of the key texts. They say nothing of the text: it may be secret.
var (
	errSignerText   = errors.New("signing key is malformed: want PRIVATE+KEY+<origin>+<hash>+<base64>")
	errVerifierText = errors.New("verification key is malformed: want <origin>+<hash>+<base64>")
)

// Origin returns the origin of the journal of a store: "pakdeck/<store id>".
func Origin(storeID string) string {
	return "pakdeck/" + storeID
}

// GenerateKey makes an Ed25519 key pair for the journal origin
// (see [Origin]; 1 to 100 of letters, digits and ._/-), in the text forms of
// golang.org/x/mod/sumdb/note. skey is secret; vkey is what auditors get. random
// may be nil for crypto/rand.
func GenerateKey(origin string, random io.Reader) (skey, vkey string, err error) {
	if err := checkOrigin(origin); err != nil {
		return "", "", err
	}
	if random == nil {
		random = rand.Reader
	}
	if skey, vkey, err = note.GenerateKey(random, origin); err != nil {
		return "", "", fmt.Errorf("make signing key: %w", err)
	}
	return skey, vkey, nil
}

// NewSigner reads a signing key. Its name is the origin of the journal.
func NewSigner(skey string) (Signer, error) {
	s, err := note.NewSigner(skey)
	if err != nil || checkOrigin(s.Name()) != nil {
		return nil, errSignerText
	}
	return s, nil
}

// NewVerifier reads a verification key.
func NewVerifier(vkey string) (Verifier, error) {
	v, err := note.NewVerifier(vkey)
	if err != nil || checkOrigin(v.Name()) != nil {
		return nil, errVerifierText
	}
	return v, nil
}

// checkOrigin keeps origins to what stands safely in a line, a file name of a
// witness and a terminal.
func checkOrigin(s string) error {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	const allowed = letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "0123456789" + "._/-"
	if s == "" || len(s) > 100 || strings.Trim(s, allowed) != "" {
		return fmt.Errorf("origin %s: want 1 to 100 of letters, digits and ._/-", quote.Text(s))
	}
	return nil
}
