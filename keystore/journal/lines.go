package journal

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"math"
	"slices"

	"github.com/pakdeck/pakdeck/keystore/kv"
)

var errNoCheckpoint = errors.New("a checkpoint is needed to check an export")

// VerifyLines checks an export away from the store: the stored bytes of the
// records from 0 on, a line each. It holds them against checkpoints whose
// signatures have been checked, of which the largest must cover all of them. The
// error is about reading only; what is wrong stands in the report.
func VerifyLines(in io.Reader, kept []Checkpoint) (Report, error) {
	if len(kept) == 0 {
		return Report{}, errNoCheckpoint
	}
	a := &audit{r: noRows{}, broken: -1, watch: func(int64) {}, export: true}
	a.guesses = []guess{a.guess(tree{}, -1)}
	a.report.Bad, a.report.Size = -1, math.MaxInt64
	a.newest = slices.MaxFunc(kept, func(x, y Checkpoint) int { return cmp.Compare(x.Size, y.Size) })
	a.report.Checkpoint = a.newest
	a.marks = marksOf(kept)
	n, err := eachLine(in, func(seq int64, line []byte) error { return a.row(recordKey(seq), line) })
	if err != nil && !errors.Is(err, kv.Stop) {
		return Report{}, err
	}
	a.report.Size = n
	if err := a.finish(); err != nil {
		return Report{}, err
	}
	return a.report, nil
}

// eachLine calls fn with the lines and returns how many there were. A line that is
// too long for a record is cut, so that fn finds it wrong.
func eachLine(in io.Reader, fn func(seq int64, line []byte) error) (n int64, err error) {
	r := bufio.NewReaderSize(in, MaxRecord+1)
	for ; ; n++ {
		line, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return n, nil
		case errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull), err == nil:
		default:
			return n, err
		}
		// Records of the past are still waited for when the next line overwrites
		// the buffer.
		if err := fn(n, bytes.Clone(bytes.TrimSuffix(line, []byte("\n")))); err != nil {
			return n + 1, err
		}
	}
}

// noRows stands for the rows beside the records, which an export has not.
type noRows struct{}

func (noRows) Get([]byte) ([]byte, error)                         { return nil, nil }
func (noRows) Scan(kv.Range, func(key, value []byte) error) error { return nil }
