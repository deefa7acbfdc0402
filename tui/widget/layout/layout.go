// Package layout divides the terminal into rectangles, once for each size.
//
// It is arithmetic: the same width and height always give the same places, and
// no size, however small, gives a negative one.
package layout

import (
	tea "charm.land/bubbletea/v2"
	"github.com/pakdeck/pakdeck/tui/text"
)

// The smallest terminal that the dashboard is usable on, in cells.
const (
	MinWidth  = 60
	MinHeight = 16
)

const (
	topLines    = 3 // two lines and a rule
	bottomLines = 3 // a rule, messages, keys
)

// Rect is a part of the screen in cells, from its upper left corner.
type Rect struct{ X, Y, W, H int }

// Contains reports whether a cell of the screen lies in r.
func (r Rect) Contains(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Screen is the whole terminal, divided.
type Screen struct {
	W, H              int
	Top, Body, Bottom Rect
}

// Of divides a terminal of w by h cells.
func Of(w, h int) Screen {
	w, h = max(0, w), max(0, h)
	top := min(topLines, h)
	bottom := min(bottomLines, h-top)
	body := h - top - bottom
	return Screen{
		W: w, H: h,
		Top:    Rect{0, 0, w, top},
		Body:   Rect{0, top, w, body},
		Bottom: Rect{0, top + body, w, bottom},
	}
}

// TooSmall reports whether the terminal is too small to work on.
func (s Screen) TooSmall() bool { return s.W < MinWidth || s.H < MinHeight }

// Split is an area with a pane on the right. The pane is hidden if its width
// is zero.
type Split struct{ Main, Bar, Detail Rect }

// Side is a pane for details beside something. There is one from From columns of
// the whole on, with Narrow of them; of each Part columns beyond it gets one, up
// to Widest.
type Side struct{ From, Narrow, Part, Widest int }

// Split divides r into a main part and the pane, which has at most half of r,
// with a bar between.
func (s Side) Split(r Rect) Split {
	if r.W < s.From {
		return Split{Main: r}
	}
	wanted := min(s.Widest, s.Narrow+(r.W-s.From)/s.Part)
	return SplitAt(r, r.W-min(wanted, r.W/2)-1)
}

// SplitAt divides r into a left part of w cells, a bar of one and the rest.
func SplitAt(r Rect, w int) Split {
	w = max(0, min(w, r.W))
	bar := min(1, r.W-w)
	return Split{
		Main:   Rect{r.X, r.Y, w, r.H},
		Bar:    Rect{r.X + w, r.Y, bar, r.H},
		Detail: Rect{r.X + w + bar, r.Y, r.W - w - bar, r.H},
	}
}

// Beside puts the lines of the two parts next to each other with the bar
// between, each cut or padded to its place. The parts may be styled.
func (s Split) Beside(main, detail []string, bar string) []string {
	lines := make([]string, s.Main.H)
	for i := range lines {
		lines[i] = text.FitStyled(at(main, i), s.Main.W)
		if s.Detail.W > 0 {
			lines[i] += bar + text.FitStyled(at(detail, i), s.Detail.W)
		}
	}
	return lines
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// Fill returns exactly h lines of exactly w cells: lines, cut or padded.
func Fill(lines []string, w, h int) []string {
	full := make([]string, max(0, h))
	for i := range full {
		full[i] = text.FitStyled(at(lines, i), w)
	}
	return full
}

// Indent returns lines moved right by n cells.
func Indent(lines []string, n int) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = text.Spaces(n) + line
	}
	return out
}

// Move returns the cursor of a part that stands at x, y of the whole. The
// cursor may be nil.
func Move(c *tea.Cursor, x, y int) *tea.Cursor {
	if c == nil {
		return nil
	}
	moved := *c
	moved.X += x
	moved.Y += y
	return &moved
}
