package tuitest

import (
	"bytes"
	"io"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// rest is the fake time that every input gets to take effect: longer than the
// 100 ms after which a lone ESC is a key where no time passes between two looks
// at the clock, and a frame after that. Frames are
// rare because each one of a long fake wait takes real time.
const (
	rest = 150 * time.Millisecond
	fps  = 20

	longestTick = 24 * time.Hour
)

// Screen is a terminal with a program running on it.
type Screen struct {
	t       *testing.T
	program *tea.Program
	emu     *vt.Emulator
	out     Output
	raw     []byte
	keys    *io.PipeWriter
	done    chan struct{}
	visible bool
}

type config struct {
	profile colorprofile.Profile
	env     []string
	filter  func(tea.Model, tea.Msg) tea.Msg
}

// Option changes the terminal that [Start] pretends to be.
type Option func(*config)

// Colors sets what colours the terminal shows; without it, none.
func Colors(p colorprofile.Profile) Option { return func(c *config) { c.profile = p } }

// Env adds variables ("TMUX=/tmp/s,1,0") to the program's environment.
func Env(vars ...string) Option { return func(c *config) { c.env = append(c.env, vars...) } }

// Filter sets the program's message filter, as [tea.WithFilter] does.
func Filter(f func(tea.Model, tea.Msg) tea.Msg) Option { return func(c *config) { c.filter = f } }

// Start runs m on a terminal of w by h cells until the test ends. It must be
// called inside [synctest.Test], with the t of the bubble, and once a bubble.
func Start(t *testing.T, m tea.Model, w, h int, opts ...Option) *Screen {
	t.Helper()
	c := config{profile: colorprofile.ASCII, env: []string{"TERM=xterm-256color", "SSH_TTY=/dev/pts/0"}}
	for _, opt := range opts {
		opt(&c)
	}
	s := &Screen{t: t, emu: vt.NewEmulator(w, h), done: make(chan struct{}), visible: true}
	s.emu.SetCallbacks(vt.Callbacks{CursorVisibility: func(v bool) { s.visible = v }})
	in, keys := io.Pipe()
	s.keys = keys
	s.program = tea.NewProgram(m,
		tea.WithInput(in), tea.WithOutput(&s.out), tea.WithWindowSize(w, h),
		tea.WithoutSignalHandler(), // signal.Notify is fatal in a bubble
		tea.WithColorProfile(c.profile), tea.WithEnvironment(c.env), tea.WithFilter(c.filter),
		tea.WithFPS(fps),
	)
	replies := s.discardReplies()
	go func() {
		defer close(s.done)
		_, _ = s.program.Run()
	}()
	t.Cleanup(func() {
		s.program.Kill()
		_ = keys.Close()
		<-s.done
		_ = replies.Close()
		// Ticks that nobody waits for any more must run out before the bubble
		// may end.
		time.Sleep(longestTick)
	})
	s.settle()
	return s
}

// discardReplies reads what the emulator answers to queries, which would
// otherwise block it. Closing the result ends that.
func (s *Screen) discardReplies() io.Closer {
	go func() { _, _ = io.Copy(io.Discard, s.emu) }()
	// The emulator's own Close races with its Read.
	return s.emu.InputPipe().(io.Closer)
}

func (s *Screen) settle() { s.Advance(rest) }

// send writes what a terminal would send and lets it take effect.
func (s *Screen) send(seq string) {
	s.t.Helper()
	if s.Exited() {
		s.t.Fatalf("the program has ended and cannot get %q", seq)
	}
	if _, err := io.WriteString(s.keys, seq); err != nil {
		s.t.Fatalf("sending %q: %v", seq, err)
	}
	s.settle()
}

// Press presses keys by their names in Bubble Tea: "j", "G", "enter",
// "ctrl+s", "shift+tab", "pgdown". Each takes 150 ms of the fake clock.
func (s *Screen) Press(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		seq, err := sequence(k)
		if err != nil {
			s.t.Fatal(err)
		}
		s.send(seq)
	}
}

// Type types text, all of it at once as a fast typist would, and then presses
// keys.
func (s *Screen) Type(text string, keys ...string) {
	s.t.Helper()
	s.send(text)
	s.Press(keys...)
}

// Paste pastes text as a terminal with bracketed paste does.
func (s *Screen) Paste(text string) {
	s.t.Helper()
	s.send(ansi.BracketedPasteStart + text + ansi.BracketedPasteEnd)
}

// Click presses and releases the left mouse button on a cell, counted from 0.
func (s *Screen) Click(x, y int) {
	s.t.Helper()
	s.send(ansi.MouseSgr(ansi.EncodeMouseButton(ansi.MouseLeft, false, false, false, false), x, y, false) +
		ansi.MouseSgr(ansi.EncodeMouseButton(ansi.MouseLeft, false, false, false, false), x, y, true))
}

// Focus tells the program that the terminal got the focus.
func (s *Screen) Focus() {
	s.t.Helper()
	s.send(ansi.Focus)
}

// Blur tells the program that the terminal lost the focus.
func (s *Screen) Blur() {
	s.t.Helper()
	s.send(ansi.Blur)
}

// Send gives the program a message.
func (s *Screen) Send(msg tea.Msg) {
	s.program.Send(msg)
	s.settle()
}

// Resize changes the size of the terminal.
func (s *Screen) Resize(w, h int) {
	s.pull()
	s.emu.Resize(w, h)
	s.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Advance lets d of the fake clock pass.
func (s *Screen) Advance(d time.Duration) {
	// The program drops a nil message. That it receives one orders what the
	// test did before what the program does next.
	s.program.Send(nil)
	time.Sleep(d)
	synctest.Wait()
}

// Exited reports whether the program has ended.
func (s *Screen) Exited() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// pull replays the program's output since the last time.
func (s *Screen) pull() {
	s.settle()
	b := s.out.Take()
	s.raw = append(s.raw, b...)
	// The program sees that its output is no terminal and leaves it to others
	// to return the carriage.
	_, _ = s.emu.Write(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")))
}

// TakeBytes returns what the program has written to the terminal since the
// last call.
func (s *Screen) TakeBytes() []byte {
	s.pull()
	b := s.raw
	s.raw = nil
	return b
}
