package usage

import (
	"context"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Sums reads the counts of every secret that was used in a span, in a fraction
// of the time of a [Survey].
func Sums(ctx context.Context, st *keystore.Store, in keystore.Span) (map[token.ID]Counts, error) {
	var out map[token.ID]Counts
	err := annex.View(ctx, st, func(rd kv.Reader) error {
		s := survey{of: newReport(in), out: map[token.ID]*Report{}}
		if err := s.hours(rd); err != nil {
			return err
		}
		out = make(map[token.ID]Counts, len(s.out))
		for id, r := range s.out {
			if sum := r.Sum(); sum != (Counts{}) {
				out[id] = sum
			}
		}
		return nil
	})
	return out, err
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
	if err := s.hours(rd); err != nil {
		return err
	}
	return s.scan(rd, tableCallers, func(r *Report, day int64, value []byte) error {
		ls, err := decodeLines(value)
		r.addLines(day, ls)
		return err
	})
}

func (s *survey) hours(rd kv.Reader) error {
	return s.scan(rd, tableHours, func(r *Report, day int64, value []byte) error {
		c, err := decodeCells(value)
		r.addCells(day, c)
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
