package iplist

import "charm.land/bubbles/v2/key"

// KeyMap is what the editor listens to while nothing is typed.
type KeyMap struct {
	Up, Down, Top, Bottom    key.Binding
	Switch                   key.Binding
	Add, Edit, Delete, Move  key.Binding
	Paste                    key.Binding
	Undo, Redo               key.Binding
	Accept, Cancel, NextItem key.Binding // while typing
}

// DefaultKeyMap returns the usual keys.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Up:       bind("k", "up", "k", "up"),
		Down:     bind("j", "down", "j", "down"),
		Top:      bind("g", "first", "g", "home"),
		Bottom:   bind("G", "last", "G", "end"),
		Switch:   bind("tab", "other list", "tab"),
		Add:      bind("n", "add", "n"),
		Edit:     bind("e", "edit", "e", "enter"),
		Delete:   bind("d", "delete", "d", "delete"),
		Move:     bind("D", "to the other list", "D"),
		Paste:    bind("p", "paste a list", "p"),
		Undo:     bind("ctrl+z", "undo", "ctrl+z", "U"),
		Redo:     bind("ctrl+y", "redo", "ctrl+y", "R"),
		Accept:   bind("enter", "accept", "enter"),
		Cancel:   bind("esc", "stop typing", "esc"),
		NextItem: bind("tab", "entry or note", "tab", "shift+tab", "up", "down"),
	}
}

// Bindings returns the bindings for the help, while browsing.
func (k KeyMap) Bindings() []key.Binding {
	return []key.Binding{k.Down, k.Up, k.Top, k.Bottom, k.Switch, k.Add, k.Edit, k.Delete, k.Move, k.Paste, k.Undo, k.Redo}
}
