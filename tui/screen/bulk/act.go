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
		case m.choosing() && kinds[m.kind].Name == export:
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
		switch {
		case m.busy != nil:
			return m.busy.why
		case !m.choosing():
			return "esc goes back to the choice"
		}
	case "bulk.atomic":
		if m.choosing() || m.busy != nil || m.over() {
			return "it is chosen when the preview shows"
		}
	case "bulk.go":
		switch {
		case m.busy != nil:
			return m.busy.why
		case m.over():
			return "it is done; esc goes back to the choice"
		case m.plan != nil && m.would == 0:
			return "no key would change"
		case m.atomic && m.failing > 0:
			return "one cannot be changed, so none would be; a changes each by itself"
		case m.atomic && m.would > keystore.MaxAtOnce:
			return fmt.Sprintf("%s are too many for one transaction; a changes each by itself", text.Plural(m.would, "key"))
		case m.keys.Len() == 0:
			return "there is no key"
		}
	}
	return ""
}

// plannedMsg brings a plan.
type plannedMsg struct {
	busy *busy
	plan []bulk.Line
	err  error
}

// startMsg begins to carry the plan out.
type startMsg struct{ busy *busy }

// planTogether is how many keys are planned between two looks at how far it is.
const planTogether = 500

// preview returns the command that looks what would change.
func (m *Model) preview() tea.Cmd {
	c, err := m.change()
	if m.problem = ""; err != nil {
		m.problem = err.Error()
		return nil
	}
	m.begin("it is being looked at; esc stops it")
	views, st, answer := m.views(), m.env.Store, plannedMsg{busy: m.busy}
	return m.do("looking at", func(ctx context.Context, done func(int)) tea.Msg {
		for some := range slices.Chunk(views(), planTogether) {
			plan, err := bulk.Plan(ctx, st, some, c)
			if answer.err = err; err != nil {
				break
			}
			answer.plan = append(answer.plan, plan...)
			done(len(answer.plan))
		}
		return answer
	})
}

func (m *Model) planned(msg plannedMsg) {
	switch {
	case errors.Is(msg.err, context.Canceled):
		m.problem = "stopped; nothing was changed"
		return
	case msg.err != nil:
		m.problem = msg.err.Error()
		return
	}
	m.plan, m.results = msg.plan, nil
	m.would, m.failing = bulk.Count(m.plan), 0
	for _, l := range m.plan {
		if l.Err != nil {
			m.failing++
		}
	}
	m.value.Blur()
}

// confirm asks for the number of keys.
func (m *Model) confirm() tea.Cmd {
	q := confirm.Question{
		Title: "Change " + text.Plural(m.would, "key") + "?", Verb: "change", Count: m.would,
		Lines: []confirm.Line{
			{Text: kinds[m.kind].Name + " " + m.value.Value()},
			{Text: fmt.Sprintf("%s of %s would change, as the list shows.", text.Count(m.would), text.Plural(len(m.plan), "key"))},
		},
	}
	if m.atomic {
		q.Lines = append(q.Lines, confirm.Line{Text: "All in one transaction: all are changed, or none."})
	}
	if m.failing > 0 {
		q.Lines = append(q.Lines, confirm.Line{Text: text.Count(m.failing) + " cannot be changed and stay.", Tone: theme.Warn})
	}
	m.asked = &busy{why: "it is going on; esc stops it", results: make([]result, len(m.plan))}
	start := screen.Tell(startMsg{m.asked})
	return screen.Tell(screen.Ask{Dialog: confirm.New(m.env.Theme, q), Then: func() tea.Cmd { return start }})
}

// start returns the command that carries the plan out.
func (m *Model) start(b *busy) tea.Cmd {
	m.busy = b
	plan, env, st, atomic, would := m.plan, m.env, m.env.Store, m.atomic, m.would
	return m.do("changing", func(ctx context.Context, done func(int)) tea.Msg {
		tell := func(r bulk.Result) { done(b.tell(r)) }
		if !atomic {
			err := bulk.Apply(ctx, st, plan, tell)
			return ended(env, b, would, false, err)
		}
		results, err := bulk.ApplyAll(ctx, st, plan)
		for _, r := range results {
			tell(r)
		}
		return ended(env, b, would, true, err)
	})
}

// ended tells what was changed, and offers to take it back.
func ended(env *screen.Env, b *busy, would int, atomic bool, err error) tea.Msg {
	changed, back := 0, []keystore.KeyChange(nil)
	for _, r := range b.told() {
		if r.done {
			changed++
		}
		if r.undoable {
			back = append(back, r.undo)
		}
	}
	say := screen.Say{Level: screen.OK, Text: "changed " + text.Plural(changed, "key")}
	if changed < would {
		say.Level, say.Text = screen.Warning, say.Text+" of "+text.Count(would)
	}
	if len(back) > 0 {
		say.Undo = undo(env, back, atomic)
	}
	cmds := []tea.Cmd{screen.Tell(say), screen.Tell(screen.Refresh{})}
	switch failed := err != nil && !errors.Is(err, context.Canceled); {
	case failed && atomic:
		cmds[0] = screen.Tell(screen.Failed{Doing: "changing all keys; none was changed", Err: err})
	case failed:
		cmds = append([]tea.Cmd{screen.Tell(screen.Failed{Doing: "changing the keys", Err: err})}, cmds...)
	}
	return tea.Sequence(cmds...)()
}

// undo returns the command that takes changes back, as they were made: all at once
// or each by itself.
func undo(env *screen.Env, back []keystore.KeyChange, atomic bool) tea.Cmd {
	st := env.Store
	return screen.Tell(screen.Work{Doing: "taking back the changes of " + text.Plural(len(back), "key"), Size: len(back), Do: func(ctx context.Context, done func(int)) tea.Msg {
		tried, taken, errs := 0, 0, []error(nil)
		tell := func(_ keystore.KeyView, err error) {
			if tried++; err == nil {
				taken++
			} else if len(errs) < mostErrors {
				errs = append(errs, err)
			}
			done(tried)
		}
		if atomic {
			views, err := st.ChangeKeys(ctx, back)
			errs, taken = append(errs, err), len(views)
		} else {
			errs = append(errs, bulk.Each(ctx, st, back, tell))
		}
		say := screen.Say{Level: screen.OK, Text: "took the changes of " + text.Plural(taken, "key") + " back"}
		if taken < len(back) {
			say.Level, say.Text = screen.Warning, say.Text+"; "+text.Count(len(back)-taken)+" stay changed"
		}
		cmds := []tea.Cmd{screen.Tell(say), screen.Tell(screen.Refresh{})}
		if err := errors.Join(errs...); err != nil && !errors.Is(err, context.Canceled) {
			cmds = append([]tea.Cmd{screen.Tell(screen.Failed{Doing: "taking the changes back", Err: err})}, cmds...)
		}
		return tea.Sequence(cmds...)()
	}})
}

// mostErrors is how many errors are told in full.
const mostErrors = 5
