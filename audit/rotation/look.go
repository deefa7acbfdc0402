package rotation

import (
	"context"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
)

// window is how far back callers are looked for.
const window = 92 * day

// View is all that is known of a key with two secrets.
type View struct {
	Key      keystore.KeyView
	Old, New keystore.Secret // Old is zero if only one secret works
	// OldUses and NewUses are by hour, of the same span, which ends now.
	OldUses, NewUses []usage.Bucket
	Verdict          Verdict
	At               time.Time
}

// Rotating reports whether the old secret still works.
func (v View) Rotating() bool { return !v.Old.ID.IsZero() }

// Look reads what is known of a key.
func Look(ctx context.Context, st *keystore.Store, k keystore.KeyView, shown time.Duration) (View, error) {
	now := st.Now()
	v := View{Key: k, New: k.Current(), At: now}
	v.Old, _ = k.RetiringAt(now)
	fresh, err := usage.Load(ctx, st, usage.OfSecret(v.New.ID), usage.Window(now, window))
	if err != nil {
		return v, err
	}
	v.NewUses = tail(fresh.Hours(), shown)
	if !v.Rotating() {
		return v, nil
	}
	old, err := usage.Load(ctx, st, usage.OfSecret(v.Old.ID), usage.Window(now, window))
	if err != nil {
		return v, err
	}
	v.OldUses = tail(old.Hours(), shown)
	e := evidence(now, v.New.Created, old, fresh)
	if e.Clients, err = clients(ctx, st, v.Old, old, fresh); err != nil {
		return v, err
	}
	v.Verdict = Judge(e)
	return v, nil
}

// tail returns the last buckets.
func tail(list []usage.Bucket, shown time.Duration) []usage.Bucket {
	return list[max(0, len(list)-int(shown/time.Hour)):]
}

func evidence(now, made time.Time, old, fresh *usage.Report) Evidence {
	e := Evidence{Now: now, Made: made, Last: old.Total.Last.Time, NewFirst: fresh.Total.First.Time}
	hours := old.Hours()
	var before uint64
	for _, b := range hours {
		if b.Start.Before(made) && !b.Start.Before(made.Add(-7*day)) {
			before += b.OK()
		}
		if !b.Start.Before(now.Add(-day)) {
			e.PerDayNow += float64(b.OK())
		}
	}
	e.PerDay = float64(before) / 7
	e.Watched = func(since time.Time) time.Duration { return watched(hours, since, now) }
	return e
}

// watched sums up for how long since an instant a verifier was counting.
func watched(hours []usage.Bucket, since, now time.Time) (sum time.Duration) {
	for _, b := range slices.Backward(hours) {
		if !b.End.After(since) {
			break
		}
		part := b.Watched
		if b.Start.Before(since) {
			part = min(part, b.End.Sub(since))
		}
		sum += part
	}
	return min(sum, max(0, now.Sub(since)))
}

// clients returns the callers of the old secret. Hours of callers are kept for
// a shorter time than their days, so the days are read one by one.
func clients(ctx context.Context, st *keystore.Store, s keystore.Secret, old, fresh *usage.Report) ([]Client, error) {
	byCaller := map[keystore.Caller]*seen{}
	for _, c := range old.Callers() {
		if c.OK() == 0 {
			continue
		}
		r := c.Rhythm()
		byCaller[c.Caller] = &seen{Client: Client{
			Caller: c.Caller, Uses: c.OK(), First: c.First, Last: c.Last, Usual: r.Usual, Longest: r.Longest,
		}}
	}
	for _, c := range fresh.Callers() {
		if k := byCaller[c.Caller]; k != nil && !c.Beyond() && c.OK() > 0 && c.Last.After(k.Last) {
			k.New = c.Last
		}
	}
	for from := old.From.Truncate(day); from.Before(old.To); from = from.Add(day) {
		if from.Add(day).Before(s.Created) || len(byCaller) == 0 {
			continue
		}
		r, err := usage.Load(ctx, st, usage.OfSecret(s.ID), keystore.Span{From: from, To: from.Add(day)})
		if err != nil {
			return nil, err
		}
		for _, c := range r.Callers() {
			if k := byCaller[c.Caller]; k != nil && c.OK() > 0 {
				k.days = append(k.days, from.Unix()/int64(day/time.Second))
			}
		}
	}
	out := make([]Client, 0, len(byCaller))
	for _, k := range byCaller {
		out = append(out, k.finish())
	}
	slices.SortFunc(out, func(a, b Client) int { return b.Last.Compare(a.Last) })
	return out, nil
}
