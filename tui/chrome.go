package tui

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/frame"
)

func (m *Model) frame() frame.Frame {
	f := frame.Frame{
		App: "pakdeck", Store: m.storePath(), Facts: m.facts(), Right: m.right(),
		Active: -1, Aids: m.aids(), Toast: m.message(), Hints: m.hints(),
	}
	for _, tab := range tabs {
		a, _ := m.env.Keymap.Action("tab." + tab.place)
		key := ""
		if len(a.Keys) > 0 {
			key = a.Keys[0]
		}
		f.Tabs = append(f.Tabs, frame.Tab{Key: key, Title: tab.title})
	}
	if len(m.places.stack) > 0 {
		f.Active = tabIndex(m.places.stack[0].Scope())
		if m.places.stack[0].Scope() == screen.Empty {
			f.Active = 0
		}
	}
	if m.deepInLittleRoom() && f.Active >= 0 {
		f.Tabs, f.Active = f.Tabs[f.Active:f.Active+1], 0
	}
	return f
}

// storePath is the path of the store, with the home folder as "~".
func (m Model) storePath() string {
	path := m.env.Store.Path()
	if rest, err := filepath.Rel(m.opts.Home, path); m.opts.Home != "" && err == nil && filepath.IsLocal(rest) {
		path = filepath.Join("~", rest)
	}
	if m.env.Store.Demo() {
		path += " (demo)"
	}
	return path
}

func (m Model) facts() []frame.Fact {
	if !m.poll.loaded {
		return nil
	}
	out := []frame.Fact{{Text: text.Plural(m.env.Board.Listed, "key")}}
	if m.env.Board.Expiring > 0 {
		out = append(out, frame.Fact{Text: text.Count(m.env.Board.Expiring) + " expiring", Tone: theme.Warn})
	}
	if n := m.env.Verdict.Counts.Error; n > 0 {
		out = append(out, frame.Fact{Text: text.Plural(n, "error"), Tone: theme.Bad})
	}
	if m.env.Board.PolicyErr != nil {
		out = append(out, frame.Fact{Text: "policy unreadable", Tone: theme.Bad})
	}
	return out
}

// right is who looks, how, at what, when; the first is dropped first.
func (m Model) right() []frame.Fact {
	var out []frame.Fact
	if m.opts.Operator != "" {
		out = append(out, frame.Fact{Text: m.opts.Operator})
	}
	if m.poll.loaded {
		out = append(out, m.checkpoint())
	}
	mode := frame.Fact{Text: "rw"}
	if m.env.Store.ReadOnly() {
		mode = frame.Fact{Text: "ro", Tone: theme.Warn}
	}
	out = append(out, mode)
	if m.poll.loaded {
		out = append(out, frame.Fact{Text: m.clock()})
	}
	return out
}

// checkpoint is the newest checkpoint, and what the last check of the journal
// found, as long as it is about it.
func (m Model) checkpoint() frame.Fact {
	r, head := m.report, m.env.Board.Head
	switch {
	case r != nil && !r.Intact && r.Bad >= 0:
		return frame.Fact{Text: fmt.Sprintf("JOURNAL BROKEN at %d", r.Bad), Tone: theme.Bad}
	case r != nil && !r.Intact:
		return frame.Fact{Text: "JOURNAL BROKEN", Tone: theme.Bad}
	case r != nil && r.Size == head.Size:
		return frame.Fact{Text: "verified " + head.Short(), Tone: theme.Good}
	}
	return frame.Fact{Text: head.Short(), Tone: theme.Muted}
}

// clock is the store's time, to the minute: "14:32Z", or "15:32 CET".
func (m Model) clock() string {
	if m.env.Zone == time.UTC {
		return m.env.Board.Now.UTC().Format("15:04Z")
	}
	return m.env.Board.Now.In(m.env.Zone).Format("15:04 MST")
}
