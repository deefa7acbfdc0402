package lint

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Point is how the store stood on a day: what counted in the last run of that
// day that was remembered.
type Point struct {
	Day    time.Time // midnight in UTC
	Counts Counts
}

// keptPoints is for how many days the trend is kept.
const keptPoints = 400

func pointRow(day time.Time) []byte {
	return binary.BigEndian.AppendUint64([]byte(tablePoint), uint64(max(0, day.Unix())))
}

// put writes a point, forgets those that are too old, and returns the score of
// the point before it as text, nil if there is none.
func (p Point) put(w kv.Writer) (before any, err error) {
	all, err := allPoints(w)
	if err != nil {
		return nil, err
	}
	for _, old := range all {
		if p.Day.Sub(old.Day) > keptPoints*day {
			if err := w.Delete(pointRow(old.Day)); err != nil {
				return nil, err
			}
		}
	}
	if len(all) > 0 {
		before = strconv.Itoa(all[len(all)-1].Counts.Score())
	}
	return before, putCBOR(w, pointRow(p.Day), [3]int{p.Counts.Error, p.Counts.Warning, p.Counts.Info})
}

func allPoints(r kv.Reader) (list []Point, err error) {
	err = r.Scan(kv.Prefix([]byte(tablePoint)), func(row, value []byte) error {
		var n [3]int
		if len(row) != len(pointRow(time.Time{})) {
			return fmt.Errorf("damaged point of the trend: row of %d bytes", len(row))
		}
		if err := cbor.Unmarshal(value, &n); err != nil {
			return fmt.Errorf("damaged point of the trend: %w", err)
		}
		at := time.Unix(int64(binary.BigEndian.Uint64(row[len(tablePoint):])), 0).UTC()
		list = append(list, Point{at, Counts{n[0], n[1], n[2]}})
		return nil
	})
	return list, err
}

// Trend returns how the store stood on the days that were remembered, the
// oldest first.
func Trend(ctx context.Context, st *keystore.Store) (list []Point, err error) {
	err = keystore.Annex(annex).View(ctx, st, func(r kv.Reader) error {
		list, err = allPoints(r)
		return err
	})
	return list, err
}
