package theme

import "charm.land/lipgloss/v2"

// Glyphs are the characters the dashboard draws with. Every one is one cell
// wide under wcwidth.
type Glyphs struct {
	ASCII    bool            // whether the terminal gets nothing but ASCII
	Border   lipgloss.Border // frames of dialogs
	Rule     string          // a horizontal line
	Bar      string          // a vertical line between panes
	Ellipsis string          // stands for what was cut off
	Cursor   string          // before the selected row
	Mark     string          // on a marked row
	Tick     string          // inside a ticked box
	Dot      string          // inside a chosen radio button
	Mask     string          // stands for a hidden character
	SortUp   string          // ascending
	SortDown string          // descending
	More     string          // there is more above or below
	Spark    [8]string       // bars, low to high
	Shade    [5]string       // none to full
}

// Unicode returns the glyphs for terminals that speak UTF-8.
func Unicode() Glyphs {
	return Glyphs{
		Border: lipgloss.NormalBorder(),
		Rule:   "─", Bar: "│", Ellipsis: "…",
		Cursor: ">", Mark: "x", Tick: "x", Dot: "•", Mask: "•",
		SortUp: "^", SortDown: "v", More: "…",
		Spark: [8]string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
		Shade: [5]string{".", "░", "▒", "▓", "█"},
	}
}

// ASCII returns the glyphs for terminals that show nothing else.
func ASCII() Glyphs {
	return Glyphs{
		ASCII:  true,
		Border: lipgloss.ASCIIBorder(),
		Rule:   "-", Bar: "|", Ellipsis: "~",
		Cursor: ">", Mark: "x", Tick: "x", Dot: "*", Mask: "*",
		SortUp: "^", SortDown: "v", More: "~",
		Spark: [8]string{"_", ".", ":", "-", "=", "+", "*", "#"},
		Shade: [5]string{"_", ".", ":", "+", "#"},
	}
}
