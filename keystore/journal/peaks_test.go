package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestPeaksAreWhereAFileGoesBack(t *testing.T) {
	f := newFixture(t, 20, 1)
	other := newFixture(t, 10, 1)
	other.change(9)
	other.rechain(t, 10)
	forged := other.resign(t) // ten records, but not those
	stranger, v := keyPair(t, 2)
	foreign, err := sign(Checkpoint{Origin: v.Name(), Size: 30, Time: testStart}, stranger)
	if err != nil {
		t.Fatal(err)
	}
	at := func(sizes ...int) (out []Checkpoint) {
		for _, size := range sizes {
			out = append(out, f.side[size-1])
		}
		return out
	}
	for name, test := range map[string]struct {
		file []Checkpoint
		want []int64
	}{
		"nothing":                {nil, nil},
		"in order":               {at(1, 2, 3), []int64{3}},
		"twice":                  {at(1, 2, 3, 3), []int64{3}},
		"one was late":           {at(1, 2, 4, 3, 5), []int64{5, 4}},
		"rolled back":            {at(7, 8, 9, 4, 5), []int64{9, 8, 7, 5}},
		"rolled back and grown":  {at(8, 9, 4, 5, 12), []int64{12, 9, 8}},
		"another history":        {append(at(9, 10), forged), []int64{10, 10}},
		"the last of a stranger": {append(at(1, 2), foreign), []int64{2}},
		"a stranger in between":  {append(append(at(1), foreign), at(2)...), []int64{2}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db.checkpoints")
			for _, c := range test.file {
				if err := AppendCheckpointFile(path, c); err != nil {
					t.Fatal(err)
				}
			}
			peaks, err := Peaks(path, f.v)
			var got []int64
			for _, c := range peaks {
				got = append(got, c.Size)
			}
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("%d, %v; want %d", got, err, test.want)
			}
		})
	}
}

func TestPeaksAreBounded(t *testing.T) {
	f := newFixture(t, 40, 1)
	path := filepath.Join(t.TempDir(), "store.db.checkpoints")
	var file bytes.Buffer
	for _, c := range slices.Backward(f.side) {
		file.Write(newEntry(c, true))
	}
	file.WriteString("cut off in writ")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if peaks, err := Peaks(path, f.v); err != nil || len(peaks) != mostPeaks || peaks[0].Size != mostPeaks {
		t.Errorf("%d peaks, %v", len(peaks), err)
	}
}
