package main

import (
	"regexp"

	"github.com/pakdeck/pakdeck/keystore/token"
)

// keyShape finds what has the shape of a key string of any store, damaged
// ones included.
var keyShape = regexp.MustCompile(`[a-z0-9]{2,12}_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}`)

// tooMuch is how many characters of a cut-off secret are a leak.
const tooMuch = 16

var errKeyInArgs = &usageError{
	text: "a key string does not belong on the command line (others can see it in the process list); use - and standard input",
	hint: "if it was a real one, it is in your shell's history now: replace it",
}

// refuseKeyStrings refuses arguments that hold a key string, whole or cut off,
// in whatever place they stand. The error does not show it.
func refuseKeyStrings(args []string) error {
	for _, arg := range args {
		if keyShape.MatchString(arg) {
			return errKeyInArgs
		}
		head := len(token.DefaultPrefix) + len("_") + len(token.ID{}) + len("_")
		for _, m := range token.FindAll(token.DefaultPrefix, arg) {
			if m.End-m.Start >= head+tooMuch {
				return errKeyInArgs
			}
		}
	}
	return nil
}
