package tuitest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// sequences are what xterm sends for keys that have a name.
var sequences = map[string]string{
	"enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "backspace": "\x7f", "space": " ",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
	"home": "\x1b[H", "end": "\x1b[F", "insert": "\x1b[2~", "delete": "\x1b[3~", "pgup": "\x1b[5~", "pgdown": "\x1b[6~",
	"ctrl+right": "\x1b[1;5C", "ctrl+left": "\x1b[1;5D", "shift+enter": "\x1b[13;2u",
	"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
	"f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~",
}

// sequence returns what a terminal sends for a key.
func sequence(key string) (string, error) {
	if seq, ok := sequences[key]; ok {
		return seq, nil
	}
	if rest, ok := strings.CutPrefix(key, "alt+"); ok {
		seq, err := sequence(rest)
		return "\x1b" + seq, err
	}
	if rest, ok := strings.CutPrefix(key, "ctrl+"); ok && len(rest) == 1 && rest[0] >= 'a' && rest[0] <= 'z' {
		return string(rest[0] - 'a' + 1), nil
	}
	if utf8.RuneCountInString(key) == 1 {
		return key, nil
	}
	return "", fmt.Errorf(`no terminal sends the key %q: write it like "j", "ctrl+s" or "pgdown", and use Type for words`, key)
}
