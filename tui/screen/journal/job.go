package journal

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

// job is work on the whole journal that may take a while: a check, an export. It
// goes on while other screens are shown, and esc ends it.
type job struct {
	doing    string // "verifying the journal"
	progress *progress
	stop     context.CancelFunc
	done     int64 // records, of size, when last heard
	size     int64
	stopping bool
}

// progress is how far a job is. Its command writes it, and commands read it.
type progress struct {
	done, size atomic.Int64
	over       atomic.Bool
}

func (p *progress) set(done, size int64) {
	p.done.Store(done)
	p.size.Store(size)
}

// jobMsg tells how far a job is.
type jobMsg struct {
	progress   *progress
	done, size int64
	over       bool
}

// heard is how often it is told.
const heard = 200 * time.Millisecond

// begun begins a job. work returns what is to be told when it is over; an error
// of its own is told too, except that it was stopped.
func (m *Model) begun(doing string, work func(context.Context, *progress) (tea.Msg, error)) tea.Cmd {
	p := &progress{}
	cmd, stop := m.env.Work(func(ctx context.Context) tea.Msg {
		msg, err := work(ctx, p)
		p.over.Store(true)
		switch {
		case ctx.Err() != nil && errors.Is(err, context.Canceled):
			msg = screen.Say{Text: fmt.Sprintf("stopped %s at %s of %s", doing, text.Plural(p.done.Load(), "record"), text.Count(p.size.Load()))}
		case err != nil:
			msg = screen.Failed{Doing: doing, Err: err}
		}
		// The screen hears at once that it is over, if it is shown: an esc that
		// comes now is not for the job any more.
		return tea.BatchMsg{screen.Tell(msg), screen.Tell(jobMsg{progress: p, over: true})}
	})
	m.job = job{doing: doing, progress: p, stop: stop}
	return tea.Batch(cmd, m.job.watch())
}

func (j job) running() bool { return j.progress != nil }

// watch tells how far the job is in a moment.
func (j job) watch() tea.Cmd {
	p := j.progress
	if p == nil {
		return nil
	}
	return tea.Tick(heard, func(time.Time) tea.Msg {
		return jobMsg{p, p.done.Load(), p.size.Load(), p.over.Load()}
	})
}

// end returns the command that ends the job.
func (j *job) end() tea.Cmd {
	stop := j.stop
	j.stopping = false
	return func() tea.Msg {
		stop()
		return nil
	}
}

// hear takes how far the job is.
func (m *Model) hear(msg jobMsg) tea.Cmd {
	switch {
	case msg.progress != m.job.progress:
		return nil
	case msg.over:
		m.job = job{}
		return nil
	}
	m.job.done, m.job.size = msg.done, msg.size
	return m.job.watch()
}

// words say what the job does and how far it is.
func (j job) words() string {
	if j.size == 0 {
		return j.doing
	}
	return fmt.Sprintf("%s: %s of %s (%d%%), esc stops", j.doing, text.Count(j.done), text.Count(j.size), 100*j.done/j.size)
}

// verify checks the whole journal.
func (m *Model) verify() tea.Cmd {
	st, size := m.env.Store, m.env.Board.Head.Size
	return m.begun("verifying", func(ctx context.Context, p *progress) (tea.Msg, error) {
		p.set(0, size)
		report, err := st.VerifyJournalWatched(ctx, func(done int64) { p.set(done, max(size, done)) })
		return screen.Verified{Report: report, At: st.Now()}, err
	})
}
