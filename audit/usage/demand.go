package usage

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Demands are the scopes that accepted uses of a secret needed.
type Demands struct {
	Since time.Time // the day from which on it is known
	Last  map[keystore.Scope]time.Time
	// More says that there were more than are kept apart.
	More bool
}

// demandRecord is a row: days count from 1970, in UTC.
type demandRecord struct {
	Since int64            `cbor:"1,keyasint"`
	Last  map[string]int64 `cbor:"2,keyasint"`
	More  bool             `cbor:"3,keyasint,omitempty"`
}

func demandRow(id token.ID) []byte { return append([]byte{tableDemands}, id[:]...) }

func decodeDemands(b []byte) (r demandRecord, err error) {
	if err := cbor.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("damaged row of demanded scopes: %w", err)
	}
	return r, nil
}

// demanded adds the scopes of a batch to the rows of their secrets, in the order
// of the rows.
func demanded(w kv.Writer, demands map[token.ID][]keystore.Scope, now time.Time) error {
	today := dayOf(keystore.HourOf(now))
	ids := slices.SortedFunc(maps.Keys(demands), func(a, b token.ID) int { return bytes.Compare(a[:], b[:]) })
	for _, id := range ids {
		old, err := w.Get(demandRow(id))
		if err != nil {
			return err
		}
		r := demandRecord{Since: today, Last: map[string]int64{}}
		if old != nil {
			if r, err = decodeDemands(old); err != nil {
				return err
			}
		}
		if !r.add(demands[id], today) {
			continue
		}
		b, err := cbor.Marshal(r)
		if err == nil {
			err = w.Put(demandRow(id), b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add notes that scopes were needed, and reports whether that is news.
func (r *demandRecord) add(scopes []keystore.Scope, today int64) (changed bool) {
	for _, s := range scopes {
		last, known := r.Last[string(s)]
		switch {
		case known && last >= today, !known && r.More && len(r.Last) >= keystore.MostDemands:
		case !known && len(r.Last) >= keystore.MostDemands:
			r.More, changed = true, true
		default:
			r.Last[string(s)], changed = today, true
		}
	}
	return changed
}

// AllDemands returns the scopes that were demanded of all secrets.
func AllDemands(ctx context.Context, st *keystore.Store) (map[token.ID]Demands, error) {
	out := map[token.ID]Demands{}
	err := annex.View(ctx, st, func(r kv.Reader) error {
		return r.Scan(kv.Prefix([]byte{tableDemands}), func(row, value []byte) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			var id token.ID
			if len(row) != 1+len(id) {
				return fmt.Errorf("damaged row of demanded scopes: %d bytes", len(row))
			}
			copy(id[:], row[1:])
			rec, err := decodeDemands(value)
			out[id] = rec.demands()
			return err
		})
	})
	return out, err
}

// DemandsOf returns the scopes that were demanded of the secrets of a key, and
// false if nothing is known.
func DemandsOf(ctx context.Context, st *keystore.Store, k keystore.Key) (sum Demands, known bool, err error) {
	var list []Demands
	err = annex.View(ctx, st, func(r kv.Reader) error {
		list = nil
		for _, s := range k.Secrets {
			b, err := r.Get(demandRow(s.ID))
			if err != nil {
				return err
			}
			if b == nil {
				continue
			}
			rec, err := decodeDemands(b)
			if err != nil {
				return err
			}
			list = append(list, rec.demands())
		}
		return nil
	})
	return Join(list...), len(list) > 0, err
}

func (r demandRecord) demands() Demands {
	d := Demands{Since: timeOf(r.Since * hoursPerDay), Last: make(map[keystore.Scope]time.Time, len(r.Last)), More: r.More}
	for s, day := range r.Last {
		d.Last[keystore.Scope(s)] = timeOf(day * hoursPerDay)
	}
	return d
}

// Join returns what is known of several secrets of one key.
func Join(list ...Demands) (sum Demands) {
	sum.Last = map[keystore.Scope]time.Time{}
	for _, d := range list {
		if sum.Since.IsZero() || d.Since.Before(sum.Since) {
			sum.Since = d.Since
		}
		sum.More = sum.More || d.More
		for s, last := range d.Last {
			if last.After(sum.Last[s]) {
				sum.Last[s] = last
			}
		}
	}
	return sum
}

// After returns the scopes that were needed on the day of an instant or later,
// sorted.
func (d Demands) After(at time.Time) []keystore.Scope {
	var out []keystore.Scope
	for s, last := range d.Last {
		if !last.Add(24 * time.Hour).Before(at) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b keystore.Scope) int { return cmp.Compare(a, b) })
	return out
}
