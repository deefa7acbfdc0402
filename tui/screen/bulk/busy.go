package bulk

import (
	"context"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
)

// busy is what the root does for the screen. Its command writes what comes of it,
// and Update looks: a screen that was left and is shown again has heard nothing.
type busy struct {
	why     string // nothing else can be done meanwhile
	results []result
	count   atomic.Int64 // of results that are there
	over    atomic.Bool
}

// result is what became of a line of the plan.
type result struct {
	done     bool
	err      error
	undo     keystore.KeyChange
	undoable bool
}

// tell writes a result down and returns how many there are.
func (b *busy) tell(r bulk.Result) int {
	n := int(b.count.Load())
	b.results[n] = result{done: r.Done, err: r.Err}
	b.results[n].undo, b.results[n].undoable = r.Undo()
	b.count.Store(int64(n + 1))
	return n + 1
}

// told returns the results that are there.
func (b *busy) told() []result { return b.results[:b.count.Load()] }

func (m *Model) begin(why string) {
	m.asked = &busy{why: why}
	m.busy = m.asked
}

// do asks the root to do something for all the keys.
func (m *Model) do(doing string, fn func(ctx context.Context, done func(int)) tea.Msg) tea.Cmd {
	b := m.busy
	return screen.Tell(screen.Work{
		Doing: doing + " " + text.Plural(m.keys.Len(), "key"), Size: m.keys.Len(),
		Do: func(ctx context.Context, done func(int)) tea.Msg {
			defer b.over.Store(true)
			return fn(ctx, done)
		},
	})
}

// look takes what came of it by now.
func (m *Model) look() {
	if m.busy == nil {
		return
	}
	over := m.busy.over.Load() // before the results, so that none is missed
	if m.plan != nil {
		m.results = m.busy.told()
	}
	if over {
		m.busy = nil
	}
}

// views returns a function that copies out the keys as they are now, for a command.
func (m Model) views() func() []keystore.KeyView {
	keys, b := m.keys, m.env.Board
	return func() []keystore.KeyView { return keys.On(b).Views() }
}
