package keystore

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// The stored forms, CBOR maps with small integers as names. A number is never
// given to another field; a new field gets the next one. Times are Unix
// milliseconds, 0 being the zero time.

type metaRecord struct {
	Format  int    `cbor:"1,keyasint"`
	ID      string `cbor:"2,keyasint"`
	Prefix  string `cbor:"3,keyasint"`
	Created int64  `cbor:"4,keyasint"`
	Demo    bool   `cbor:"5,keyasint,omitempty"`
}

type userRecord struct {
	Name        string   `cbor:"1,keyasint"`
	Kind        string   `cbor:"2,keyasint"`
	Admin       bool     `cbor:"3,keyasint,omitempty"`
	Disabled    bool     `cbor:"4,keyasint,omitempty"`
	Permissions []string `cbor:"5,keyasint,omitempty"`
	Contact     string   `cbor:"6,keyasint,omitempty"`
	Created     int64    `cbor:"7,keyasint"`
	Updated     int64    `cbor:"8,keyasint"`
	Version     uint64   `cbor:"9,keyasint"`
	Recipient   string   `cbor:"10,keyasint,omitempty"`
	HandedOver  int64    `cbor:"11,keyasint,omitempty"`
}

type keyRecord struct {
	User         string         `cbor:"1,keyasint"`
	Name         string         `cbor:"2,keyasint"`
	Description  string         `cbor:"3,keyasint,omitempty"`
	Scopes       []string       `cbor:"4,keyasint,omitempty"`
	Created      int64          `cbor:"5,keyasint"`
	Updated      int64          `cbor:"6,keyasint"`
	NotBefore    int64          `cbor:"7,keyasint,omitempty"`
	Expires      int64          `cbor:"8,keyasint,omitempty"`
	Allow        []entryRecord  `cbor:"9,keyasint,omitempty"`
	Deny         []entryRecord  `cbor:"10,keyasint,omitempty"`
	DisabledAt   int64          `cbor:"11,keyasint,omitempty"`
	Revoked      int64          `cbor:"12,keyasint,omitempty"`
	RevokeReason string         `cbor:"13,keyasint,omitempty"`
	Secrets      []secretRecord `cbor:"14,keyasint"`
	Version      uint64         `cbor:"15,keyasint"`
	Compromised  bool           `cbor:"16,keyasint,omitempty"`
	RotateEvery  int64          `cbor:"17,keyasint,omitempty"` // ms
	WarnBefore   int64          `cbor:"18,keyasint,omitempty"` // ms
}

type entryRecord struct {
	_      struct{} `cbor:",toarray"`
	Prefix []byte   // netip.Prefix in its binary form
	Note   string
}

type secretRecord struct {
	ID      []byte `cbor:"1,keyasint"`
	Pepper  string `cbor:"2,keyasint"`
	Digest  []byte `cbor:"3,keyasint"`
	State   string `cbor:"4,keyasint"`
	Created int64  `cbor:"5,keyasint"`
	Retires int64  `cbor:"6,keyasint,omitempty"`
	Grace   int64  `cbor:"7,keyasint,omitempty"` // ms
	Session string `cbor:"8,keyasint,omitempty"`
}

type sightingRecord struct {
	_     struct{} `cbor:",toarray"`
	Time  int64
	IP    []byte
	Agent string
	Route string
}

type usesRecord struct {
	First      sightingRecord    `cbor:"1,keyasint"`
	Last       sightingRecord    `cbor:"2,keyasint"`
	OK         uint64            `cbor:"3,keyasint"`
	Denied     map[string]uint64 `cbor:"4,keyasint,omitempty"`
	LastDenied sightingRecord    `cbor:"5,keyasint"`
	LastReason string            `cbor:"6,keyasint,omitempty"`
}

func decode(row string, b []byte, v any) error {
	if err := cbor.Unmarshal(b, v); err != nil {
		return fmt.Errorf("damaged %s row: %w", row, err)
	}
	return nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func scopeStrings(list []Scope) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func scopesOf(list []string) []Scope {
	if len(list) == 0 {
		return nil
	}
	out := make([]Scope, len(list))
	for i, s := range list {
		out[i] = Scope(s)
	}
	return out
}

func encodeUser(u User) ([]byte, error) {
	return cbor.Marshal(userRecord{
		Name: u.Name, Kind: string(u.Kind), Admin: u.Admin, Disabled: u.Disabled,
		Permissions: scopeStrings(u.Permissions), Contact: u.Contact,
		Created: millis(u.Created), Updated: millis(u.Updated), Version: u.Version, Recipient: u.Recipient,
		HandedOver: millis(u.HandedOver),
	})
}

func decodeUser(id UserID, b []byte) (User, error) {
	var r userRecord
	if err := decode("user", b, &r); err != nil {
		return User{}, err
	}
	return User{
		ID: id, Name: r.Name, Kind: Kind(r.Kind), Admin: r.Admin, Disabled: r.Disabled,
		Permissions: scopesOf(r.Permissions), Contact: r.Contact,
		Created: fromMillis(r.Created), Updated: fromMillis(r.Updated), Version: r.Version, Recipient: r.Recipient,
		HandedOver: fromMillis(r.HandedOver),
	}, nil
}

func encodeKey(k Key) ([]byte, error) {
	r := keyRecord{
		User: string(k.User), Name: k.Name, Description: k.Description, Scopes: scopeStrings(k.Scopes),
		Created: millis(k.Created), Updated: millis(k.Updated),
		NotBefore: millis(k.NotBefore), Expires: millis(k.Expires),
		DisabledAt: millis(k.DisabledAt), Revoked: millis(k.Revoked), RevokeReason: k.RevokeReason,
		Version: k.Version, Compromised: k.Compromised, RotateEvery: k.RotateEvery.Milliseconds(),
		WarnBefore: k.WarnBefore.Milliseconds(),
	}
	var err error
	if r.Allow, err = encodeEntries(k.Rules.Allow); err != nil {
		return nil, err
	}
	if r.Deny, err = encodeEntries(k.Rules.Deny); err != nil {
		return nil, err
	}
	for _, s := range k.Secrets {
		r.Secrets = append(r.Secrets, secretRecord{
			ID: s.ID[:], Pepper: s.Pepper, Digest: s.Digest[:], State: string(s.State),
			Created: millis(s.Created), Retires: millis(s.Retires), Grace: s.Grace.Milliseconds(), Session: s.Session,
		})
	}
	return cbor.Marshal(r)
}

func decodeKey(id KeyID, b []byte) (Key, error) {
	var r keyRecord
	if err := decode("key", b, &r); err != nil {
		return Key{}, err
	}
	k := Key{
		ID: id, User: UserID(r.User), Name: r.Name, Description: r.Description, Scopes: scopesOf(r.Scopes),
		Created: fromMillis(r.Created), Updated: fromMillis(r.Updated),
		NotBefore: fromMillis(r.NotBefore), Expires: fromMillis(r.Expires),
		DisabledAt: fromMillis(r.DisabledAt), Revoked: fromMillis(r.Revoked), RevokeReason: r.RevokeReason,
		Version: r.Version, Compromised: r.Compromised, RotateEvery: time.Duration(r.RotateEvery) * time.Millisecond,
		WarnBefore: time.Duration(r.WarnBefore) * time.Millisecond,
	}
	var err error
	if k.Rules.Allow, err = decodeEntries(r.Allow); err != nil {
		return Key{}, err
	}
	if k.Rules.Deny, err = decodeEntries(r.Deny); err != nil {
		return Key{}, err
	}
	for _, s := range r.Secrets {
		if len(s.ID) != len(token.ID{}) || len(s.Digest) != len(token.Digest{}) {
			return Key{}, fmt.Errorf("damaged key row: secret of %d and digest of %d bytes", len(s.ID), len(s.Digest))
		}
		k.Secrets = append(k.Secrets, Secret{
			ID: token.ID(s.ID), Pepper: s.Pepper, Digest: token.Digest(s.Digest), State: SecretState(s.State),
			Created: fromMillis(s.Created), Retires: fromMillis(s.Retires),
			Grace: time.Duration(s.Grace) * time.Millisecond, Session: s.Session,
		})
	}
	return k, nil
}

func encodeEntries(list []iprule.Entry) ([]entryRecord, error) {
	var out []entryRecord
	for _, e := range list {
		b, err := e.Prefix.MarshalBinary()
		if err != nil {
			return nil, err
		}
		out = append(out, entryRecord{Prefix: b, Note: e.Note})
	}
	return out, nil
}

func decodeEntries(list []entryRecord) ([]iprule.Entry, error) {
	var out []iprule.Entry
	for _, r := range list {
		var p netip.Prefix
		if err := p.UnmarshalBinary(r.Prefix); err != nil {
			return nil, fmt.Errorf("damaged key row: %w", err)
		}
		out = append(out, iprule.Entry{Prefix: p, Note: r.Note})
	}
	return out, nil
}

// encodeSighting keeps what a caller said of itself readable: CBOR text that
// is not UTF-8 could not be decoded any more.
func encodeSighting(s Sighting) sightingRecord {
	return sightingRecord{
		Time: millis(s.Time), IP: s.IP.AsSlice(),
		Agent: strings.ToValidUTF8(s.Agent, "\uFFFD"), Route: strings.ToValidUTF8(s.Route, "\uFFFD"),
	}
}

func decodeSighting(r sightingRecord) Sighting {
	ip, _ := netip.AddrFromSlice(r.IP)
	return Sighting{Time: fromMillis(r.Time), Caller: Caller{IP: ip, Agent: r.Agent, Route: r.Route}}
}

func encodeUses(u Uses) ([]byte, error) {
	r := usesRecord{
		First: encodeSighting(u.First), Last: encodeSighting(u.Last), OK: u.OK,
		LastDenied: encodeSighting(u.LastDenied), LastReason: string(u.LastReason),
	}
	for o, n := range u.Denied {
		if r.Denied == nil {
			r.Denied = make(map[string]uint64, len(u.Denied))
		}
		r.Denied[string(o)] = n
	}
	return cbor.Marshal(r)
}

func decodeUses(b []byte) (Uses, error) {
	var r usesRecord
	if err := decode("uses", b, &r); err != nil {
		return Uses{}, err
	}
	u := Uses{
		First: decodeSighting(r.First), Last: decodeSighting(r.Last), OK: r.OK,
		LastDenied: decodeSighting(r.LastDenied), LastReason: Outcome(r.LastReason),
	}
	for o, n := range r.Denied {
		if u.Denied == nil {
			u.Denied = make(map[Outcome]uint64, len(r.Denied))
		}
		u.Denied[Outcome(o)] = n
	}
	return u, nil
}
