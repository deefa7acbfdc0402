package spark_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/spark"
)

var (
	unicode = theme.New(theme.Mono, theme.Unicode())
	ascii   = theme.New(theme.Mono, theme.ASCII())
)

// of makes values; a negative one is a gap.
func of(numbers ...int) []spark.Value {
	out := make([]spark.Value, len(numbers))
	for i, n := range numbers {
		out[i] = spark.Value{N: uint64(max(0, n)), Gap: n < 0}
	}
	return out
}

func TestAGapAZeroAndALittleLookDifferent(t *testing.T) {
	for _, c := range []struct {
		theme theme.Theme
		want  string
	}{{unicode, " ▁▂▅█"}, {ascii, " _.=#"}} {
		if got := spark.Line(c.theme, theme.Plain, of(-1, 0, 1, 500, 1000), 5); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got := spark.Line(unicode, theme.Plain, of(0, 0, -1), 5); got != "▁▁   " {
		t.Errorf("nothing but zeros: %q", got)
	}
}

func TestBarsFillTheRoom(t *testing.T) {
	for _, c := range []struct {
		w, h int
		want []string
	}{
		{3, 1, []string{"▂▅█"}},
		{4, 1, []string{"▂▅█ "}},
		{9, 1, []string{"▂▂▂▅▅▅███"}},
		{40, 1, []string{"▂▂▂▅▅▅███" + strings.Repeat(" ", 31)}},
		{3, 2, []string{" ▂█", "▄██"}},
		{0, 1, []string{""}},
	} {
		if got := spark.Chart(unicode, theme.Plain, of(20, 55, 100), c.w, c.h); !slices.Equal(got, c.want) {
			t.Errorf("%dx%d: %q, want %q", c.w, c.h, got, c.want)
		}
	}
	if got := spark.Chart(unicode, theme.Plain, nil, 3, 2); !slices.Equal(got, []string{"   ", "   "}) {
		t.Errorf("no values: %q", got)
	}
}

func TestResampleKeepsTheSum(t *testing.T) {
	for _, c := range []struct {
		n    int
		want []spark.Value
	}{
		{9, of(1, 2, 3, -1, -1, 4, 5)},
		{4, of(1, 5, -1, 9)},
		{2, of(6, 9)},
		{1, of(15)},
		{0, of(1, 2, 3, -1, -1, 4, 5)},
	} {
		if got := spark.Resample(of(1, 2, 3, -1, -1, 4, 5), c.n); !slices.Equal(got, c.want) {
			t.Errorf("to %d: %v, want %v", c.n, got, c.want)
		}
	}
}

func TestEveryLineHasItsWidth(t *testing.T) {
	coloured := theme.New(theme.Dark, theme.Unicode())
	for w := range 50 {
		for _, line := range spark.Chart(coloured, theme.Accent, of(1, 2, 3, 4, 5, 6, 7, -1), w, 3) {
			if got := text.Width(ansi.Strip(line)); got != w {
				t.Fatalf("%q has %d cells, want %d", line, got, w)
			}
		}
	}
}
