// Package network edits from which addresses a key works, and tests addresses
// against the rules while they are being changed.
//
// Beside the lists stand what they would have meant for the callers of the last
// 30 days, and how many uses each entry decided about. ctrl+s shows which
// entries come and go and whom that would shut out, and
// saves only when that is agreed to. The change is made to the version of the
// key that was on the screen: if somebody else was quicker, nothing is written
// yet. Entries that only one of them changed stay as that one left them, of the
// others the operator chooses, and the whole is shown again.
package network

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/merge"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
	"github.com/pakdeck/pakdeck/tui/screen/form/addresses"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
)

const (
	saveID  = "network.save"
	enterID = "network.enter"
	nextID  = "network.next"
)

// Model is the screen.
type Model struct {
	env    *screen.Env
	before keystore.KeyView // as it was on the screen
	rules  addresses.Model
	w, h   int
}

// New returns the editor for the key to.Key.
func New(env *screen.Env, to screen.Go) screen.Screen {
	v, _ := env.Board.Key(to.Key)
	return Model{env: env, before: v, rules: addresses.New(env.Theme, v.Rules, witnesses(env, v))}
}

// witnesses are the addresses that the operator wants to know about: where the
// key was used from last, and the operator's own.
func witnesses(env *screen.Env, v keystore.KeyView) []addresses.Witness {
	var out []addresses.Witness
	if last := v.Uses.Last.IP; last.IsValid() {
		out = append(out, addresses.Witness{Addr: last, Who: "the last caller"})
	}
	return append(out, addresses.Operator(env.Getenv)...)
}

// Actions returns what can be done on the screen, the actions of the lists
// included.
func Actions() []keymap.Action {
	return keymap.Group("Addresses", []string{screen.Network}, append(
		addresses.Actions(),
		keymap.Action{ID: saveID, Title: "save", Help: "show what changes, then save it", Keys: []string{"ctrl+s"}, Writes: true, CLI: "pakdeck key edit KEY --allow PREFIX --deny PREFIX"},
		keymap.Action{ID: enterID, Title: "accept", Help: "take the entry that is typed; else edit the one under the cursor", Keys: []string{"enter"}},
		keymap.Action{ID: nextID, Title: "lists or test", Help: "go from the lists to the test and back", Keys: []string{"tab", "shift+tab"}},
	))
}

// Scope implements [screen.Screen].
func (m Model) Scope() string { return screen.Network }

// Title implements [screen.Screen].
func (m Model) Title() string { return "Network " + m.before.Ref() }

// Init implements [screen.Screen]: it asks who used the key.
func (m Model) Init() tea.Cmd { return form.AskSeen(m.env, m.before) }

// Typing implements [screen.Screen].
func (m Model) Typing() bool { return m.rules.Typing() }

// Unsaved implements [screen.Screen].
func (m Model) Unsaved() string {
	if !m.rules.Changed() && m.rules.Unfinished() == "" {
		return ""
	}
	return "the changed addresses of " + m.before.Ref()
}

// Close implements [screen.Closer]: esc ends what is being typed.
func (m Model) Close() (screen.Screen, bool) {
	closed := m.rules.Close()
	return m, closed
}

// Why implements [screen.Screen].
func (m Model) Why(a keymap.Action) string {
	switch why := form.WhyNot(m.before); {
	case a.ID != saveID:
		return ""
	case why == "" && !m.rules.Changed():
		return "nothing was changed"
	default:
		return why
	}
}

// Hints implements [screen.Screen].
func (m Model) Hints() []string {
	if m.rules.Typing() {
		return []string{enterID, nextID, "app.back"}
	}
	return append(append([]string{saveID}, addresses.IDs...), "app.back")
}

type (
	savedMsg   struct{ key keystore.KeyView }
	refusedMsg struct{ err error }
	// reloadMsg goes on from what somebody else saved.
	reloadMsg struct {
		theirs keystore.KeyView
		merged merge.Result
	}
)

// Update implements [screen.Screen].
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case form.SeenMsg:
		if msg.Key == m.before.ID {
			m.rules.SetSeen(msg.Seen)
		}
	case refusedMsg:
		cmd = m.refused(msg.err)
	case reloadMsg:
		cmd = m.rebase(msg.theirs, msg.merged)
	case savedMsg:
		cmd = m.saved(msg.key)
	case board.Msg:
		m.follow()
	case tea.KeyPressMsg, tea.PasteMsg:
		m.rules, cmd = m.rules.Update(msg)
	}
	m.arrange()
	return m, cmd
}

// Act implements [screen.Screen].
func (m Model) Act(action string) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch action {
	case saveID:
		cmd = m.ask()
	case enterID:
		if !m.rules.Enter() {
			m.rules.Act("address.change")
		}
	case nextID:
		m.rules.Next()
	default:
		m.rules.Act(action)
	}
	m.arrange()
	return m, cmd
}

// ask shows what will change and whom it shuts out.
func (m *Model) ask() tea.Cmd {
	if left := m.rules.Unfinished(); left != "" {
		return screen.Tell(screen.Say{Level: screen.Warning, Text: left})
	}
	return m.askToSave(merge.Result{})
}

// askToSave shows what will change, and what somebody else changed meanwhile.
func (m *Model) askToSave(merged merge.Result) tea.Cmd {
	after := m.rules.Rules()
	if why := m.forbidden(after); why != "" {
		return screen.Tell(screen.Say{Level: screen.Failure, Text: why})
	}
	return form.AskToSave(m.env.Theme, "addresses of "+m.before.Ref(), m.preview(after, merged), merged, m.save)
}

// forbidden says why rules may not be saved, or "".
func (m Model) forbidden(after iprule.Rules) string {
	if err := after.Validate(); err != nil {
		return err.Error()
	}
	k := m.before.Key
	k.Rules = after
	for _, v := range m.env.Board.Policy.Check(k, m.before.Owner) {
		if form.RowOf(v.Field) == form.Addresses {
			return "policy: " + v.Text
		}
	}
	return ""
}

// mostShown is how many entries a question lists.
const mostShown = 8

// preview lists the entries that come and go, and what follows from it.
func (m Model) preview(after iprule.Rules, merged merge.Result) []confirm.Line {
	lines := diff(nil, "deny", m.before.Rules.Deny, after.Deny)
	lines = diff(lines, "allow", m.before.Rules.Allow, after.Allow)
	if more := len(lines) - mostShown; more > 1 {
		lines = append(lines[:mostShown:mostShown], confirm.Line{Text: "and " + text.Plural(more, "more change"), Tone: theme.Muted})
	}
	lines = append(lines, form.Meanwhile(merged)...)
	for _, turned := range m.rules.Turned() {
		lines = append(lines, confirm.Line{Text: turned, Tone: theme.Bad})
	}
	lines = append(lines, m.effect()...)
	switch {
	case after.IsZero():
		lines = append(lines, confirm.Line{Text: "The key will work from any address.", Tone: theme.Warn})
	case len(after.Allow) == 0:
		lines = append(lines, confirm.Line{Text: "The key will work from any address that is not denied.", Tone: theme.Warn})
	}
	return lines
}

// effect says what the change would have meant for the uses that were seen.
func (m Model) effect() []confirm.Line {
	e, known := m.rules.Effect()
	if !known {
		return nil
	}
	return form.Effect(e)
}

func diff(lines []confirm.Line, list string, before, after []iprule.Entry) []confirm.Line {
	for _, e := range before {
		if !slices.Contains(after, e) {
			lines = append(lines, confirm.Line{Text: "- " + list + " " + e.String(), Tone: theme.Muted})
		}
	}
	for _, e := range after {
		if !slices.Contains(before, e) {
			lines = append(lines, confirm.Line{Text: "+ " + list + " " + e.String(), Tone: theme.Good})
		}
	}
	return lines
}

// save writes the rules.
func (m Model) save() tea.Cmd {
	after, before, st := m.rules.Rules(), m.before, m.env.Store
	return m.env.Do(func(ctx context.Context) tea.Msg {
		v, err := st.EditKey(ctx, before.ID, before.Version, keystore.KeyEdit{Rules: &after})
		if err != nil {
			return refusedMsg{err}
		}
		return savedMsg{v}
	})
}

// saved leaves the screen.
func (m *Model) saved(v keystore.KeyView) tea.Cmd {
	m.before = v
	m.rules = addresses.New(m.env.Theme, v.Rules, witnesses(m.env, v))
	return form.Saved("changed the addresses of " + v.Ref())
}

// refused tells why nothing was saved.
func (m *Model) refused(err error) tea.Cmd {
	theirs, ok := form.Conflict[keystore.KeyView](err)
	if !ok {
		return screen.Tell(screen.Failed{Doing: "changing the addresses of " + m.before.Ref(), Err: err})
	}
	merged := merge.Fields(fields(m.before.Rules, m.rules.Rules(), theirs.Rules)...)
	return form.Settle(m.env.Theme, m.before.Ref(), merged, func(r merge.Result) tea.Msg { return reloadMsg{theirs, r} })
}

// top is where the lists begin.
const top = 1

func (m *Model) arrange() { m.rules.SetSize(m.w, max(1, m.h-top)) }

// unsaved counts the entries that come and go: "unsaved: +5 -1".
func (m Model) unsaved() string {
	after := m.rules.Rules()
	come, goes := 0, 0
	for _, l := range diff(diff(nil, "deny", m.before.Rules.Deny, after.Deny), "allow", m.before.Rules.Allow, after.Allow) {
		if strings.HasPrefix(l.Text, "+") {
			come++
		} else {
			goes++
		}
	}
	if come+goes == 0 {
		return "unsaved: another order"
	}
	said := "unsaved:"
	if come > 0 {
		said += fmt.Sprintf(" +%d", come)
	}
	if goes > 0 {
		said += fmt.Sprintf(" -%d", goes)
	}
	return said
}

// View implements [screen.Screen].
func (m Model) View() screen.View {
	t := m.env.Theme
	title := " " + t.Title.Render(text.Truncate(m.before.Ref(), max(0, m.w-40)))
	if m.moved() {
		title += "   " + t.Paint(theme.Warn, form.Moved)
	} else {
		title += "   " + t.Hint.Render("deny goes first, then allow")
	}
	if m.rules.Changed() {
		title += "   " + t.Paint(theme.Warn, m.unsaved())
	}
	lines := append([]string{text.FitStyled(title, m.w)}, m.rules.View()...)
	return screen.View{
		Content: strings.Join(layout.Fill(lines, m.w, m.h), "\n"),
		Cursor:  layout.Move(m.rules.Cursor(), 0, top),
	}
}
