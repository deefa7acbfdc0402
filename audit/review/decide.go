package review

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Begin opens a session. There is at most one that is open.
func Begin(ctx context.Context, st *keystore.Store) (s Session, err error) {
	err = annex.Change(ctx, st, func(w kv.Writer, now time.Time) ([]journal.Record, error) {
		old, err := last(w)
		switch {
		case err != nil:
			return nil, err
		case old.Number > 0 && old.Ended.IsZero():
			return nil, fmt.Errorf("%w: number %d, begun by %s on %s", ErrOpen, old.Number, old.By, old.Began.Format(time.DateOnly))
		}
		s = Session{Number: old.Number + 1, Began: now, By: st.Actor().User}
		return s.records(journal.EventReviewBegin, st, "", nil), s.put(w)
	})
	return s, err
}

// End closes the open session, however much is left.
func End(ctx context.Context, st *keystore.Store) (s Session, err error) {
	err = annex.Change(ctx, st, func(w kv.Writer, now time.Time) ([]journal.Record, error) {
		if s, err = open(w); err != nil {
			return nil, err
		}
		s.Ended = now
		return s.records(journal.EventReviewEnd, st, "", nil), s.put(w)
	})
	return s, err
}

func open(r kv.Reader) (Session, error) {
	s, err := last(r)
	if err == nil && (s.Number == 0 || !s.Ended.IsZero()) {
		err = ErrNone
	}
	return s, err
}

// Decide says what shall become of a key, as it was looked at. Everything but
// keep wants a comment. A decision of the same session is replaced. That somebody
// decides about a key that they own or created is written down, and to keep it
// may be forbidden by [Policy].
func Decide(ctx context.Context, st *keystore.Store, k keystore.KeyView, v Verdict, comment string) (d Decision, err error) {
	if _, err := ParseVerdict(string(v)); err != nil {
		return d, err
	}
	if comment != "" || v != Keep {
		if err := keystore.CheckReason(comment); err != nil {
			return d, err
		}
	}
	policy, err := ReadPolicy(st)
	if err != nil {
		return d, err
	}
	stake, err := StakeOf(ctx, st, k)
	if err != nil {
		return d, err
	}
	if err := policy.check(k, v, stake, st.Actor().User); err != nil {
		return d, err
	}
	err = annex.Change(ctx, st, func(w kv.Writer, now time.Time) ([]journal.Record, error) {
		s, err := open(w)
		switch {
		case err != nil:
			return nil, err
		case !s.Covers(k):
			return nil, &keystore.FieldError{Field: "key", Value: k.Ref(), Text: "was made after the review began, or is revoked"}
		}
		all, err := readDecisions(w, s.Number)
		if err != nil {
			return nil, err
		}
		var before any
		if old, ok := all[k.ID]; ok {
			before = string(old.Verdict)
		}
		d = Decision{k.ID, k.Ref(), v, comment, st.Actor().User, now, k.Version, stake}
		diff := []journal.Change{{Field: "verdict", Before: before, After: string(v)}}
		if stake != NoStake {
			diff = append(diff, journal.Change{Field: "self_review", After: string(stake)})
		}
		records := s.records(journal.EventReviewDecide, st, comment, diff)
		records[0].Object = journal.Object{Kind: "key", ID: string(k.ID), Name: k.Ref()}
		return records, put(w, decisionRow(s.Number, k.ID), decisionRecord{d.Ref, string(v), comment, d.By, now.UnixMilli(), d.Version, string(stake)})
	})
	return d, err
}

func (s Session) records(e journal.Event, st *keystore.Store, reason string, diff []journal.Change) []journal.Record {
	return []journal.Record{{
		Code: e.Code, Event: e.Name, Outcome: string(keystore.OK), Reason: reason, Diff: diff,
		Object: journal.Object{Kind: "store", ID: st.Origin(), Name: "review " + strconv.Itoa(s.Number)},
	}}
}

// Load returns a session, 0 being the newest, with its decisions and the
// session before it.
func Load(ctx context.Context, st *keystore.Store, number int) (s State, err error) {
	err = annex.View(ctx, st, func(r kv.Reader) error {
		if s, err = load(r, number); err != nil || s.Number < 2 {
			return err
		}
		before, err := load(r, s.Number-1)
		s.Before = &before
		return err
	})
	return s, err
}

func load(r kv.Reader, number int) (s State, err error) {
	ok := true
	if number == 0 {
		s.Session, err = last(r)
		ok = s.Number > 0
	} else {
		s.Session, ok, err = readSession(r, number)
	}
	switch {
	case err != nil:
		return s, err
	case !ok && number == 0:
		return s, ErrNone
	case !ok:
		return s, fmt.Errorf("%w: there is no review number %d", ErrNone, number)
	}
	s.Decisions, err = readDecisions(r, s.Number)
	return s, err
}
