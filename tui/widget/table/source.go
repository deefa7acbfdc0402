package table

import "github.com/pakdeck/pakdeck/tui/theme"

// Cell is the text of one column in one row. It may hold anything; it is made
// safe when it is drawn.
type Cell struct {
	Text string
	Tone theme.Tone
}

// Source supplies the rows in the order in which they are shown. The table
// calls it from Update and View, so it only looks things up.
type Source interface {
	// Len returns the number of rows.
	Len() int
	// ID returns what identifies row i, 0 <= i < Len(), whatever its place.
	ID(i int) string
	// Row returns the cells of row i in the order of the columns. Missing
	// cells are blank.
	Row(i int) []Cell
}

// Finder is a Source that knows better than by looking at all rows where the
// one with an id is.
type Finder interface {
	Source
	Find(id string) (i int, ok bool)
}

// Row is one row of [Rows].
type Row struct {
	ID    string
	Cells []Cell
}

// Rows is a Source for lists that are short enough to be built whole.
type Rows []Row

var _ Source = Rows(nil)

// Len implements [Source].
func (r Rows) Len() int { return len(r) }

// ID implements [Source].
func (r Rows) ID(i int) string { return r[i].ID }

// Row implements [Source].
func (r Rows) Row(i int) []Cell { return r[i].Cells }
