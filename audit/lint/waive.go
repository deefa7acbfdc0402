package lint

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Waive accepts what a rule finds of an object, for a reason, until a day. The
// author is the actor of the store. A waiver of the same rule and object is
// replaced. What judges waivers cannot be waived.
func Waive(ctx context.Context, st *keystore.Store, rule string, o Object, reason string, until time.Time) (Waiver, error) {
	w := Waiver{Rule: rule, Object: o, Reason: reason, Author: st.Actor().User, Until: until.UTC().Truncate(time.Second)}
	r, ok := RuleNamed(rule)
	switch {
	case !ok:
		return w, &keystore.FieldError{Field: "rule", Value: rule, Text: "does not exist"}
	case r.About() != o.Kind || o.ID == "":
		return w, &keystore.FieldError{Field: "rule", Value: r.ID, Text: "judges no " + o.Kind + " " + o.Name + "; it cannot be waived for it"}
	case r.Group == Linter:
		return w, &keystore.FieldError{Field: "rule", Value: r.ID, Text: "judges waivers, and cannot be waived itself"}
	}
	if err := keystore.CheckReason(reason); err != nil {
		return w, err
	}
	w.Rule = r.ID
	err := keystore.Annex(annex).Change(ctx, st, func(rows kv.Writer, now time.Time) ([]journal.Record, error) {
		if w.Made = now; !w.Holds(now) {
			return nil, &keystore.FieldError{Field: "until", Value: instant(w.Until), Text: "is in the past; use a later date"}
		}
		old, err := rows.Get(w.row())
		if err != nil {
			return nil, err
		}
		before, err := termsOf(old)
		if err != nil {
			return nil, err
		}
		b, err := encodeWaiver(w)
		if err != nil {
			return nil, err
		}
		return []journal.Record{w.record(journal.EventLintWaive, before, w.term())}, rows.Put(w.row(), b)
	})
	return w, err
}

// Unwaive takes a waiver back: what the rule finds counts again.
func Unwaive(ctx context.Context, st *keystore.Store, rule, object string) (w Waiver, err error) {
	w = Waiver{Rule: strings.ToUpper(rule), Object: Object{ID: object}}
	err = keystore.Annex(annex).Change(ctx, st, func(rows kv.Writer, _ time.Time) ([]journal.Record, error) {
		old, err := rows.Get(w.row())
		switch {
		case err != nil:
			return nil, err
		case old == nil:
			return nil, fmt.Errorf("%w: %s of %s (%w)", errNoSuchWaiver, w.Rule, object, keystore.ErrNotFound)
		}
		if w, err = decodeWaiver(old); err != nil {
			return nil, err
		}
		return []journal.Record{w.record(journal.EventLintUnwaive, w.term(), nil)}, rows.Delete(w.row())
	})
	return w, err
}

// rewaive gives a waiver again as it was, whoever takes its end back: it stays
// what its author accepted. One that was made since stays.
func rewaive(ctx context.Context, st *keystore.Store, w Waiver) error {
	return keystore.Annex(annex).Change(ctx, st, func(rows kv.Writer, _ time.Time) ([]journal.Record, error) {
		old, err := rows.Get(w.row())
		if err != nil {
			return nil, err
		}
		if old != nil {
			return nil, fmt.Errorf("%s of %s was waived anew meanwhile (%w)", w.Rule, w.Object.Name, keystore.ErrConflict)
		}
		b, err := encodeWaiver(w)
		if err != nil {
			return nil, err
		}
		return []journal.Record{w.record(journal.EventLintWaive, nil, w.term())}, rows.Put(w.row(), b)
	})
}

// Waivers returns all waivers, by rule and name of the object.
func Waivers(ctx context.Context, st *keystore.Store) (list []Waiver, err error) {
	err = keystore.Annex(annex).View(ctx, st, func(r kv.Reader) error {
		list, err = allWaivers(r)
		return err
	})
	return list, err
}

func (w Waiver) record(event journal.Event, before, after any) journal.Record {
	return journal.Record{
		Code: event.Code, Event: event.Name, Outcome: string(keystore.OK), Reason: w.Reason,
		Object: journal.Object(w.Object),
		Diff:   []journal.Change{{Field: "waiver " + w.Rule, Before: before, After: after}},
	}
}

func (w Waiver) term() any { return "until " + instant(w.Until) }

// termsOf returns the term of a stored waiver, nil if there is none.
func termsOf(stored []byte) (any, error) {
	if stored == nil {
		return nil, nil
	}
	w, err := decodeWaiver(stored)
	return w.term(), err
}
