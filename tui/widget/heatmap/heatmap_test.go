package heatmap_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/heatmap"
)

func grid() heatmap.Grid {
	return heatmap.Grid{
		Title:   "UTC",
		Columns: []string{"00", "", "", "03", "", ""},
		Rows: []heatmap.Row{
			{"Mon", []heatmap.Cell{{Gap: true}, {}, {N: 1}, {N: 24}, {N: 25}, {N: 90}}},
			{"Tue", []heatmap.Cell{{N: 100}, {N: 199}, {N: 200}, {N: 300}, {}, {Gap: true}}},
		},
	}
}

func TestAGridTellsItsNumbers(t *testing.T) {
	for _, c := range []struct {
		name  string
		theme theme.Theme
		wide  int
		want  string
	}{
		{"unicode", theme.New(theme.Mono, theme.Unicode()), 2, `
UTC 00    03
Mon   ..░░░░▒▒▒▒
Tue ▓▓▓▓████..
. 0 ░<25 ▒<100 ▓<200 █ more  blank: unknown`},
		{"ascii", theme.New(theme.Mono, theme.ASCII()), 1, `
UTC 00 03
Mon  _..::
Tue ++##_
_ 0 .<25 :<100 +<200 # more  blank: unknown`},
	} {
		var got []string
		for _, line := range heatmap.Lines(c.theme, grid(), c.wide, 60) {
			line = ansi.Strip(line)
			if text.Width(line) != 60 {
				t.Errorf("%s: %q has %d cells", c.name, line, text.Width(line))
			}
			got = append(got, strings.TrimRight(line, " "))
		}
		if got := strings.Join(got, "\n"); got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestTheLegendNamesNoShadeThatNothingHas(t *testing.T) {
	g := grid()
	for i := range g.Rows {
		for j := range g.Rows[i].Cells {
			g.Rows[i].Cells[j].N = 0
		}
	}
	lines := heatmap.Lines(theme.New(theme.Mono, theme.Unicode()), g, 2, 60)
	if got := strings.TrimSpace(ansi.Strip(lines[len(lines)-1])); got != ". 0  blank: unknown" {
		t.Errorf("the legend is %q", got)
	}
}

func TestTheStepsAreRoundAndRise(t *testing.T) {
	for top, want := range map[uint64]heatmap.Scale{
		0: {2, 3, 4}, 1: {2, 3, 4}, 7: {2, 3, 4}, 30: {2, 10, 20}, 300: {25, 100, 200}, 1000: {100, 250, 500}, 99999: {5000, 25000, 50000},
	} {
		if got := heatmap.ScaleOf(top); got != want {
			t.Errorf("up to %d: %v, want %v", top, got, want)
		}
	}
	for top := range uint64(5000) {
		s := heatmap.ScaleOf(top)
		if s[0] < 2 || s[0] >= s[1] || s[1] >= s[2] {
			t.Fatalf("up to %d: %v", top, s)
		}
	}
}
