package usage

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Selection says whose uses are asked for.
type Selection struct {
	ids   []token.ID
	store bool
}

// OfSecret selects the uses of one secret.
func OfSecret(id token.ID) Selection { return Selection{ids: []token.ID{id}} }

// OfKeys selects the uses of all secrets of keys, retired ones included: of
// one key, or of all that a user owns.
func OfKeys(keys ...keystore.Key) Selection {
	var s Selection
	for _, k := range keys {
		for _, secret := range k.Secrets {
			s.ids = append(s.ids, secret.ID)
		}
	}
	return s
}

// Everything selects the uses of the whole store, attempts with unknown and
// malformed strings included.
func Everything() Selection { return Selection{ids: []token.ID{store}, store: true} }

// Window returns the span of whole hours that ends with the hour of now and
// holds the given time before it: 24 hours are 24 of them, the last one not
// yet over.
func Window(now time.Time, length time.Duration) keystore.Span {
	end := now.UTC().Truncate(time.Hour).Add(time.Hour)
	return keystore.Span{From: end.Add(-length).Truncate(time.Hour), To: end}
}

// Load reads what is known of the uses of a selection in a span, which is
// widened to whole hours of UTC.
func Load(ctx context.Context, st *keystore.Store, s Selection, in keystore.Span) (*Report, error) {
	var r *Report
	err := annex.View(ctx, st, func(rd kv.Reader) error {
		r = newReport(in)
		for day := r.firstDay(); day <= r.lastDay(); day++ {
			if err := r.readDay(rd, day, s.ids); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s.store {
		r.Total, err = sumOfAll(ctx, st)
	} else {
		r.Total, err = st.SecretUses(ctx, s.ids...)
	}
	r.sort()
	return r, err
}

func (r *Report) readDay(rd kv.Reader, day int64, ids []token.ID) error {
	m, err := readMinutes(rd, day)
	if err != nil {
		return err
	}
	r.watch[day] = &m
	for _, id := range ids {
		c, err := readCells(rd, day, id)
		if err != nil {
			return err
		}
		r.addCells(day, c)
		ls, err := readLines(rd, day, id)
		if err != nil {
			return err
		}
		r.addLines(day, ls)
	}
	return nil
}

func sumOfAll(ctx context.Context, st *keystore.Store) (keystore.Uses, error) {
	var sum keystore.Uses
	all, err := st.AllUses(ctx)
	for _, u := range all {
		sum = sum.Add(u)
	}
	return sum, err
}

// Survey reads the reports of all secrets that were used in a span, or ever.
// A secret that is not in the result was never used.
func Survey(ctx context.Context, st *keystore.Store, in keystore.Span) (map[token.ID]*Report, error) {
	total, err := st.AllUses(ctx)
	if err != nil {
		return nil, err
	}
	var out map[token.ID]*Report
	err = annex.View(ctx, st, func(rd kv.Reader) error {
		s := survey{of: newReport(in), out: map[token.ID]*Report{}}
		out = s.out
		return s.read(rd)
	})
	if err != nil {
		return nil, err
	}
	for id, u := range total {
		if out[id] == nil {
			out[id] = newReport(in)
		}
		out[id].Total = u
	}
	for _, r := range out {
		r.sort()
	}
	return out, nil
}

// survey collects the reports of all secrets.
type survey struct {
	of  *Report // the span and what was watched
	out map[token.ID]*Report
}

func (s *survey) read(rd kv.Reader) error {
	for day := s.of.firstDay(); day <= s.of.lastDay(); day++ {
		m, err := readMinutes(rd, day)
		if err != nil {
			return err
		}
		s.of.watch[day] = &m
	}
	err := s.scan(rd, tableHours, func(r *Report, day int64, value []byte) error {
		c, err := decodeCells(value)
		r.addCells(day, c)
		return err
	})
	if err != nil {
		return err
	}
	return s.scan(rd, tableCallers, func(r *Report, day int64, value []byte) error {
		ls, err := decodeLines(value)
		r.addLines(day, ls)
		return err
	})
}

// scan calls f for every row of a table in the span, but those of the store.
func (s *survey) scan(rd kv.Reader, table byte, f func(r *Report, day int64, value []byte) error) error {
	return s.rows(rd, table, func(id token.ID, day int64, value []byte) error {
		if s.out[id] == nil {
			s.out[id] = newReport(keystore.Span{From: s.of.From, To: s.of.To})
			s.out[id].watch = s.of.watch
		}
		return f(s.out[id], day, value)
	})
}

// rows calls f for every row of a table in the span, but those of the store.
func (s *survey) rows(rd kv.Reader, table byte, f func(id token.ID, day int64, value []byte) error) error {
	in := kv.Range{From: dayRow(table, s.of.firstDay()), To: dayRow(table, s.of.lastDay()+1)}
	return rd.Scan(in, func(key, value []byte) error {
		day, id, ok := parseDayRow(key)
		if !ok || id == store {
			return nil
		}
		return f(id, day, value)
	})
}
