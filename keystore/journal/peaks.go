package journal

import (
	"cmp"
	"slices"
)

// Bounds of what [Peaks] looks at and returns.
const (
	peakTail  = 256 << 10 // bytes of the end of the file
	mostPeaks = 32
)

// Peaks returns those checkpoints at the end of a checkpoint file, signed by v,
// after which the file goes on with one of fewer records or of another history, and
// its newest one: greatest first. A journal that goes on from all of them was not
// rolled back as far as the end of the file tells. None is no error, nor is a file
// that is not there.
func Peaks(path string, v Verifier) (peaks []Checkpoint, err error) {
	data, _, err := tailOf(path, peakTail)
	var all []Checkpoint
	for entry := range entries(data) {
		if c, err := parseUnsigned(entry); err == nil {
			all = append(all, c)
		}
	}
	var lowest *Checkpoint // of those behind it
	for _, c := range slices.Backward(all) {
		if lowest != nil && (c.Size < lowest.Size || c.Size == lowest.Size && c.Root == lowest.Root) {
			lowest = &c
			continue
		}
		if _, err := ParseCheckpoint(c.Note, v); err != nil {
			continue
		}
		if peaks = append(peaks, c); lowest == nil {
			lowest = &c
		}
		if len(peaks) == mostPeaks {
			break
		}
	}
	slices.SortStableFunc(peaks, func(a, b Checkpoint) int { return cmp.Compare(b.Size, a.Size) })
	return peaks, err
}
