package table

import (
	"cmp"
	"slices"

	"github.com/pakdeck/pakdeck/tui/text"
)

// Column describes a column. Widths are in cells.
type Column struct {
	Title    string
	Width    int  // wanted width; 0 is the width of the title
	Min      int  // least width before the column is dropped; 0 is Width
	Flex     int  // share of the room that is left over; 0 takes none
	Right    bool // align to the right, for numbers
	Priority int  // 0 stays; of the others the highest is dropped first
	Hidden   bool // not shown, whatever the room
}

func (c Column) wanted() int { return cmp.Or(c.Width, text.Width(c.Title)) }

func (c Column) least() int { return min(cmp.Or(c.Min, c.wanted()), c.wanted()) }

const (
	prefix = 3 // cursor, mark, blank
	gap    = 2 // between columns
)

// placed is a column that is shown, and its width now.
type placed struct {
	index int
	width int
}

// place chooses the columns that fit in w cells and gives them their widths.
func place(columns []Column, w int) []placed {
	shown := make([]placed, 0, len(columns))
	for i, c := range columns {
		if !c.Hidden {
			shown = append(shown, placed{i, c.least()})
		}
	}
	room := w - prefix
	for total(shown) > room {
		i := dispensable(columns, shown)
		if i < 0 {
			return squeeze(shown, room)
		}
		shown = slices.Delete(shown, i, i+1)
	}
	room -= total(shown)
	for i := range shown {
		more := min(room, columns[shown[i].index].wanted()-shown[i].width)
		shown[i].width += more
		room -= more
	}
	stretch(columns, shown, room)
	return shown
}

func total(shown []placed) int {
	sum := max(0, len(shown)-1) * gap
	for _, p := range shown {
		sum += p.width
	}
	return sum
}

// dispensable returns which shown column goes first, or -1.
func dispensable(columns []Column, shown []placed) int {
	found, highest := -1, 0
	for i, p := range shown {
		if priority := columns[p.index].Priority; priority > 0 && priority >= highest {
			found, highest = i, priority
		}
	}
	return found
}

// squeeze cuts from the right until the columns fit.
func squeeze(shown []placed, room int) []placed {
	for len(shown) > 0 {
		last := &shown[len(shown)-1]
		over := total(shown) - room
		if over <= 0 {
			break
		}
		if last.width > over {
			last.width -= over
			break
		}
		shown = shown[:len(shown)-1]
	}
	return shown
}

// stretch shares room among the flexible columns.
func stretch(columns []Column, shown []placed, room int) {
	shares := 0
	for _, p := range shown {
		shares += columns[p.index].Flex
	}
	for i, p := range shown {
		flex := columns[p.index].Flex
		if flex == 0 {
			continue
		}
		more := room * flex / shares
		shown[i].width += more
		room -= more
		shares -= flex
	}
}
