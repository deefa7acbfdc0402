package usage

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Recorder writes what a verifier counted into a store.
type Recorder struct{ st *keystore.Store }

// NewRecorder returns a Recorder for a store.
func NewRecorder(st *keystore.Store) *Recorder { return &Recorder{st} }

// Record adds a batch to the store: the sums and journal records that
// keystore keeps of it, and its hours and callers, in one transaction. From
// time to time it also thins out what is old.
func (r *Recorder) Record(ctx context.Context, b keystore.UseBatch) error {
	days := daysOf(b.Tallies)
	return r.st.RecordUses(ctx, b, annex.Beside(func(w kv.Writer, now time.Time) error {
		// One table after the other, each in the order of its keys: an engine
		// that inserts in the middle of a page would otherwise move the rest of
		// the page every time.
		for _, write := range []func(*page, kv.Writer) error{(*page).writeCallers, (*page).writeHours} {
			for _, d := range days {
				if err := write(d, w); err != nil {
					return err
				}
			}
		}
		if err := demanded(w, b.Demands, now); err != nil {
			return err
		}
		if err := watched(w, b.Watched); err != nil {
			return err
		}
		return r.thinOut(w, now)
	}))
}

// page is what a batch adds to one secret in one day.
type page struct {
	day   int64
	id    token.ID
	cells cells
	lines lines
	at    map[lineKey]int // in lines
}

type lineKey struct {
	class  class
	caller keystore.Caller
}

type pageKey struct {
	day int64
	id  token.ID
}

// daysOf sorts tallies into the rows they belong to. Every one counts for the
// whole store too.
func daysOf(tallies map[keystore.Tally]keystore.Count) []*page {
	pages := map[pageKey]*page{}
	for t, c := range tallies {
		for _, id := range []token.ID{t.Secret, store} {
			k := pageKey{dayOf(t.Hour), id}
			if pages[k] == nil {
				pages[k] = &page{day: k.day, id: id, at: map[lineKey]int{}}
			}
			pages[k].add(t, c)
			if t.Secret == store {
				break
			}
		}
	}
	out := slices.Collect(maps.Values(pages))
	for _, p := range out {
		p.sort()
	}
	slices.SortFunc(out, func(a, b *page) int { return slices.Compare(a.key(tableHours), b.key(tableHours)) })
	return out
}

func (p *page) key(table byte) []byte { return dayRow(table, p.day, p.id[:]...) }

func (p *page) add(t keystore.Tally, c keystore.Count) {
	hour := byte(t.Hour % hoursPerDay)
	outcome := byte(t.Outcome.Index())
	p.cells = p.cells.add(hour, outcome, c.N)
	l := line{
		class: classOf(t.Outcome), caller: t.Caller, first: c.First.UnixMilli(), last: c.Last.UnixMilli(),
		cells: cells{{hour, outcome, c.N}},
	}
	k := lineKey{l.class, l.caller}
	if i, ok := p.at[k]; ok {
		p.lines[i].merge(l)
		return
	}
	p.at[k] = len(p.lines)
	p.lines = append(p.lines, l)
}

// sort puts those who came most often first: they get the lines there are.
func (p *page) sort() {
	slices.SortFunc(p.lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(b.cells.total(), a.cells.total()), compareCallers(a.caller, b.caller))
	})
}

func compareCallers(a, b keystore.Caller) int {
	return cmp.Or(a.IP.Compare(b.IP), cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Route, b.Route))
}

// writeHours and writeCallers add a page to what is stored. They may run
// twice, so they change nothing in the page.
func (p *page) writeHours(w kv.Writer) error {
	c, err := readCells(w, p.day, p.id)
	if err != nil {
		return err
	}
	return w.Put(p.key(tableHours), c.merge(p.cells).append(nil))
}

func (p *page) writeCallers(w kv.Writer) error {
	ls, err := readLines(w, p.day, p.id)
	if err != nil {
		return err
	}
	for _, l := range p.lines {
		l.cells = slices.Clone(l.cells)
		ls = ls.add(l)
	}
	return w.Put(p.key(tableCallers), ls.append(nil))
}

func readCells(r kv.Reader, day int64, id token.ID) (cells, error) {
	b, err := r.Get(dayRow(tableHours, day, id[:]...))
	if err != nil {
		return nil, err
	}
	return decodeCells(b)
}

func readLines(r kv.Reader, day int64, id token.ID) (lines, error) {
	b, err := r.Get(dayRow(tableCallers, day, id[:]...))
	if err != nil {
		return nil, err
	}
	return decodeLines(b)
}
