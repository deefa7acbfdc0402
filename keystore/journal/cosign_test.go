package journal

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func testCosigner(t *testing.T, seed byte) Cosigner {
	t.Helper()
	c, err := NewCosigner("witness.example/w1", rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheKeysOfAWitnessAreReadBack(t *testing.T) {
	c := testCosigner(t, 1)
	again, err := ParseCosigner(c.Secret())
	if err != nil || again.Public() != c.Public() {
		t.Fatalf("%v", err)
	}
	w, err := NewWitness(c.Public())
	if err != nil || w.Name() != c.Name() || w.KeyHash() != c.hash() {
		t.Fatalf("%+v, %v", w, err)
	}
	for i := range len(c.Secret()) {
		changed := []byte(c.Secret())
		changed[i] ^= 2
		if _, err := ParseCosigner(string(changed)); err == nil {
			t.Errorf("a secret key with byte %d changed is accepted", i)
		} else if strings.Contains(err.Error(), string(changed[40:])) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
	for _, text := range []string{"", "a+b+c", "w1+00000000+BAAA", testOrigin + "+00000000+" + strings.Repeat("A", 44)} {
		if _, err := NewWitness(text); err == nil {
			t.Errorf("%q is taken for the key of a witness", text)
		}
	}
}

func TestOnlyTheWitnessItselfIsAccepted(t *testing.T) {
	f := newFixture(t, 5, 1)
	c, other := testCosigner(t, 1), testCosigner(t, 2)
	w, err := NewWitness(c.Public())
	if err != nil {
		t.Fatal(err)
	}
	at := testStart.Add(time.Hour)
	line, err := c.Cosign(f.side[4], at)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Cosign(f.side[4], at)
	if err != nil {
		t.Fatal(err)
	}
	cp, err := w.Accept(f.side[4], []byte(foreign+line))
	if err != nil {
		t.Fatal(err)
	}
	if seen, err := w.Seen(cp); err != nil || !seen.Equal(at) {
		t.Errorf("seen %v, %v", seen, err)
	}
	if strings.Contains(string(cp.Note), strings.TrimSpace(foreign)) {
		t.Error("the line of somebody else was kept")
	}
	if _, err := ParseCheckpoint(cp.Note, f.v); err != nil {
		t.Errorf("a cosigned checkpoint is none any more: %v", err)
	}
	if _, err := w.Accept(f.side[4], []byte(foreign)); err == nil {
		t.Error("the line of somebody else is accepted")
	}
	if _, err := w.Accept(f.side[3], []byte(line)); err == nil {
		t.Error("a line for another checkpoint is accepted")
	}
	if _, err := w.Seen(f.side[4]); err == nil {
		t.Error("a checkpoint without a cosignature was seen")
	}
}

func TestACosignatureWithOneBitFlippedIsRefused(t *testing.T) {
	f := newFixture(t, 5, 1)
	c := testCosigner(t, 1)
	w, _ := NewWitness(c.Public())
	line, err := c.Cosign(f.side[4], testStart)
	if err != nil {
		t.Fatal(err)
	}
	for i := range line {
		for bit := range 8 {
			changed := []byte(line)
			changed[i] ^= 1 << bit
			if cp, err := w.Accept(f.side[4], changed); err == nil {
				t.Fatalf("bit %d of byte %d may be flipped:\n%s", bit, i, bytes.TrimPrefix(cp.Note, f.side[4].Note))
			}
		}
	}
}

func FuzzNewWitness(f *testing.F) {
	f.Add("witness.example/w1+a8f2c0de+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if w, err := NewWitness(text); err == nil && keyText(w.name, w.KeyHash(), w.key) != strings.ToLower(text[:len(w.name)+10])+text[len(w.name)+10:] && w.name == strings.ToLower(w.name) {
			t.Errorf("%q is read as %q", text, keyText(w.name, w.KeyHash(), w.key))
		}
	})
}
