// Package overlay puts a dialog over the screen.
//
// What lies under the dialog stays readable but loses its colours, so that
// the eye goes to the dialog; nothing is moved. Cells are composed by wcwidth,
// the same as everything else is measured.
package overlay

import (
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

// edge is what a [Box] needs on both sides of a line: border and blank.
const edge = 4

// Inner returns the cells for text in a [Box] of w cells.
func Inner(w int) int { return max(0, w-edge) }

// Box draws a frame of w cells with a title around lines, which may be styled
// and are cut or padded to [Inner].
func Box(t theme.Theme, title string, lines []string, w int) string {
	b := t.Glyphs.Border
	title = text.Truncate(title, w-edge-2)
	head := t.Rule.Render(b.TopLeft)
	rest := w - 2
	if title != "" {
		head += " " + t.Title.Render(title) + " "
		rest -= text.Width(title) + 2
	}
	var out strings.Builder
	out.WriteString(head + t.Rule.Render(strings.Repeat(b.Top, max(0, rest))+b.TopRight))
	left, right := t.Rule.Render(b.Left)+" ", " "+t.Rule.Render(b.Right)
	for _, line := range lines {
		out.WriteString("\n" + left + text.FitStyled(line, Inner(w)) + right)
	}
	out.WriteString("\n" + t.Rule.Render(b.BottomLeft+strings.Repeat(b.Bottom, max(0, w-2))+b.BottomRight))
	return out.String()
}

// Place draws dialog in the middle of the screen view of w by h cells and
// returns the whole and where the dialog is. A dialog that is too big begins
// at the edge and is cut.
func Place(t theme.Theme, view, dialog string, w, h int) (string, layout.Rect) {
	if w <= 0 || h <= 0 {
		return "", layout.Rect{}
	}
	size := uv.NewStyledString(dialog)
	at := layout.Rect{W: min(size.WcWidth(), w), H: min(size.Height(), h)}
	at.X, at.Y = (w-at.W)/2, (h-at.H)/2
	screen := uv.NewScreenBuffer(w, h)
	uv.NewStyledString(dim(t, view)).Draw(screen, screen.Bounds())
	size.Draw(screen, uv.Rect(at.X, at.Y, at.W, at.H))
	return screen.Render(), at
}

// At draws box over the screen view of w by h cells with its corner at the
// given place, and leaves the rest as it is.
func At(view, box string, w, h int, at layout.Rect) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	size, screen := uv.NewStyledString(box), uv.NewScreenBuffer(w, h)
	uv.NewStyledString(view).Draw(screen, screen.Bounds())
	size.Draw(screen, uv.Rect(at.X, at.Y, min(size.WcWidth(), w-at.X), min(size.Height(), h-at.Y)))
	return screen.Render()
}

// dim takes the styles from a view and draws all of it in one quiet one.
func dim(t theme.Theme, view string) string {
	lines := strings.Split(ansi.Strip(view), "\n")
	for i, line := range lines {
		lines[i] = t.Backdrop.Render(line)
	}
	return strings.Join(lines, "\n")
}
