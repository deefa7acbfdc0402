package lint

import (
	"context"
	"strconv"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Remember makes what counts now the baseline of later runs, and the store's
// score a point of its trend. The verdict must be of all rules.
func Remember(ctx context.Context, st *keystore.Store, v Verdict) error {
	return keystore.Annex(annex).Change(ctx, st, func(w kv.Writer, now time.Time) ([]journal.Record, error) {
		old, err := readBaseline(w)
		if err != nil {
			return nil, err
		}
		if err := writeBaseline(w, v.baseline(now, old)); err != nil {
			return nil, err
		}
		point := Point{Day: now.Truncate(day), Counts: Count(v.Open)}
		before, err := point.put(w)
		if err != nil {
			return nil, err
		}
		return []journal.Record{{
			Code: journal.EventLintRemember.Code, Event: journal.EventLintRemember.Name, Outcome: string(keystore.OK),
			Object: journal.Object{Kind: KindStore, ID: st.Origin()},
			Diff:   []journal.Change{{Field: "score", Before: before, After: strconv.Itoa(point.Counts.Score())}},
		}}, nil
	})
}

// baseline returns what counts, with the time of the first run that had it.
func (v Verdict) baseline(now time.Time, old *Baseline) Baseline {
	first := map[string]time.Time{}
	if old != nil {
		for _, p := range old.Findings {
			first[p.Fingerprint] = p.First
		}
	}
	b := Baseline{Time: now}
	for _, f := range v.Open {
		since, ok := first[f.Fingerprint]
		if !ok {
			since = now
		}
		b.Findings = append(b.Findings, Past{f.Fingerprint, f.Rule, f.Severity, f.Object, f.Owner, since})
	}
	return b
}

// Remembered returns the baseline, nil if there is none.
func Remembered(ctx context.Context, st *keystore.Store) (b *Baseline, err error) {
	err = keystore.Annex(annex).View(ctx, st, func(r kv.Reader) error {
		b, err = readBaseline(r)
		return err
	})
	return b, err
}
