package plain

import (
	"fmt"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/due"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/words"
)

// session begins a session of rotations of the keys that are meant, or goes on
// with the newest one.
func (t *talk) session(which string) error {
	if which == "" {
		return t.resume()
	}
	keys, err := t.toRotate(which)
	if err != nil {
		return err
	}
	return t.beginSession(keys, nil)
}

// toRotate returns the keys that are meant; "due" are those whose secret is too
// old.
func (t *talk) toRotate(which string) ([]keystore.KeyView, error) {
	if which != "due" {
		return t.several(which)
	}
	policy, err := t.st.Policy()
	if err != nil {
		return nil, err
	}
	all, err := t.st.Keys(t.ctx)
	if err != nil {
		return nil, err
	}
	var keys []keystore.KeyView
	for _, item := range due.List(all, policy, t.st.Now(), 0) {
		if item.What == due.Rotate {
			keys = append(keys, item.Key)
		}
	}
	if len(keys) == 0 {
		err = fmt.Errorf("no secret is due to be rotated")
	}
	return keys, err
}

// beginSession asks how new secrets are handed over, and makes them. What becomes
// of the old ones is asked unless it is given.
func (t *talk) beginSession(keys []keystore.KeyView, r *keystore.Rotation) error {
	t.say("New secrets for %s.", text.Plural(len(keys), "key"))
	if err := t.pages(len(keys), func(i int) { t.say("%s, %s", keys[i].Ref(), lastUse(keys[i].Uses.Last, t.st.Now())) }); err != nil {
		return err
	}
	s, phrase, err := t.askHand(keys)
	if err != nil {
		return err
	}
	if r != nil {
		s.Rotation = *r
	} else if err := t.askGraces(&s); err != nil {
		return err
	}
	for _, l := range words.HandOver(s, keys, s.Dir, "written out here once.") {
		t.say("%s", l.Text)
	}
	if err := t.typeCount(words.Grace(s), len(keys)); err != nil {
		return err
	}
	if s, err = session.Start(t.ctx, t.st, s, keys); err != nil {
		return err
	}
	t.say("Session %s has begun. Whatever happens: session goes on with it.", s.ID)
	return t.goThrough(s, phrase)
}

// resume tells of the newest session, and goes on with it.
func (t *talk) resume() error {
	all, err := session.List(t.ctx, t.st)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("there was no session yet; session and the keys, or session due, begins one")
	}
	s := all[0]
	for n := range s.Steps {
		if _, err := s.Look(t.ctx, t.st, n); err != nil {
			return err
		}
	}
	for {
		open := t.tellSession(s)
		if open == 0 {
			return nil
		}
		done, err := t.askNext(s)
		if err != nil || done {
			return notBack(err)
		}
	}
}

// tellSession says how far a session is, and returns how many keys are left.
func (t *talk) tellSession(s session.Session) int {
	over, used := s.Done()
	t.say("Session %s, begun %s: %d of %s done, %d in use.", s.ID, t.when(s.Started), over, text.Plural(len(s.Steps), "key"), used)
	t.say("%s", words.Grace(s))
	t.listed, t.opens = nil, "rotation"
	for _, x := range s.Steps {
		t.listed = append(t.listed, x.Key)
	}
	t.list(len(s.Steps), func(i int) string { return stepWords(s.Steps[i]) })
	return len(s.Steps) - over
}

func stepWords(x session.Step) string {
	switch {
	case x.State == session.Begun:
		return x.Ref + ": never handed over; going on makes another"
	case x.State == session.Skipped && x.Note != "":
		return x.Ref + ": skipped, " + x.Note
	case x.File != "" && !x.State.Open():
		return x.Ref + ": " + x.String() + ", " + x.File
	}
	return x.Ref + ": " + strings.ReplaceAll(x.String(), "\n", "; ")
}

// Answers to what is done next in a session.
const (
	goOn      = "go on"
	again     = "again"
	otherwise = "otherwise"
	leaveOut  = "leave out"
	nextKey   = "next"
)

// askNext asks what is done with a session, and does it; done is that it was gone
// through.
func (t *talk) askNext(s session.Session) (done bool, err error) {
	what, err := t.choose("What next", goOn, option{name: goOn, help: "with the keys that are left"},
		option{name: leaveOut, help: "a key, which stays as it is"}, option{name: otherwise, help: "hand a key over in another way"})
	if err != nil {
		return true, err
	}
	if what == goOn {
		phrase := ""
		if s.Sealed {
			t.say("The files of this session are encrypted with a passphrase.")
			if phrase, err = t.askPhrase(); err != nil {
				return true, err
			}
		}
		return true, t.goThrough(s, phrase)
	}
	n := 0
	if _, err := t.ask("The number of the key", "", func(typed string) error {
		places, err := t.numbers(typed, len(s.Steps), "key", "session")
		if err == nil {
			n = places[0]
		}
		return err
	}); err != nil {
		return true, err
	}
	if what == leaveOut {
		return false, t.skip(s, n)
	}
	return false, t.route(s, n)
}
