package network

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/tui/merge"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form"
)

// rebase goes on from what somebody else saved, with what is to be kept of
// what was changed here, and asks again whether that shall be saved.
func (m *Model) rebase(theirs keystore.KeyView, merged merge.Result) tea.Cmd {
	mine := m.rules.Rules()
	after := iprule.Rules{
		Allow: combine("allow", mine.Allow, theirs.Rules.Allow, merged),
		Deny:  combine("deny", mine.Deny, theirs.Rules.Deny, merged),
	}
	m.before = theirs
	m.rules.Rebase(theirs.Rules, after)
	switch {
	case !theirs.Revoked.IsZero():
		return screen.Tell(screen.Say{Level: screen.Failure, Text: theirs.Ref() + " was revoked meanwhile and cannot be changed"})
	case !m.rules.Changed():
		return form.NothingLeft("the address list of " + theirs.Ref())
	}
	return m.askToSave(merged)
}

// follow shows what somebody else saved while nothing was changed here. What was
// changed here is settled with that when it is saved.
func (m *Model) follow() {
	if m.moved() && !m.rules.Changed() && !m.rules.Typing() {
		m.before, _ = m.env.Board.Key(m.before.ID)
		m.rules.Rebase(m.before.Rules, m.before.Rules)
	}
}

// moved reports whether somebody else has saved the key meanwhile.
func (m Model) moved() bool {
	v, ok := m.env.Board.Key(m.before.ID)
	return ok && v.Version > m.before.Version
}

// fields are the entries of both lists in three states, each entry a field.
func fields(base, mine, theirs iprule.Rules) []merge.Field {
	return append(
		listFields("allow", base.Allow, mine.Allow, theirs.Allow),
		listFields("deny", base.Deny, mine.Deny, theirs.Deny)...,
	)
}

func listFields(list string, base, mine, theirs []iprule.Entry) []merge.Field {
	var out []merge.Field
	at := map[string]int{}
	for i, entries := range [...][]iprule.Entry{base, mine, theirs} {
		for _, e := range entries {
			name := fieldOf(list, e)
			n, known := at[name]
			if !known {
				n, at[name] = len(out), len(out)
				out = append(out, merge.Field{Name: name, Base: absent, Mine: absent, Theirs: absent})
			}
			*[...]*string{&out[n].Base, &out[n].Mine, &out[n].Theirs}[i] = state(e)
		}
	}
	return out
}

func fieldOf(list string, e iprule.Entry) string { return list + " " + e.Prefix.String() }

// absent is an entry that is not in a list, in words.
const absent = "not listed"

// state is one that is, likewise.
func state(e iprule.Entry) string {
	if e.Note == "" {
		return "listed"
	}
	return "listed as " + e.Note
}

// combine returns a list of two, each entry by whose it is to be. Theirs come
// first.
func combine(list string, mine, theirs []iprule.Entry, merged merge.Result) []iprule.Entry {
	var out []iprule.Entry
	theirEntry := map[string]bool{}
	mineOf := map[string]iprule.Entry{}
	for _, e := range mine {
		mineOf[fieldOf(list, e)] = e
	}
	for _, e := range theirs {
		name := fieldOf(list, e)
		theirEntry[name] = true
		if merged.Mine(name) {
			own, listed := mineOf[name]
			if !listed {
				continue
			}
			e = own
		}
		out = append(out, e)
	}
	for _, e := range mine {
		if name := fieldOf(list, e); merged.Mine(name) && !theirEntry[name] {
			out = append(out, e)
		}
	}
	return out
}
