package journal

import (
	"errors"
	"fmt"
	"time"
)

const (
	// MaxRecord is the size limit of an encoded record in bytes. It is as large
	// as this because a change of two lists of 100 annotated addresses, before
	// and after, must be whole in its record: half a change could not be
	// replayed.
	MaxRecord = 256 << 10
	// MaxText is the limit of every text outside of Diff, in bytes of UTF-8.
	// Longer ones are cut at a character and end in "…".
	MaxText = 256
)

// ErrTooLarge: a record is larger than [MaxRecord]; nothing was written.
var ErrTooLarge = errors.New("record is too large for the journal")

// timeFormat is RFC 3339 in UTC with milliseconds, always 24 bytes.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Stamp writes an instant as records hold it, in UTC with milliseconds. Of two
// stamps the earlier one sorts before the later one.
func Stamp(at time.Time) string { return at.UTC().Format(timeFormat) }

// Record is one entry of the journal. It must never hold a key string.
type Record struct {
	Seq     int64     // position, from 0; set by [Appender.Append]
	Prev    Hash      // leaf hash of record Seq-1, zero for the first; set by Append
	Time    time.Time // instant of the event; kept in UTC with milliseconds
	Code    int       // see [Event]
	Event   string
	Outcome string // "ok", or why not
	Reason  string // why, in the operator's words
	Actor   Actor
	Object  Object
	Source  Source
	Diff    []Change
}

// Actor is who caused the record.
type Actor struct {
	UID    int    // user id of the process: a fact the kernel vouches for
	User   string // name of that user id
	Via    string // "tui", "cli", "serve"
	Claims Claims
}

// Claims is what the environment of the process says of the person behind it.
// Anybody can set an environment: these are hints, not facts.
type Claims struct {
	SSHConnection string // SSH_CONNECTION
	SudoUser      string // SUDO_USER
}

// Object is what the record is about.
type Object struct {
	Kind string // "store", "user", "key"
	ID   string
	Name string
}

// Source is where a verified request came from.
type Source struct {
	IP          string
	Agent       string // family of the user agent
	Route       string
	Secret      string // public id in the string that was presented
	Fingerprint string // keyed fingerprint of the string that was presented
}

// Change is one field before and after. The values are anything that
// encoding/json can marshal; nil (null) means there was or is none. After
// [Decode] they are of type json.RawMessage.
type Change struct {
	Field  string
	Before any
	After  any
}

func (r *Record) check() error {
	switch {
	case r.Seq < 0:
		return fmt.Errorf("record number %d is negative", r.Seq)
	case r.Code < 0:
		return fmt.Errorf("event code %d is negative", r.Code)
	case r.Event == "":
		return errors.New("record names no event")
	case r.Time.UTC().Truncate(time.Millisecond).IsZero():
		return errors.New("record has no time")
	}
	if y := r.Time.UTC().Year(); y < 0 || y > 9999 {
		return fmt.Errorf("year %d of the record has not four digits", y)
	}
	return nil
}

// field is one text of an object, in the order of the format. Encode and Decode
// share these tables, so they cannot disagree on names and order.
type field struct {
	name  string
	value *string
}

func (a *Actor) fields() [2]field {
	return [...]field{{"user", &a.User}, {"via", &a.Via}}
}

func (c *Claims) fields() [2]field {
	return [...]field{{"ssh_connection", &c.SSHConnection}, {"sudo_user", &c.SudoUser}}
}

func (o *Object) fields() [3]field {
	return [...]field{{"kind", &o.Kind}, {"id", &o.ID}, {"name", &o.Name}}
}

func (s *Source) fields() [5]field {
	return [...]field{
		{"ip", &s.IP}, {"agent", &s.Agent}, {"route", &s.Route}, {"secret", &s.Secret}, {"fingerprint", &s.Fingerprint},
	}
}
