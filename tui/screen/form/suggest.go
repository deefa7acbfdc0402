package form

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/field"
)

// Candidate is one value that is offered for a [Suggest].
type Candidate struct{ Value, Help string }

// Suggest is a line of text that has to be one of many values. What is typed
// narrows the candidates; one that is the only one left is taken when the item
// is left.
type Suggest struct {
	Text
	candidates []Candidate
	extra      string // a last line that is not a value
	found      []Candidate
	cursor     int // in found; len(found) is extra; -1 is none
	focused    bool
	keys       suggestKeys
}

type suggestKeys struct{ up, down key.Binding }

// mostSuggested is how many candidates are in view at once.
const mostSuggested = 5

// NewSuggest returns an empty item. A non-empty extra is offered below the
// candidates, for what is to be done when none of them is right; see
// [Suggest.OnExtra].
func NewSuggest(t theme.Theme, label, extra string, candidates []Candidate, opts ...field.Option) Suggest {
	x := Suggest{
		Text: NewText(t, label, opts...), candidates: candidates, extra: extra, cursor: -1,
		keys: suggestKeys{
			up:   key.NewBinding(key.WithKeys("up", "ctrl+p"), key.WithHelp("up", "suggestion above")),
			down: key.NewBinding(key.WithKeys("down", "ctrl+n"), key.WithHelp("down", "suggestion below")),
		},
	}
	x.search()
	return x
}

// WithValue returns the item with a value.
func (x Suggest) WithValue(s string) Suggest {
	x.Text = x.With(s)
	x.search()
	return x
}

// WithCandidates returns the item with other candidates.
func (x Suggest) WithCandidates(c []Candidate) Suggest {
	if !slices.Equal(c, x.candidates) {
		x.candidates = c
		x.search()
	}
	return x
}

// search finds the candidates for what is typed: those that begin with it
// before those that contain it.
func (x *Suggest) search() {
	want := strings.ToLower(x.Value())
	x.found = nil
	for _, c := range x.candidates {
		if strings.Contains(strings.ToLower(c.Value), want) {
			x.found = append(x.found, c)
		}
	}
	slices.SortStableFunc(x.found, func(a, b Candidate) int {
		return rank(a.Value, want) - rank(b.Value, want)
	})
	x.cursor = -1
	if want != "" && len(x.found) > 0 {
		x.cursor = 0
	}
}

func rank(value, want string) int {
	if strings.HasPrefix(strings.ToLower(value), want) {
		return 0
	}
	return 1
}

// Update implements [Item].
func (x Suggest) Update(msg tea.Msg) (Item, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case key.Matches(press, x.keys.up):
			x.cursor = max(0, x.cursor-1)
			return x, nil
		case key.Matches(press, x.keys.down):
			x.cursor = min(x.cursor+1, x.rows()-1)
			return x, nil
		}
	}
	before := x.Value()
	item, cmd := x.Text.Update(msg)
	x.Text = item.(Text)
	if x.Value() != before {
		x.search()
	}
	return x, cmd
}

func (x Suggest) rows() int {
	if x.extra != "" {
		return len(x.found) + 1
	}
	return len(x.found)
}

// OnExtra reports whether the cursor is on the line that is not a value.
func (x Suggest) OnExtra() bool { return x.extra != "" && x.cursor == len(x.found) }

// Enter implements [Enterer]: it takes the candidate under the cursor.
func (x Suggest) Enter() (Item, bool) {
	if x.cursor < 0 || x.cursor >= len(x.found) || x.found[x.cursor].Value == x.Value() {
		return x, false
	}
	x.take(x.cursor)
	return x, true
}

func (x *Suggest) take(i int) {
	x.Text = x.With(x.found[i].Value)
	x.search()
}

// Focus implements [Item].
func (x Suggest) Focus() (Item, tea.Cmd) {
	item, cmd := x.Text.Focus()
	x.Text, x.focused = item.(Text), true
	return x, cmd
}

// Blur implements [Item]: if what was typed can only mean one candidate, or
// the operator went to one, that is taken.
func (x Suggest) Blur() Item {
	exact := slices.ContainsFunc(x.found, func(c Candidate) bool { return c.Value == x.Value() })
	switch {
	case exact || x.Value() == "" && x.cursor < 0:
	case len(x.found) == 1:
		x.take(0)
	case x.cursor > 0 && x.cursor < len(x.found):
		x.take(x.cursor)
	}
	x.Text, x.focused = x.Text.Blur().(Text), false
	return x
}

// Size implements [Item].
func (x Suggest) Size(w, h int) Item {
	x.Text = x.Text.Size(w, h).(Text)
	return x
}

// Lines implements [Item]: the text, what is to be said of it and, with the
// focus, the candidates.
func (x Suggest) Lines() []string {
	lines := x.Text.Lines()
	if !x.focused {
		return lines
	}
	first := max(0, min(x.cursor-mostSuggested+1, len(x.found)-mostSuggested))
	last := min(len(x.found), first+mostSuggested)
	if x.cursor == len(x.found) {
		first = max(0, last-mostSuggested)
	}
	label := 0
	for _, c := range x.found[first:last] {
		label = max(label, text.Width(text.Safe(c.Value)))
	}
	label = min(label, (x.width-indent)/2)
	for i := first; i < last; i++ {
		c := x.found[i]
		lines = append(lines, x.candidate(i == x.cursor, text.Fit(c.Value, label), c.Help))
	}
	if more := len(x.found) - last; more > 0 {
		lines = append(lines, text.FitStyled(text.Spaces(indent)+x.theme.Hint.Render(text.Count(more)+" more"), x.width))
	}
	if x.extra != "" {
		lines = append(lines, x.candidate(x.OnExtra(), x.extra, ""))
	}
	return lines
}

func (x Suggest) candidate(selected bool, head, says string) string {
	room := max(0, x.width-indent)
	if selected {
		return text.Spaces(indent-2) + x.theme.Selected.Render(text.Fit(x.theme.Glyphs.Cursor+" "+head+"  "+text.Safe(says), room+2))
	}
	return text.FitStyled(text.Spaces(indent)+head+"  "+x.theme.Hint.Render(text.Truncate(says, max(0, room-text.Width(head)-2))), x.width)
}

// WithError implements [Item].
func (x Suggest) WithError(s string) Item {
	x.Text = x.Text.WithError(s).(Text)
	return x
}

// Bindings implements [Item].
func (x Suggest) Bindings() []key.Binding { return []key.Binding{x.keys.down, x.keys.up} }
