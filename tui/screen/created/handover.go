package created

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/clip"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// copy sends the key to the clipboard.
func (m *Model) copy() tea.Cmd {
	m.copying = true
	return m.clip.Copy(m.vault.key.Reveal())
}

// ways are what the journal says of a copy.
var ways = map[clip.Way]string{
	clip.Tmux: "through tmux", clip.Screen: "OSC 52 through screen", clip.Terminal: "OSC 52",
	clip.Desktop: "clipboard of this machine", clip.Passthru: "OSC 52 through tmux",
}

// sent counts a copy and has it recorded.
func (m *Model) sent(msg clip.Sent) tea.Cmd {
	if !m.copying {
		return nil
	}
	m.copying, m.way, m.failure = false, msg.Way, msg.Err
	m.copies++
	return m.record(keystore.Copied, ways[msg.Way])
}

// mask hides the key, or shows it again, which is recorded.
func (m *Model) mask() tea.Cmd {
	if m.box.Shown() {
		m.box = m.box.Hide()
		return nil
	}
	var cmd tea.Cmd
	m.box, cmd = m.box.Show()
	return tea.Batch(cmd, m.record(keystore.Revealed, "on the screen"))
}

// record has a handover written into the journal.
func (m Model) record(how keystore.Handover, detail string) tea.Cmd {
	st, id := m.env.Store, m.key.ID
	return m.env.Do(func(ctx context.Context) tea.Msg {
		if err := st.NoteHandover(ctx, id, how, detail); err != nil {
			return notRecorded(how, err)
		}
		return screen.Refresh{}
	})
}

func notRecorded(how keystore.Handover, err error) screen.Failed {
	return screen.Failed{Doing: "recording in the journal that the key was " + string(how), Err: err}
}

// askPaste opens the panel into which the key is pasted back.
func (m *Model) askPaste() tea.Cmd {
	m.panel, m.verdict = verifying, remark{}
	m.paste = field.New(m.env.Theme, "key", field.WithMask(), field.WithInline(), field.WithPlaceholder("paste it here; it is not shown"))
	m.resize(m.w, m.h)
	return m.paste.Focus()
}

// verify compares what was pasted with the key and keeps nothing of it.
func (m *Model) verify(pasted string) {
	m.paste.Reset()
	pasted = strings.TrimSpace(pasted)
	if pasted == "" {
		return
	}
	prefix, _, _ := strings.Cut(m.vault.key.String(), "_")
	k, err := token.Parse(prefix, pasted)
	switch {
	case err != nil:
		m.verdict = remark{"no match: " + err.Error(), theme.Bad}
	case !k.Equal(m.vault.key):
		m.verdict = remark{"no match: that is a key, but another one", theme.Bad}
	default:
		m.verdict = remark{"match: what you pasted is this key", theme.Good}
		m.panel = noPanel
	}
}

// askToLeave asks before the key is lost.
func (m *Model) askToLeave() tea.Cmd {
	lines := []confirm.Line{{Text: "The key cannot be shown again: pakdeck keeps only a hash of it.", Tone: theme.Warn}}
	switch {
	case len(m.saved) > 0:
		lines = append(lines, confirm.Line{Text: "It was saved to " + strings.Join(m.saved, ", ") + "."})
	case m.copies > 0:
		lines = append(lines, confirm.Line{Text: "It was sent to the clipboard. Whether it got there is known only after pasting."})
	default:
		lines = append(lines, confirm.Line{Text: "It was neither copied nor saved. Without it the key is of no use; revoke it then."})
	}
	popup := *m
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(m.env.Theme, confirm.Question{Title: "Leave the new key?", Lines: lines, Verb: "leave"}),
		Then:   func() tea.Cmd { return popup.close() },
	})
}
