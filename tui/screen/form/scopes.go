package form

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/pick"
)

// Scopes is a list of scopes to tick, narrowed and added to by typing. Several
// can be pasted at once.
type Scopes struct {
	theme     theme.Theme
	label     string
	pick      pick.Model
	note, err string
	width     int
	height    int
}

// Offer is a scope to choose, and why it is offered.
type Offer struct {
	Scope keystore.Scope
	Help  string
	// Disabled says why it cannot be chosen, or "".
	Disabled string
}

// NewScopes returns the offers with some scopes ticked; one that is not
// offered is added.
func NewScopes(t theme.Theme, label string, offers []Offer, ticked []keystore.Scope) Scopes {
	items := make([]pick.Item, len(offers))
	for i, o := range offers {
		items[i] = pick.Item{ID: string(o.Scope), Label: string(o.Scope), Help: o.Help, Disabled: o.Disabled}
		if strings.Contains(string(o.Scope), "*") {
			items[i].Tag, items[i].Tone = "wide", theme.Warn
		}
	}
	x := Scopes{theme: t, label: label, pick: pick.New(t, items, pick.WithNew(newScope)), width: 60, height: 8}
	x.pick.SetTicked(texts(ticked)...)
	return x
}

func newScope(s string) (pick.Item, error) {
	scope, err := keystore.ParseScope(s)
	return pick.Item{ID: string(scope), Label: string(scope)}, err
}

func texts(scopes []keystore.Scope) []string {
	out := make([]string, len(scopes))
	for i, s := range scopes {
		out[i] = string(s)
	}
	return out
}

// Chosen returns the ticked scopes, sorted.
func (x Scopes) Chosen() []keystore.Scope {
	var out []keystore.Scope
	for _, id := range x.pick.Ticked() {
		out = append(out, keystore.Scope(id))
	}
	slices.Sort(out)
	return out
}

// Unfinished says what is wrong with text that was typed but not added, or "".
func (x Scopes) Unfinished() string {
	typed := strings.TrimSpace(x.pick.Filter())
	if typed == "" {
		return ""
	}
	if _, err := keystore.ParseScope(typed); err != nil {
		return err.Error() + "; ctrl+u empties the line"
	}
	return text.Quote(typed) + " is typed but not ticked: space ticks it, ctrl+u empties the line"
}

// Update implements [Item].
func (x Scopes) Update(msg tea.Msg) (Item, tea.Cmd) {
	if paste, ok := msg.(tea.PasteMsg); ok {
		if list := split(paste.Content); len(list) > 0 {
			x.add(list)
			return x, nil
		}
	}
	x.note = ""
	before := x.Value()
	var cmd tea.Cmd
	x.pick, cmd = x.pick.Update(msg)
	if x.Value() != before {
		x.err = ""
	}
	return x, cmd
}

// split takes a pasted list apart.
func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;\"'[]", r) })
}

// add ticks pasted scopes and tells of those that are none.
func (x *Scopes) add(list []string) {
	good := texts(x.Chosen())
	before, bad := len(good), []string(nil)
	for _, s := range list {
		if scope, err := keystore.ParseScope(s); err != nil {
			bad = append(bad, text.Quote(s))
		} else if !slices.Contains(good, string(scope)) {
			good = append(good, string(scope))
		}
	}
	x.pick.SetTicked(good...)
	x.note = "ticked " + text.Plural(len(good)-before, "scope")
	if len(bad) > 0 {
		x.note += ", left out " + strings.Join(bad[:min(3, len(bad))], " ") + ": write resource:action"
	}
}

// Enter implements [Enterer]: with something typed it ticks what is under the
// cursor; if that is nothing, it tells why.
func (x Scopes) Enter() (Item, bool) {
	if strings.TrimSpace(x.pick.Filter()) == "" {
		return x, false
	}
	before := x.Value()
	x.pick, _ = x.pick.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
	if x.Value() == before {
		x.err = x.Unfinished()
		return x, true
	}
	x.err = ""
	x.pick, _ = x.pick.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	return x, true
}

// Focus implements [Item].
func (x Scopes) Focus() (Item, tea.Cmd) {
	cmd := x.pick.Focus()
	return x, cmd
}

// Blur implements [Item].
func (x Scopes) Blur() Item {
	x.pick.Blur()
	x.note = ""
	return x
}

// grows implements grower.
func (x Scopes) grows() {}

// leastScopes is how many lines a list of scopes has at least, with the filter
// and the remark.
const leastScopes = 5

// Size implements [Item].
func (x Scopes) Size(w, h int) Item {
	x.width, x.height = w, max(h, leastScopes)
	x.pick.SetSize(max(0, w-LabelWidth-1), x.height-1)
	return x
}

// Lines implements [Item].
func (x Scopes) Lines() []string {
	lines := make([]string, 0, x.height)
	label := x.label
	for line := range strings.SplitSeq(x.pick.View(), "\n") {
		lines = append(lines, text.FitStyled(x.theme.Label.Render(text.Fit(label, LabelWidth))+" "+line, x.width))
		label = ""
	}
	said, tone := x.note, theme.Warn
	switch {
	case x.err != "":
		said, tone = x.err, theme.Bad
	case x.pick.Why() != "" && x.pick.Focused():
		said = x.pick.Why()
	}
	lines = append(lines, remark(x.theme, tone, said, x.width)...)
	if over := len(lines) - x.height; over > 0 {
		// A long remark takes the room of the last items.
		n := x.height - 1
		lines = slices.Delete(lines, max(1, n-over), n)
	}
	return lines
}

// Cursor implements [Item].
func (x Scopes) Cursor() *tea.Cursor { return layout.Move(x.pick.Cursor(), LabelWidth+1, 0) }

// Value implements [Item].
func (x Scopes) Value() string {
	return strings.Join(x.pick.Ticked(), " ") + "|" + x.pick.Filter()
}

// WithError implements [Item].
func (x Scopes) WithError(s string) Item {
	x.err = cmp.Or(s, x.err)
	if s == "" && x.Unfinished() == "" {
		x.err = ""
	}
	return x
}

// Err implements [Item].
func (x Scopes) Err() string { return x.err }

// Typing implements [Item].
func (x Scopes) Typing() bool { return true }

// Bindings implements [Item].
func (x Scopes) Bindings() []key.Binding {
	k := x.pick.KeyMap
	return []key.Binding{k.Toggle, k.Down, k.Up, k.PageDown, k.PageUp, k.Clear}
}

// Offers returns the scopes that are known: those of allowed first, then those
// that keys and users of the store have, as far as allowed covers them. A nil
// allowed covers all.
func Offers(b *board.Board, allowed []keystore.Scope, whose string) []Offer {
	known := maps.Clone(b.Scopes)
	if known == nil {
		known = map[keystore.Scope]int{}
	}
	for _, u := range b.Users {
		for _, s := range u.Permissions {
			known[s] += 0
		}
	}
	var out []Offer
	for _, s := range allowed {
		out = append(out, Offer{Scope: s, Help: "granted to " + whose + usedBy(known[s])})
		delete(known, s)
	}
	for _, s := range slices.Sorted(maps.Keys(known)) {
		if allowed == nil || keystore.CoversAny(allowed, s) {
			out = append(out, Offer{Scope: s, Help: strings.TrimPrefix(usedBy(known[s]), ", ")})
		}
	}
	return out
}

func usedBy(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return ", 1 key"
	}
	return ", " + text.Count(n) + " keys"
}
