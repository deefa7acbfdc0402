package usage

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Visitor is told what is known of all secrets, row by row, for those who sum
// up a whole store and need no reports of it. What is not set is not read.
type Visitor struct {
	// Hour gets the counts of a secret in an hour of UTC; of what is only known
	// by day, for the whole day that begins then.
	Hour func(id token.ID, start time.Time, whole bool, o keystore.Outcome, n uint64)
	// Caller gets a caller of a secret in a day.
	Caller func(id token.ID, c Caller)
}

// Walk shows a visitor the days that lie in a span, at least in part, in their
// order, in one consistent view. It ends early when ctx does.
func Walk(ctx context.Context, st *keystore.Store, in keystore.Span, v Visitor) error {
	of := newReport(in)
	return annex.View(ctx, st, func(rd kv.Reader) error {
		s := survey{of: of}
		if v.Hour != nil {
			if err := s.rows(rd, tableHours, until(ctx, v.hours)); err != nil {
				return err
			}
		}
		if v.Caller == nil {
			return nil
		}
		return s.rows(rd, tableCallers, until(ctx, v.callers))
	})
}

// until stops at the first row after the end of ctx.
func until(ctx context.Context, f func(token.ID, int64, []byte) error) func(token.ID, int64, []byte) error {
	return func(id token.ID, day int64, value []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return f(id, day, value)
	}
}

func (v Visitor) hours(id token.ID, day int64, value []byte) error {
	c, err := decodeCells(value)
	for _, x := range c {
		at, whole := day*hoursPerDay+int64(x.hour), x.hour == wholeDay
		if whole {
			at = day * hoursPerDay
		}
		v.Hour(id, timeOf(at), whole, x.outcome, x.n)
	}
	return err
}

func (v Visitor) callers(id token.ID, _ int64, value []byte) error {
	ls, err := decodeLines(value)
	for i := range ls {
		c := Caller{Caller: ls[i].caller, First: fromMillis(ls[i].first), Last: fromMillis(ls[i].last)}
		for _, x := range ls[i].cells {
			c.Counts[x.outcome.Index()] += x.n
		}
		v.Caller(id, c)
	}
	return err
}
