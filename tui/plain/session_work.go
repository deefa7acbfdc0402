package plain

import (
	"context"
	"fmt"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/text"
)

// goThrough takes each key of a session that is left in turn, and says in the end
// what came of it.
func (t *talk) goThrough(s session.Session, phrase string) error {
	for n := range s.Steps {
		if s.Steps[n].State.Open() {
			if err := t.step(s, n, phrase); err != nil {
				t.say("Stopped. What is done stays done; session goes on.")
				return notBack(err)
			}
		}
	}
	if s.Rotation.Now { // nobody waited for those who decide
		if r := follow.Await(t.ctx, t.st); r.Verifiers > 0 {
			t.say("Note: %s.", r)
		}
	}
	over, used := s.Done()
	t.say("Session %s: %d of %s done, %d in use.", s.ID, over, text.Plural(len(s.Steps), "key"), used)
	return s.End(context.WithoutCancel(t.ctx), t.st)
}

// step gives one key its new secret, until it is over or left for later.
func (t *talk) step(s session.Session, n int, phrase string) error {
	for {
		if err := t.make(s, n, phrase); err != nil {
			return err
		}
		x := s.Steps[n]
		t.say("%d of %d. %s", n+1, len(s.Steps), stepWords(x))
		if x.State != session.Failed {
			return t.await(s, n)
		}
		what, err := t.choose("What now", nextKey, option{name: nextKey, help: "leave it for later"}, option{name: again, help: "try it once more"},
			option{name: otherwise, help: "hand it over in another way"}, option{name: leaveOut, help: "it stays as it is"})
		switch {
		case err != nil:
			return err
		case what == nextKey:
			return nil
		case what == leaveOut:
			return t.skip(s, n)
		case what == otherwise:
			if err := t.route(s, n); err != nil {
				return err
			}
		}
	}
}

// make makes the new secret of a key and hands it over.
func (t *talk) make(s session.Session, n int, phrase string) error {
	if s.Steps[n].Way != session.ToClipboard {
		_, err := s.Do(t.ctx, t.st, n, phrase)
		return err
	}
	_, secret, err := s.Make(t.ctx, t.st, n, "")
	if err != nil || secret.IsZero() {
		return err
	}
	t.say("The new key string of %s is on the next line. It is shown once, and stays in the history of this terminal.", s.Steps[n].Ref)
	t.write(secret.Reveal() + "\n")
	if err := s.NoteHandover(t.ctx, t.st, n, keystore.Revealed, "terminal"); err != nil {
		return fmt.Errorf("the key string was shown, but the journal does not say so: %w", err)
	}
	answer, err := t.ask("Enter once it is where it belongs, undo takes it back", "", func(s string) error {
		if s != "" && s != "undo" {
			return fmt.Errorf("%s is neither; answer with Enter alone, or undo", quoted(s))
		}
		return nil
	}, "If you go back now, the session takes this secret back and makes another when it goes on.")
	switch {
	case err != nil:
		return err
	case answer == "undo":
		_, err = s.Skip(t.ctx, t.st, n)
		return err
	}
	_, err = s.Handed(t.ctx, t.st, n)
	return err
}

// await waits for the first use of a new secret, if the session wants that.
func (t *talk) await(s session.Session, n int) error {
	for s.Wait && s.Steps[n].Way != session.ToClipboard && s.Steps[n].State == session.Handed {
		answer, err := t.ask("Enter looks whether the new secret of "+s.Steps[n].Ref+" is in use; next goes on without", "", func(s string) error {
			if s != "" && s != nextKey {
				return fmt.Errorf("%s is neither; answer with Enter alone, or next", quoted(s))
			}
			return nil
		})
		if err != nil || answer == nextKey {
			return err
		}
		x, err := s.Look(t.ctx, t.st, n)
		if err != nil {
			return err
		}
		t.say("%s: %s", x.Ref, x)
	}
	return nil
}

// skip leaves a key out.
func (t *talk) skip(s session.Session, n int) error {
	x, err := s.Skip(t.ctx, t.st, n)
	if err == nil {
		t.say("%s is left out.", x.Ref)
	}
	return err
}

// route asks for another way to hand a key over.
func (t *talk) route(s session.Session, n int) error {
	k, err := t.st.Key(t.ctx, string(s.Steps[n].Key))
	if err != nil {
		return err
	}
	policy, err := t.st.Policy()
	if err != nil {
		return err
	}
	var options []option
	for _, w := range s.Ways(k.Owner, policy) {
		options = append(options, wayWords(w))
	}
	name, err := t.choose("How is "+k.Ref()+" handed over", "", options...)
	if err != nil {
		return err
	}
	_, err = s.Route(t.ctx, t.st, n, wayOf(name))
	return err
}
