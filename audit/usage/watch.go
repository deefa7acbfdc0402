package usage

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

const minutesPerDay = 24 * 60

// minutes are those of a day in which a verifier was counting, a bit each.
type minutes [minutesPerDay / 8]byte

func (m *minutes) set(i int64) { m[i/8] |= 1 << (i % 8) }

func (m *minutes) has(i int64) bool { return m[i/8]&(1<<(i%8)) != 0 }

// in returns how many minutes of an hour of the day are set.
func (m *minutes) in(hour int64) (n int) {
	for i := hour * 60; i < (hour+1)*60; i++ {
		if m.has(i) {
			n++
		}
	}
	return n
}

// longestWatch is how much of one span of a batch is believed. A verifier
// reports every minute; a longer span is a clock that jumped.
const longestWatch = time.Hour

// watched marks the minutes of a span of a batch.
func watched(w kv.Writer, s keystore.Span) error {
	if s.IsZero() {
		return nil
	}
	if d := s.To.Sub(s.From); d < 0 || d > longestWatch {
		s.From = s.To
	}
	return markSpan(w, s)
}

func markSpan(w kv.Writer, s keystore.Span) error {
	from, to := max(0, s.From.Unix()/60), max(0, s.To.Unix()/60)
	for day := from / minutesPerDay; day <= to/minutesPerDay; day++ {
		if err := mark(w, day, from, to); err != nil {
			return err
		}
	}
	return nil
}

// Watched records that somebody was counting in a span of any length: what a
// verifier elsewhere says of itself, or what is known of the past.
func (r *Recorder) Watched(ctx context.Context, s keystore.Span) error {
	return annex.Change(ctx, r.st, func(w kv.Writer, _ time.Time) ([]journal.Record, error) {
		return nil, markSpan(w, s)
	})
}

// mark sets what lies in a day of the minutes from and to, both included.
func mark(w kv.Writer, day, from, to int64) error {
	m, err := readMinutes(w, day)
	if err != nil {
		return err
	}
	before := m
	start := day * minutesPerDay
	for i := max(from, start); i <= min(to, start+minutesPerDay-1); i++ {
		m.set(i - start)
	}
	if m == before {
		return nil
	}
	return w.Put(dayRow(tableWatched, day), m[:])
}

func readMinutes(r kv.Reader, day int64) (minutes, error) {
	var m minutes
	b, err := r.Get(dayRow(tableWatched, day))
	copy(m[:], b)
	return m, err
}
