package tui

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// work is something under way that may take minutes. Its command counts, and Update
// looks now and then. What is over at the first look was never shown.
type work struct {
	screen.Work
	done     atomic.Int64
	seen     int64 // of done
	shown    bool
	stop     context.CancelFunc
	stopping bool
}

// workMsg says that it is time to look at a work, or that it is over and what is to
// be told then.
type workMsg struct {
	work *work
	over bool
	then tea.Msg
}

// looked is how often the line tells how far a work is.
const looked = 200 * time.Millisecond

// work begins one.
func (m *Model) work(msg screen.Work) tea.Cmd {
	w := &work{Work: msg}
	var cmd tea.Cmd
	cmd, w.stop = m.env.Work(func(ctx context.Context) tea.Msg {
		then := msg.Do(ctx, func(n int) { w.done.Store(int64(n)) })
		return workMsg{w, true, then}
	})
	m.works = append(slices.Clip(m.works), w)
	return tea.Batch(cmd, w.watch())
}

func (w *work) watch() tea.Cmd {
	return tea.Tick(looked, func(time.Time) tea.Msg { return workMsg{work: w} })
}

// worked looks how far a work is. The screens may look too.
func (m *Model) worked(msg workMsg) tea.Cmd {
	w, at := msg.work, slices.Index(m.works, msg.work)
	if at < 0 {
		return nil
	}
	next := w.watch()
	if msg.over {
		m.works = slices.Delete(slices.Clone(m.works), at, at+1)
		next = tea.Batch(screen.Tell(msg.then), m.judge())
	} else if !w.shown {
		m.says.toast = m.says.toast.Dismiss() // a failure would stay for ever
	}
	w.shown, w.seen = true, w.done.Load()
	return tea.Batch(append(m.places.spread(msg), next)...)
}

// working returns the newest work that is shown, or nil.
func (m Model) working() *work {
	for _, w := range slices.Backward(m.works) {
		if w.shown {
			return w
		}
	}
	return nil
}

// stoppable returns the work that esc stops now, or nil: what is being typed goes
// first.
func (m Model) stoppable() *work {
	w, s := m.working(), m.places.top()
	if w == nil || w.stopping || s == nil || s.Typing() {
		return nil
	}
	return w
}

// unfinished says what would be lost by quitting, or "".
func (m Model) unfinished() string {
	if lost := m.places.unsaved(); lost != "" || len(m.works) == 0 {
		return lost
	}
	return "the rest of " + m.works[0].words()
}

func (w *work) words() string {
	if w.Size == 0 {
		return w.Doing
	}
	return fmt.Sprintf("%s: %s done (%d%%)", w.Doing, text.Count(w.seen), 100*w.seen/int64(w.Size))
}

// workLine tells how far a work is in exactly width cells.
func (m Model) workLine(w *work, width int) string {
	t, hint := m.env.Theme, " "
	a, ok := m.env.Keymap.Action("app.back")
	switch {
	case w.stopping:
		hint = "  stopping" + t.Glyphs.Ellipsis + " "
	case ok && len(a.Keys) > 0 && m.stoppable() == w:
		hint = "  " + a.Keys[0] + " stops it "
	}
	head := " " + t.Paint(theme.Accent, "work") + "  "
	return text.FitStyled(head+text.Fit(w.words(), width-text.Width(head)-text.Width(hint))+t.Key.Render(hint), width)
}
