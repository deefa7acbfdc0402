package form

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Expires is when a key ends: an expression to type, with presets under it
// that the arrow keys put into the text.
type Expires struct {
	Text
	presets  []expiry.Preset
	why      []string // why a preset is not allowed, or ""
	zone     *time.Location
	up, down key.Binding
}

// NewExpires returns the item with a text in it. refuse says why an instant is
// not allowed, or "".
func NewExpires(t theme.Theme, label, value string, now time.Time, zone *time.Location, refuse func(time.Time) string) Expires {
	x := Expires{
		Text: NewText(t, label).With(value), presets: expiry.Presets(now, orUTC(zone)), zone: zone,
		up:   key.NewBinding(key.WithKeys("up", "ctrl+p"), key.WithHelp("up", "shorter preset")),
		down: key.NewBinding(key.WithKeys("down", "ctrl+n"), key.WithHelp("down", "longer preset")),
	}
	for _, p := range x.presets {
		x.why = append(x.why, refuse(p.At))
	}
	return x
}

// WithHint returns the item with another remark under the text.
func (x Expires) WithHint(s string) Expires {
	x.Text = x.Text.WithHint(s)
	return x
}

// With returns the item with another text.
func (x Expires) With(value string) Expires {
	x.Text = x.Text.With(value)
	return x
}

// Longest returns the text of the longest preset that is allowed and at most
// as long as the one with the given text; if none is, that text.
func (x Expires) Longest(input string) string {
	found := input
	for i, p := range x.presets {
		if x.why[i] == "" {
			found = p.Input
		}
		if p.Input == input {
			break
		}
	}
	return found
}

// chosen returns the preset whose text was typed, or -1.
func (x Expires) chosen() int {
	for i, p := range x.presets {
		if strings.EqualFold(p.Input, strings.TrimSpace(x.Value())) {
			return i
		}
	}
	return -1
}

// Update implements [Item].
func (x Expires) Update(msg tea.Msg) (Item, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case key.Matches(press, x.up):
			x.step(-1)
			return x, nil
		case key.Matches(press, x.down):
			x.step(1)
			return x, nil
		}
	}
	item, cmd := x.Text.Update(msg)
	x.Text = item.(Text)
	return x, cmd
}

// step goes to the next preset that is allowed.
func (x *Expires) step(by int) {
	i := x.chosen()
	if i < 0 && by < 0 {
		i = len(x.presets)
	}
	for i += by; i >= 0 && i < len(x.presets); i += by {
		if x.why[i] == "" {
			*x = x.With(x.presets[i].Input)
			return
		}
	}
}

// Focus implements [Item].
func (x Expires) Focus() (Item, tea.Cmd) {
	item, cmd := x.Text.Focus()
	x.Text = item.(Text)
	return x, cmd
}

// Blur implements [Item].
func (x Expires) Blur() Item {
	x.Text = x.Text.Blur().(Text)
	return x
}

// Size implements [Item].
func (x Expires) Size(w, h int) Item {
	x.Text = x.Text.Size(w, h).(Text)
	return x
}

// WithError implements [Item].
func (x Expires) WithError(s string) Item {
	x.Text = x.Text.WithError(s).(Text)
	return x
}

// Lines implements [Item].
func (x Expires) Lines() []string {
	lines := x.Text.Lines()
	label, chosen := "Presets", x.chosen()
	for i, p := range x.presets {
		lines = append(lines, x.preset(label, p, x.why[i], i == chosen))
		label = ""
	}
	return append(lines, text.Spaces(x.width))
}

func (x Expires) preset(label string, p expiry.Preset, why string, chosen bool) string {
	dot, day := " ", "never ends"
	if chosen {
		dot = x.theme.Glyphs.Dot
	}
	if !p.Never() {
		day = p.At.In(orUTC(x.zone)).Format("Mon 2006-01-02")
	}
	line := "(" + dot + ") " + text.Fit(p.Label, 9) + "  " + day
	if why != "" {
		line = text.Truncate("(-) "+text.Fit(p.Label, 9)+"  "+why, max(0, x.width-indent))
		line = x.theme.Paint(theme.Muted, line)
	}
	return text.FitStyled(x.theme.Label.Render(text.Fit(label, LabelWidth))+"   "+line, x.width)
}

// Bindings implements [Item].
func (x Expires) Bindings() []key.Binding { return []key.Binding{x.down, x.up} }
