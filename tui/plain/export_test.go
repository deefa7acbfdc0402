package plain

import (
	"strings"
)

// Stands returns the name of the command that an action stands for, or why there
// is none.
func Stands(action string) (command, why string) {
	line, why := stands(action, "")
	command, _, _ = strings.Cut(line, " ")
	return command, why
}

// IsCommand reports whether there is a command of a name.
func IsCommand(name string) bool {
	_, ok := taskNamed(name)
	return ok
}

// Listed returns the ids of all actions that are spoken for.
func Listed() (ids []string) {
	for id := range standsFor {
		ids = append(ids, id)
	}
	for id := range notHere {
		ids = append(ids, id)
	}
	return ids
}

// Commands returns the names of all commands.
func Commands() (names []string) {
	for _, x := range tasks() {
		names = append(names, x.name)
	}
	return names
}
