package tui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// poll is how the store is read: again and again, one reading after the other.
type poll struct {
	serial  int  // of the tick that is waited for; older ones are dropped
	reading bool // a command is under way
	again   bool // somebody wants it read once more after that
	blurred bool // the operator looks elsewhere
	slow    bool // the first reading takes long enough to say so
	loaded  bool // there was a first picture
	trouble string
}

const (
	watched   = 500 * time.Millisecond // between two readings
	unwatched = 5 * time.Second        // the same while the terminal has not the focus
	patience  = 300 * time.Millisecond // before the first reading is called slow
)

type (
	tickMsg   struct{ serial int }
	slowMsg   struct{}
	loadedMsg struct {
		store   *keystore.Store
		board   *board.Board
		changed bool
		err     error
	}
)

// slowly tells when the first reading has become slow.
func slowly() tea.Cmd {
	return tea.Tick(patience, func(time.Time) tea.Msg { return slowMsg{} })
}

// read returns the command that reads what changed in the store.
func (m Model) read() tea.Cmd {
	st, old := m.env.Store, m.env.Board
	if !m.poll.loaded {
		old = nil
	}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		b, changed, err := board.Load(ctx, st, old)
		return loadedMsg{st, b, changed, err}
	})
}

// reload reads the store now, or once more after the reading under way.
func (m *Model) reload() tea.Cmd {
	if m.poll.reading {
		m.poll.again = true
		return nil
	}
	m.poll.reading = true
	return m.read()
}

// polls keeps the readings going.
func (m *Model) polls(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.FocusMsg:
		m.poll.blurred = false
		return tea.Batch(m.places.tell(msg), m.reload())
	case tea.BlurMsg:
		m.poll.blurred = true
		return m.places.tell(msg)
	case tea.ResumeMsg:
		return m.reload()
	case slowMsg:
		m.poll.slow = true
	case tickMsg:
		if msg.serial == m.poll.serial {
			return m.reload()
		}
	case loadedMsg:
		return m.loaded(msg)
	}
	return nil
}

// tick returns the command that reads the store again after a while.
func (m *Model) tick() tea.Cmd {
	m.poll.serial++
	wait, msg := watched, tickMsg{m.poll.serial}
	if m.poll.blurred || m.idle.locked {
		wait = unwatched
	}
	return tea.Tick(wait, func(time.Time) tea.Msg { return msg })
}

// loaded takes a picture of the store, or tells why there is none.
func (m *Model) loaded(msg loadedMsg) tea.Cmd {
	if msg.store != m.env.Store {
		return nil
	}
	m.poll.reading = false
	next := m.tick()
	if m.poll.again {
		m.poll.again = false
		next = m.reload()
	}
	if msg.err != nil {
		m.poll.trouble = m.troubleWords(msg.err)
		return next
	}
	m.poll.trouble = ""
	m.env.Board = msg.board
	first := !m.poll.loaded
	m.poll.loaded = true
	m.count(first || msg.changed)
	next = tea.Batch(next, m.judge())
	if first {
		return tea.Batch(next, m.begin())
	}
	return tea.Batch(next, m.places.tell(m.boardMsg(msg.changed)))
}

// begin shows the first place, now that there is something to show.
func (m *Model) begin() tea.Cmd {
	base := m.build(screen.Go{Place: m.start.Place, Key: m.start.Key, User: m.start.User, Filter: m.start.Filter})
	m.places.move([]screen.Screen{base})
	return tea.Batch(base.Init(), m.reveal())
}

// troubleWords tells why the store cannot be read. What is on the screen is
// what was true before.
func (m Model) troubleWords(err error) string {
	if words := m.busyWords(err); words != "" {
		return words
	}
	return "the store cannot be read: " + err.Error()
}

// busyWords tells who holds the store, if that is what err is about. The path
// is in the frame already.
func (m Model) busyWords(err error) string {
	busy, ok := errors.AsType[*kv.BusyError](err)
	if !ok {
		return ""
	}
	words := "the store is busy: held by "
	switch h := busy.Holder; {
	case h.PID == 0:
		words += "another process"
	case h.Command == "":
		words += fmt.Sprintf("pid %d", h.PID)
	default:
		words += fmt.Sprintf("pid %d (%s)", h.PID, h.Command)
	}
	if !busy.Holder.Since.IsZero() {
		words += " since " + m.env.Clock(busy.Holder.Since)
	}
	return words
}
