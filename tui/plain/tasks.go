package plain

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// task is something that can be asked for by name.
type task struct {
	topic  string
	name   string
	takes  string // what may stand behind it: "KEY"
	help   string
	writes bool
	do     func(*talk, string) error
}

// tasks in the order in which help lists them, by topic.
func tasks() []task {
	return []task{
		{"keys", "keys", "[FILTER] [by ORDER]", "list the keys; a filter such as state:expiring narrows them, by expires puts them in order", false, (*talk).listKeys},
		{"keys", "key", "KEY", "everything about a key", false, (*talk).showKey},
		{"keys", "new", "", "issue a key; goes on with your draft if there is one", true, (*talk).newKey},
		{"keys", "clone", "KEY", "issue a key with the same rules", true, (*talk).cloneKey},
		{"keys", "edit", "KEY", "change name, description, scopes, expiry", true, (*talk).editKey},
		{"keys", "network", "KEY", "change from which addresses it works", true, (*talk).restrict},
		{"keys", "test", "KEY", "whether it may be used from an address, and why", false, (*talk).test},
		{"keys", "disable", "KEY", "switch a key off, which can be undone", true, (*talk).disableKey},
		{"keys", "enable", "KEY", "switch a key on again", true, (*talk).enableKey},
		{"keys", "revoke", "KEY", "end a key for ever", true, (*talk).revokeKey},
		{"keys", "unrevoke", "KEY", "take a revocation back that was a slip", true, (*talk).restoreKey},
		{"keys", "bulk", "[KEY... or FILTER]", "one change to several keys, or to all that a filter selects", true, (*talk).bulk},
		{"keys", "exportkeys", "[KEY... or FILTER]", "write what is known of keys to a file, no secrets", false, (*talk).exportKeys},
		{"rotation", "due", "", "what has to be done about keys, and by when", false, (*talk).listDue},
		{"rotation", "rotate", "KEY", "give a key a new secret, beside the old one or at once", true, (*talk).rotate},
		{"rotation", "rotation", "KEY", "who still uses the old secret, and whether it can go", false, (*talk).showRotation},
		{"rotation", "retire", "KEY", "end the old secret", true, (*talk).retire},
		{"rotation", "calloff", "KEY", "end the new secret, the old one works on", true, (*talk).revert},
		{"rotation", "session", "[KEY... or FILTER or due]", "give several keys new secrets, one by one; without keys, go on with the last session", true, (*talk).session},
		{"rotation", "incident", "[KEY... or FILTER]", "keys are in wrong hands: those, or those that a text gives away; revoke or rotate them", true, (*talk).incident},
		{"users", "users", "[WORDS]", "list the users: all, or those that have all the words", false, (*talk).listUsers},
		{"users", "user", "NAME", "everything about a user, and its keys", false, (*talk).showUser},
		{"users", "adduser", "", "add a user", true, (*talk).addUser},
		{"users", "newkey", "NAME", "issue a key for a user", true, (*talk).keyOf},
		{"users", "edituser", "NAME", "change name, kind, contact, permissions, and to whom files are encrypted", true, (*talk).editUser},
		{"users", "disableuser", "NAME", "switch a user off with all its keys", true, (*talk).disableUser},
		{"users", "enableuser", "NAME", "switch a user on again", true, (*talk).enableUser},
		{"audit", "usage", "[KEY or user:NAME] [TIME]", "how much was used in 30 days or another time such as 7d, and from where", false, (*talk).usage},
		{"audit", "journal", "[FILTER]", "the records of the journal, newest first; a filter such as event:key.revoke since:7d narrows them", false, (*talk).listJournal},
		{"audit", "history", "KEY", "what happened to a key", false, (*talk).history},
		{"audit", "record", "NUMBER", "everything about a record, with its proof", false, (*talk).showRecord},
		{"audit", "prove", "NUMBER", "save the proof of a record, which is checked without the store", false, (*talk).prove},
		{"audit", "export", "[FILTER]", "write records to a file", false, (*talk).export},
		{"audit", "verify", "", "recompute the journal and compare it", false, (*talk).verify},
		{"findings", "lint", "[KEY or WORDS]", "what breaks good practice: all, what is about a key, or what has all the words", false, (*talk).lint},
		{"findings", "finding", "NUMBER", "why, the evidence, and what puts it right", false, (*talk).showFinding},
		{"findings", "fix", "NUMBER... or safe", "put findings right, after it was told what that changes; safe is all that need no question", true, (*talk).fix},
		{"findings", "waive", "NUMBER...", "accept findings for a reason, until a day", true, (*talk).waive},
		{"findings", "waivers", "", "list what was accepted", false, (*talk).listWaivers},
		{"findings", "unwaive", "NUMBER...", "take waivers back", true, (*talk).unwaive},
		{"findings", "remember", "", "make what counts now the baseline of later runs", true, (*talk).remember},
		{"review", "review", "[KEY]", "go through the keys one by one and say what shall become of each; or decide about one", true, (*talk).review},
		{"review", "verdicts", "", "what the newest review says of each key", false, (*talk).listVerdicts},
		{"review", "endreview", "", "end the review, with a signed report", true, (*talk).endReview},
		{"review", "report", "", "save the signed report of the newest review", false, (*talk).saveReport},
		{"here", "undo", "", "take the last change back that can be", true, (*talk).takeBack},
		{"here", "times", "", "tell times in UTC, or in local time again", false, (*talk).times},
		{"here", "help", "[TOPIC or COMMAND]", "list the commands", false, (*talk).help},
		{"here", "quit", "", "leave", false, func(*talk, string) error { return io.EOF }},
	}
}

// taskNamed returns the task of a name.
func taskNamed(name string) (task, bool) {
	all := tasks()
	i := slices.IndexFunc(all, func(x task) bool { return x.name == name })
	if i < 0 {
		return task{}, false
	}
	return all[i], true
}

func (x task) String() string {
	return fmt.Sprintf("%s: %s.", strings.TrimSpace(x.name+" "+x.takes), x.help)
}

// topics returns the topics of the commands in their order.
func topics() (out []string) {
	for _, x := range tasks() {
		if !slices.Contains(out, x.topic) {
			out = append(out, x.topic)
		}
	}
	return out
}

// help lists the topics, the commands of one by its name or number, or tells of
// one command.
func (t *talk) help(about string) error {
	all := topics()
	if n, err := strconv.Atoi(about); err == nil && n >= 1 && n <= len(all) {
		about = all[n-1]
	}
	if x, ok := taskNamed(about); ok && !slices.Contains(all, about) {
		t.say("%s", x)
		return nil
	}
	if about != "" {
		return t.helpTopic(about)
	}
	for i, topic := range all {
		var names []string
		for _, x := range tasks() {
			if x.topic == topic {
				names = append(names, x.name)
			}
		}
		t.say("%d. %s: %s.", i+1, topic, strings.Join(names, ", "))
	}
	t.say("help and a topic, or its number: each of its commands. help and a command: what it does.")
	t.say("KEY is a number of the last list, an id, or user/name. A number alone shows that of the last list.")
	return nil
}

func (t *talk) helpTopic(topic string) error {
	found := false
	for _, x := range tasks() {
		if x.topic == topic {
			t.say("%s", x)
			found = true
		}
	}
	if !found {
		return fmt.Errorf("%s is no topic and no command; help lists them", quoted(topic))
	}
	return nil
}
