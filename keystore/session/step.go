package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Do takes one key as far as it goes now: it rotates it and hands the new key
// string over, with a passphrase if the session wants one. What cannot be done for
// this key is a step that failed, and no error; an error means that the session
// cannot go on.
func (s Session) Do(ctx context.Context, st *keystore.Store, n int, passphrase string) (Step, error) {
	x := &s.Steps[n]
	if x.State.Open() && x.Way == ToClipboard {
		return *x, s.settle(ctx, st, n, &stepError{text: "it goes to the clipboard: go on in the dashboard, or leave it out"})
	}
	k, secret, err := s.Make(ctx, st, n, passphrase)
	if err != nil || secret.IsZero() {
		return *x, err
	}
	how, detail, err := s.deliver(ctx, st, *x, k, secret, passphrase)
	// From here on nothing may stop before it is written down how it went.
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		return *x, s.settle(ctx, st, n, s.takeBack(ctx, st, k, err))
	}
	if err := s.NoteHandover(ctx, st, n, how, detail); err != nil {
		return *x, err
	}
	return s.Handed(ctx, st, n)
}

// Make gives one key its new secret and returns the key string, which the caller
// then hands over. Without one there is nothing to hand over, and the step tells
// why.
func (s Session) Make(ctx context.Context, st *keystore.Store, n int, passphrase string) (k keystore.KeyView, secret token.Key, err error) {
	x := &s.Steps[n]
	if !x.State.Open() {
		return k, secret, nil
	}
	if k, err = st.Key(ctx, string(x.Key)); err != nil {
		return k, secret, err
	}
	if x.State == Begun {
		k, err = s.recover(ctx, st, n, k)
	}
	if err == nil && x.State != Handed {
		k, secret, err = s.rotate(ctx, st, n, k, passphrase)
	}
	return k, secret, s.settle(ctx, st, n, err)
}

// settle writes down what stands against a key; other errors it returns.
func (s Session) settle(ctx context.Context, st *keystore.Store, n int, err error) error {
	if err == nil || !aboutTheKey(err) {
		return err
	}
	s.Steps[n].State, s.Steps[n].Note = Failed, err.Error()
	return s.keep(context.WithoutCancel(ctx), st, n)
}

// NoteHandover writes into the journal how a key string left the program.
func (s Session) NoteHandover(ctx context.Context, st *keystore.Store, n int, how keystore.Handover, detail string) error {
	return st.NoteHandover(ctx, s.Steps[n].Key, how, detail+", session "+s.ID)
}

// Handed says that the key string is where it will be used.
func (s Session) Handed(ctx context.Context, st *keystore.Store, n int) (Step, error) {
	s.Steps[n].State = Handed
	return s.Steps[n], s.keep(ctx, st, n)
}

// Route gives a key another way. One that was left out or failed is tried again.
func (s Session) Route(ctx context.Context, st *keystore.Store, n int, way Way) (Step, error) {
	x := &s.Steps[n]
	x.Way = way
	if x.State == Skipped || x.State == Failed {
		x.State, x.Note = Waiting, ""
	}
	return *x, s.keep(ctx, st, n)
}

// Skip leaves a key out. A new secret of it that was not handed over is taken
// back first; if the old one is refused by then, the key cannot be left so.
func (s Session) Skip(ctx context.Context, st *keystore.Store, n int) (Step, error) {
	x := &s.Steps[n]
	if x.State == Begun {
		k, err := st.Key(ctx, string(x.Key))
		if err == nil {
			k, err = s.recover(ctx, st, n, k)
		}
		switch {
		case err != nil || x.State == Handed:
			return *x, err
		case k.Current().ID != x.Old:
			return *x, &stepError{text: "its old secret is refused already; go on, and it gets one that is handed over"}
		}
	}
	x.State = Skipped
	return *x, s.keep(ctx, st, n)
}

// Look finds out whether the new secret of a step was used by now.
func (s Session) Look(ctx context.Context, st *keystore.Store, n int) (Step, error) {
	x := &s.Steps[n]
	if x.State != Handed && x.State != Begun || x.New == (token.ID{}) {
		return *x, nil
	}
	used, err := used(ctx, st, x.New)
	if err != nil || !used {
		return *x, err
	}
	x.State = Contact
	return *x, s.keep(ctx, st, n)
}

func used(ctx context.Context, st *keystore.Store, id token.ID) (bool, error) {
	u, err := st.Uses(ctx, keystore.Key{Secrets: []keystore.Secret{{ID: id}}})
	return !u.First.Time.IsZero(), err
}

// stepError is what stands against one key. It matches [keystore.ErrState].
type stepError struct {
	text  string
	cause error // or nil
}

func (e *stepError) Error() string {
	if e.cause == nil {
		return e.text
	}
	return e.cause.Error() + "; " + e.text
}

// Is makes errors.Is(err, keystore.ErrState) true.
func (e *stepError) Is(target error) bool { return target == keystore.ErrState }

func (e *stepError) Unwrap() error { return e.cause }

// errOther: somebody else rotated the key while the session was at it.
var errOther = &stepError{text: "somebody else has rotated this key meanwhile"}

// recover puts right what was interrupted between writing down and handing
// over, and returns the key as it is then.
func (s Session) recover(ctx context.Context, st *keystore.Store, n int, k keystore.KeyView) (keystore.KeyView, error) {
	x := &s.Steps[n]
	current := k.Current()
	switch {
	case current.ID == x.Old:
		return k, nil // it had not been rotated
	case current.Session != s.ID:
		return k, errOther
	}
	inUse, err := used(ctx, st, current.ID)
	if err != nil {
		return k, err
	}
	if inUse { // it had been handed over
		x.State, x.New = Handed, current.ID
		return k, s.keep(ctx, st, n)
	}
	if err := os.Remove(x.File); x.File != "" && err != nil && !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if old, ok := k.RetiringAt(st.Now()); ok && old.ID == x.Old {
		return st.RevertRotation(ctx, k.ID, k.Version)
	}
	return k, nil
}

// rotate gives a key a new secret, once it is written down that this is about to
// happen, and waits until it works everywhere. In an emergency it does not wait:
// the next key is more urgent.
func (s Session) rotate(ctx context.Context, st *keystore.Store, n int, k keystore.KeyView, passphrase string) (keystore.KeyView, token.Key, error) {
	x := &s.Steps[n]
	r := s.rotationAt(st.Now())
	if err := st.CheckRotation(k, r); err != nil {
		return k, token.Key{}, err
	}
	if err := s.ready(st, x, k, passphrase); err != nil {
		return k, token.Key{}, err
	}
	x.State, x.Old, x.Note = Begun, k.Current().ID, ""
	if err := s.keep(ctx, st, n); err != nil {
		return k, token.Key{}, err
	}
	after, secret, err := st.RotateKey(ctx, k.ID, k.Version, r)
	if err != nil {
		return k, token.Key{}, err
	}
	x.New = after.Current().ID
	if !r.Now {
		follow.Await(ctx, st)
	}
	return after, secret, nil
}

// takeBack undoes a rotation whose key string could not be handed over.
func (s Session) takeBack(ctx context.Context, st *keystore.Store, k keystore.KeyView, cause error) error {
	var failed *CommandError
	if errors.As(cause, &failed) {
		code := fmt.Sprintf("a command, exit code %d, session %s", failed.Code, s.ID)
		cause = errors.Join(cause, st.NoteHandover(ctx, k.ID, keystore.Given, code))
	}
	if s.Rotation.Now {
		return &stepError{"the new key string is lost: go on, and the key gets another", cause}
	}
	_, err := st.RevertRotation(ctx, k.ID, k.Version)
	return errors.Join(&stepError{"the rotation was called off", cause}, err)
}

// aboutTheKey tells what stands against one key from what stands against all.
func aboutTheKey(err error) bool {
	for _, class := range []error{
		keystore.ErrState, keystore.ErrConflict, keystore.ErrPolicy, keystore.ErrInvalid, keystore.ErrNotFound,
	} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}
