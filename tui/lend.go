package tui

import (
	"io"
	"os/exec"
	"time"

	tea "charm.land/bubbletea/v2"
)

// lend gives the terminal to a command until it ends.
func lend(c *exec.Cmd, then tea.ExecCallback) tea.Cmd {
	return tea.Exec(borrower{c}, then)
}

// borrower is a command that keeps the terminal for a moment at least. When
// Bubble Tea 2.1 lends the terminal, its renderer stops the clock of the frames
// a little later, by itself; a command that is quicker would have the clock
// started again before it is stopped, and no frame would be drawn any more.
type borrower struct{ *exec.Cmd }

const leastLoan = 100 * time.Millisecond

// Run implements [tea.ExecCommand].
func (b borrower) Run() error {
	least := time.NewTimer(leastLoan)
	err := b.Cmd.Run()
	<-least.C
	return err
}

// SetStdin implements [tea.ExecCommand].
func (b borrower) SetStdin(r io.Reader) { b.Stdin = r }

// SetStdout implements [tea.ExecCommand].
func (b borrower) SetStdout(w io.Writer) { b.Stdout = w }

// SetStderr implements [tea.ExecCommand].
func (b borrower) SetStderr(w io.Writer) { b.Stderr = w }
