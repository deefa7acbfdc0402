// Package form is what the screens with something to fill in share: a column
// of labelled items, one of which has the focus.
//
// Nobody is scolded while typing. What is wrong with an item is told under it
// once it was left, or when the whole was submitted; then the focus goes to
// the first item that is wrong. An item that was edited is not wrong until it
// is left again. The form knows no rules: its owner finds the problems, by
// item, and hands them to [Model.Judge] after each message.
//
// The form scrolls when it has more lines than room, and the item with the
// focus is always in view.
package form
