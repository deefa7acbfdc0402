package tuitest

import (
	"bufio"
	"fmt"
	"html"
	"image/color"
	"io"
	"strings"
)

// The measures of a picture in pixels: a cell, the border around the screen
// and the bar with the title.
const (
	cellW, cellH = 8, 17
	border, bar  = 12, 28
	baseline     = 13
)

// Colours of a picture where the terminal's own would show.
var (
	ground = color.RGBA{0x16, 0x18, 0x1d, 0xff}
	ink    = color.RGBA{0xd7, 0xda, 0xe0, 0xff}
)

// SVG writes a picture of the screen with a title bar. Lines and blocks are
// drawn as shapes, so they join whatever the font; all else is text.
func (s *Screen) SVG(w io.Writer, title string) error {
	s.pull()
	cols, rows := s.Size()
	p := &picture{w: bufio.NewWriter(w)}
	width, height := cols*cellW+2*border, rows*cellH+2*border+bar
	p.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s" xml:space="preserve">`+"\n",
		width, height, width, height, html.EscapeString(title))
	p.printf(`<style>text{font:13px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre;fill:%s}.b{font-weight:700}</style>`+"\n", hex(ink))
	p.printf(`<rect width="%d" height="%d" rx="8" fill="%s"/>`+"\n", width, height, hex(ground))
	for i, c := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		p.printf(`<circle cx="%d" cy="14" r="5" fill="%s"/>`, 18+18*i, c)
	}
	p.printf(`<text x="%d" y="18" text-anchor="middle" opacity=".6">%s</text>`+"\n", width/2, html.EscapeString(title))
	p.printf(`<g transform="translate(%d %d)" shape-rendering="crispEdges">`+"\n", border, border+bar)
	for y := range rows {
		for x := 0; x < cols; {
			x += p.run(s, x, y)
		}
	}
	p.printf("</g>\n</svg>\n")
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

type picture struct {
	w   *bufio.Writer
	err error
}

func (p *picture) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// run draws the cells from x, y on that look alike and returns their number.
func (p *picture) run(s *Screen, x, y int) int {
	first := s.cell(x, y)
	fg, bg := first.colors()
	cells, text := 0, strings.Builder{}
	for w, _ := s.Size(); x+cells < w; cells++ {
		c := s.cell(x+cells, y)
		if c.Width > 0 && !c.alike(first) {
			break
		}
		text.WriteString(c.Text)
		if c.Text == "" && c.Width == 1 {
			text.WriteByte(' ')
		}
	}
	if bg != nil {
		p.printf(`<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", x*cellW, y*cellH, cells*cellW, cellH, hex(bg))
	}
	if a, ok := shapes[first.Text]; ok {
		a.draw(p, x*cellW, y*cellH, cells, fg, first.Faint)
		return cells
	}
	p.text(x, y, cells, text.String(), fg, first)
	return cells
}

func (p *picture) text(x, y, cells int, s string, fg color.Color, style Cell) {
	trimmed := strings.TrimLeft(s, " ")
	lead := len(s) - len(trimmed)
	trail := len(trimmed) - len(strings.TrimRight(trimmed, " "))
	trimmed = strings.TrimRight(trimmed, " ")
	if trimmed == "" {
		return
	}
	attrs := ""
	if style.Bold {
		attrs += ` class="b"`
	}
	if fg != color.Color(ink) {
		attrs += ` style="fill:` + hex(fg) + `"`
	}
	if style.Faint {
		attrs += ` opacity=".6"`
	}
	p.printf(`<text x="%d" y="%d" textLength="%d"%s>%s</text>`+"\n",
		(x+lead)*cellW, y*cellH+baseline, (cells-lead-trail)*cellW, attrs, html.EscapeString(trimmed))
}

// alike reports whether two cells can share an element. Shapes and text do
// not mix, and neither do two different shapes.
func (c Cell) alike(o Cell) bool {
	_, shape := shapes[c.Text]
	_, other := shapes[o.Text]
	if shape != other || shape && c.Text != o.Text {
		return false
	}
	return c.Bold == o.Bold && c.Faint == o.Faint && c.Reverse == o.Reverse &&
		sameColor(c.Fg, o.Fg) && sameColor(c.Bg, o.Bg)
}

// colors returns the colours to draw with; bg is nil for the ground.
func (c Cell) colors() (fg, bg color.Color) {
	fg, bg = color.Color(ink), c.Bg
	if c.Fg != nil {
		fg = c.Fg
	}
	if !c.Reverse {
		return fg, bg
	}
	if bg == nil {
		bg = ground
	}
	return bg, fg
}

func sameColor(a, b color.Color) bool {
	if a == nil || b == nil {
		return a == b
	}
	return hex(a) == hex(b)
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
