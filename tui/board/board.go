// Package board is what the dashboard knows of the store: one consistent
// picture that is replaced, never changed, when the store changes.
//
// A small change costs a small read: only the users and keys that the journal
// says were touched are read again. Uses change all the time while a service
// runs, so they are read at a rate that keeps the cost under a twentieth of a
// core, however many keys there are.
package board

import (
	"context"
	"iter"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Board is a picture of the store at a time. It is shared: change nothing.
type Board struct {
	Now   time.Time          // by the store's clock, when the picture was taken
	Users []keystore.User    // by name
	Keys  []keystore.KeyView // oldest first
	Columns
	Places *int // another one when places in Keys come to stand for other keys; never read
	Head   journal.Checkpoint
	Policy keystore.Policy
	// PolicyErr says why the policy file cannot be used. Saving is refused then.
	PolicyErr error

	position keystore.Position
	edits    int // changes of keys and users since the first picture
	uses     map[token.ID]keystore.Uses
	usesRead time.Time     // when uses were read
	usesCost time.Duration // how long that took, with all that follows from it
}

// Msg brings a new Board to the screens. Changed is false when only Now moved
// on.
type Msg struct {
	Board   *Board
	Changed bool
}

// usesShare is how many times its own duration must pass before uses are read
// again.
const usesShare = 20

// Load takes a picture of the store, reusing what is still true of an earlier
// one (nil for none).
func Load(ctx context.Context, st *keystore.Store, old *Board) (*Board, bool, error) {
	if old == nil {
		old = &Board{}
	}
	b := &Board{Now: st.Now(), edits: old.edits}
	b.readPolicy(st, old)
	changes, err := st.ChangesSince(ctx, old.position)
	if err != nil {
		return nil, false, err
	}
	if b.Head, err = st.Head(ctx); err != nil {
		return nil, false, err
	}
	b.position = changes.Position
	began := time.Now()
	usesChanged, err := b.readUses(ctx, st, old)
	if err != nil {
		return nil, false, err
	}
	keysChanged := changes.All || len(changes.Users)+len(changes.Keys) > 0
	if keysChanged {
		b.edits++
	}
	b.Users = mergeUsers(old.Users, changes)
	b.Keys, b.Columns, b.Places = old.Keys, old.Columns, old.Places
	if keysChanged || usesChanged {
		b.Keys = b.mergeKeys(old.Keys, changes)
	}
	switch {
	case keysChanged:
		b.Arrange()
		if !sameBegin(old.Keys, b.Keys) {
			b.Places = new(int)
		}
	case usesChanged:
		b.Search = b.Search.WithUses(b.Keys)
		b.arrangeUses()
	}
	if b.Now.Sub(b.aged) >= ages || b.Policy.WarnBefore != old.Policy.WarnBefore {
		b.age()
	}
	if b.usesRead != old.usesRead {
		b.usesCost = time.Since(began)
	}
	return b, keysChanged || usesChanged || b.position != old.position, nil
}

// readPolicy keeps the rules that were last understood while the policy file
// is not.
func (b *Board) readPolicy(st *keystore.Store, old *Board) {
	b.Policy, b.PolicyErr = st.Policy()
	switch {
	case b.PolicyErr == nil:
	case old.uses != nil:
		b.Policy = old.Policy
	default:
		b.Policy = keystore.DefaultPolicy()
	}
}

// readUses reads the uses anew if they are due.
func (b *Board) readUses(ctx context.Context, st *keystore.Store, old *Board) (bool, error) {
	b.uses, b.usesRead, b.usesCost = old.uses, old.usesRead, old.usesCost
	if old.uses != nil && b.Now.Sub(old.usesRead) < usesShare*old.usesCost {
		return false, nil
	}
	uses, err := st.AllUses(ctx)
	if err != nil {
		return false, err
	}
	b.uses, b.usesRead = uses, b.Now
	return !sameUses(old.uses, uses), nil
}

// sameUses compares by what a use always changes.
func sameUses(a, b map[token.ID]keystore.Uses) bool {
	if len(a) != len(b) {
		return false
	}
	for id, u := range b {
		v, ok := a[id]
		if !ok || u.OK != v.OK || u.DeniedTotal() != v.DeniedTotal() || !u.Last.Time.Equal(v.Last.Time) {
			return false
		}
	}
	return true
}

func mergeUsers(old []keystore.User, c keystore.Changes) []keystore.User {
	if !c.All && len(c.Users) == 0 {
		return old
	}
	users := c.Users
	if !c.All {
		users = mergeByID(old, c.Users, func(u keystore.User) keystore.UserID { return u.ID })
	}
	slices.SortFunc(users, func(a, b keystore.User) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return users
}

// mergeByID returns old with the changed ones replaced and new ones appended.
func mergeByID[T any, ID comparable](old, changed []T, id func(T) ID) []T {
	out := slices.Clone(old)
	at := make(map[ID]int, len(out))
	for i, x := range out {
		at[id(x)] = i
	}
	for _, x := range changed {
		if i, ok := at[id(x)]; ok {
			out[i] = x
		} else {
			out = append(out, x)
		}
	}
	return out
}

func (b *Board) mergeKeys(old []keystore.KeyView, c keystore.Changes) []keystore.KeyView {
	owners := make(map[keystore.UserID]keystore.User, len(b.Users))
	for _, u := range b.Users {
		owners[u.ID] = u
	}
	changed := make([]keystore.KeyView, len(c.Keys))
	for i, k := range c.Keys {
		changed[i] = keystore.KeyView{Key: k}
	}
	keys := changed
	if !c.All {
		keys = mergeByID(old, changed, func(v keystore.KeyView) keystore.KeyID { return v.ID })
	}
	for i := range keys {
		keys[i].Owner = owners[keys[i].User]
		keys[i].Uses = keystore.Uses{}
		for _, s := range keys[i].Secrets {
			if u, ok := b.uses[s.ID]; ok {
				keys[i].Uses = keys[i].Uses.Add(u)
			}
		}
	}
	slices.SortFunc(keys, func(a, b keystore.KeyView) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return keys
}

// sameBegin reports whether keys begins with the ones of old, as a list does that
// got new keys at the end.
func sameBegin(old, keys []keystore.KeyView) bool {
	if len(old) > len(keys) {
		return false
	}
	for i := range old {
		if old[i].ID != keys[i].ID {
			return false
		}
	}
	return true
}

// Index returns the place in Keys of the key with an id.
func (b *Board) Index(id keystore.KeyID) (int, bool) {
	i := sort.Search(len(b.Keys), func(i int) bool { return b.Keys[i].ID >= id })
	return i, i < len(b.Keys) && b.Keys[i].ID == id
}

// SameKeys reports whether the keys are those of another picture, with the same
// uses and states.
func (b *Board) SameKeys(other *Board) bool {
	return len(b.Keys) == len(other.Keys) && (len(b.Keys) == 0 || &b.Keys[0] == &other.Keys[0] && &b.States[0] == &other.States[0])
}

// WithPrefix returns the places of the keys whose ids begin with a prefix: the
// first, and one past the last.
func (b *Board) WithPrefix(prefix string) (first, end int) {
	first = sort.Search(len(b.Keys), func(i int) bool { return string(b.Keys[i].ID) >= prefix })
	end = first + sort.Search(len(b.Keys)-first, func(i int) bool { return !strings.HasPrefix(string(b.Keys[first+i].ID), prefix) })
	return first, end
}

// Key returns the key with an id.
func (b *Board) Key(id keystore.KeyID) (keystore.KeyView, bool) {
	i, ok := b.Index(id)
	if !ok {
		return keystore.KeyView{}, false
	}
	return b.Keys[i], true
}

// SecretUses returns the uses of one secret, zero if there were none.
func (b *Board) SecretUses(id token.ID) keystore.Uses { return b.uses[id] }

// User returns the user with an id.
func (b *Board) User(id keystore.UserID) (keystore.User, bool) {
	i := slices.IndexFunc(b.Users, func(u keystore.User) bool { return u.ID == id })
	if i < 0 {
		return keystore.User{}, false
	}
	return b.Users[i], true
}

// Owned goes through the keys of a user.
func (b *Board) Owned(id keystore.UserID) iter.Seq[*keystore.KeyView] {
	at := int64(slices.IndexFunc(b.Users, func(u keystore.User) bool { return u.ID == id }))
	return func(yield func(*keystore.KeyView) bool) {
		for i, owner := range b.Owners {
			if owner == at && at >= 0 && !yield(&b.Keys[i]) {
				return
			}
		}
	}
}

// Namesakes goes through the keys of a user with a name. All but one are revoked.
func (b *Board) Namesakes(owner keystore.UserID, name string) iter.Seq[*keystore.KeyView] {
	lower := strings.ToLower(name)
	first := sort.Search(len(b.ByName), func(i int) bool { return b.Search.Name(int(b.ByName[i])) >= lower })
	return func(yield func(*keystore.KeyView) bool) {
		for _, at := range b.ByName[first:] {
			if b.Search.Name(int(at)) != lower {
				return
			}
			if v := &b.Keys[at]; v.User == owner && v.Name == name && !yield(v) {
				return
			}
		}
	}
}

// KeysOf returns the keys of a user.
func (b *Board) KeysOf(id keystore.UserID) []keystore.KeyView {
	n := 0
	for range b.Owned(id) {
		n++
	}
	out := make([]keystore.KeyView, 0, n)
	for v := range b.Owned(id) {
		out = append(out, *v)
	}
	return out
}
