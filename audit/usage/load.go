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

// LastDays returns the span of the last n calendar days in a zone, today being
// the last and not yet over.
func LastDays(now time.Time, n int, loc *time.Location) keystore.Span {
	y, m, d := now.In(loc).Date()
	end := now.UTC().Truncate(time.Hour).Add(time.Hour)
	return keystore.Span{From: time.Date(y, m, d-n+1, 0, 0, 0, 0, loc).UTC(), To: end}
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
