// Package theme holds the dashboard's looks: one accent, four meanings and a
// few roles, in palettes for dark, light, unknown and monochrome terminals,
// and the glyphs it draws with.
//
// It promises that nothing depends on colour alone: what is selected is in
// reverse video and marked with '>', states are words, and [Mono] uses only
// attributes. It never sets a background colour, so the terminal's own shows.
// Colours are of the 256-colour table, chosen so that Bubble Tea's mapping to
// 16 colours keeps the meanings apart. A Theme is a value: build it with
// [New], pass it on, replace it when the terminal tells its background.
package theme

import (
	"fmt"
	"image/color"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/pakdeck/pakdeck/tui/text"
)

// Palette names a set of colours.
type Palette uint8

// The palettes. Auto reads on light and dark backgrounds and is right until
// the terminal has told which it has; it may never do so.
const (
	Auto Palette = iota
	Light
	Dark
	Mono
	Contrast    // full contrast on every background: attributes, no colour, nothing dim
	ColourBlind // teal, purple and red, which all kinds of eyes keep apart
)

var paletteNames = [...]string{
	Auto: "auto", Light: "light", Dark: "dark", Mono: "mono", Contrast: "contrast", ColourBlind: "colour-blind",
}

// String returns the name that [ParsePalette] reads.
func (p Palette) String() string {
	if int(p) < len(paletteNames) {
		return paletteNames[p]
	}
	return fmt.Sprintf("palette %d", p)
}

// ParsePalette reads a palette's name as it is written in the configuration:
// auto, light, dark, mono, contrast or colour-blind.
func ParsePalette(s string) (Palette, error) {
	for i, name := range paletteNames {
		if s == name {
			return Palette(i), nil
		}
	}
	return Auto, fmt.Errorf("unknown theme %s: use %s", text.Quote(s), strings.Join(paletteNames[:], ", "))
}

// Tone is what a piece of text means. Widgets and their sources speak of
// tones; only a Theme knows colours.
type Tone uint8

// The tones: one accent and four meanings. Plain is the terminal's own colour.
const (
	Plain Tone = iota
	Accent
	Good
	Warn
	Bad
	Muted
	tones
)

// inks are a palette's colours by tone.
type inks [tones]color.Color

var palettes = [...]inks{
	Auto:  {Accent: lipgloss.Color("32"), Good: lipgloss.Color("28"), Warn: lipgloss.Color("100"), Bad: lipgloss.Color("160"), Muted: lipgloss.Color("243")},
	Light: {Accent: lipgloss.Color("25"), Good: lipgloss.Color("28"), Warn: lipgloss.Color("58"), Bad: lipgloss.Color("124"), Muted: lipgloss.Color("242")},
	Dark:  {Accent: lipgloss.Color("75"), Good: lipgloss.Color("114"), Warn: lipgloss.Color("185"), Bad: lipgloss.Color("203"), Muted: lipgloss.Color("245")},
	Mono:  {}, Contrast: {},
	ColourBlind: {Accent: lipgloss.Color("63"), Good: lipgloss.Color("30"), Warn: lipgloss.Color("133"), Bad: lipgloss.Color("160"), Muted: lipgloss.Color("243")},
}

// Theme is the set of styles that widgets and screens draw with. It is made by
// [New] alone, small to copy, and never changes: every widget holds one, and
// screens are copied at every message.
type Theme struct{ *looks }

// looks are what a Theme shows its holders.
type looks struct {
	Title    lipgloss.Style // names of screens and dialogs, the active tab
	Header   lipgloss.Style // column titles, group titles
	Label    lipgloss.Style // names of fields
	Rule     lipgloss.Style // lines and borders
	Key      lipgloss.Style // a key in a hint
	Hint     lipgloss.Style // what that key does; remarks
	Input    lipgloss.Style // text being typed
	Error    lipgloss.Style // what is wrong with the input
	Selected lipgloss.Style // the row or button that has the cursor
	Backdrop lipgloss.Style // what lies under a dialog

	Glyphs Glyphs

	palette Palette
	styles  [tones]lipgloss.Style
	pens    [tones]pen
}

// pen is a style as the sequences around the text: lists paint hundreds of
// short texts a frame.
type pen struct{ open, close string }

// New returns the theme of a palette, drawn with the given glyphs. An unknown
// palette is [Auto].
func New(p Palette, g Glyphs) Theme {
	if int(p) >= len(palettes) {
		p = Auto
	}
	t := &looks{palette: p, Glyphs: g}
	for tone, ink := range palettes[p] {
		t.styles[tone] = lipgloss.NewStyle()
		if ink != nil {
			t.styles[tone] = t.styles[tone].Foreground(ink)
		}
	}
	t.styles[Bad] = t.styles[Bad].Bold(true)
	switch p {
	case Mono:
		t.styles[Accent] = t.styles[Accent].Bold(true)
		t.styles[Muted] = t.styles[Muted].Faint(true)
	case Contrast:
		t.styles[Accent] = t.styles[Accent].Bold(true)
		t.styles[Warn] = t.styles[Warn].Underline(true)
		t.styles[Bad] = t.styles[Bad].Underline(true)
	}
	for tone, style := range t.styles {
		open, end, _ := strings.Cut(style.Render("x"), "x")
		t.pens[tone] = pen{open, end}
	}
	t.roles()
	return Theme{t}
}

func (t *looks) roles() {
	plain := t.styles[Plain]
	t.Title = t.styles[Accent].Bold(true)
	t.Header = t.styles[Muted]
	t.Label = t.styles[Muted]
	t.Rule = t.styles[Muted]
	t.Key = t.styles[Accent]
	t.Hint = t.styles[Muted]
	t.Input = plain
	t.Error = t.styles[Bad]
	t.Selected = plain.Reverse(true)
	t.Backdrop = t.styles[Muted].Faint(t.palette != Contrast)
}

// Palette returns the palette the theme was made from.
func (t Theme) Palette() Palette { return t.palette }

// Style returns the style of a tone; an unknown tone is plain.
func (t Theme) Style(tone Tone) lipgloss.Style {
	if tone >= tones {
		tone = Plain
	}
	return t.styles[tone]
}

// Paint returns s, which must be one line, in the colour of a tone.
func (t Theme) Paint(tone Tone, s string) string {
	if tone >= tones || s == "" {
		return s
	}
	return t.pens[tone].open + s + t.pens[tone].close
}

// Finish is the last thing done to a whole view: with ASCII glyphs it replaces
// everything that is not ASCII, names included.
func (t Theme) Finish(view string) string {
	if t.Glyphs.ASCII {
		return text.ASCII(view)
	}
	return view
}

// Caret returns the real cursor at a cell: a steady bar. Screen readers and
// input methods follow it, so there is one on every screen.
func (t Theme) Caret(x, y int) *tea.Cursor {
	c := tea.NewCursor(x, y)
	c.Shape = tea.CursorBar
	c.Blink = false
	return c
}
