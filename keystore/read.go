package keystore

import (
	"context"
	"slices"
	"strings"

	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Users returns all users in the order of their names.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	var out []User
	err := s.kv.View(ctx, func(r kv.Reader) (err error) {
		out, err = allUsers(r)
		return err
	})
	slices.SortFunc(out, func(a, b User) int { return strings.Compare(foldName(a.Name), foldName(b.Name)) })
	return out, err
}

// User returns the user that ref names: an id or a name.
func (s *Store) User(ctx context.Context, ref string) (User, error) {
	var u User
	err := s.kv.View(ctx, func(r kv.Reader) (err error) {
		u, err = findUser(r, ref)
		return err
	})
	return u, err
}

// Keys returns all keys with their owners and uses, oldest first.
func (s *Store) Keys(ctx context.Context) ([]KeyView, error) {
	var out []KeyView
	err := s.kv.View(ctx, func(r kv.Reader) (err error) {
		out, err = allKeyViews(r)
		return err
	})
	return out, err
}

// Key returns the key that ref names: an id, the id of one of its secrets,
// user/name, or a name that only one user has.
func (s *Store) Key(ctx context.Context, ref string) (KeyView, error) {
	var v KeyView
	err := s.kv.View(ctx, func(r kv.Reader) error {
		k, err := findKey(r, ref)
		if err != nil {
			return err
		}
		v, err = viewOf(r, k)
		return err
	})
	return v, err
}

// Head returns the newest checkpoint of the journal.
func (s *Store) Head(ctx context.Context) (journal.Checkpoint, error) {
	var cp journal.Checkpoint
	err := s.kv.View(ctx, func(r kv.Reader) (err error) {
		cp, err = journal.Head(r)
		return err
	})
	return cp, err
}

// Uses returns the uses of a key's secrets, summed.
func (s *Store) Uses(ctx context.Context, k Key) (Uses, error) {
	var u Uses
	err := s.kv.View(ctx, func(r kv.Reader) (err error) {
		u, err = usesOf(r, k)
		return err
	})
	return u, err
}

// SecretUses returns the uses of secrets, summed.
func (s *Store) SecretUses(ctx context.Context, ids ...token.ID) (Uses, error) {
	var sum Uses
	err := s.kv.View(ctx, func(r kv.Reader) error {
		sum = Uses{}
		for _, id := range ids {
			u, err := getUses(r, id)
			if err != nil {
				return err
			}
			sum = sum.Add(u)
		}
		return nil
	})
	return sum, err
}

// AllUses returns the uses of all secrets that were ever used.
func (s *Store) AllUses(ctx context.Context) (map[token.ID]Uses, error) {
	var out map[token.ID]Uses
	err := s.kv.View(ctx, func(r kv.Reader) (err error) {
		out, err = allUses(r)
		return err
	})
	return out, err
}

func allUsers(r kv.Reader) ([]User, error) {
	var out []User
	err := r.Scan(table(tableUser), func(key, value []byte) error {
		u, err := decodeUser(UserID(key[len(tableUser):]), value)
		out = append(out, u)
		return err
	})
	return out, err
}

func allKeys(r kv.Reader) ([]Key, error) {
	var out []Key
	err := r.Scan(table(tableKey), func(key, value []byte) error {
		k, err := decodeKey(KeyID(key[len(tableKey):]), value)
		out = append(out, k)
		return err
	})
	return out, err
}

func allKeyViews(r kv.Reader) ([]KeyView, error) {
	users, err := allUsers(r)
	if err != nil {
		return nil, err
	}
	owners := make(map[UserID]User, len(users))
	for _, u := range users {
		owners[u.ID] = u
	}
	uses, err := allUses(r)
	if err != nil {
		return nil, err
	}
	keys, err := allKeys(r)
	out := make([]KeyView, len(keys))
	for i, k := range keys {
		out[i] = KeyView{Key: k, Owner: owners[k.User]}
		for _, secret := range k.Secrets {
			if u, ok := uses[secret.ID]; ok {
				out[i].Uses = out[i].Uses.Add(u)
			}
		}
	}
	return out, err
}

func allUses(r kv.Reader) (map[token.ID]Uses, error) {
	out := map[token.ID]Uses{}
	err := r.Scan(table(tableUses), func(key, value []byte) error {
		u, err := decodeUses(value)
		out[token.ID(key[len(tableUses):])] = u
		return err
	})
	return out, err
}

func viewOf(r kv.Reader, k Key) (KeyView, error) {
	owner, err := getUser(r, k.User)
	if err != nil {
		return KeyView{}, err
	}
	uses, err := usesOf(r, k)
	return KeyView{Key: k, Owner: owner, Uses: uses}, err
}

func usesOf(r kv.Reader, k Key) (Uses, error) {
	var sum Uses
	for _, secret := range k.Secrets {
		u, err := getUses(r, secret.ID)
		if err != nil {
			return Uses{}, err
		}
		sum = sum.Add(u)
	}
	return sum, nil
}

// getUses returns the uses of a secret, zero if there were none.
func getUses(r kv.Reader, id token.ID) (Uses, error) {
	b, err := r.Get(usesRow(id))
	if err != nil || b == nil {
		return Uses{}, err
	}
	return decodeUses(b)
}

// getUser returns the user with an id.
func getUser(r kv.Reader, id UserID) (User, error) {
	b, err := r.Get(userRow(id))
	if err != nil {
		return User{}, err
	}
	if b == nil {
		return User{}, &NotFoundError{Kind: "user", Ref: string(id)}
	}
	return decodeUser(id, b)
}

// getKey returns the key with an id.
func getKey(r kv.Reader, id KeyID) (Key, error) {
	b, err := r.Get(keyRow(id))
	if err != nil {
		return Key{}, err
	}
	if b == nil {
		return Key{}, &NotFoundError{Kind: "key", Ref: string(id)}
	}
	return decodeKey(id, b)
}
