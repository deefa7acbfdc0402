// Package plain is the dashboard without a screen: the same tasks as questions
// and answers, a line each, for screen readers, for terminals that cannot move
// the cursor, and for any reader and writer.
//
// It draws nothing, overwrites nothing and waits for nothing but a line. What
// is stored is shown without anything that could act on a terminal. A change
// shows what it will do and wants a "yes"; what cannot be undone wants the name.
// A single dot instead of an answer goes back to the command, and nothing was
// changed then. The end of the input ends the program.
//
// A new key string is written out once, because there is no other way here; the
// operator is told that it stays in the terminal's history, and may save it to
// a file first, encrypted if wanted, in which case it is not written out. Pasted back
// it is compared with what was made; where there is no echo to switch off, what
// is pasted or typed as a passphrase is seen.
package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/keymap"
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
	// takes it from In like any other.
	Hidden func(ctx context.Context, prompt string) (string, error)
	// Actions are those of the dashboard. What has no task here is answered
	// with its command.
	Actions []keymap.Action
}

// task is something that can be asked for by name.
type task struct {
	name   string
	takes  string // what may stand behind it: "KEY"
	help   string
	action string // of the dashboard, that it stands for
	writes bool
	do     func(*talk, string) error
}

// tasks in the order in which help lists them.
func tasks() []task {
	return []task{
		{"keys", "[FILTER]", "list the keys; a filter such as state:expiring narrows them", "tab.keys", false, (*talk).listKeys},
		{"key", "KEY", "everything about a key", "key.open", false, (*talk).showKey},
		{"new", "", "issue a key", "key.new", true, (*talk).newKey},
		{"clone", "KEY", "issue a key with the same rules", "key.clone", true, (*talk).cloneKey},
		{"edit", "KEY", "change name, description, scopes, expiry", "key.edit", true, (*talk).editKey},
		{"network", "KEY", "change from which addresses it works", "key.network", true, (*talk).restrict},
		{"disable", "KEY", "switch a key off, which can be undone", "key.disable", true, (*talk).disableKey},
		{"enable", "KEY", "switch a key on again", "app.undo", true, (*talk).enableKey},
		{"revoke", "KEY", "end a key for ever", "key.revoke", true, (*talk).revokeKey},
		{"unrevoke", "KEY", "take a revocation back that was a slip", "key.restore", true, (*talk).restoreKey},
		{"bulk", "[FILTER]", "disable, enable, revoke or extend all keys that a filter selects", "key.bulk", true, (*talk).bulk},
		{"due", "", "what has to be done about keys, and by when", "key.due", false, (*talk).listDue},
		{"rotate", "KEY", "give a key a new secret, beside the old one or at once", "rotate.start", true, (*talk).rotate},
		{"rotation", "KEY", "who still uses the old secret, and whether it can go", "key.rotate", false, (*talk).showRotation},
		{"retire", "KEY", "end the old secret", "rotate.retire", true, (*talk).retire},
		{"calloff", "KEY", "end the new secret, the old one works on", "rotate.revert", true, (*talk).revert},
		{"users", "", "list the users", "tab.users", false, (*talk).listUsers},
		{"user", "NAME", "everything about a user, and its keys", "user.open", false, (*talk).showUser},
		{"adduser", "", "add a user", "user.new", true, (*talk).addUser},
		{"edituser", "NAME", "change kind, contact, permissions", "user.edit", true, (*talk).editUser},
		{"disableuser", "NAME", "switch a user off with all its keys", "user.disable", true, (*talk).disableUser},
		{"enableuser", "NAME", "switch a user on again", "user.disable", true, (*talk).enableUser},
		{"usage", "[KEY]", "how much was used in 30 days, and from where", "tab.usage", false, (*talk).usage},
		{"journal", "[FILTER]", "the newest records of the journal", "tab.journal", false, (*talk).listJournal},
		{"record", "NUMBER", "everything about a record", "journal.open", false, (*talk).showRecord},
		{"verify", "", "recompute the journal and compare it", "journal.verify", false, (*talk).verify},
		{"lint", "[KEY]", "what breaks good practice", "tab.lint", false, (*talk).lint},
		{"finding", "NUMBER", "why, the evidence, and what puts it right", "lint.why", false, (*talk).showFinding},
		{"help", "", "list these commands", "app.help", false, (*talk).help},
		{"quit", "", "leave", "app.quit", false, func(*talk, string) error { return io.EOF }},
	}
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
	t.say("Commands: %s.", strings.Join(names(), ", "))
	for line, first := o.Start, true; ; first = false {
		var err error
		if !first {
			line, err = t.ask("Command", "", nil)
		}
		if err == nil {
			err = t.command(line)
		}
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case t.broken != nil:
			return t.broken
		case err == io.EOF:
			return nil
		case errors.Is(err, io.EOF):
			t.fail(err)
			return nil
		case errors.Is(err, errBack):
			t.say("Nothing was changed.")
		case err != nil:
			t.fail(err)
		}
	}
}

func names() []string {
	var out []string
	for _, x := range tasks() {
		out = append(out, x.name)
	}
	return out
}

// command does what a line asks for.
func (t *talk) command(line string) error {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if word == "" {
		return nil
	}
	all := tasks()
	i := slices.IndexFunc(all, func(x task) bool { return x.name == word || x.action == word && x.do != nil })
	if i < 0 {
		return t.elsewhere(word)
	}
	if all[i].writes && t.st.ReadOnly() {
		return keystore.ErrReadOnly
	}
	return all[i].do(t, strings.TrimSpace(rest))
}

// elsewhere answers a command that has no task here.
func (t *talk) elsewhere(word string) error {
	i := slices.IndexFunc(t.actions, func(a keymap.Action) bool { return a.ID == word })
	if i >= 0 && t.actions[i].CLI != "" {
		t.say("That is done with: %s", t.actions[i].CLI)
		return nil
	}
	return fmt.Errorf("there is no command %.40q; help lists them", word)
}

func (t *talk) help(string) error {
	for _, x := range tasks() {
		t.say("%s: %s.", strings.TrimSpace(x.name+" "+x.takes), x.help)
	}
	t.say("KEY is a number of the last list, an id, or user/name. A single dot goes back.")
	return nil
}
