package tuitest

import (
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
)

// Cell is what one place on the screen shows.
type Cell struct {
	Text    string      // one character with its marks; empty right of a wide one
	Width   int         // 1, or 2 for a wide character; 0 right of one
	Fg, Bg  color.Color // nil for the terminal's own
	Bold    bool
	Faint   bool
	Reverse bool
}

// Cell returns the cell at column x, line y, counted from 0. Outside the
// screen it is the zero Cell.
func (s *Screen) Cell(x, y int) Cell {
	s.pull()
	return s.cell(x, y)
}

func (s *Screen) cell(x, y int) Cell {
	c := s.emu.CellAt(x, y)
	if c == nil {
		return Cell{}
	}
	return Cell{
		Text: c.Content, Width: c.Width,
		Fg: c.Style.Fg, Bg: c.Style.Bg,
		Bold:    c.Style.Attrs&uv.AttrBold != 0,
		Faint:   c.Style.Attrs&uv.AttrFaint != 0,
		Reverse: c.Style.Attrs&uv.AttrReverse != 0,
	}
}

// Size returns the width and height of the screen in cells.
func (s *Screen) Size() (w, h int) { return s.emu.Width(), s.emu.Height() }

// Lines returns the screen without styles, one string a line, without the
// blanks at the end of lines.
func (s *Screen) Lines() []string {
	s.pull()
	w, h := s.Size()
	lines := make([]string, h)
	for y := range h {
		var b strings.Builder
		for x := range w {
			c := s.cell(x, y)
			if c.Text == "" && c.Width == 1 {
				c.Text = " "
			}
			b.WriteString(c.Text)
		}
		lines[y] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// Text returns [Screen.Lines] as one string.
func (s *Screen) Text() string { return strings.Join(s.Lines(), "\n") }

// Line returns line y of the screen, counted from 0.
func (s *Screen) Line(y int) string { return s.Lines()[y] }

// Contains reports whether a line of the screen contains text.
func (s *Screen) Contains(text string) bool { return strings.Contains(s.Text(), text) }

// Find returns where text first is on the screen, or -1, -1.
func (s *Screen) Find(text string) (x, y int) {
	for y, line := range s.Lines() {
		before, _, found := strings.Cut(line, text)
		if found {
			return s.emu.WidthMethod().StringWidth(before), y
		}
	}
	return -1, -1
}

// Reversed returns the lines that hold reverse video, each without its
// ordinary cells: what the operator sees as selected.
func (s *Screen) Reversed() []string {
	s.pull()
	var found []string
	w, h := s.Size()
	for y := range h {
		var b strings.Builder
		for x := range w {
			if c := s.cell(x, y); c.Reverse {
				b.WriteString(c.Text)
			}
		}
		if b.Len() > 0 {
			found = append(found, strings.TrimRight(b.String(), " "))
		}
	}
	return found
}

// ANSI returns the screen with its styles as escape sequences.
func (s *Screen) ANSI() string {
	s.pull()
	return s.emu.Render()
}

// Cursor returns where the real cursor is and whether it is shown.
func (s *Screen) Cursor() (x, y int, visible bool) {
	s.pull()
	p := s.emu.CursorPosition()
	return p.X, p.Y, s.visible
}
