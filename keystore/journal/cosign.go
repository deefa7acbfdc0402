package journal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/pakdeck/pakdeck/keystore/quote"
)

// cosignature is the signature type of C2SP tlog-cosignature with Ed25519.
const cosignature = 4

const privatePrefix = "PRIVATE+KEY+"

var errCosignerText = errors.New("the key of the witness is malformed")

// Cosigner is the key with which a witness vouches for checkpoints of others.
type Cosigner struct {
	name string
	key  ed25519.PrivateKey
}

// NewCosigner makes the key of a witness (see [NewVerifier] for what a name may
// be).
func NewCosigner(name string, random io.Reader) (Cosigner, error) {
	if err := checkOrigin(name); err != nil {
		return Cosigner{}, fmt.Errorf("name of the witness: %w", err)
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return Cosigner{}, fmt.Errorf("no randomness for the key of the witness: %w", err)
	}
	return Cosigner{name, ed25519.NewKeyFromSeed(seed)}, nil
}

// ParseCosigner reads what [Cosigner.Secret] wrote. The error says nothing of the
// text.
func ParseCosigner(text string) (Cosigner, error) {
	rest, private := strings.CutPrefix(text, privatePrefix)
	name, hash, seed, err := parseKeyText(rest, ed25519.SeedSize)
	if err != nil || !private {
		return Cosigner{}, errCosignerText
	}
	c := Cosigner{name, ed25519.NewKeyFromSeed(seed)}
	if c.hash() != hash {
		return Cosigner{}, errCosignerText
	}
	return c, nil
}

// Secret returns the key as text, to be kept where only the witness reads it.
func (c Cosigner) Secret() string {
	return privatePrefix + keyText(c.name, c.hash(), c.key.Seed())
}

// Public returns the key with which others check what the witness says: a C2SP
// vkey of signature type 4.
func (c Cosigner) Public() string { return keyText(c.name, c.hash(), c.public()) }

// Name returns the name of the witness.
func (c Cosigner) Name() string { return c.name }

func (c Cosigner) public() []byte { return c.key.Public().(ed25519.PublicKey) }
func (c Cosigner) hash() uint32   { return keyHash(c.name, c.public()) }

// Cosign returns the signature line by which the witness says that at an instant
// this was the largest checkpoint it had seen of that journal.
func (c Cosigner) Cosign(cp Checkpoint, at time.Time) (string, error) {
	text, ok := noteBody(cp.Note)
	if !ok || at.Unix() < 0 {
		return "", errCheckpoint
	}
	sig := binary.BigEndian.AppendUint32(nil, c.hash())
	sig = binary.BigEndian.AppendUint64(sig, uint64(at.Unix()))
	sig = append(sig, ed25519.Sign(c.key, cosigned(at.Unix(), text))...)
	return "— " + c.name + " " + base64.StdEncoding.EncodeToString(sig) + "\n", nil
}

// cosigned is what a cosignature signs.
func cosigned(at int64, body string) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, body)
}

// noteBody returns the signed part of a note.
func noteBody(noteText []byte) (string, bool) {
	i := strings.LastIndex(string(noteText), blank)
	if i < 0 {
		return "", false
	}
	return string(noteText[:i+1]), true
}

// Witness is the public key of a witness.
type Witness struct {
	name string
	key  ed25519.PublicKey
}

// NewWitness reads the public key of a witness, as [Cosigner.Public] writes it.
func NewWitness(vkey string) (Witness, error) {
	name, hash, key, err := parseKeyText(vkey, ed25519.PublicKeySize)
	if err != nil || keyHash(name, key) != hash {
		return Witness{}, fmt.Errorf("%s is no key of a witness: want <name>+<hash>+<base64>, of signature type 4", quote.Text(vkey))
	}
	return Witness{name, key}, nil
}

// Name returns the name of the witness.
func (w Witness) Name() string { return w.name }

// KeyHash implements note.Verifier.
func (w Witness) KeyHash() uint32 { return keyHash(w.name, w.key) }

// Verify implements note.Verifier for the signed part of a checkpoint.
func (w Witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	return at < 1<<63 && ed25519.Verify(w.key, cosigned(int64(at), string(msg)), sig[8:])
}

// Accept adds the cosignatures that the witness gave for a checkpoint to its
// note. Lines of others are left out; without a line of this witness that holds,
// it is an error.
func (w Witness) Accept(c Checkpoint, lines []byte) (Checkpoint, error) {
	for line := range strings.Lines(string(lines)) {
		one := c
		one.Note = append(append([]byte{}, c.Note...), line...)
		if _, err := w.Seen(one); err == nil {
			return one, nil
		}
	}
	return Checkpoint{}, fmt.Errorf("no signature of the witness %s holds for checkpoint %s", w.name, c.Short())
}

// Seen returns when the witness vouched for a checkpoint.
func (w Witness) Seen(c Checkpoint) (time.Time, error) {
	n, err := note.Open(c.Note, note.VerifierList(w))
	if err != nil {
		return time.Time{}, fmt.Errorf("checkpoint %s is not vouched for by %s: %w", c.Short(), w.name, err)
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64)
	if err != nil || len(sig) < 12 {
		return time.Time{}, errCheckpoint
	}
	return time.Unix(int64(binary.BigEndian.Uint64(sig[4:])), 0).UTC(), nil
}

// keyHash is SHA-256(name || "\n" || 0x04 || key), its first four bytes.
func keyHash(name string, key []byte) uint32 {
	sum := sha256.Sum256(append(append([]byte(name), '\n', cosignature), key...))
	return binary.BigEndian.Uint32(sum[:4])
}

func keyText(name string, hash uint32, key []byte) string {
	return fmt.Sprintf("%s+%08x+%s", name, hash, base64.StdEncoding.EncodeToString(append([]byte{cosignature}, key...)))
}

func parseKeyText(text string, size int) (name string, hash uint32, key []byte, err error) {
	name, rest, _ := strings.Cut(text, "+")
	digits, encoded, _ := strings.Cut(rest, "+")
	raw, err1 := hex.DecodeString(digits)
	n, err2 := strconv.ParseUint(digits, 16, 32)
	key, err3 := base64.StdEncoding.Strict().DecodeString(encoded)
	if err := errors.Join(err1, err2, err3, checkOrigin(name)); err != nil {
		return "", 0, nil, err
	}
	if len(raw) != 4 || len(key) != 1+size || key[0] != cosignature {
		return "", 0, nil, errCosignerText
	}
	return name, uint32(n), key[1:], nil
}
