package keys

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/text"
)

// several are keys by their places on a board. What is asked about them is
// answered from the board's columns: there may be a hundred thousand, each
// somewhere else in memory.
type several struct {
	board  *board.Board
	places []int32
}

func (s several) len() int { return len(s.places) }

func (s several) at(i int) *keystore.KeyView { return &s.board.Keys[s.places[i]] }

// views returns the keys themselves.
func (s several) views() []*keystore.KeyView {
	out := make([]*keystore.KeyView, s.len())
	for i := range out {
		out[i] = s.at(i)
	}
	return out
}

// targets returns the keys that an action is about: the marked ones, or else
// the one under the cursor. Revoked keys cannot be changed and are left out.
func (m Model) targets() several {
	out := several{m.list.board, make([]int32, 0, max(1, m.Table.MarkCount()))}
	for place := range m.chosen() {
		if !out.board.Search.Life(place).Revoked() {
			out.places = append(out.places, int32(place))
		}
	}
	return out
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

// enabled returns those that are not switched off themselves.
func (s several) enabled() several {
	s.places = slices.DeleteFunc(slices.Clone(s.places), func(place int32) bool { return s.board.Search.Life(int(place)).Disabled() })
	return s
}

// named names one key, or counts several.
func (s several) named() string {
	if s.len() == 1 {
		return s.at(0).Ref()
	}
	return text.Plural(int64(s.len()), "key")
}

// refs names keys, and counts those beyond most.
func (s several) refs(most int) []string {
	var out []string
	for i := range min(most, s.len()) {
		out = append(out, s.at(i).Ref())
	}
	if more := s.len() - most; more > 0 {
		out = append(out, text.Count(int64(more))+" more")
	}
	return out
}

// recently is how new a use must be to count as one that will be missed.
const recently = 24 * time.Hour

// consequences sums up what stops working with several keys.
func (s several) consequences(now time.Time) string {
	since, used, newest := now.Add(-recently).UnixMilli(), 0, s.places[0]
	for _, place := range s.places {
		if s.board.Seen[place] > since {
			used++
		}
		if s.board.Seen[place] > s.board.Seen[newest] {
			newest = place
		}
	}
	if used == 0 {
		return "None of them was used in the last 24 hours."
	}
	v := &s.board.Keys[newest]
	return fmt.Sprintf("%s used in the last 24 hours, the last %s: %s.", wasWere(used), seen(v.Uses.Last, now), v.Ref())
}

func wasWere(n int) string {
	if n == 1 {
		return "1 of them was"
	}
	return fmt.Sprintf("%d of them were", n)
}
