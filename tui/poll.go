package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/screen"
)

// poll is how the store is read: again and again, one reading after the other.
type poll struct {
	serial  int   // of the tick that is waited for; older ones are dropped
	reading bool  // a command is under way
	again   bool  // somebody wants it read once more after that
	blurred bool  // the operator looks elsewhere
	slow    bool  // the first reading takes long enough to say so
	loaded  bool  // there was a first picture
	stamp   stamp // of the files before the last reading
	trouble string
}

const (
	watched   = 250 * time.Millisecond // between two looks at the files
	fresh     = 5 * time.Second        // between two readings if they were not changed
	unwatched = 5 * time.Second        // between two readings while the terminal has not the focus
	meanwhile = time.Second            // between two readings while a work goes on, which needs the store
	again     = 500 * time.Millisecond // between two readings that fail
	patience  = 400 * time.Millisecond // before the first reading is called slow
)

type (
	tickMsg   struct{ serial int }
	slowMsg   struct{}
	loadedMsg struct {
		store   *keystore.Store
		board   *board.Board
		changed bool
		stamp   stamp
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
		before := stampOf(st)
		b, changed, err := board.Load(ctx, st, old)
		return loadedMsg{st, b, changed, before, err}
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
		return tea.Batch(m.places.tell(msg), m.tick())
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

// tick returns the command that tells when to read the store again: once its
// files were changed, or after a while. Nothing is drawn and no message sent
// before that, so that an idle dashboard costs next to nothing.
func (m *Model) tick() tea.Cmd {
	m.poll.serial++
	msg := tickMsg{m.poll.serial}
	switch {
	case m.poll.blurred || m.idle.locked:
		return tea.Tick(unwatched, func(time.Time) tea.Msg { return msg })
	case len(m.works) > 0:
		return tea.Tick(meanwhile, func(time.Time) tea.Msg { return msg })
	case m.poll.trouble != "":
		return tea.Tick(again, func(time.Time) tea.Msg { return msg })
	}
	ctx, st, read, seen := m.ctx, m.env.Store, m.env.Board.Now, m.poll.stamp
	return func() tea.Msg {
		looks := time.NewTicker(watched)
		defer looks.Stop()
		for n := fresh / watched; n > 0 && stampOf(st) == seen && st.Now().Sub(read).Abs() < fresh; n-- {
			select {
			case <-ctx.Done():
				return nil
			case <-looks.C:
			}
		}
		return msg
	}
}

// stamp changes when a file of the store does.
type stamp [2]struct {
	at   time.Time
	size int64
}

func stampOf(st *keystore.Store) (s stamp) {
	for i, path := range []string{st.Path(), st.PolicyPath()} {
		if info, err := os.Stat(path); err == nil {
			s[i].at, s[i].size = info.ModTime(), info.Size()
		}
	}
	return s
}

// loaded takes a picture of the store, or tells why there is none.
func (m *Model) loaded(msg loadedMsg) tea.Cmd {
	if msg.store != m.env.Store {
		return nil
	}
	m.poll.reading, m.poll.stamp = false, msg.stamp
	if msg.err != nil {
		m.poll.trouble = m.troubleWords(msg.err)
		return m.next()
	}
	m.poll.trouble = ""
	m.env.Board = msg.board
	first := !m.poll.loaded
	m.poll.loaded = true
	next := tea.Batch(m.next(), m.judge())
	if first {
		return tea.Batch(next, m.begin())
	}
	return tea.Batch(next, m.places.tell(m.boardMsg(msg.changed)))
}

// next reads the store once more at once, if somebody asked for it meanwhile,
// or when it is time to.
func (m *Model) next() tea.Cmd {
	if !m.poll.again {
		return m.tick()
	}
	m.poll.again = false
	return m.reload()
}

// begin shows the first place, now that there is something to show.
func (m *Model) begin() tea.Cmd {
	base := m.build(screen.Go{Place: m.start.Place, Key: m.start.Key, User: m.start.User, Filter: m.start.Filter})
	m.places.move([]screen.Screen{base})
	return tea.Batch(base.Init(), m.reveal(), m.remindOfReset())
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
