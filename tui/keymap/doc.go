// Package keymap is the table of what the dashboard can do: actions, the keys
// that trigger them, and what help, hints and palette say of them.
//
// Keys lead to actions and only actions lead to code, so remapping, help, the
// command palette and tests share one path. A [Keymap] is built once by [New]
// and never changes; [Keymap.ReadOnly] and [Keymap.With] return narrowed
// copies. What help shows is made from the live bindings and cannot be wrong.
//
// It refuses a key that is bound twice where both would work, keys that
// terminals cannot send, the prefixes of tmux and screen (ctrl+b, ctrl+a), and
// actions that could only be reached with alt or shift+enter.
package keymap
