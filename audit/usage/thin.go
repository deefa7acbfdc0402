package usage

import (
	"bytes"
	"encoding/binary"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// mostThinned is how many rows one transaction thins out: nobody shall wait
// for a store that was switched off for a month.
const mostThinned = 500

var thinRow = []byte{'t'}

// thinning is how far old rows have been thinned out.
type thinning struct {
	seen  int64 // the day of the last batch
	today int64 // the day that ages are counted from
	// Rows before these are coarse already.
	hours, callers []byte
	busy           bool // there is more to do for today
}

// advance takes notice of the day of a batch. A day only becomes today when
// the next one has come, one by one: a clock that is wrong for a while would
// otherwise make everything look old, and it would be thrown away. It reports
// whether anything changed.
func (t *thinning) advance(day int64) bool {
	if day == t.seen {
		return false
	}
	if day == t.seen+1 && t.seen > t.today {
		t.today, t.busy = t.seen, true
	}
	t.seen = day
	return true
}

func readThinning(r kv.Reader) (thinning, error) {
	b, err := r.Get(thinRow)
	if err != nil || b == nil {
		return thinning{}, err
	}
	in := reader{b: b}
	t := thinning{seen: int64(in.uint()), today: int64(in.uint()), busy: in.uint() == 1}
	t.hours, t.callers = bytes.Clone(in.bytes()), bytes.Clone(in.bytes())
	return t, in.end()
}

func (t *thinning) write(w kv.Writer) error {
	var b []byte
	busy := uint64(0)
	if t.busy {
		busy = 1
	}
	for _, n := range []uint64{uint64(t.seen), uint64(t.today), busy} {
		b = binary.AppendUvarint(b, n)
	}
	for _, key := range [][]byte{t.hours, t.callers} {
		b = binary.AppendUvarint(b, uint64(len(key)))
		b = append(b, key...)
	}
	return w.Put(thinRow, b)
}

// thinOut makes old rows coarse and drops older ones, a few at a time. A
// policy that cannot be read throws nothing away.
func (r *Recorder) thinOut(w kv.Writer, now time.Time) error {
	t, err := readThinning(w)
	if err != nil {
		return err
	}
	changed := t.advance(dayOf(keystore.HourOf(now)))
	if t.busy {
		keep, err := ReadRetention(r.st)
		if err == nil {
			if err := t.step(w, keep); err != nil {
				return err
			}
			changed = true
		}
	}
	if !changed {
		return nil
	}
	return t.write(w)
}

// step works on at most mostThinned rows and clears busy when nothing is left.
func (t *thinning) step(w kv.Writer, keep Retention) error {
	left := mostThinned
	for _, drop := range []struct {
		table byte
		days  int64
	}{{tableCallers, keep.Callers}, {tableHours, keep.Days}, {tableWatched, keep.Days}} {
		n, err := dropBefore(w, drop.table, t.today-drop.days, left)
		if err != nil {
			return err
		}
		left -= n
	}
	var err error
	if t.callers, left, err = coarsen(w, tableCallers, t.callers, t.today-keep.CallerHours, left, coarseLines); err != nil {
		return err
	}
	if t.hours, left, err = coarsen(w, tableHours, t.hours, t.today-keep.Hours, left, coarseCells); err != nil {
		return err
	}
	t.busy = left == 0
	return nil
}

// dropBefore deletes the rows of days before a day, at most so many.
func dropBefore(w kv.Writer, table byte, day int64, most int) (int, error) {
	keys, err := keysOf(w, dayRow(table, 0), dayRow(table, max(0, day)), most)
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		if err := w.Delete(key); err != nil {
			return 0, err
		}
	}
	return len(keys), nil
}

// coarsen rewrites the rows from a key to a day, at most so many, and returns
// the key to go on from and how many more may be worked on.
func coarsen(w kv.Writer, table byte, from []byte, day int64, most int, f func([]byte) ([]byte, error)) ([]byte, int, error) {
	if len(from) == 0 {
		from = dayRow(table, 0)
	}
	end := dayRow(table, max(0, day))
	if bytes.Compare(from, end) >= 0 {
		return from, most, nil
	}
	keys, err := keysOf(w, from, end, most)
	if err != nil {
		return nil, 0, err
	}
	for _, key := range keys {
		b, err := w.Get(key)
		if err != nil {
			return nil, 0, err
		}
		if b, err = f(b); err != nil {
			return nil, 0, err
		}
		if err := w.Put(key, b); err != nil {
			return nil, 0, err
		}
	}
	if len(keys) < most {
		return end, most - len(keys), nil
	}
	if most == 0 {
		return from, 0, nil
	}
	return append(keys[most-1], 0), 0, nil
}

func keysOf(r kv.Reader, from, to []byte, most int) ([][]byte, error) {
	var keys [][]byte
	if most == 0 {
		return nil, nil
	}
	err := r.Scan(kv.Range{From: from, To: to}, func(key, _ []byte) error {
		keys = append(keys, bytes.Clone(key))
		if len(keys) == most {
			return kv.Stop
		}
		return nil
	})
	return keys, err
}

func coarseCells(b []byte) ([]byte, error) {
	c, err := decodeCells(b)
	return c.coarse().append(nil), err
}

func coarseLines(b []byte) ([]byte, error) {
	ls, err := decodeLines(b)
	for i := range ls {
		ls[i].cells = ls[i].cells.coarse()
	}
	return ls.append(nil), err
}
