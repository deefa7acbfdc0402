package plain

import (
	"errors"
)

// undo is the last change that can be taken back.
type undo struct {
	what string // "the disabling of bot/ci"
	do   func() error
}

// undoable tells how a change is taken back.
func (t *talk) undoable(what string, do func() error) {
	t.last = &undo{what, do}
	t.say("To take that back: undo")
}

// takeBack takes the last change back that can be.
func (t *talk) takeBack(string) error {
	u := t.last
	if u == nil {
		return errors.New("there is nothing that can be taken back")
	}
	if err := t.agree("Take back " + u.what + "."); err != nil {
		return err
	}
	t.last = nil
	if err := u.do(); err != nil {
		return err
	}
	t.say("Took back %s.", u.what)
	return nil
}
