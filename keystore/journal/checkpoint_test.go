package journal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func TestACheckpointIsASignedNote(t *testing.T) {
	f := newFixture(t, 3, 3)
	c := f.side[0]
	text, signature, ok := strings.Cut(string(c.Note), "\n\n")
	want := fmt.Sprintf("pakdeck/7f3a9c\n3\n%s\ntime 2026-11-23T04:03:00Z", base64.StdEncoding.EncodeToString(c.Root[:]))
	if !ok || text != want {
		t.Errorf("text is %q, want %q", text, want)
	}
	if !strings.HasPrefix(signature, "— pakdeck/7f3a9c ") || strings.Count(signature, "\n") != 1 {
		t.Errorf("signature is %q", signature)
	}
	if want := "3:" + c.Root.String()[:8]; c.Short() != want {
		t.Errorf("Short = %q, want %q", c.Short(), want)
	}
	got, err := ParseCheckpoint(c.Note, f.v)
	if err != nil || got.Origin != c.Origin || got.Size != 3 || got.Root != c.Root || got.Time != c.Time || !bytes.Equal(got.Note, c.Note) {
		t.Errorf("parsed %+v, %v; want %+v", got, err, c)
	}
}

func TestParseCheckpointRefusesEveryChangedByte(t *testing.T) {
	f := newFixture(t, 3, 3)
	signed := f.side[0].Note
	for i := range signed {
		for _, flip := range []byte{1, 0x20} {
			now := bytes.Clone(signed)
			now[i] ^= flip
			if _, err := ParseCheckpoint(now, f.v); err == nil {
				t.Errorf("byte %d changed: accepted", i)
			}
		}
		if _, err := ParseCheckpoint(signed[:i], f.v); err == nil {
			t.Errorf("the first %d bytes were accepted", i)
		}
	}
}

func TestParseCheckpointChecksWhatWasSigned(t *testing.T) {
	signer, v := keyPair(t, 1)
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	at := "time 2026-11-23T04:03:00Z"
	for _, test := range []struct {
		text string
		ok   bool
	}{
		{testOrigin + "\n3\n" + root + "\n" + at + "\n", true},
		{testOrigin + "\n3\n" + root + "\n" + at + "\nextension 1\n", true},
		{testOrigin + "\n3\n" + root + "\n" + at + "\n\nextension 1\n", false},
		{testOrigin + "\n3\n" + root + "\n" + at + "\n" + strings.Repeat("x", maxNote) + "\n", false},
		{testOrigin + "\n3\n" + root + "\n", false},
		{testOrigin + "\n3\n" + root + "\ntime tomorrow\n", false},
		{testOrigin + "\n3\n" + root + "\ntime 2026-11-23T05:03:00+01:00\n", false},
		{testOrigin + "\n3\n" + root + "\ntime 2026-11-23T04:03:00.5Z\n", false},
		{testOrigin + "\n03\n" + root + "\n" + at + "\n", false},
		{testOrigin + "\n-3\n" + root + "\n" + at + "\n", false},
		{testOrigin + "\n3\n" + root[:40] + "\n" + at + "\n", false},
		{testOrigin + "\n3\n" + root[:42] + "B=\n" + at + "\n", false},
		{"pakdeck/other\n3\n" + root + "\n" + at + "\n", false},
		{"pakdeck with blanks\n3\n" + root + "\n" + at + "\n", false},
	} {
		signed, err := note.Sign(&note.Note{Text: test.text}, signer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseCheckpoint(signed, v); (err == nil) != test.ok {
			t.Errorf("%q: %v", test.text, err)
		}
	}
	if _, err := ParseCheckpoint([]byte("x"), nil); err == nil {
		t.Error("parsed without a key")
	}
}

// The last digit of the base64 has two bits that mean nothing.
func TestParseCheckpointRefusesSpareBitsInTheSignature(t *testing.T) {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	f := newFixture(t, 3, 3)
	signed := bytes.Clone(f.side[0].Note)
	last := bytes.LastIndexByte(signed, '=') - 1
	signed[last] = digits[strings.IndexByte(digits, signed[last])|1]
	if _, err := note.Open(signed, note.VerifierList(f.v)); err != nil {
		t.Fatalf("the bit means something: %v", err)
	}
	if _, err := ParseCheckpoint(signed, f.v); err == nil {
		t.Error("accepted")
	}
}

func TestParseCheckpointTakesTheSignaturesOfWitnesses(t *testing.T) {
	f := newFixture(t, 3, 3)
	skey, _, err := GenerateKey("witness.example", nil)
	if err != nil {
		t.Fatal(err)
	}
	witness, err := NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(f.side[0].Note, note.VerifierList(f.v))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(opened, witness)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := ParseCheckpoint(signed, f.v); err != nil || !bytes.Equal(c.Note, signed) {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := ParseCheckpoint(append(signed, bytes.Repeat([]byte("x"), maxNote)...), f.v); err == nil {
		t.Error("a note without end was accepted")
	}
}

func TestKeysAreBoundToTheirOrigin(t *testing.T) {
	skey, vkey, err := GenerateKey(Origin("7f3a9c"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err1 := NewSigner(skey)
	v, err2 := NewVerifier(vkey)
	if err1 != nil || err2 != nil || s.Name() != testOrigin || v.Name() != testOrigin || s.KeyHash() != v.KeyHash() {
		t.Errorf("%v, %v", err1, err2)
	}
	for _, origin := range []string{"", "with blank", "with+plus", "line\nbreak", "\u202e", strings.Repeat("x", 101)} {
		if _, _, err := GenerateKey(origin, nil); err == nil {
			t.Errorf("made a key for %q", origin)
		}
	}
	if _, _, err := GenerateKey("x", strings.NewReader("short")); err == nil {
		t.Error("made a key of five random bytes")
	}
}

func TestErrorsDoNotTellKeys(t *testing.T) {
	skey, _, err := GenerateKey(testOrigin, nil)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.SplitN(skey, "+", 5)[4]
	for _, bad := range []string{"", skey + "x", strings.Replace(skey, "7f3a9c", "7f3a9d", 1), secret} {
		_, err1 := NewSigner(bad)
		_, err2 := NewVerifier(bad)
		if err1 == nil || err2 == nil {
			t.Fatalf("%q was accepted", bad)
		}
		if strings.Contains(err1.Error()+err2.Error(), secret[:10]) {
			t.Errorf("an error tells the key: %v, %v", err1, err2)
		}
	}
}

func TestCheckpointFileKeepsWhatWasAdded(t *testing.T) {
	f := newFixture(t, 6, 2)
	path := filepath.Join(t.TempDir(), "store.db.checkpoints")
	if _, err := ReadCheckpointFile(path, f.v); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	for i, c := range f.side {
		if err := AppendCheckpointFile(path, c); err != nil {
			t.Fatal(err)
		}
		got, err := ReadCheckpointFile(path, f.v)
		if err != nil || len(got) != i+1 || !bytes.Equal(got[i].Note, c.Note) || got[i].Size != c.Size {
			t.Fatalf("after %d: %+v, %v", i+1, got, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode is %v, %v", info.Mode(), err)
	}
	data, _ := os.ReadFile(path)
	want := string(f.side[0].Note) + "\n" + string(f.side[1].Note) + "\n" + string(f.side[2].Note) + "\n"
	if string(data) != want {
		t.Errorf("file is %q, want %q", data, want)
	}
	if rep := f.verify(t, f.side...); !rep.Intact || rep.Checked != 3 {
		t.Errorf("%+v", rep)
	}
}

func TestCheckpointFilePassesOverATornEnd(t *testing.T) {
	f := newFixture(t, 6, 2)
	path := filepath.Join(t.TempDir(), "checkpoints")
	first := string(f.side[0].Note) + "\n"
	second := string(f.side[1].Note) + "\n"
	for cut := range len(second) {
		if err := os.WriteFile(path, []byte(first+second[:cut]), 0o600); err != nil {
			t.Fatal(err)
		}
		want := 1
		if cut >= len(second)-2 { // only line ends are missing
			want = 2
		}
		got, err := ReadCheckpointFile(path, f.v)
		if err != nil || len(got) != want {
			t.Fatalf("cut at %d: %d checkpoints, %v", cut, len(got), err)
		}
		if err := AppendCheckpointFile(path, f.side[2]); err != nil {
			t.Fatal(err)
		}
		got, _ = ReadCheckpointFile(path, f.v)
		if len(got) != want+1 || got[want].Size != 6 {
			t.Fatalf("cut at %d and added: %d checkpoints", cut, len(got))
		}
	}
}

func TestCheckpointFileReportsBadEntriesByNumber(t *testing.T) {
	f := newFixture(t, 30, 1)
	var whole []byte
	for i, c := range f.side {
		n := bytes.Clone(c.Note)
		if i == 4 || i >= 10 {
			n[20] ^= 1
		}
		whole = append(append(whole, n...), '\n')
	}
	path := filepath.Join(t.TempDir(), "checkpoints")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadCheckpointFile(path, f.v)
	if len(got) != 9 {
		t.Errorf("%d good checkpoints", len(got))
	}
	var entry *EntryError
	if !errors.As(err, &entry) || entry.Entry != 5 || entry.Path != path {
		t.Fatalf("error is %v", err)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 11 || !strings.Contains(lines[0], "entry 5: checkpoint") || lines[10] != errTooMany.Error() {
		t.Errorf("%d lines: %v", len(lines), err)
	}
}

func TestCheckpointFileReportsABadLastEntryThatIsWhole(t *testing.T) {
	f := newFixture(t, 1, 1)
	_, other := keyPair(t, 2)
	path := filepath.Join(t.TempDir(), "checkpoints")
	if err := AppendCheckpointFile(path, f.side[0]); err != nil {
		t.Fatal(err)
	}
	got, err := ReadCheckpointFile(path, other)
	var entry *EntryError
	if len(got) != 0 || !errors.As(err, &entry) || entry.Entry != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestCheckpointFileTakesEntriesOfSeveralAtOnce(t *testing.T) {
	f := newFixture(t, 40, 1)
	path := filepath.Join(t.TempDir(), "checkpoints")
	var all sync.WaitGroup
	for _, c := range f.side {
		all.Go(func() {
			if err := AppendCheckpointFile(path, c); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := ReadCheckpointFile(path, f.v)
	if err != nil || len(got) != 40 {
		t.Errorf("%d checkpoints, %v", len(got), err)
	}
}

func TestAppendCheckpointFileRefusesAnUnsignedCheckpoint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoints")
	if err := AppendCheckpointFile(path, Checkpoint{Origin: testOrigin, Size: 1}); err == nil {
		t.Error("added a checkpoint without a note")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("made a file: %v", err)
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	signer, v := keyPair(f, 1)
	c, err := sign(Checkpoint{Origin: testOrigin, Size: 7, Time: testStart}, signer)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.Note)
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, err := parseUnsigned(data); err == nil && !strings.HasPrefix(string(data), got.text()) {
			t.Errorf("%q was read as %q", data, got.text())
		}
		if got, err := ParseCheckpoint(data, v); err == nil && (got.Size != c.Size || got.Root != c.Root) {
			t.Errorf("a checkpoint was forged: %q", data)
		}
	})
}

func FuzzReadCheckpointFile(f *testing.F) {
	signer, v := keyPair(f, 1)
	a, _ := sign(Checkpoint{Origin: testOrigin, Size: 7, Time: testStart}, signer)
	b, _ := sign(Checkpoint{Origin: testOrigin, Size: 8, Time: testStart}, signer)
	f.Add([]byte{})
	f.Add(a.Note)
	f.Add(joined(a.Note, "\n", b.Note, "\n"))
	f.Add(joined(a.Note, "\n", b.Note[:30]))
	f.Fuzz(func(t *testing.T, data []byte) {
		before, _ := parseFile("", data, v)
		whole := len(data) == 0 || bytes.HasSuffix(data, []byte(blank))
		after, _ := parseFile("", append(bytes.Clone(data), newEntry(b, whole)...), v)
		if len(after) != len(before)+1 || after[len(before)].Size != 8 {
			t.Errorf("%q: %d checkpoints before, %d after adding one", data, len(before), len(after))
		}
	})
}

func joined(parts ...any) (all []byte) {
	for _, p := range parts {
		all = fmt.Appendf(all, "%s", p)
	}
	return all
}
