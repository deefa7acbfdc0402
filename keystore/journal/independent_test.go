package journal_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// These tests check what the package writes with nothing of it: only with
// golang.org/x/mod/sumdb, crypto/ed25519 and the C2SP specifications.

var day = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// written is a journal of n records, each with its checkpoint.
func written(t *testing.T, n int) (st *journal.MemStore, vkey string, marks []journal.Checkpoint) {
	t.Helper()
	skey, vkey, err := journal.GenerateKey("pakdeck/7f3a9c", rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := journal.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	st = journal.NewMemStore()
	for i := range n {
		err := st.Update(t.Context(), func(w kv.Writer) error {
			a, err := journal.Begin(w)
			if err != nil {
				return err
			}
			if _, err := a.Append(journal.Record{
				Time: day.Add(time.Duration(i) * time.Minute), Code: 400, Event: "use", Outcome: "ok",
				Source: journal.Source{IP: "203.0.113." + strconv.Itoa(i%250)},
			}); err != nil {
				return err
			}
			c, err := a.Commit(signer, day)
			marks = append(marks, c)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return st, vkey, marks
}

func view(t *testing.T, st *journal.MemStore, fn func(kv.Reader) error) {
	t.Helper()
	if err := st.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// openNote reads size and root of a checkpoint as tlog-checkpoint defines it.
func openNote(t *testing.T, text []byte, vkey string) (size int64, root tlog.Hash, body string) {
	t.Helper()
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(text, note.VerifierList(v))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	lines := strings.Split(n.Text, "\n")
	size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || lines[0] != "pakdeck/7f3a9c" {
		t.Fatalf("checkpoint says\n%s", n.Text)
	}
	root, err = tlog.ParseHash(lines[2])
	if err != nil {
		t.Fatal(err)
	}
	return size, root, n.Text
}

func hashes(t *testing.T, lines []string) (out []tlog.Hash) {
	t.Helper()
	for _, line := range lines {
		h, err := tlog.ParseHash(line)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, h)
	}
	return out
}

func TestAProofIsATlogProof(t *testing.T) {
	const n = 300
	st, vkey, _ := written(t, n)
	for _, index := range []int64{0, 1, 127, 255, 256, 298, 299} {
		var text []byte
		view(t, st, func(r kv.Reader) error {
			p, err := journal.Prove(r, index)
			text = p.Encode()
			return err
		})
		head, checkpoint, _ := strings.Cut(string(text), "\n\n")
		lines := strings.Split(head, "\n")
		if lines[0] != "c2sp.org/tlog-proof@v1" || lines[2] != fmt.Sprintf("index %d", index) {
			t.Fatalf("the proof begins\n%s", head)
		}
		record, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
		if err != nil {
			t.Fatal(err)
		}
		size, root, _ := openNote(t, []byte(checkpoint), vkey)
		if err := tlog.CheckRecord(hashes(t, lines[3:]), size, root, index, tlog.RecordHash(record)); err != nil {
			t.Errorf("record %d: %v", index, err)
		}
		// The leaf, as any SHA-256 gives it.
		if sum := sha256.Sum256(append([]byte{0}, record...)); tlog.Hash(sum) != tlog.RecordHash(record) {
			t.Error("the leaf is no SHA-256 of a zero byte and the record")
		}
	}
}

func TestAConsistencyProofIsAnAddCheckpointRequest(t *testing.T) {
	const n = 300
	st, vkey, marks := written(t, n)
	for _, old := range []int64{0, 1, 2, 128, 256, 299, 300} {
		var text []byte
		view(t, st, func(r kv.Reader) error {
			c, err := journal.ProveSince(r, old)
			text = c.Encode()
			return err
		})
		head, checkpoint, _ := strings.Cut(string(text), "\n\n")
		lines := strings.Split(head, "\n")
		if lines[0] != fmt.Sprintf("old %d", old) {
			t.Fatalf("the request begins\n%s", head)
		}
		size, root, _ := openNote(t, []byte(checkpoint), vkey)
		if old == 0 {
			if len(lines) != 1 {
				t.Errorf("a proof from nothing has %d hashes", len(lines)-1)
			}
			continue
		}
		oldSize, oldRoot, _ := openNote(t, marks[old-1].Note, vkey)
		if err := tlog.CheckTree(hashes(t, lines[1:]), size, root, oldSize, oldRoot); err != nil {
			t.Errorf("from %d: %v", old, err)
		}
	}
}

// cosigner is a note.Verifier of C2SP tlog-cosignature, written from its text.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func parseCosigner(t *testing.T, vkey string) cosigner {
	t.Helper()
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || key[0] != 4 {
		t.Fatalf("vkey %q", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:])
	if parts[1] != fmt.Sprintf("%08x", hash) {
		t.Fatalf("vkey %q has not the key id %08x", vkey, hash)
	}
	return cosigner{parts[0], hash, ed25519.PublicKey(key[1:])}
}

func TestACosignatureIsATlogCosignature(t *testing.T) {
	_, vkey, marks := written(t, 5)
	c, err := journal.NewCosigner("witness.example/w1", rand.NewChaCha8([32]byte{2}))
	if err != nil {
		t.Fatal(err)
	}
	line, err := c.Cosign(marks[4], day.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(append(bytes.Clone(marks[4].Note), line...), note.VerifierList(v, parseCosigner(t, c.Public())))
	if err != nil || len(n.Sigs) != 2 {
		t.Fatalf("%v: %+v", err, n)
	}
	sig, err := base64.StdEncoding.DecodeString(n.Sigs[1].Base64)
	if err != nil {
		t.Fatal(err)
	}
	if at := binary.BigEndian.Uint64(sig[4:]); at != uint64(day.Add(time.Hour).Unix()) {
		t.Errorf("cosigned at %d", at)
	}
}
