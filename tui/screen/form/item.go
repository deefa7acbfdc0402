package form

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// Item is one part of a form. It is a value: the methods that change it return
// the changed one.
type Item interface {
	// Update takes input while the item has the focus.
	Update(msg tea.Msg) (Item, tea.Cmd)
	// Focus lets the item take input.
	Focus() (Item, tea.Cmd)
	// Blur makes it ignore input.
	Blur() Item
	// Size sets the width in cells and how many lines an item that can grow
	// may take.
	Size(w, h int) Item
	// Lines draws the item, each line as wide as the item.
	Lines() []string
	// Cursor is the place of the real cursor in the lines, or nil without the
	// focus.
	Cursor() *tea.Cursor
	// Value is what was entered; when it changes, the item was edited.
	Value() string
	// WithError tells what is wrong with the value, or "".
	WithError(s string) Item
	// Err is what [Item.WithError] told, if it still holds.
	Err() string
	// Typing reports whether plain characters are text to the item.
	Typing() bool
	// Bindings are the item's own keys, for help.
	Bindings() []key.Binding
}

// grower is an item that takes the room that the others leave.
type grower interface{ grows() }

// Enterer is an item that may have a use for the enter key of its own.
type Enterer interface {
	Item
	// Enter uses the key; used is false if it means nothing to the item now.
	Enter() (i Item, used bool)
}

// LabelWidth is the cells of the labels, so that all items line up.
const LabelWidth = 11

// indent is where the values begin: behind label, blank and marker.
const indent = LabelWidth + 3
