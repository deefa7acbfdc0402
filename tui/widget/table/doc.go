// Package table shows a list of any length: it asks its [Source] for the rows
// on the screen and no others, so a million rows cost what thirty do.
//
// The cursor and the marks belong to rows, not to places: they are kept by row
// id, or by the number that a [Numbered] source has for it, when the list is
// sorted, filtered or read anew. The cursor's row is in
// reverse video and has a '>' before it, a marked row an 'x', so both show
// without colour. All text is made safe and cut by cells; what does not fit is
// dropped by column, least important first.
//
// A move writes two rows to the terminal, a scroll one row where the terminal
// can scroll by itself. It cannot do so beside another pane; [WithJump] then
// scrolls by several rows at once.
package table
