package board

import (
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// Some are some of the keys of a board, in an order of their own: those that were
// marked, and go from one screen to another. They are known by their places, so that a
// hundred thousand of them need not be looked at to be passed on. A nil Some is none.
type Some struct {
	board  *Board
	places []int32
}

// Some returns the keys at places.
func (b *Board) Some(places []int32) *Some { return &Some{b, places} }

// Named returns the keys with ids, without those that there are not.
func (b *Board) Named(ids ...keystore.KeyID) *Some {
	s := &Some{board: b}
	for _, id := range ids {
		if i, ok := b.Index(id); ok {
			s.places = append(s.places, int32(i))
		}
	}
	return s
}

// On returns the same keys as they are on another board.
func (s *Some) On(b *Board) *Some {
	if s == nil || s.board == b {
		return s
	}
	if s.board.Places == b.Places {
		return &Some{b, s.places}
	}
	ids := make([]keystore.KeyID, s.Len())
	for i := range ids {
		ids[i] = s.At(i).ID
	}
	return b.Named(ids...)
}

// Len returns how many there are.
func (s *Some) Len() int {
	if s == nil {
		return 0
	}
	return len(s.places)
}

// At returns the i-th.
func (s *Some) At(i int) *keystore.KeyView { return &s.board.Keys[s.places[i]] }

// Place returns the place of the i-th on its board, by which the columns know it.
func (s *Some) Place(i int) int { return int(s.places[i]) }

// Secret returns the number that stands for the current secret of the i-th in
// [Columns].
func (s *Some) Secret(i int) int64 { return s.board.Secrets[s.places[i]] }

// UsedSince returns how many were used after an instant, and the one that was used
// last, or nil if none ever was.
func (s *Some) UsedSince(at time.Time) (n int, last *keystore.KeyView) {
	since, newest := at.UnixMilli(), int64(0)
	for i := range s.Len() {
		seen := s.board.Seen[s.places[i]]
		if seen > since {
			n++
		}
		if seen > newest {
			newest, last = seen, s.At(i)
		}
	}
	return n, last
}

// Views copies them out. It goes through all that is known of each, so it is for
// commands.
func (s *Some) Views() []keystore.KeyView {
	out := make([]keystore.KeyView, s.Len())
	for i := range out {
		out[i] = *s.At(i)
	}
	return out
}
