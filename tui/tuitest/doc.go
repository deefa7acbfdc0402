// Package tuitest drives a Bubble Tea program in a test the way an operator
// does: keys go in as a terminal sends them, the screen is what a terminal
// would show.
//
// Everything runs inside a synctest bubble, so a test that waits ten minutes
// for a lock takes no time and never flakes:
//
//	synctest.Test(t, func(t *testing.T) {
//		s := tuitest.Start(t, model, 100, 30)
//		s.Press("j", "enter")
//		s.Advance(11 * time.Minute)
//		s.Golden("locked")
//	})
//
// The program believes that it is at the far end of an SSH session without
// colours; options change that. Its output is collected and replayed into a
// terminal emulator by the test's own goroutine, because the emulator is not
// safe for concurrent use. After every call that sends something the program
// has come to rest, so a test may also read the state of the models it made.
package tuitest
