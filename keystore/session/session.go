// Package session replaces the secrets of many keys one by one: a new secret,
// handed over, the wait for its first use, the next key. It is handed over in a
// file for its owner or for whoever else has the means to open it, on the standard
// input of a command, or on the operator's clipboard; each key may have a way of
// its own. A session is kept in the store, so it can be stopped and gone on with
// anywhere, by anybody.
//
// Whoever stops or kills the process, at whatever point, leaves each key wholly
// old or wholly new. Before a key is touched the session writes down what it is
// about to do; a key that was rotated but whose key string was lost before it was
// handed over is found by that, and taken back before it is tried again: nobody
// can have the lost one. In an emergency there is nothing to take back, and it
// gets yet another secret.
//
// It never keeps a key string, nor a passphrase. It refuses to go on with a key that somebody else
// has rotated meanwhile: which secret its owner has is then not for it to say.
package session

import (
	"cmp"
	"context"
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// State is how far a key of a session is.
type State string

// The states of a step.
const (
	Waiting State = "waiting" // not begun
	Begun   State = "begun"   // about to be rotated, or rotated and not handed over
	Handed  State = "handed over"
	Contact State = "in use" // the new secret was used
	Skipped State = "skipped"
	Failed  State = "failed" // the key is as it was; Note says why
)

// Open reports whether there is something left to do for a step.
func (s State) Open() bool { return s == Waiting || s == Begun || s == Failed }

// Step is one key of a session.
type Step struct {
	Key   keystore.KeyID
	Ref   string // user/name when the session began
	State State
	Way   Way      // "" is ToFile
	Old   token.ID // the secret that is replaced
	New   token.ID
	File  string // where the key string was saved
	Note  string
	At    time.Time // of the last change
}

// String tells how far the step is.
func (x Step) String() string {
	switch x.State {
	case Failed:
		return "failed: " + x.Note
	case Handed:
		return "handed over, not in use yet"
	}
	return string(x.State)
}

// Session is a rotation of several keys.
type Session struct {
	ID      string
	Started time.Time
	// Rotation is what is done to each key. If Grace is set, the old secret of
	// each works for that long from its own turn.
	Rotation keystore.Rotation
	Grace    time.Duration
	Hand
	Wait  bool // for the first use of each new secret, before the next key
	Steps []Step
}

// MostKeys is how many keys a session may have.
const MostKeys = 500

// Done returns how many steps are over, and how many of them are in use.
func (s Session) Done() (over, used int) {
	for _, x := range s.Steps {
		if !x.State.Open() {
			over++
		}
		if x.State == Contact {
			used++
		}
	}
	return over, used
}

// rotationAt returns the rotation of a key whose turn it is.
func (s Session) rotationAt(now time.Time) keystore.Rotation {
	if s.Grace > 0 {
		return keystore.Rotation{Until: now.Add(s.Grace), Session: s.ID}
	}
	return s.Rotation
}

// Start begins a session for keys; nothing is done to them yet.
func Start(ctx context.Context, st *keystore.Store, s Session, keys []keystore.KeyView) (Session, error) {
	if len(keys) == 0 || len(keys) > MostKeys {
		return s, &keystore.FieldError{Field: "keys", Value: fmt.Sprint(len(keys)), Text: fmt.Sprintf("cannot be in one session; it has 1 to %d", MostKeys)}
	}
	id, err := newID(st.Rand())
	if err != nil {
		return s, err
	}
	s.ID, s.Started = id, st.Now()
	s.Rotation.Session = s.ID
	for _, k := range keys {
		x := Step{Key: k.ID, Ref: k.Ref(), State: Waiting, Way: s.wayOf(k.Owner), At: s.Started}
		if x.Way == "" {
			x.State, x.Way, x.Note = Skipped, s.Way, noRecipient(k.Owner).Error()
		}
		s.Steps = append(s.Steps, x)
	}
	return s, annex.Change(ctx, st, func(w kv.Writer, _ time.Time) ([]journal.Record, error) {
		if err := s.write(w); err != nil {
			return nil, err
		}
		return []journal.Record{s.record(journal.EventSessionStart, fmt.Sprintf("%d keys", len(keys)))}, nil
	})
}

// newID returns the name of a session: short enough to be typed.
func newID(rand io.Reader) (string, error) {
	var b [5]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("no randomness for a session: %w", err)
	}
	return "r" + base32.StdEncoding.EncodeToString(b[:])[:7], nil
}

func (s Session) record(e journal.Event, reason string) journal.Record {
	return journal.Record{
		Code: e.Code, Event: e.Name, Outcome: "ok", Reason: reason, Object: journal.Object{Kind: "session", ID: s.ID},
	}
}

// Load returns the session of an id.
func Load(ctx context.Context, st *keystore.Store, id string) (Session, error) {
	all, err := List(ctx, st)
	if err != nil {
		return Session{}, err
	}
	i := slices.IndexFunc(all, func(s Session) bool { return s.ID == id })
	if i < 0 {
		return Session{}, &keystore.NotFoundError{Kind: "session", Ref: id}
	}
	return all[i], nil
}

// List returns all sessions, the newest first.
func List(ctx context.Context, st *keystore.Store) ([]Session, error) {
	var all []Session
	err := annex.View(ctx, st, func(r kv.Reader) (err error) {
		all, err = read(r)
		return err
	})
	slices.SortFunc(all, func(a, b Session) int { return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(a.ID, b.ID)) })
	return all, err
}

// End writes the end of a session to the journal.
func (s Session) End(ctx context.Context, st *keystore.Store) error {
	over, used := s.Done()
	return annex.Change(ctx, st, func(kv.Writer, time.Time) ([]journal.Record, error) {
		return []journal.Record{s.record(journal.EventSessionEnd, fmt.Sprintf("%d of %d keys done, %d in use", over, len(s.Steps), used))}, nil
	})
}
