package layout_test

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

func TestTheMockUpsPlaces(t *testing.T) {
	s := layout.Of(100, 30)
	want := layout.Screen{W: 100, H: 30, Top: layout.Rect{W: 100, H: 3}, Body: layout.Rect{Y: 3, W: 100, H: 24}, Bottom: layout.Rect{Y: 27, W: 100, H: 3}}
	if s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
	split := layout.Side{From: 100, Narrow: 33, Part: 5, Widest: 60}.Split(s.Body)
	if split.Main.W != 66 || split.Bar != (layout.Rect{X: 66, Y: 3, W: 1, H: 24}) || split.Detail != (layout.Rect{X: 67, Y: 3, W: 33, H: 24}) {
		t.Errorf("split %+v", split)
	}
}

func TestPartsAlwaysAddUp(t *testing.T) {
	for w := -1; w < 210; w += 7 {
		for h := -1; h < 40; h++ {
			s := layout.Of(w, h)
			if s.Top.H+s.Body.H+s.Bottom.H != s.H || s.Body.Y != s.Top.H || s.Bottom.Y != s.Top.H+s.Body.H || s.Body.H < 0 {
				t.Fatalf("%dx%d: %+v", w, h, s)
			}
			for _, side := range []layout.Side{{1, 0, 1, 0}, {90, 20, 5, 60}, {100, 33, 3, 300}, {10, 300, 1, 400}} {
				p := side.Split(s.Body)
				if p.Main.W+p.Bar.W+p.Detail.W != s.W || p.Main.W < 0 || p.Detail.W < 0 || p.Detail.W > side.Widest {
					t.Fatalf("%dx%d with %d: %+v", w, h, side, p)
				}
				if shown := p.Detail.W > 0; shown && w < side.From {
					t.Fatalf("%dx%d: a pane of %d", w, h, p.Detail.W)
				}
			}
		}
	}
}

func TestTooSmall(t *testing.T) {
	for size, want := range map[[2]int]bool{{60, 16}: false, {59, 16}: true, {60, 15}: true, {0, 0}: true, {100, 30}: false} {
		if got := layout.Of(size[0], size[1]).TooSmall(); got != want {
			t.Errorf("%v: %v", size, got)
		}
	}
}

func TestContains(t *testing.T) {
	r := layout.Rect{X: 2, Y: 3, W: 4, H: 2}
	for _, c := range []struct {
		x, y int
		want bool
	}{{2, 3, true}, {5, 4, true}, {6, 4, false}, {5, 5, false}, {1, 3, false}, {2, 2, false}} {
		if got := r.Contains(c.x, c.y); got != c.want {
			t.Errorf("%d,%d: %v", c.x, c.y, got)
		}
	}
}

func TestBesideFitsBothParts(t *testing.T) {
	s := layout.SplitAt(layout.Rect{W: 10, H: 3}, 4)
	got := s.Beside([]string{"ab", "支払い"}, []string{"\x1b[1mdetail of\x1b[m"}, "|")
	want := []string{"ab  |\x1b[1mdeta…\x1b[m", "支… |     ", "    |     "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	alone := layout.SplitAt(layout.Rect{W: 4, H: 1}, 9)
	if got := alone.Beside([]string{"abc"}, []string{"x"}, "|"); !slices.Equal(got, []string{"abc "}) {
		t.Errorf("without a pane: %q", got)
	}
}

func TestFillIsExact(t *testing.T) {
	got := layout.Fill([]string{"a", "b", "c"}, 3, 2)
	if !slices.Equal(got, []string{"a  ", "b  "}) || len(layout.Fill(nil, 3, -1)) != 0 {
		t.Errorf("got %q", got)
	}
	for _, line := range layout.Fill([]string{"支払い"}, 5, 4) {
		if text.Width(line) != 5 {
			t.Errorf("line %q", line)
		}
	}
}

func TestMoveLeavesTheOriginal(t *testing.T) {
	c := tea.NewCursor(1, 2)
	moved := layout.Move(c, 10, 20)
	if moved.X != 11 || moved.Y != 22 || c.X != 1 || layout.Move(nil, 1, 1) != nil {
		t.Errorf("moved %+v, original %+v", moved, c)
	}
}
