package plain

import (
	"strings"
)

// standsFor are the commands that do here what the actions of the dashboard do, as
// they are typed. What is done to what is under the cursor there is asked for.
var standsFor = map[string]string{
	"app.help": "help", "app.undo": "undo", "app.zone": "times", "app.quit": "quit",
	"tab.keys": "keys", "tab.users": "users", "tab.usage": "usage", "tab.journal": "journal", "tab.lint": "lint",
	"list.sort": "keys by expires", "list.reverse": "keys by -expires", "list.revoked": "keys state:revoked",

	"key.open": "key", "key.new": "new", "key.clone": "clone", "key.edit": "edit", "key.extend": "edit", "key.network": "network",
	"key.disable": "disable", "key.revoke": "revoke", "key.restore": "unrevoke", "key.usage": "usage", "key.journal": "history",
	"key.bulk": "bulk", "bulk.go": "bulk", "bulk.atomic": "bulk", "bulk.kind": "bulk",
	"key.rotate": "rotation", "key.due": "due", "rotate.start": "rotate", "rotate.grace": "rotate", "rotate.retire": "retire", "rotate.revert": "calloff",
	"rotate.journal": "history", "rotate.session": "session",
	"key.session": "session", "session.go": "session", "session.on": "session", "session.way": "session", "session.skip": "session", "session.key": "rotation",
	"key.incident": "incident", "incident.open": "incident", "incident.revoke": "incident", "incident.rotate": "incident", "incident.again": "incident",

	"user.open": "user", "user.new": "adduser", "user.first": "adduser", "user.edit": "edituser", "user.accept": "edituser", "user.disable": "disableuser", "user.key": "newkey",
	"usage.list": "usage", "usage.open": "usage", "usage.shorter": "usage 7d", "usage.longer": "usage 90d",
	"usage.denied": "journal event:use outcome:denied", "usage.journal": "journal event:use",

	"journal.open": "record", "journal.verify": "verify", "journal.export": "export", "journal.prove": "prove",
	"wizard.accept": "new", "wizard.keep": "new", "edit.accept": "edit", "network.save": "network",
	"address.add": "network", "address.change": "network", "address.delete": "network", "address.move": "network", "address.paste": "network",
	"address.simplify": "network", "address.fit": "network", "address.test": "test",
	"created.save": "new", "created.verify": "new",

	"lint.why": "finding", "lint.fix": "fix", "lint.safe": "fix safe", "lint.waive": "waive", "lint.waived": "waivers", "lint.remember": "remember", "lint.rotate": "rotate",
	"review.go": "review", "review.begin": "review", "review.keep": "review", "review.ask": "review", "review.restrict": "review", "review.rotate": "review",
	"review.disable": "review", "review.revoke": "review", "review.comment": "review", "review.next": "review", "review.end": "endreview", "review.save": "report",
}

// notHere are the actions of the dashboard that make no sense without a screen,
// and why.
var notHere = map[string]string{
	"app.command": "every line is a command here", "app.back": "back does that at every question", "app.last": "there are no views here; say the command again",
	"app.messages": "what was said stays above", "app.mouse": "there is no mouse here", "app.redraw": "nothing is drawn here",
	"app.suspend": "ctrl+z is the terminal's own here", "app.lock": "what was said cannot be hidden; quit leaves", "app.demo": "leave, and run pakdeck demo",
	"list.filter": "write the filter behind the command: keys state:expiring", "list.columns": "there are no columns here; key tells all of a key",
	"lint.group": "lint and a rule, a severity or an owner tells those alone",
	"lint.open":  "key or user and the name goes there", "review.key": "key and the name goes there", "journal.object": "key or user and the name goes there",
	"key.owner": "user and the name goes there", "key.copy": "there is no clipboard here; key tells the id",
	"user.usage": "usage user:NAME tells that", "user.journal": "journal user:NAME tells that", "rotate.caller": "journal key:KEY ip:ADDRESS tells that",
	"journal.follow": "nothing comes here by itself; journal again tells what is new",
	"edit.calendar":  "there is no calendar here; dates are typed",
	"address.undo":   "the lists are typed whole: again types them anew", "address.redo": "the lists are typed whole: again types them anew",
	"created.copy": "there is no clipboard here; the key string is a line of its own", "session.copy": "the key string is a line of its own, which stays in the terminal's history",
	"created.mask": "what was said cannot be hidden", "created.stored": "Enter goes on", "created.close": "Enter goes on", "created.leave": "Enter goes on",
	"bulk.back": moves, "rotate.next": moves, "rotate.previous": moves, "session.next": moves, "session.previous": moves, "wizard.next": moves, "wizard.previous": moves,
	"edit.next": moves, "edit.previous": moves, "network.enter": moves, "network.next": moves, "user.next": moves, "user.previous": moves, "created.next": moves, "created.previous": moves,
}

const moves = "there is no cursor here; one question comes after the other"

// stands returns the command line that an action of the dashboard stands for, with
// what was typed behind it; or why there is none.
func stands(action, rest string) (line, why string) {
	if line, ok := standsFor[action]; ok {
		return strings.TrimSpace(line + " " + rest), ""
	}
	return "", notHere[action]
}
