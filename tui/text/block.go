package text

import "strings"

// Columns lines up the cells of rows, gap spaces apart, each column as wide as
// its widest cell. Cells are made safe; the last cell of a row is not padded.
func Columns(rows [][]string, gap int) []string {
	var widths []int
	safe := make([][]string, len(rows))
	for i, row := range rows {
		for j, cell := range row {
			cell = Safe(cell)
			safe[i] = append(safe[i], cell)
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], Width(cell))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range safe {
		for j, cell := range row {
			if j < len(row)-1 {
				cell = Pad(cell, widths[j]+gap)
			}
			lines[i] += cell
		}
	}
	return lines
}

// Wrap breaks s, made safe, into lines of at most w cells, at spaces where it
// can. Words longer than a line are broken anywhere. A line feed begins a new
// line. The result has at least one line; for a w below 2 it is s unbroken,
// because a wide character could not be placed.
func Wrap(s string, w int) []string {
	var lines []string
	for para := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrapLine(Safe(para), w)...)
	}
	return lines
}

func wrapLine(s string, w int) []string {
	if w < 2 || Width(s) <= w {
		return []string{s}
	}
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && Width(line)+1+Width(word) <= w {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for Width(word) > w {
			n := prefix(word, w)
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	return append(lines, line)
}
