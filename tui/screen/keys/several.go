package keys

import (
	"fmt"
	"iter"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/words"
)

// several are keys that something is to be done to. What is asked about them is
// answered from the board's columns: there may be a hundred thousand, each
// somewhere else in memory.
type several struct{ *board.Some }

// views returns the keys themselves.
func (s several) views() []*keystore.KeyView {
	out := make([]*keystore.KeyView, s.Len())
	for i := range out {
		out[i] = s.At(i)
	}
	return out
}

// targets returns the keys that an action is about: the marked ones, or else
// the one under the cursor. Revoked keys cannot be changed and are left out.
func (m Model) targets() several {
	b, places := m.list.board, make([]int32, 0, max(1, m.Table.MarkCount()))
	for place := range m.chosen() {
		if !b.Search.Life(place).Revoked() {
			places = append(places, int32(place))
		}
	}
	return several{b.Some(places)}
}

// hasTargets reports whether there are any, without looking at all of them.
func (m Model) hasTargets() bool {
	for place := range m.chosen() {
		if !m.list.board.Search.Life(place).Revoked() {
			return true
		}
	}
	return false
}

// chosen returns the places of the marked keys, or else of the one under the
// cursor.
func (m Model) chosen() iter.Seq[int] {
	if !m.Whole && m.Table.MarkCount() > 0 {
		return m.Table.Marked()
	}
	return func(yield func(int) bool) {
		if i, ok := m.list.board.Index(m.current()); ok {
			yield(i)
		}
	}
}

// enabled returns those of keys that are not switched off themselves.
func (m Model) enabled(keys several) several {
	b, places := m.list.board, make([]int32, 0, keys.Len())
	for i := range keys.Len() {
		if place := keys.Place(i); !b.Search.Life(place).Disabled() {
			places = append(places, int32(place))
		}
	}
	return several{b.Some(places)}
}

// named names one key, or counts several.
func (s several) named() string {
	if s.Len() == 1 {
		return s.At(0).Ref()
	}
	return text.Plural(s.Len(), "key")
}

// refs names keys, and counts those beyond most.
func (s several) refs(most int) []string {
	var out []string
	for i := range min(most, s.Len()) {
		out = append(out, s.At(i).Ref())
	}
	if more := s.Len() - most; more > 0 {
		out = append(out, text.Count(more)+" more")
	}
	return out
}

// recently is how new a use must be to count as one that will be missed.
const recently = 24 * time.Hour

// consequences sums up what stops working with several keys.
func (s several) consequences(now time.Time) string {
	used, last := s.UsedSince(now.Add(-recently))
	if used == 0 {
		return "None of them was used in the last 24 hours."
	}
	return fmt.Sprintf("%s used in the last 24 hours, the last %s: %s.", wasWere(used), words.Seen(last.Uses.Last, now), last.Ref())
}

func wasWere(n int) string {
	if n == 1 {
		return "1 of them was"
	}
	return fmt.Sprintf("%d of them were", n)
}
