package verify

import (
	"encoding/binary"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Subject is the key and the user behind a proven secret, as it was when the
// decision was made. It is shared: do not change it.
type Subject struct {
	Key       keystore.KeyID
	Name      string
	User      keystore.UserID
	UserName  string
	Scopes    []keystore.Scope // effective ones: the key's within its owner's
	ScopeText string           // Scopes, separated by blanks as in RFC 6749 section 3.3
	Expires   time.Time        // zero: never

	notBefore time.Time
	revoked   time.Time
	reason    string
	disabled  time.Time
	ownerOff  bool
	entries   iprule.Rules
	secrets   []keystore.Secret
	rotate    time.Duration // how old a secret may grow; 0: as the policy says
	policy    *atomic.Int64 // what that is, in ns; 0: as old as it likes
}

// Ref returns user/name.
func (s *Subject) Ref() string { return s.UserName + "/" + s.Name }

func (x *index) newSubject(k keystore.Key, owner keystore.User, scopes *scopeSet) *Subject {
	return &Subject{
		Key: k.ID, Name: k.Name, User: owner.ID, UserName: owner.Name,
		Scopes: scopes.list, ScopeText: scopes.text, Expires: k.Expires,
		notBefore: k.NotBefore, revoked: k.Revoked, reason: k.RevokeReason, disabled: k.DisabledAt,
		ownerOff: owner.Disabled, entries: k.Rules,
		secrets: k.Secrets, rotate: k.RotateEvery, policy: &x.rotate,
	}
}

// entry is what the index holds of one secret. But for its counters it is
// immutable: a change of the key replaces it, and what the old one counted is
// still taken from the recorder's queue. Every decision reads three adjacent
// cache lines of it and nothing else that is its own, because a large store is
// never warm.
type entry struct {
	id     token.ID
	faults faults
	digest token.Digest
	pepper *token.Pepper
	rules  *iprule.Set

	expires   int64 // Unix ms; 0: never
	notBefore int64
	retires   int64 // when the secret stops working, or stopped; 0: not known
	scopes    *scopeSet
	subject   *Subject
	counters
}

// faults are what is wrong with a secret whatever the time and the caller.
type faults uint8

const (
	faultRevoked faults = 1 << iota // the key was revoked, or the secret retired
	faultDisabled
	faultOwner
	retiring // no fault: the secret works beside a newer one
)

func newEntry(secret *keystore.Secret, pepper *token.Pepper, s *Subject) *entry {
	e := &entry{
		id: secret.ID, digest: secret.Digest, pepper: pepper, subject: s,
		expires: unixMilli(s.Expires), notBefore: unixMilli(s.notBefore), retires: unixMilli(secret.Retires),
	}
	if !s.revoked.IsZero() || secret.State == keystore.Retired {
		e.faults |= faultRevoked
	}
	if !s.disabled.IsZero() {
		e.faults |= faultDisabled
	}
	if s.ownerOff {
		e.faults |= faultOwner
	}
	if secret.State == keystore.Retiring {
		e.faults |= retiring
	}
	return e
}

func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// index finds the entry of a secret by its public id. One goroutine writes;
// any number read without a lock. It is a table with open addressing whose
// slots are replaced atomically and never emptied: ids are never reused.
type index struct {
	pepper func(id string) *token.Pepper
	slots  atomic.Pointer[[]atomic.Pointer[entry]]
	count  atomic.Int64
	usual  atomic.Pointer[token.Pepper] // of the secret that was put last, most likely of all
	rotate atomic.Int64                 // how old the policy lets a secret grow, in ns

	// What follows belongs to the writer.
	users map[keystore.UserID]keystore.User
	keys  map[keystore.KeyID]keystore.Key
	owned map[keystore.UserID]map[keystore.KeyID]struct{}
	pool  pool
}

const leastSlots = 64 // a power of two

func newIndex(pepper func(string) *token.Pepper) *index {
	x := &index{pepper: pepper}
	x.usual.Store(token.NewPepper("", make([]byte, 32)))
	x.clear()
	return x
}

func (x *index) clear() {
	x.users = map[keystore.UserID]keystore.User{}
	x.keys = map[keystore.KeyID]keystore.Key{}
	x.owned = map[keystore.UserID]map[keystore.KeyID]struct{}{}
	x.pool = newPool()
}

func (x *index) len() int { return int(x.count.Load()) }

// slotOf maps an id to its first slot in a table whose size is a power of
// two. Ids are random, so their own bytes, mixed once, are the hash.
func slotOf(id token.ID, size int) int {
	h := binary.LittleEndian.Uint64(id[:8]) ^ uint64(binary.LittleEndian.Uint32(id[8:]))<<17
	h *= 0x9e3779b97f4a7c15
	return int(h>>20) & (size - 1)
}

func (x *index) get(id token.ID) *entry { return find(x.slots.Load(), id) }

func find(table *[]atomic.Pointer[entry], id token.ID) *entry {
	if table == nil {
		return nil
	}
	slots := *table
	for i := slotOf(id, len(slots)); ; i = (i + 1) & (len(slots) - 1) {
		e := slots[i].Load()
		if e == nil || e.id == id {
			return e
		}
	}
}

// slot is where the search for a secret begins.
type slot struct{ at *atomic.Pointer[entry] }

// expect starts to fetch the slot of the id in what may be a key string.
func (x *index) expect(prefix, key string) slot {
	table := x.slots.Load()
	if table == nil || len(key) != token.Length(prefix) {
		return slot{}
	}
	id := key[len(prefix)+1:]
	s := slot{&(*table)[slotOf(token.ID([]byte(id[:len(token.ID{})])), len(*table))]}
	prefetch(unsafe.Pointer(s.at))
	return s
}

// fetch starts to fetch the entry in the slot, most likely the right one.
func (s slot) fetch() {
	if s.at == nil {
		return
	}
	if e := s.at.Load(); e != nil {
		prefetch(unsafe.Pointer(e))
		prefetch(unsafe.Pointer(&e.more))
		prefetch(unsafe.Pointer(&e.near))
	}
}

// apply brings the index up to date.
func (x *index) apply(c keystore.Changes) {
	if c.All {
		x.clear()
		x.slots.Store(x.build(c))
		return
	}
	for _, u := range c.Users {
		x.users[u.ID] = u
	}
	for _, k := range c.Keys {
		x.dropForgotten(k)
		x.keep(k)
	}
	for _, u := range c.Users {
		for id := range x.owned[u.ID] {
			x.putKey(x.keys[id])
		}
	}
	for _, k := range c.Keys {
		x.putKey(k)
	}
}

// dropForgotten refuses the secrets of a key that the store has forgotten: they
// may have been good when the key was last seen.
func (x *index) dropForgotten(k keystore.Key) {
	old := x.keys[k.ID]
	old.Secrets = slices.DeleteFunc(slices.Clone(old.Secrets), func(s keystore.Secret) bool {
		return slices.ContainsFunc(k.Secrets, func(kept keystore.Secret) bool { return kept.ID == s.ID })
	})
	if len(old.Secrets) == 0 {
		return
	}
	for i := range old.Secrets {
		old.Secrets[i].State = keystore.Retired
	}
	x.putKey(old)
}

// keep remembers a key for when its owner changes.
func (x *index) keep(k keystore.Key) {
	x.keys[k.ID] = k
	if x.owned[k.User] == nil {
		x.owned[k.User] = map[keystore.KeyID]struct{}{}
	}
	x.owned[k.User][k.ID] = struct{}{}
}

// build returns a table of all keys.
func (x *index) build(c keystore.Changes) *[]atomic.Pointer[entry] {
	secrets := 0
	for _, u := range c.Users {
		x.users[u.ID] = u
	}
	for _, k := range c.Keys {
		x.keep(k)
		secrets += len(k.Secrets)
	}
	table := newTable(secrets)
	n := 0
	for _, k := range c.Keys {
		for _, e := range x.entriesOf(k) {
			if place(table, e) {
				n++
			}
		}
	}
	x.count.Store(int64(n))
	return &table
}

// newTable returns a table that n entries fill to at most half.
func newTable(n int) []atomic.Pointer[entry] {
	size := leastSlots
	for size < 2*n {
		size *= 2
	}
	return make([]atomic.Pointer[entry], size)
}

// place puts an entry into a table and reports whether it is new there.
func place(slots []atomic.Pointer[entry], e *entry) bool {
	for i := slotOf(e.id, len(slots)); ; i = (i + 1) & (len(slots) - 1) {
		held := slots[i].Load()
		if held == nil || held.id == e.id {
			slots[i].Store(e)
			return held == nil
		}
	}
}

func (x *index) putKey(k keystore.Key) {
	for _, e := range x.entriesOf(k) {
		x.put(e)
	}
}

func (x *index) put(e *entry) {
	table := x.slots.Load()
	if table == nil || 2*(x.len()+1) > len(*table) {
		table = x.grow(table)
	}
	if place(*table, e) {
		x.count.Add(1)
	}
}

func (x *index) grow(old *[]atomic.Pointer[entry]) *[]atomic.Pointer[entry] {
	table := newTable(2 * (x.len() + 1))
	if old != nil {
		for i := range *old {
			if e := (*old)[i].Load(); e != nil {
				place(table, e)
			}
		}
	}
	x.slots.Store(&table)
	return &table
}

// entriesOf returns the entries of a key's secrets. A secret whose pepper is
// not in the keyring is left out: nobody can prove it. A key whose owner is
// not known is refused like one whose owner is disabled.
func (x *index) entriesOf(k keystore.Key) []*entry {
	owner, known := x.users[k.User]
	if !known {
		owner.Disabled = true
	}
	rules, scopes := x.pool.rules(k.Rules), x.pool.scopes(keystore.Effective(k.Scopes, owner.Allowed()))
	subject := x.newSubject(k, owner, scopes)
	out := make([]*entry, 0, len(k.Secrets))
	for i := range k.Secrets {
		s := &k.Secrets[i]
		pepper := x.pepper(s.Pepper)
		if pepper == nil {
			continue
		}
		x.usual.Store(pepper)
		e := newEntry(s, pepper, subject)
		e.rules, e.scopes = rules, scopes
		out = append(out, e)
	}
	return out
}
