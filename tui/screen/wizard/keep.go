package wizard

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
	"github.com/pakdeck/pakdeck/tui/screen/form/lifetime"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// keep is what is known of the draft.
type keep struct {
	began   time.Time // names the draft
	asks    bool      // an earlier draft is of interest
	looked  bool      // whether there is one is known
	waiting bool      // for the operator to pause
	saving  bool      // a saving is under way; there is one at a time
	telling bool      // the operator wants to be told once it is kept
	leaving bool      // and to leave then
	kept    string    // what was kept, as [Model.all] writes it
	failed  string    // what could not be kept; it is not tried again as it is
	seen    uint64    // version of the draft that is known to be kept
	aside   bool      // another draft stays in its place, by the operator's wish
}

// pause is how long the operator must be idle before a draft is kept.
const pause = 500 * time.Millisecond

type (
	// foundMsg brings an earlier draft, if there is one.
	foundMsg struct {
		began time.Time
		draft draft.Draft
		found bool
	}
	// resumeMsg goes on with an earlier draft.
	resumeMsg struct {
		began time.Time
		draft draft.Draft
	}
	// pausedMsg says that the operator has paused.
	pausedMsg struct{ began time.Time }
	// keptMsg tells what became of a saving.
	keptMsg struct {
		began time.Time
		all   string
		saved uint64 // version
		err   error
	}
	// insteadMsg has this draft kept in place of the one of a version.
	insteadMsg struct {
		began time.Time
		seen  uint64
	}
)

// lookForDraft asks the store for an earlier draft.
func (m Model) lookForDraft() tea.Cmd {
	desk, began := draft.At(m.env), m.keep.began
	if !m.keep.asks {
		return screen.Tell(foundMsg{began: began})
	}
	return m.env.Do(func(ctx context.Context) tea.Msg {
		d, found, err := desk.Load(ctx)
		if err != nil {
			return screen.Failed{Doing: "looking for a draft", Err: err}
		}
		return foundMsg{began, d, found}
	})
}

// keeps takes the messages about the draft.
func (m *Model) keeps(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case foundMsg:
		m.keep.looked = true
		if msg.found && msg.began == m.keep.began {
			m.keep.seen = msg.draft.Version
			return m.offerDraft(msg.draft)
		}
	case resumeMsg:
		if msg.began == m.keep.began {
			m.resume(msg.draft)
		}
	case pausedMsg:
		if msg.began == m.keep.began {
			m.keep.waiting = false
			return m.save()
		}
	case keptMsg:
		if msg.began == m.keep.began {
			return m.kept(msg)
		}
	case insteadMsg:
		if msg.began == m.keep.began {
			m.keep.seen, m.keep.aside = msg.seen, false
			return m.save()
		}
	}
	return nil
}

// offerDraft asks whether to go on with an earlier draft.
func (m Model) offerDraft(d draft.Draft) tea.Cmd {
	then := resumeMsg{m.keep.began, d}
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(m.env.Theme, confirm.Question{
			Title: "Go on with your draft?",
			Lines: append(m.about(d), confirm.Line{Text: "If you begin anew, the draft is replaced once you have filled something in.", Tone: theme.Muted}),
			Verb:  "go on", Refuse: "begin anew", Sudden: true,
		}),
		Then: func() tea.Cmd { return screen.Tell(then) },
	})
}

// recently is how old a draft may be for its form to be open still, somewhere.
const recently = 3 * time.Minute

// about says what a draft is of, and when and where it was kept.
func (m Model) about(d draft.Draft) []confirm.Line {
	words := text.Safe(d.Ref()) + ", kept " + m.env.Clock(d.Saved)
	if d.Terminal != "" {
		words += " at " + text.Safe(d.Terminal)
	}
	lines := []confirm.Line{{Text: words}}
	if m.env.Board.Now.Sub(d.Saved) < recently && d.Terminal != draft.Terminal(m.env.Getenv) {
		lines = append(lines, confirm.Line{Text: "It was kept a moment ago, at another terminal, and may still be open there.", Tone: theme.Warn})
	}
	return lines
}

// askInstead asks which of two drafts is to be kept; until that is answered it
// is the other one.
func (m *Model) askInstead(theirs draft.Draft) tea.Cmd {
	m.keep.aside = true
	then := insteadMsg{m.keep.began, theirs.Version}
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(m.env.Theme, confirm.Question{
			Title: "Replace your other draft?",
			Lines: append(m.about(theirs), confirm.Line{Text: "Only one draft is kept for you. Without a draft, this form is lost if the connection drops.", Tone: theme.Muted}),
			Verb:  "replace it", Refuse: "leave it", Sudden: true,
		}),
		Then: func() tea.Cmd { return screen.Tell(then) },
	})
}

// resume fills in a draft and goes to the step where the operator was, or to
// the first one that something is wrong with by now.
func (m *Model) resume(d draft.Draft) {
	m.fill(values{
		owner: d.Owner, name: d.Name, description: d.Description, scopes: d.Scopes,
		span:  lifetime.Value{Expires: d.Expires, Clock: d.Clock, Zone: d.Zone, NotBefore: d.NotBefore, Rotate: d.Rotate, Warn: d.Warn},
		rules: iprule.Rules{Allow: d.Allow, Deny: d.Deny},
	})
	m.keep = keep{began: d.Began, looked: true, kept: m.all(), seen: d.Version}
	m.step = min(step(max(0, d.Step)), firstWrong(m.problems()), network)
	m.furthest = m.step
	m.refresh()
}

// draftOf returns what is filled in as a draft.
func (m Model) draftOf() draft.Draft {
	v, r := m.span.Value(), m.rules.Rules()
	return draft.Draft{
		Began: m.keep.began, Step: int(m.step),
		Owner: m.forms[identity].Value(form.Owner), Name: m.forms[identity].Value(form.Name),
		Description: m.forms[identity].Value(form.Description), Scopes: m.chosen(),
		Expires: v.Expires, Clock: v.Clock, Zone: m.span.Zone(), NotBefore: v.NotBefore, Rotate: v.Rotate, Warn: v.Warn, Allow: r.Allow, Deny: r.Deny,
	}
}

// watch has the draft kept once the operator pauses.
func (m *Model) watch() tea.Cmd {
	now := m.all()
	if !m.keep.looked || m.keep.waiting || m.keep.saving || m.keep.aside || m.busy || now == m.from || now == m.keep.kept || now == m.keep.failed {
		return nil
	}
	m.keep.waiting = true
	msg := pausedMsg{m.keep.began}
	return tea.Tick(pause, func(time.Time) tea.Msg { return msg })
}

// save keeps the draft now.
func (m *Model) save() tea.Cmd {
	all := m.all()
	if m.keep.saving || m.busy || all == m.keep.kept {
		return nil
	}
	m.keep.saving = true
	desk, d, seen := draft.At(m.env), m.draftOf(), m.keep.seen
	return m.env.Do(func(ctx context.Context) tea.Msg {
		saved, err := desk.Save(ctx, d, seen)
		return keptMsg{d.Began, all, saved.Version, err}
	})
}

// kept notes what became of a saving, and leaves if that was waited for.
func (m *Model) kept(msg keptMsg) tea.Cmd {
	leaving, telling := m.keep.leaving, m.keep.telling
	m.keep.saving, m.keep.leaving, m.keep.telling = false, false, false
	if other, is := errors.AsType[*draft.ElsewhereError](msg.err); is {
		return m.askInstead(other.Theirs)
	}
	if msg.err != nil {
		m.keep.failed = msg.all
		return screen.Tell(screen.Failed{Doing: "keeping a draft of the new key", Err: msg.err})
	}
	m.keep.kept, m.keep.seen = msg.all, msg.saved
	switch {
	case leaving:
		return m.leave()
	case telling:
		return screen.Tell(m.keptWords())
	}
	return nil
}

// leave goes away from what is kept as a draft, once it is.
func (m *Model) leave() tea.Cmd {
	m.keep.leaving = true
	if m.all() != m.keep.kept {
		return m.save()
	}
	m.keep.leaving = false
	return tea.Sequence(
		screen.Tell(m.keptWords()),
		screen.Tell(screen.Back{}),
	)
}

// keepNow is the action that keeps the draft at once, and says so.
func (m *Model) keepNow() tea.Cmd {
	switch all := m.all(); {
	case all == m.from && m.keep.kept == "":
		return screen.Tell(screen.Say{Text: "there is nothing to keep yet"})
	case all == m.keep.kept:
		return screen.Tell(m.keptWords())
	}
	m.keep.telling, m.keep.aside = true, false
	return m.save()
}

func (m Model) keptWords() screen.Say {
	return screen.Say{Level: screen.OK, Text: "kept as a draft: " + text.Safe(m.draftOf().Ref()) + "; n goes on with it"}
}
