package keymap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/tui/text"
)

// named are the keys that have a name and that terminals of all kinds send.
var named = []string{
	"enter", "tab", "backspace", "esc", "space", "up", "down", "left", "right",
	"insert", "delete", "pgup", "pgdown", "home", "end",
	"f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
}

// meant maps what people write to what Bubble Tea calls it.
var meant = map[string]string{
	"escape": "esc", "return": "enter", "del": "delete", "ins": "insert", "bksp": "backspace",
	"pageup": "pgup", "page_up": "pgup", "pagedown": "pgdown", "page_down": "pgdown", "pgdn": "pgdown",
	"arrowup": "up", "arrowdown": "down", " ": "space", "spacebar": "space",
}

// reserved are keys that must not be bound, and why.
var reserved = map[string]string{
	"ctrl+a": "it is the prefix of screen",
	"ctrl+b": "it is the prefix of tmux",
	"ctrl+i": "terminals send it as tab",
	"ctrl+m": "terminals send it as enter",
	"ctrl+[": "terminals send it as esc",
}

// checkKey returns why a key cannot be bound, or nil.
func checkKey(k string) error {
	if why, bad := reserved[k]; bad {
		return fmt.Errorf("the key %q cannot be used: %s", k, why)
	}
	base := k
	var mods []string
	for _, m := range []string{"ctrl", "alt", "shift"} {
		if rest, ok := strings.CutPrefix(base, m+"+"); ok && rest != "" {
			mods, base = append(mods, m), rest
		}
	}
	if slices.Contains(named, base) {
		return nil
	}
	if right, ok := meant[strings.ToLower(base)]; ok {
		return fmt.Errorf("unknown key %s: write %q", text.Quote(k), strings.Join(append(mods, right), "+"))
	}
	return checkRune(k, base, mods)
}

func checkRune(k, base string, mods []string) error {
	r, n := utf8.DecodeRuneInString(base)
	if n == 0 || n < len(base) || r == utf8.RuneError || text.Safe(base) != base || unicode.IsSpace(r) {
		return fmt.Errorf(`unknown key %s: write it like "x", "X", "ctrl+x", "pgdown" or "shift+tab"`, text.Quote(k))
	}
	if slices.Contains(mods, "shift") {
		return fmt.Errorf("unknown key %q: terminals send the shifted character, write that", k)
	}
	if slices.Contains(mods, "ctrl") && !unicode.IsLower(r) && unicode.IsLetter(r) {
		return fmt.Errorf("unknown key %q: write the letter in lower case", k)
	}
	return nil
}

// common reports whether every terminal can send k: alt is lost or delayed by
// some, and shift+enter and the like need a modern keyboard protocol.
func common(k string) bool {
	if strings.Contains(k, "alt+") {
		return false
	}
	return !strings.Contains(k, "shift+") || k == "shift+tab"
}

// checkKeys checks the keys of one action.
func checkKeys(keys []string) error {
	var errs []error
	for _, k := range keys {
		errs = append(errs, checkKey(k))
	}
	if len(keys) > 0 && !slices.ContainsFunc(keys, common) {
		errs = append(errs, fmt.Errorf("%q does not reach the program on every terminal: add a plain key", keys))
	}
	return errors.Join(errs...)
}
