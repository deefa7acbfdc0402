package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTheLastCheckpointThatSomebodyElseSignedIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db.checkpoints")
	signer, v := keyPair(t, 1)
	if w, err := LastWitnessed(path, v); err != nil || w.Size != 0 || !w.Back.IsZero() {
		t.Fatalf("of no file: %+v, %v", w, err)
	}
	c := testCosigner(t, 1)
	begin := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	add := func(size int64, cosigned bool) {
		t.Helper()
		cp, err := sign(Checkpoint{Origin: testOrigin, Size: size, Time: begin.Add(time.Duration(size) * time.Minute)}, signer)
		if err != nil {
			t.Fatal(err)
		}
		if cosigned {
			line, err := c.Cosign(cp, begin)
			if err != nil {
				t.Fatal(err)
			}
			cp.Note = append(cp.Note, line...)
		}
		if err := AppendCheckpointFile(path, cp); err != nil {
			t.Fatal(err)
		}
	}
	last := func() Witnessed {
		t.Helper()
		w, err := LastWitnessed(path, v)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	add(1, false)
	if w := last(); w.Size != 0 {
		t.Errorf("signed by the store alone: %+v", w)
	}
	add(2, true)
	add(3, true)
	add(4, false)
	if w := last(); w.Size != 3 || len(w.By) != 1 || w.By[0] != c.Name() || !w.Time.Equal(begin.Add(3*time.Minute)) {
		t.Errorf("%+v", w)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.ReplaceAll(whole, []byte("\n3\n"), []byte("\n5\n"))
	if err := os.WriteFile(path, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	if w := last(); w.Size != 2 {
		t.Errorf("one that the store did not sign was taken: %+v", w)
	}
	filler := bytes.Repeat([]byte("x\n"), mostTail/2)
	if err := os.WriteFile(path, append(filler, append([]byte("\n"), whole...)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if w := last(); w.Size != 3 || !w.Back.Equal(begin.Add(time.Minute)) {
		t.Errorf("of a long file: %d, back to %v", w.Size, w.Back)
	}
}
