// Package text prepares text for a terminal: it makes foreign text harmless,
// measures it in cells and cuts it to size.
//
// What a terminal gets to see may have been written by anybody: a key's name,
// a user agent, a pasted list. [Safe] turns everything in it that could move
// the cursor, reorder the line, hide or change the width of a cell into a
// visible escape. Functions that cut text ([Fit], [Truncate],
// [TruncateMiddle], [Wrap], [Columns]) make it safe first, so their results
// hold no control characters, whatever came in. They are for plain text: an
// SGR sequence comes out as visible text. Text that is already styled is cut
// with [FitStyled].
//
// Widths are those of wcwidth, one sum over the runes: that is what terminals
// do unless they support and enable grapheme clusters (mode 2027), and what
// the renderer assumes over SSH.
package text
