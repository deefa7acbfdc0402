// Package heatmap draws numbers in a grid, such as hours by weekdays, as
// shades, with a legend that says which numbers a shade stands for.
//
// The steps are round numbers, so that the legend can be read. A zero has a
// mark of its own, and a number that is not known is blank: a gap is never
// taken for a zero. Shades are the theme's glyphs, so colour is never needed.
package heatmap

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Cell is one number of the grid.
type Cell struct {
	N   uint64
	Gap bool // it is not known
}

// Grid is what is drawn: rows of the same length with their names, and the
// names of some columns.
type Grid struct {
	Title   string // over the names of the rows
	Rows    []Row
	Columns []string // over every column; most are ""
}

// Row is a row of the grid.
type Row struct {
	Name  string
	Cells []Cell
}

// Scale is the least number of each shade above zero.
type Scale [3]uint64

// ScaleOf returns round steps for numbers up to a highest one.
func ScaleOf(top uint64) Scale {
	s := Scale{nice(top / 10), nice(top / 3), nice(2 * top / 3)}
	for i := range s {
		least := uint64(2)
		if i > 0 {
			least = s[i-1] + 1
		}
		s[i] = max(s[i], least)
	}
	return s
}

// nice rounds down to 1, 2, 2.5 or 5 times a power of ten.
func nice(n uint64) uint64 {
	if n < 3 {
		return n
	}
	unit := uint64(1)
	for n/unit >= 10 {
		unit *= 10
	}
	switch lead := n / unit; {
	case lead >= 5:
		return 5 * unit
	case unit >= 10 && 10*n >= 25*unit:
		return 25 * unit / 10
	case lead >= 2:
		return 2 * unit
	}
	return unit
}

// shade returns the index of the glyph of a number, 0 for zero.
func (s Scale) shade(n uint64) int {
	shade := min(n, 1)
	for _, step := range s {
		if n >= step {
			shade++
		}
	}
	return int(shade)
}

// Max returns the highest number of the grid.
func (g Grid) Max() (n uint64) {
	for _, row := range g.Rows {
		for _, c := range row.Cells {
			n = max(n, c.N)
		}
	}
	return n
}

// Lines draws the grid: the names of the columns, the rows, and the legend.
// Every cell is wide characters wide. Each line has exactly w cells.
func Lines(t theme.Theme, g Grid, wide, w int) []string {
	s := ScaleOf(g.Max())
	indent := text.Width(g.Title)
	for _, row := range g.Rows {
		indent = max(indent, text.Width(row.Name))
	}
	indent++
	lines := []string{t.Header.Render(text.Fit(text.Pad(g.Title, indent)+head(g.Columns, wide), w))}
	for _, row := range g.Rows {
		var b strings.Builder
		for _, c := range row.Cells {
			b.WriteString(strings.Repeat(glyph(t.Glyphs, s, c), wide))
		}
		name := text.Pad(row.Name, indent)
		lines = append(lines, t.Label.Render(name)+t.Paint(theme.Accent, text.Fit(b.String(), w-indent)))
	}
	return append(lines, t.Hint.Render(text.Fit(legend(t.Glyphs, g.Max(), w), w)))
}

func glyph(g theme.Glyphs, s Scale, c Cell) string {
	if c.Gap {
		return " "
	}
	return g.Shade[s.shade(c.N)]
}

// head writes the names over their columns. A name may reach over the next
// columns that have none.
func head(names []string, wide int) string {
	var b strings.Builder
	for i, name := range names {
		if at := i * wide; name != "" && at >= text.Width(b.String()) {
			b.WriteString(text.Spaces(at - text.Width(b.String())))
			b.WriteString(name)
		}
	}
	return b.String()
}

// legend says which numbers the shades stand for that numbers up to top have, and
// if there is room also what a blank does.
func legend(g theme.Glyphs, top uint64, w int) string {
	words := g.Shade[0] + " 0"
	if s := ScaleOf(top); top > 0 {
		words += fmt.Sprintf(" %s<%s %s<%s %s<%s %s more", g.Shade[1], text.Count(s[0]), g.Shade[2], text.Count(s[1]), g.Shade[3], text.Count(s[2]), g.Shade[4])
	}
	if blank := "  blank: unknown"; text.Width(words+blank) <= w {
		words += blank
	}
	return words
}
