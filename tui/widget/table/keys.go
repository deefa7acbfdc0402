package table

import "charm.land/bubbles/v2/key"

// KeyMap is what the table listens to. A KeyMap of bindings from the keymap's
// actions makes the keys configurable.
type KeyMap struct {
	Up, Down         key.Binding
	PageUp, PageDown key.Binding
	Top, Bottom      key.Binding
	Mark, Range      key.Binding
	MarkAll          key.Binding
	Cancel           key.Binding // ends a range, then clears the marks; else not used
}

// DefaultKeyMap returns the keys of vi and the arrows.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Up:       bind("k", "up", "k", "up"),
		Down:     bind("j", "down", "j", "down"),
		PageUp:   bind("pgup", "page up", "pgup", "ctrl+u"),
		PageDown: bind("pgdown", "page down", "pgdown", "ctrl+d"),
		Top:      bind("g", "first", "g", "home"),
		Bottom:   bind("G", "last", "G", "end"),
		Mark:     bind("space", "mark", "space"),
		Range:    bind("V", "mark a range", "V"),
		MarkAll:  bind("*", "mark all", "*"),
		Cancel:   bind("esc", "unmark", "esc"),
	}
}

// Bindings returns the bindings for the help.
func (k KeyMap) Bindings() []key.Binding {
	return []key.Binding{k.Down, k.Up, k.PageDown, k.PageUp, k.Top, k.Bottom, k.Mark, k.Range, k.MarkAll, k.Cancel}
}
