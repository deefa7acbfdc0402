package session

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// The rows of the annex:
//
//	s<session>                 the session
//	k<session><0x00><number>   a key of it, in order, big-endian
const annex keystore.Annex = "rotation"

const (
	tableHead = "s"
	tableStep = "k"
)

type headRow struct {
	Started int64    `cbor:"1,keyasint"` // Unix ms, as all times
	Until   int64    `cbor:"2,keyasint,omitempty"`
	After   int64    `cbor:"3,keyasint,omitempty"` // ms
	Now     bool     `cbor:"4,keyasint,omitempty"`
	Dir     string   `cbor:"5,keyasint,omitempty"`
	To      []string `cbor:"6,keyasint,omitempty"`
	Grace   int64    `cbor:"7,keyasint,omitempty"` // ms
	Way     string   `cbor:"8,keyasint,omitempty"`
	Sealed  bool     `cbor:"9,keyasint,omitempty"`
	Command string   `cbor:"10,keyasint,omitempty"`
	Wait    bool     `cbor:"11,keyasint,omitempty"`
}

type stepRow struct {
	Key   string `cbor:"1,keyasint"`
	Ref   string `cbor:"2,keyasint"`
	State string `cbor:"3,keyasint"`
	Old   string `cbor:"4,keyasint,omitempty"`
	New   string `cbor:"5,keyasint,omitempty"`
	File  string `cbor:"6,keyasint,omitempty"`
	Note  string `cbor:"7,keyasint,omitempty"`
	At    int64  `cbor:"8,keyasint"`
	Way   string `cbor:"9,keyasint,omitempty"`
}

func stepKey(id string, n int) []byte {
	return binary.BigEndian.AppendUint32([]byte(tableStep+id+"\x00"), uint32(n))
}

// write writes a whole session.
func (s Session) write(w kv.Writer) error {
	h := headRow{
		Started: s.Started.UnixMilli(), After: s.Rotation.After.Milliseconds(), Now: s.Rotation.Now, Dir: s.Dir, To: s.To, Grace: s.Grace.Milliseconds(),
		Way: string(s.Way), Sealed: s.Sealed, Command: s.Command, Wait: s.Wait,
	}
	if !s.Rotation.Until.IsZero() {
		h.Until = s.Rotation.Until.UnixMilli()
	}
	b, err := cbor.Marshal(h)
	if err != nil {
		return err
	}
	if err := w.Put([]byte(tableHead+s.ID), b); err != nil {
		return err
	}
	for n := range s.Steps {
		if err := s.writeStep(w, n); err != nil {
			return err
		}
	}
	return nil
}

func (s Session) writeStep(w kv.Writer, n int) error {
	x := s.Steps[n]
	b, err := cbor.Marshal(stepRow{
		Key: string(x.Key), Ref: x.Ref, State: string(x.State), Old: x.Old.String(), New: x.New.String(),
		File: x.File, Note: x.Note, At: x.At.UnixMilli(), Way: string(x.Way),
	})
	if err != nil {
		return err
	}
	return w.Put(stepKey(s.ID, n), b)
}

// keep writes one step down.
func (s Session) keep(ctx context.Context, st *keystore.Store, n int) error {
	return annex.Change(ctx, st, func(w kv.Writer, now time.Time) ([]journal.Record, error) {
		s.Steps[n].At = now
		return nil, s.writeStep(w, n)
	})
}

// read returns all sessions.
func read(r kv.Reader) ([]Session, error) {
	var all []Session
	err := r.Scan(kv.Prefix([]byte(tableHead)), func(key, value []byte) error {
		var h headRow
		if err := cbor.Unmarshal(value, &h); err != nil {
			return fmt.Errorf("damaged session row: %w", err)
		}
		s := Session{ID: string(key[len(tableHead):]), Started: time.UnixMilli(h.Started).UTC(), Grace: time.Duration(h.Grace) * time.Millisecond, Wait: h.Wait}
		s.Hand = Hand{Way: Way(h.Way), Dir: h.Dir, To: h.To, Sealed: h.Sealed, Command: h.Command}
		s.Rotation = keystore.Rotation{After: time.Duration(h.After) * time.Millisecond, Now: h.Now, Session: s.ID}
		if h.Until != 0 {
			s.Rotation.Until = time.UnixMilli(h.Until).UTC()
		}
		all = append(all, s)
		return nil
	})
	for i := range all {
		if err := all[i].readSteps(r); err != nil {
			return nil, err
		}
	}
	return all, err
}

func (s *Session) readSteps(r kv.Reader) error {
	return r.Scan(kv.Prefix([]byte(tableStep+s.ID+"\x00")), func(_, value []byte) error {
		var x stepRow
		if err := cbor.Unmarshal(value, &x); err != nil {
			return fmt.Errorf("damaged session row: %w", err)
		}
		step := Step{
			Key: keystore.KeyID(x.Key), Ref: x.Ref, State: State(x.State), Way: Way(x.Way), File: x.File, Note: x.Note, At: time.UnixMilli(x.At).UTC(),
		}
		for text, id := range map[string]*token.ID{x.Old: &step.Old, x.New: &step.New} {
			if err := id.UnmarshalText([]byte(text)); err != nil {
				return fmt.Errorf("damaged session row: %w", err)
			}
		}
		s.Steps = append(s.Steps, step)
		return nil
	})
}
