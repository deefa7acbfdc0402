package review

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Verdict is what shall become of a key.
type Verdict string

// The verdicts.
const (
	Keep     Verdict = "keep"
	Restrict Verdict = "restrict" // its addresses, scopes or lifetime
	Rotate   Verdict = "rotate"
	Disable  Verdict = "disable"
	Revoke   Verdict = "revoke"
	Ask      Verdict = "ask" // the owner, before anything else
)

// Verdicts lists all verdicts, the mildest first.
var Verdicts = [...]Verdict{Keep, Ask, Restrict, Rotate, Disable, Revoke}

// Means tells a verdict in words: "it needs a new secret".
func (v Verdict) Means() string {
	switch v {
	case Keep:
		return "it is as it should be"
	case Ask:
		return "ask the owner first"
	case Restrict:
		return "addresses, scopes or lifetime"
	case Rotate:
		return "it needs a new secret"
	case Disable:
		return "it is to be disabled"
	case Revoke:
		return "it is to be revoked"
	}
	return ""
}

// ParseVerdict reads the name of a verdict.
func ParseVerdict(s string) (Verdict, error) {
	if v := Verdict(s); slices.Contains(Verdicts[:], v) {
		return v, nil
	}
	return "", &keystore.FieldError{Field: "verdict", Value: s, Text: "does not exist; use keep, ask, restrict, rotate, disable or revoke"}
}

// Errors about sessions.
var (
	ErrNone = errors.New("there is no open review")
	ErrOpen = errors.New("a review is open already")
)

// Session is one review of all keys.
type Session struct {
	Number int // from 1
	Began  time.Time
	By     string    // who began it
	Ended  time.Time // zero: open
}

// Decision is what was said of a key.
type Decision struct {
	Key     keystore.KeyID
	Ref     string // user/name on that day
	Verdict Verdict
	Comment string
	By      string
	At      time.Time
	Version uint64 // of the key that was looked at
	Self    Stake  // of who decided
}

// State is a session with its decisions, and those of the one before.
type State struct {
	Session
	Decisions map[keystore.KeyID]Decision
	Before    *State // without a Before of its own; nil: this is the first one
}

const annex keystore.Annex = "review"

// The tables of the annex.
const (
	tableSession  = "s"
	tableDecision = "d"
)

func sessionRow(n int) []byte { return fmt.Appendf(nil, "%s%08d", tableSession, n) }

func decisionRow(n int, key keystore.KeyID) []byte {
	return fmt.Appendf(nil, "%s%08d\x00%s", tableDecision, n, key)
}

type sessionRecord struct {
	Began int64  `cbor:"1,keyasint"` // Unix milliseconds
	By    string `cbor:"2,keyasint"`
	Ended int64  `cbor:"3,keyasint,omitempty"`
}

type decisionRecord struct {
	Ref     string `cbor:"1,keyasint"`
	Verdict string `cbor:"2,keyasint"`
	Comment string `cbor:"3,keyasint"`
	By      string `cbor:"4,keyasint"`
	At      int64  `cbor:"5,keyasint"`
	Version uint64 `cbor:"6,keyasint"`
	Self    string `cbor:"7,keyasint,omitempty"`
}

func (s Session) put(w kv.Writer) error {
	r := sessionRecord{Began: s.Began.UnixMilli(), By: s.By}
	if !s.Ended.IsZero() {
		r.Ended = s.Ended.UnixMilli()
	}
	return put(w, sessionRow(s.Number), r)
}

func put(w kv.Writer, row []byte, v any) error {
	b, err := cbor.Marshal(v)
	if err != nil {
		return err
	}
	return w.Put(row, b)
}

// readSession returns a session; ok is false if there is none of that number.
func readSession(r kv.Reader, n int) (s Session, ok bool, err error) {
	b, err := r.Get(sessionRow(n))
	if err != nil || b == nil {
		return s, false, err
	}
	var rec sessionRecord
	if err := cbor.Unmarshal(b, &rec); err != nil {
		return s, false, fmt.Errorf("damaged review: %w", err)
	}
	s = Session{Number: n, Began: time.UnixMilli(rec.Began).UTC(), By: rec.By}
	if rec.Ended != 0 {
		s.Ended = time.UnixMilli(rec.Ended).UTC()
	}
	return s, true, nil
}

// last returns the newest session; its number is 0 if there is none.
func last(r kv.Reader) (s Session, err error) {
	whole := kv.Prefix([]byte(tableSession))
	whole.Reverse = true
	err = r.Scan(whole, func(row, _ []byte) error {
		n, err := strconv.Atoi(string(row[len(tableSession):]))
		if err != nil {
			return fmt.Errorf("damaged review: row %q", row)
		}
		if s, _, err = readSession(r, n); err != nil {
			return err
		}
		return kv.Stop
	})
	return s, err
}

func readDecisions(r kv.Reader, n int) (map[keystore.KeyID]Decision, error) {
	out := map[keystore.KeyID]Decision{}
	prefix := decisionRow(n, "")
	err := r.Scan(kv.Prefix(prefix), func(row, value []byte) error {
		var d decisionRecord
		if err := cbor.Unmarshal(value, &d); err != nil {
			return fmt.Errorf("damaged review decision: %w", err)
		}
		id := keystore.KeyID(row[len(prefix):])
		out[id] = Decision{id, d.Ref, Verdict(d.Verdict), d.Comment, d.By, time.UnixMilli(d.At).UTC(), d.Version, Stake(d.Self)}
		return nil
	})
	return out, err
}

// Covers reports whether a key belongs to the session.
func (s Session) Covers(k keystore.KeyView) bool {
	end := s.Ended
	return !k.Created.After(s.Began) && (k.Revoked.IsZero() || !end.IsZero() && k.Revoked.After(end))
}

// Left returns the keys about which nothing was decided yet, by owner and name.
func (s State) Left(keys []keystore.KeyView) []keystore.KeyView {
	left := slices.DeleteFunc(slices.Clone(keys), func(k keystore.KeyView) bool {
		_, decided := s.Decisions[k.ID]
		return decided || !s.Covers(k)
	})
	slices.SortFunc(left, func(a, b keystore.KeyView) int {
		return cmp.Or(cmp.Compare(a.Ref(), b.Ref()), cmp.Compare(a.ID, b.ID))
	})
	return left
}
