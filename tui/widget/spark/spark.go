// Package spark draws numbers over time as bars: one line high, or higher
// where there is room.
//
// It is drawing, not judging: the highest value fills the height, a zero has
// the lowest mark, and a value that is not known has none, so that a gap is
// never taken for a zero. The numbers belong beside the bars: a bar alone says
// nothing. Bars are drawn with the theme's glyphs, in ASCII if need be.
package spark

import (
	"strings"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Value is one number of a series.
type Value struct {
	N   uint64
	Gap bool // it is not known
}

// Resample returns at most n values: neighbours are summed where there are
// more, the same number of them for each. The last ones are complete; the
// first may stand for fewer.
func Resample(values []Value, n int) []Value {
	if n < 1 || len(values) <= n {
		return values
	}
	each := (len(values) + n - 1) / n
	out := make([]Value, (len(values)+each-1)/each)
	for i := range out {
		out[i].Gap = true
	}
	for i, v := range values {
		o := &out[len(out)-1-(len(values)-1-i)/each]
		o.N += v.N
		o.Gap = o.Gap && v.Gap
	}
	return out
}

// Line draws values in one line of w cells, from the left; more than w are
// resampled.
func Line(t theme.Theme, tone theme.Tone, values []Value, w int) string {
	return Chart(t, tone, values, w, 1)[0]
}

// Chart draws values as bars in h lines of w cells, from the left. Bars are as
// wide as there is room for, at most three cells, without space between them.
func Chart(t theme.Theme, tone theme.Tone, values []Value, w, h int) []string {
	h = max(1, h)
	if w < 1 {
		return make([]string, h)
	}
	values = Resample(values, w)
	wide := 1
	if len(values) > 0 {
		wide = max(1, min(3, w/len(values)))
	}
	top := Max(values)
	lines := make([]string, h)
	for row := range lines {
		var b strings.Builder
		for _, v := range values {
			b.WriteString(strings.Repeat(glyph(t.Glyphs, v, top, h-1-row, h), wide))
		}
		lines[row] = t.Paint(tone, b.String()) + text.Spaces(w-wide*len(values))
	}
	return lines
}

// glyph is what stands for a value in a row, counted from the bottom.
func glyph(g theme.Glyphs, v Value, top uint64, row, rows int) string {
	steps := len(g.Spark) - 1
	if v.Gap {
		return " "
	}
	if v.N == 0 || top == 0 {
		if row == 0 {
			return g.Spark[0]
		}
		return " "
	}
	// A value above zero is never drawn like one.
	height := max(1, int(float64(v.N)/float64(top)*float64(rows*steps)+0.5))
	full := height - row*steps
	switch {
	case full <= 0:
		return " "
	case full >= steps:
		return g.Spark[steps]
	}
	return g.Spark[full]
}

// Max returns the highest number.
func Max(values []Value) (n uint64) {
	for _, v := range values {
		n = max(n, v.N)
	}
	return n
}
