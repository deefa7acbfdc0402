package past

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/audit/trail"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Answer compares a time with the present.
type Answer struct {
	Then, Now World
	// Since are the changes after that time, oldest first.
	Since []journal.Record
}

// changes selects the records that may change a world.
const changes = "event:user,key"

// pageSize is how many changes are read in one look at the store.
const pageSize = 2000

// Ask replays the journal up to a time, and on to the present, at which now is
// the clock.
func Ask(ctx context.Context, st *keystore.Store, at, now time.Time) (Answer, error) {
	f, err := trail.Parse(changes, now)
	if err != nil {
		return Answer{}, err
	}
	head, err := st.Head(ctx)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Then: newWorld(at), Now: newWorld(now)}
	for from := int64(0); from < head.Size; {
		page, err := trail.Forwards(ctx, st, f, from, pageSize)
		if err != nil {
			return Answer{}, err
		}
		for _, e := range page.Entries {
			if err := a.take(e.Record); err != nil {
				return Answer{}, err
			}
		}
		from = page.Next
	}
	a.Now.Size = head.Size
	return a, nil
}

func (a *Answer) take(r journal.Record) error {
	if err := a.Now.apply(r); err != nil {
		return err
	}
	if r.Time.After(a.Then.At) {
		if isChange(r) {
			a.Since = append(a.Since, r)
		}
		return nil
	}
	return a.Then.apply(r)
}

// Verdict is one key under a question, then and now.
type Verdict struct {
	Key       keystore.KeyView // as it was then
	Then, Now keystore.Outcome // why not; "" if it could, and can
	Since     []journal.Record // changes of it and of its owner
}

// Verdicts returns the keys that could do then what the question asks, and those
// that can now and could not then. The former come first, each by user/name.
func (a Answer) Verdicts(q Question) []Verdict {
	var out []Verdict
	for _, v := range a.Then.Able(q) {
		later, _ := a.Now.View(v.ID)
		out = append(out, Verdict{Key: v, Now: q.Refusal(later, a.Now.At), Since: a.since(later)})
	}
	for _, v := range a.Now.Able(q) {
		earlier, existed := a.Then.View(v.ID)
		then := q.Refusal(earlier, a.Then.At)
		switch {
		case !existed:
			then = keystore.Unknown
		case then == "":
			continue
		}
		out = append(out, Verdict{Key: v, Then: then, Since: a.since(v)})
	}
	return out
}

// since returns the changes of a key and its owner.
func (a Answer) since(v keystore.KeyView) []journal.Record {
	var out []journal.Record
	for _, r := range a.Since {
		if r.Object.ID == string(v.ID) || r.Object.ID == string(v.Owner.ID) {
			out = append(out, r)
		}
	}
	return out
}
