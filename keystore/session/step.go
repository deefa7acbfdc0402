package session

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Do takes one key as far as it goes now: it rotates it and hands the new key
// string over. What cannot be done for this key is a step that failed, and no
// error; an error means that the session cannot go on.
func (s Session) Do(ctx context.Context, st *keystore.Store, n int) (Step, error) {
	x := &s.Steps[n]
	if !x.State.Open() {
		return *x, nil
	}
	k, err := st.Key(ctx, string(x.Key))
	if err != nil {
		return *x, err
	}
	if x.State == Begun {
		k, err = s.recover(ctx, st, n, k)
	}
	if err == nil && x.State != Handed {
		err = s.rotate(ctx, st, n, k)
	}
	if err == nil || !aboutTheKey(err) {
		return *x, err
	}
	x.State, x.Note = Failed, err.Error()
	return *x, s.keep(context.WithoutCancel(ctx), st, n)
}

// Skip leaves a key out.
func (s Session) Skip(ctx context.Context, st *keystore.Store, n int) (Step, error) {
	s.Steps[n].State = Skipped
	return s.Steps[n], s.keep(ctx, st, n)
}

// Look finds out whether the new secret of a step was used by now.
func (s Session) Look(ctx context.Context, st *keystore.Store, n int) (Step, error) {
	x := &s.Steps[n]
	if x.State != Handed {
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
	return e.text + ": " + e.cause.Error()
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
	if err := os.Remove(x.File); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if old, ok := k.RetiringAt(st.Now()); ok && old.ID == x.Old {
		return st.RevertRotation(ctx, k.ID, k.Version)
	}
	return k, nil
}

// rotate rotates a key and hands the new key string over.
func (s Session) rotate(ctx context.Context, st *keystore.Store, n int, k keystore.KeyView) error {
	x := &s.Steps[n]
	r := s.rotationAt(st.Now())
	if err := st.CheckRotation(k, r); err != nil {
		return err
	}
	to, err := s.recipients(k.Owner)
	if err != nil {
		return err
	}
	if info, err := os.Stat(s.Dir); err != nil || !info.IsDir() {
		return &keystore.FieldError{Field: "folder", Text: "it does not exist; make it, then go on"}
	}
	path := filepath.Join(s.Dir, fileName(k))
	if _, err := os.Lstat(path); err == nil {
		return &keystore.FieldError{Field: "file", Value: path, Text: "exists already; move it away"}
	}
	x.State, x.Old, x.File, x.Note = Begun, k.Current().ID, path, ""
	if err := s.keep(ctx, st, n); err != nil {
		return err
	}
	after, secret, err := st.RotateKey(ctx, k.ID, k.Version, r)
	if err != nil {
		return err
	}
	// From here on nothing may stop before the key string is handed over.
	ctx = context.WithoutCancel(ctx)
	if err := save(st, after, secret, path, to); err != nil {
		return s.takeBack(ctx, st, after, err)
	}
	x.State, x.New = Handed, after.Current().ID
	if err := s.keep(ctx, st, n); err != nil {
		return err
	}
	return st.NoteHandover(ctx, k.ID, keystore.Saved, handoverDetail(path, to)+", session "+s.ID)
}

// takeBack undoes a rotation whose key string could not be saved.
func (s Session) takeBack(ctx context.Context, st *keystore.Store, k keystore.KeyView, cause error) error {
	if s.Rotation.Now {
		return &stepError{"rotated, but the key string could not be saved and is lost; go on, and it gets another", cause}
	}
	_, err := st.RevertRotation(ctx, k.ID, k.Version)
	return errors.Join(&stepError{"the key string could not be saved, and the rotation was called off", cause}, err)
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
