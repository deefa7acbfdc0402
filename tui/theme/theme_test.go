package theme_test

import (
	"image/color"
	"math"
	"reflect"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

var coloured = []theme.Tone{theme.Accent, theme.Good, theme.Warn, theme.Bad, theme.Muted}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.03928 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func TestColoursReadOnTheirBackground(t *testing.T) {
	black, white := color.Black, color.White
	solarDark := color.RGBA{0x1e, 0x1e, 0x1e, 0xff}
	for _, c := range []struct {
		palette theme.Palette
		ground  color.Color
		least   float64
	}{
		{theme.Dark, black, 4.5},
		{theme.Dark, solarDark, 4.5},
		{theme.Light, white, 4.5},
		{theme.Auto, black, 3.5},
		{theme.Auto, white, 3.5},
		{theme.ColourBlind, black, 3.5},
		{theme.ColourBlind, white, 3.5},
	} {
		th := theme.New(c.palette, theme.Unicode())
		for _, tone := range coloured {
			if got := contrast(th.Style(tone).GetForeground(), c.ground); got < c.least {
				t.Errorf("%v: tone %d has contrast %.1f on %v, want %.1f", c.palette, tone, got, c.ground, c.least)
			}
		}
	}
}

func TestMeaningsStayApartAtSixteenColours(t *testing.T) {
	for _, p := range []theme.Palette{theme.Auto, theme.Light, theme.Dark, theme.ColourBlind} {
		th := theme.New(p, theme.Unicode())
		seen := map[color.Color]theme.Tone{}
		for _, tone := range coloured {
			c := colorprofile.ANSI.Convert(th.Style(tone).GetForeground())
			if other, ok := seen[c]; ok {
				t.Errorf("%v: tones %d and %d are both %v", p, other, tone, c)
			}
			seen[c] = tone
			if c == lipgloss.Black || c == lipgloss.BrightWhite || c == lipgloss.Blue && p != theme.Light {
				t.Errorf("%v: tone %d becomes %v, which some backgrounds swallow", p, tone, c)
			}
		}
	}
}

// defects simulate eyes that lack one kind of cone, on linear light (Machado,
// Oliveira and Fernandes 2009, severity 1).
var defects = map[string][3][3]float64{
	"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// seen is a colour as such eyes see it: linear light.
func seen(c color.Color, m [3][3]float64) (out [3]float64) {
	r, g, b, _ := c.RGBA()
	in := [3]float64{math.Pow(float64(r)/0xffff, 2.2), math.Pow(float64(g)/0xffff, 2.2), math.Pow(float64(b)/0xffff, 2.2)}
	for i := range m {
		for j := range in {
			out[i] += m[i][j] * in[j]
		}
		out[i] = math.Pow(max(0, out[i]), 1/2.2)
	}
	return out
}

func TestAllEyesKeepTheMeaningsOfTheColourBlindPaletteApart(t *testing.T) {
	th := theme.New(theme.ColourBlind, theme.Unicode())
	meanings := []theme.Tone{theme.Good, theme.Warn, theme.Bad}
	for name, m := range defects {
		for i, a := range meanings {
			for _, b := range meanings[i+1:] {
				x, y := seen(th.Style(a).GetForeground(), m), seen(th.Style(b).GetForeground(), m)
				d := math.Sqrt((x[0]-y[0])*(x[0]-y[0]) + (x[1]-y[1])*(x[1]-y[1]) + (x[2]-y[2])*(x[2]-y[2]))
				t.Logf("%s: tones %d and %d are %.2f apart", name, a, b, d)
				if d < 0.15 {
					t.Errorf("%s: tones %d and %d are only %.2f apart", name, a, b, d)
				}
			}
		}
	}
}

func TestTheContrastPaletteHasNothingDim(t *testing.T) {
	th := theme.New(theme.Contrast, theme.Unicode())
	for tone := range theme.Muted + 1 {
		if s := th.Style(tone); s.GetFaint() || s.GetForeground() != (lipgloss.NoColor{}) {
			t.Errorf("tone %d is dim or coloured", tone)
		}
	}
	if th.Backdrop.GetFaint() {
		t.Error("what lies under a dialog is dim")
	}
}

func TestNoStyleSetsABackground(t *testing.T) {
	for _, p := range []theme.Palette{theme.Auto, theme.Light, theme.Dark, theme.Mono, theme.Contrast, theme.ColourBlind} {
		th := theme.New(p, theme.Unicode())
		for i, v := 0, reflect.ValueOf(th); i < v.NumField(); i++ {
			if s, ok := field(v, i).(lipgloss.Style); ok && s.GetBackground() != (lipgloss.NoColor{}) {
				t.Errorf("%v: %s has a background", p, v.Type().Field(i).Name)
			}
		}
	}
}

func field(v reflect.Value, i int) any {
	if !v.Type().Field(i).IsExported() {
		return nil
	}
	return v.Field(i).Interface()
}

func TestMonoHasNoColourAndStillShowsTheSelection(t *testing.T) {
	th := theme.New(theme.Mono, theme.Unicode())
	for tone := range theme.Muted + 1 {
		if s := th.Paint(tone, "a"); strings.Contains(s, "38;") {
			t.Errorf("tone %d is %q", tone, s)
		}
	}
	if got := th.Selected.Render("a"); got != "\x1b[7ma\x1b[m" {
		t.Errorf("selected is %q, want reverse video", got)
	}
	if th.Paint(theme.Bad, "a") == th.Paint(theme.Plain, "a") {
		t.Error("a bad thing looks like any other")
	}
}

func TestPaintIsTheStyleOfTheTone(t *testing.T) {
	th := theme.New(theme.Dark, theme.Unicode())
	for tone := range theme.Muted + 1 {
		if got, want := th.Paint(tone, "three words here"), th.Style(tone).Render("three words here"); got != want {
			t.Errorf("tone %d: %q, want %q", tone, got, want)
		}
	}
	if got := th.Paint(200, "a"); got != "a" {
		t.Errorf("unknown tone: %q", got)
	}
	if got := th.Paint(theme.Bad, ""); got != "" {
		t.Errorf("nothing painted: %q", got)
	}
}

func TestEveryGlyphIsOneCell(t *testing.T) {
	for name, g := range map[string]theme.Glyphs{"unicode": theme.Unicode(), "ascii": theme.ASCII()} {
		for _, s := range glyphStrings(reflect.ValueOf(g)) {
			if ansi.StringWidthWc(s) != 1 || ansi.StringWidth(s) != 1 {
				t.Errorf("%s: %q is not one cell", name, s)
			}
			if g.ASCII && s != text.ASCII(s) {
				t.Errorf("%s: %q is not ASCII", name, s)
			}
		}
	}
}

// glyphStrings returns every string in v.
func glyphStrings(v reflect.Value) []string {
	var all []string
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Struct:
		for i := range v.NumField() {
			all = append(all, glyphStrings(v.Field(i))...)
		}
	case reflect.Array:
		for i := range v.Len() {
			all = append(all, glyphStrings(v.Index(i))...)
		}
	}
	return all
}

func TestFinishLeavesOnlyASCIIWhenAsked(t *testing.T) {
	view := "│ 支払い …"
	if got := theme.New(theme.Auto, theme.Unicode()).Finish(view); got != view {
		t.Errorf("unicode: %q", got)
	}
	if got := theme.New(theme.Auto, theme.ASCII()).Finish(view); got != "| ?????? ~" {
		t.Errorf("ascii: %q", got)
	}
}

func TestParsePaletteReadsItsNamesAndQuotesOthers(t *testing.T) {
	for _, p := range []theme.Palette{theme.Auto, theme.Light, theme.Dark, theme.Mono, theme.Contrast, theme.ColourBlind} {
		if got, err := theme.ParsePalette(p.String()); err != nil || got != p {
			t.Errorf("ParsePalette(%q) = %v, %v", p, got, err)
		}
	}
	_, err := theme.ParsePalette("solar\x1bized")
	if err == nil || !strings.Contains(err.Error(), `"solar\x1bized"`) || !strings.Contains(err.Error(), "light") {
		t.Errorf("error %v does not quote the name and tell the right ones", err)
	}
	if got := theme.New(99, theme.Unicode()).Palette(); got != theme.Auto {
		t.Errorf("unknown palette gives %v", got)
	}
	if got := theme.Palette(99).String(); got != "palette 99" {
		t.Errorf("unknown palette prints %q", got)
	}
}

func TestCaretIsSteady(t *testing.T) {
	c := theme.New(theme.Auto, theme.Unicode()).Caret(3, 4)
	if c.X != 3 || c.Y != 4 || c.Blink || c.Shape != tea.CursorBar {
		t.Errorf("caret %+v", c)
	}
}
