// Package plain is the dashboard without a screen: the same tasks as questions
// and answers, a line each, for screen readers, for terminals that cannot move
// the cursor, and for any reader and writer.
//
// It draws nothing, overwrites nothing and waits for nothing but a line. What
// is stored is shown without anything that could act on a terminal. A change
// shows what it will do and wants a "yes"; what cannot be undone wants the name.
// At every question "?" tells what can be answered, and "back", a single dot or
// the end of the input goes back to the command, and nothing was changed then.
// There the end of the input ends the program.
//
// A new key string is written out once, because there is no other way here; the
// operator is told that it stays in the terminal's history, and may save it to
// a file first, encrypted if wanted, in which case it is not written out. Pasted back
// it is compared with what was made; where there is no echo to switch off, what
// is pasted or typed as a passphrase is seen.
package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
)

// Options say what is worked on and with whom. Store, In and Out are required.
type Options struct {
	Store *keystore.Store
	In    io.Reader // lines; its Read must return when the context ends
	Out   io.Writer
	Zone  *time.Location // in which dates are meant and shown; nil is UTC
	Home  string         // folder in which .pak files are offered to be saved
	Start string         // the command to begin with, such as "keys"; may be empty
	// Hidden asks for a line without echo, for passphrases and key strings. Nil
	// takes it from In like any other; In is no terminal then, so the line in Out is
	// ended after each answer.
	Hidden func(ctx context.Context, prompt string) (string, error)
	// Desk is where the operator's draft of a new key lies. Without a store there
	// are no drafts.
	Desk draft.Desk
}

// Run asks for commands until the operator quits or the input ends, and
// returns nil then. It returns the error of ctx when that ends.
func Run(ctx context.Context, o Options) error {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	t := newTalk(ctx, o)
	t.say("pakdeck, plain mode, store %s.", o.Store.Path())
	if o.Store.Demo() {
		t.say("This is a demonstration; nothing here works anywhere.")
	}
	t.say("help lists the commands; ? tells at any question what can be answered.")
	err := t.command(o.Start)
	for {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case t.broken != nil:
			return t.broken
		case err == io.EOF:
			return nil
		case errors.Is(err, errBack):
			t.say("Nothing was changed.")
		case err != nil:
			t.fail(err)
		}
		line := ""
		if line, err = t.prompt(); err == nil {
			err = t.command(line)
		}
	}
}

// prompt asks for a command.
func (t *talk) prompt() (string, error) {
	line, err := t.put(question{what: "Command", list: func() error { return t.help("") }})
	switch {
	case errors.Is(t.over, bufio.ErrBufferFull):
		t.fail(fmt.Errorf("a line is longer than %d bytes, and what follows would be misread", longestLine))
		return "", io.EOF
	case errors.Is(err, errEnd):
		return "", io.EOF
	case errors.Is(err, errBack):
		t.say("This is the command already; quit leaves.")
		return "", nil
	}
	return line, err
}

// command does what a line asks for.
func (t *talk) command(line string) error {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if word == "" {
		return nil
	}
	if _, err := strconv.Atoi(word); err == nil && t.opens != "" {
		word, rest = t.opens, word
	}
	x, ok := taskNamed(word)
	if !ok {
		return t.elsewhere(word, rest)
	}
	if x.writes && t.st.ReadOnly() {
		return keystore.ErrReadOnly
	}
	return x.do(t, strings.TrimSpace(rest))
}

// elsewhere answers the name of an action of the dashboard.
func (t *talk) elsewhere(word, rest string) error {
	switch line, why := stands(word, rest); {
	case line != "":
		return t.command(line)
	case why != "":
		t.say("%s is not here: %s.", word, why)
		return nil
	}
	return fmt.Errorf("there is no command %s; help lists them", quoted(word))
}
