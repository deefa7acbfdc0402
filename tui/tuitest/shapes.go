package tuitest

import (
	"fmt"
	"image/color"
)

// shape is a character that is drawn rather than written: lines from the
// middle of the cell to its edges, or a block that fills part of it.
type shape struct {
	left, right, up, down bool
	eighths               int // height of a block from below
	percent               int // its opacity; 0 is opaque
}

var shapes = map[string]shape{
	"─": {left: true, right: true}, "│": {up: true, down: true},
	"┌": {right: true, down: true}, "┐": {left: true, down: true}, "└": {right: true, up: true}, "┘": {left: true, up: true},
	"├": {right: true, up: true, down: true}, "┤": {left: true, up: true, down: true},
	"┬": {left: true, right: true, down: true}, "┴": {left: true, right: true, up: true},
	"┼": {left: true, right: true, up: true, down: true},
	"▁": {eighths: 1}, "▂": {eighths: 2}, "▃": {eighths: 3}, "▄": {eighths: 4},
	"▅": {eighths: 5}, "▆": {eighths: 6}, "▇": {eighths: 7}, "█": {eighths: 8},
	"░": {eighths: 8, percent: 25}, "▒": {eighths: 8, percent: 50}, "▓": {eighths: 8, percent: 75},
}

// draw draws the shape in a row of cells.
func (s shape) draw(p *picture, x, y, cells int, c color.Color, faint bool) {
	if faint {
		s.percent = 60
	}
	rect := func(x, y, w, h int) {
		fade := ""
		if s.percent > 0 {
			fade = fmt.Sprintf(` opacity=".%02d"`, s.percent)
		}
		p.printf(`<rect x="%d" y="%d" width="%d" height="%d" fill="%s"%s/>`+"\n", x, y, w, h, hex(c), fade)
	}
	if s.eighths > 0 {
		h := (s.eighths*cellH + 7) / 8
		rect(x, y+cellH-h, cells*cellW, h)
		return
	}
	if s.left && s.right {
		rect(x, y+cellH/2, cells*cellW, 1)
		s.left, s.right = false, false
	}
	for i := range cells {
		s.arms(x+i*cellW, y, rect)
	}
}

// arms draws the lines of one cell that end in its middle or run down it.
func (s shape) arms(x, y int, rect func(x, y, w, h int)) {
	const midX, midY = cellW / 2, cellH / 2
	if s.left {
		rect(x, y+midY, midX+1, 1)
	}
	if s.right {
		rect(x+midX, y+midY, cellW-midX, 1)
	}
	switch {
	case s.up && s.down:
		rect(x+midX, y, 1, cellH)
	case s.up:
		rect(x+midX, y, 1, midY+1)
	case s.down:
		rect(x+midX, y+midY, 1, cellH-midY)
	}
}
