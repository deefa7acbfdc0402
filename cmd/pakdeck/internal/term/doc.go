// Package term holds the tests of the real program in a real terminal: built
// once, run under tmux or on a pty, driven by key presses and judged by what
// is on the screen and in the files. It has no code of its own.
package term
