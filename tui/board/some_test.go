package board_test

import (
	"testing"

	"github.com/pakdeck/pakdeck/tui/board"
)

func refs(s *board.Some) string { return names(&board.Board{Keys: s.Views()}) }

func TestSomeKeysAreFoundAgainOnAnotherBoard(t *testing.T) {
	f := newFixture(t)
	bot := f.user("bot")
	a, b, c := f.key(bot, "a"), f.key(bot, "b"), f.key(bot, "c")
	first, _ := f.load(nil)
	some := first.Named(c.ID, "0000000000000000", a.ID)
	if refs(some) != "bot/c bot/a" {
		t.Errorf("named %s; want those that there are, in their order", refs(some))
	}
	if _, err := f.DisableKey(t.Context(), c.ID, c.Version); err != nil {
		t.Fatal(err)
	}
	f.key(bot, "d")
	next, _ := f.load(first)
	if now := some.On(next); refs(now) != "bot/c bot/a" || now.At(0).DisabledAt.IsZero() || !some.At(0).DisabledAt.IsZero() {
		t.Errorf("on the next board %s, disabled %v, and before %v", refs(now), now.At(0).DisabledAt, some.At(0).DisabledAt)
	}
	// After a restore the places may stand for other keys.
	other := &board.Board{Keys: next.Keys[1:], Places: new(int)}
	if now := some.On(other); refs(now) != "bot/c" || now.Place(0) != 1 {
		t.Errorf("on a board without a: %s", refs(now))
	}
	if none := (*board.Some)(nil).On(next); none.Len() != 0 || next.Named(b.ID).Len() != 1 {
		t.Error("none is some")
	}
}

func TestWhichOfSomeKeysWereUsedLately(t *testing.T) {
	f := newFixture(t)
	bot := f.user("bot")
	a, b, c, d := f.key(bot, "a"), f.key(bot, "b"), f.key(bot, "c"), f.key(bot, "d")
	f.used(a, epoch.Add(1))
	f.used(b, epoch.Add(1e6))
	f.used(d, epoch.Add(3e6))
	all, _ := f.load(nil)
	if n, last := all.Named(a.ID, b.ID, c.ID).UsedSince(epoch); n != 1 || last == nil || last.ID != b.ID {
		t.Errorf("%d used, the last %+v; want b", n, last)
	}
	if n, last := all.Named(c.ID).UsedSince(epoch); n != 0 || last != nil {
		t.Errorf("%d used, the last %+v; want none", n, last)
	}
}
