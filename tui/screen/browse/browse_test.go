package browse_test

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen/browse"
	"github.com/pakdeck/pakdeck/tui/screen/search"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/facts"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/table"
)

var look = theme.New(theme.Mono, theme.ASCII())

// two is a list of two rows with a pane from 60 columns on.
func two(w, h int) browse.List {
	l := browse.New(look, layout.Side{From: 60, Narrow: 20, Part: 5, Widest: 30}, search.New(search.Words, "given"), []table.Column{{Title: "NAME", Width: 8}})
	l.Table.SetSource(table.Rows{{ID: "a", Cells: []table.Cell{{Text: "first"}}}, {ID: "b", Cells: []table.Cell{{Text: "second"}}}})
	l.Pane.SetFacts([]facts.Fact{{Text: "known"}})
	l.Resize(w, h)
	return l
}

func TestCloseGoesFromTheInnermostOut(t *testing.T) {
	l := two(80, 10)
	l.Input(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}) // marks the first row
	l.Filter(look, nil)
	l.Input(tea.PasteMsg{Content: "other"})
	l.Accept()
	l.SetWhole(true)
	l.Ask(look, "Why", "why?", "")
	var got []string
	for {
		closed, filtered := l.Close()
		got = append(got, state(l, filtered))
		if !closed {
			break
		}
	}
	want := []string{"whole, marks, given other", "marks, given other", "given other", "given, filtered", "given"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func state(l browse.List, filtered bool) string {
	var on []string
	for _, p := range []struct {
		is   bool
		word string
	}{{l.Typing(), "typing"}, {l.Whole, "whole"}, {l.Table.Busy(), "marks"}, {true, l.Search.Text()}, {filtered, "filtered"}} {
		if p.is {
			on = append(on, p.word)
		}
	}
	return strings.Join(on, ", ")
}

func TestDismissBringsTheFilterBack(t *testing.T) {
	l := two(80, 10)
	l.Filter(look, nil)
	if filtered, _ := l.Input(tea.PasteMsg{Content: "x"}); !filtered || l.Table.Focused() {
		t.Errorf("filtered %v, the table has the focus %v", filtered, l.Table.Focused())
	}
	if !l.Dismiss() || l.Search.Text() != "given" || !l.Table.Focused() {
		t.Errorf("%q holds", l.Search.Text())
	}
}

func TestEverySizeIsFilled(t *testing.T) {
	for _, size := range [][2]int{{0, 0}, {10, 3}, {59, 10}, {60, 10}, {200, 40}} {
		l := two(size[0], size[1])
		for _, whole := range []bool{false, true} {
			l.SetWhole(whole)
			lines := strings.Split(l.Draw(look, []string{"", ""}).Content, "\n")
			if len(lines) != max(1, size[1]) {
				t.Errorf("%v: %d lines", size, len(lines))
			}
			for _, line := range lines {
				if text.Width(line) != size[0] {
					t.Errorf("%v: a line of %d cells", size, text.Width(line))
				}
			}
		}
	}
}

func TestAClickBesideTheListMovesNothing(t *testing.T) {
	for _, c := range []struct {
		x, y int
		want bool
	}{{3, 2, true}, {70, 2, false}, {3, 9, false}} {
		l := two(80, 10)
		if got := l.Click(tea.MouseClickMsg{X: c.x, Y: c.y}); got != c.want || (l.Table.Index() == 1) != c.want {
			t.Errorf("at %d, %d: %v, row %d", c.x, c.y, got, l.Table.Index())
		}
	}
}
