package usage

import (
	"cmp"
	"context"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Visitor is told what is known of all secrets, row by row, for those who sum
// up a whole store and need no reports of it. What is not set is not read.
type Visitor struct {
	// Hour gets the counts of a secret in an hour of UTC, see keystore.HourOf; of
	// what is only known by day, for the whole day that begins then.
	Hour func(id token.ID, hour int64, whole bool, o keystore.Outcome, n uint64)
	// Caller gets a caller of a secret in a day, which is not to be kept.
	Caller func(id token.ID, c *Caller)
}

// Walk shows a visitor the days that lie in a span, at least in part, in their
// order, in one consistent view. It ends early when ctx does.
func Walk(ctx context.Context, st *keystore.Store, in keystore.Span, v Visitor) error {
	r := newReport(in)
	return annex.View(ctx, st, func(rd kv.Reader) error {
		if v.Hour != nil {
			if err := r.eachRow(ctx, rd, tableHours, v.hours); err != nil {
				return err
			}
		}
		if v.Caller == nil {
			return nil
		}
		var c Caller // each in turn
		return r.eachRow(ctx, rd, tableCallers, func(id token.ID, _ int64, row *reader) {
			for range row.count("callers") {
				row.caller(&c)
				v.Caller(id, &c)
			}
		})
	})
}

// Sums reads the counts of every secret that was used in a span.
func Sums(ctx context.Context, st *keystore.Store, in keystore.Span) (map[token.ID]Counts, error) {
	var out map[token.ID]Counts
	r := newReport(in)
	err := annex.View(ctx, st, func(rd kv.Reader) error {
		at := map[token.ID]*Counts{}
		err := r.eachRow(ctx, rd, tableHours, func(id token.ID, day int64, row *reader) {
			sum := at[id]
			for range row.count("counts") {
				x := row.cell()
				if !r.covers(day, x.hour) {
					continue
				}
				if sum == nil {
					sum = new(Counts)
					at[id] = sum
				}
				sum[x.outcome] += x.n
			}
		})
		out = make(map[token.ID]Counts, len(at))
		for id, sum := range at {
			out[id] = *sum
		}
		return err
	})
	return out, err
}

// eachRow calls f for every row of a table in the span, but those of the store.
func (r *Report) eachRow(ctx context.Context, rd kv.Reader, table byte, f func(id token.ID, day int64, row *reader)) error {
	in := kv.Range{From: dayRow(table, r.firstDay()), To: dayRow(table, r.lastDay()+1)}
	var row reader // of all rows in turn
	texts := map[string]string{}
	return rd.Scan(in, func(key, value []byte) error {
		day, id, ok := parseDayRow(key)
		if !ok || id == store {
			return ctx.Err()
		}
		row = reader{b: value, texts: texts}
		f(id, day, &row)
		return cmp.Or(row.end(), ctx.Err())
	})
}

func (v Visitor) hours(id token.ID, day int64, row *reader) {
	for range row.count("counts") {
		x := row.cell()
		at, whole := day*hoursPerDay+int64(x.hour), x.hour == wholeDay
		if whole {
			at = day * hoursPerDay
		}
		v.Hour(id, at, whole, keystore.Outcomes[x.outcome], x.n)
	}
}

// caller reads a line of a day.
func (r *reader) caller(c *Caller) {
	l := r.line()
	*c = Caller{Caller: l.caller, First: fromMillis(l.first), Last: fromMillis(l.last)}
	for range r.count("counts") {
		x := r.cell()
		c.Counts[x.outcome] += x.n
	}
}
