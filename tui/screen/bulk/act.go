package bulk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/bulk"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// Actions returns what can be done to several keys at once.
func Actions() []keymap.Action {
	return keymap.Group("Several keys", []string{screen.Bulk}, []keymap.Action{
		{ID: "key.bulk", Title: "bulk", Help: "one change to all marked", Keys: []string{"b"}, Scopes: []string{screen.Keys}, Writes: true, CLI: "pakdeck bulk edit"},
		{ID: "bulk.go", Title: "go on", Help: "preview, then change", Keys: []string{"enter"}, Writes: true, CLI: "pakdeck bulk edit"},
		{ID: "bulk.atomic", Title: "all or none", Help: "one transaction for all, or one each", Keys: []string{"a"}, Writes: true, CLI: "pakdeck bulk edit --atomic"},
		{ID: "bulk.kind", Title: "other change", Help: "another kind of change", Keys: []string{"tab"}, CLI: "pakdeck bulk edit"},
		{ID: "bulk.back", Title: "the one before", Help: "the kind before", Keys: []string{"shift+tab"}, CLI: "pakdeck bulk edit"},
	})
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	cmd := m.act(action)
	m.rebuild()
	return m, cmd
}

func (m *Model) act(action string) tea.Cmd {
	switch action {
	case "bulk.kind":
		m.choose(m.kind + 1)
	case "bulk.back":
		m.choose(m.kind - 1)
	case "bulk.atomic":
		m.atomic = !m.atomic
	case "bulk.go":
		switch {
		case m.choosing() && kinds[m.kind].name == export:
			return m.export()
		case m.choosing():
			return m.preview()
		}
		return m.confirm()
	}
	return nil
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	switch a.ID {
	case "bulk.kind", "bulk.back":
		if !m.choosing() {
			return "esc goes back to the choice"
		}
	case "bulk.atomic":
		if m.choosing() || m.going || m.over() {
			return "it is chosen when the preview shows"
		}
	case "bulk.go":
		switch {
		case m.exporting():
			return "it is being written; esc stops it"
		case m.going:
			return "it is going on; esc stops it"
		case m.over():
			return "it is done; esc goes back to the choice"
		case m.plan != nil && bulk.Count(m.plan) == 0:
			return "no key would change"
		case m.atomic && m.failing() > 0:
			return "one cannot be changed, so none would be; a changes each by itself"
		case len(m.keys) == 0:
			return "there is no key"
		}
	}
	return ""
}

// plannedMsg brings a plan.
type plannedMsg struct {
	tag    *int
	serial int
	plan   []bulk.Line
	err    error
}

// startMsg begins to carry the plan out.
type startMsg struct{ tag *int }

// doneMsg brings the result of one line.
type doneMsg struct {
	tag    *int
	serial int
	result bulk.Result
}

// preview returns the command that looks what would change.
func (m *Model) preview() tea.Cmd {
	c, err := m.change()
	if err != nil {
		m.problem = err.Error()
		return nil
	}
	m.problem = ""
	keys := m.views()
	m.serial++
	st, answer := m.env.Store, plannedMsg{tag: m.tag, serial: m.serial}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.plan, answer.err = bulk.Plan(ctx, st, keys, c)
		return answer
	})
}

func (m *Model) planned(msg plannedMsg) {
	if msg.err != nil {
		m.problem = msg.err.Error()
		return
	}
	m.plan, m.results = msg.plan, nil
	m.value.Blur()
}

// confirm asks for the number of keys.
func (m *Model) confirm() tea.Cmd {
	n := bulk.Count(m.plan)
	q := confirm.Question{
		Title: "Change " + text.Plural(int64(n), "key") + "?", Verb: "change", Count: n,
		Lines: []confirm.Line{
			{Text: kinds[m.kind].name + " " + m.value.Value()},
			{Text: fmt.Sprintf("%d of %s would change, as the list shows.", n, text.Plural(int64(len(m.plan)), "key"))},
		},
	}
	if m.atomic {
		q.Lines = append(q.Lines, confirm.Line{Text: "All in one transaction: all are changed, or none."})
	}
	if failed := m.failing(); failed > 0 {
		q.Lines = append(q.Lines, confirm.Line{Text: fmt.Sprintf("%d cannot be changed and stay.", failed), Tone: theme.Warn})
	}
	start := screen.Tell(startMsg{m.tag})
	return screen.Tell(screen.Ask{Dialog: confirm.New(m.env.Theme, q), Then: func() tea.Cmd { return start }})
}

func (m Model) failing() (n int) {
	for _, l := range m.plan {
		if l.Err != nil {
			n++
		}
	}
	return n
}

// allMsg brings the results of a plan that was carried out in one transaction.
type allMsg struct {
	tag     *int
	serial  int
	results []bulk.Result
	err     error
}

// all returns the command that changes all keys or none.
func (m Model) all() tea.Cmd {
	plan, st, answer := m.plan, m.env.Store, allMsg{tag: m.tag, serial: m.serial}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.results, answer.err = bulk.ApplyAll(ctx, st, plan)
		return answer
	})
}

func (m *Model) allDone(msg allMsg) tea.Cmd {
	m.going = false
	if msg.err != nil {
		return tea.Batch(screen.Tell(screen.Failed{Doing: "changing all keys; none was changed", Err: msg.err}), screen.Tell(screen.Refresh{}))
	}
	m.results = msg.results
	return m.end()
}

// step returns the command that changes the next key.
func (m Model) step() tea.Cmd {
	l, st, answer := m.plan[len(m.results)], m.env.Store, doneMsg{tag: m.tag, serial: m.serial}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		answer.result = bulk.Do(ctx, st, l)
		return answer
	})
}

// done keeps a result, and goes on or ends.
func (m *Model) done(r bulk.Result) tea.Cmd {
	m.results = append(m.results, r)
	if len(m.results) < len(m.plan) && !m.stopping {
		return m.step()
	}
	return m.end()
}

// end tells what was changed, and offers to take it back.
func (m *Model) end() tea.Cmd {
	m.going, m.stopping = false, false
	changed := 0
	var back []keystore.KeyChange
	for _, r := range m.results {
		if r.Done {
			changed++
		}
		if c, ok := r.Undo(); ok {
			back = append(back, c)
		}
	}
	say := screen.Say{Level: screen.OK, Text: "changed " + text.Plural(int64(changed), "key")}
	if changed < bulk.Count(m.plan) {
		say.Level, say.Text = screen.Warning, fmt.Sprintf("%s of %d", say.Text, bulk.Count(m.plan))
	}
	if len(back) > 0 {
		say.Undo = undo(m.env, back, m.atomic)
	}
	return tea.Batch(screen.Tell(say), screen.Tell(screen.Refresh{}))
}

// undo returns the command that takes changes back, as they were made: all at once
// or each by itself.
func undo(env *screen.Env, back []keystore.KeyChange, atomic bool) tea.Cmd {
	st := env.Store
	return env.Do(func(ctx context.Context) tea.Msg {
		batches := slices.Collect(slices.Chunk(back, 1))
		if atomic {
			batches = [][]keystore.KeyChange{back}
		}
		var errs []error
		for _, b := range batches {
			_, err := st.ChangeKeys(ctx, b)
			errs = append(errs, err)
		}
		if err := errors.Join(errs...); err != nil {
			return screen.Failed{Doing: "taking the changes back", Err: err}
		}
		return tea.Sequence(screen.Tell(screen.Say{Level: screen.OK, Text: "took the changes of " + text.Plural(int64(len(back)), "key") + " back"}), screen.Tell(screen.Refresh{}))()
	})
}
