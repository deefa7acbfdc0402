package keystore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// NewKey describes a key to be issued.
type NewKey struct {
	User        UserID
	Name        string
	Description string
	Scopes      []Scope
	NotBefore   time.Time // zero: valid at once
	Expires     time.Time // zero: never
	Rules       iprule.Rules
	RotateEvery time.Duration // how old a secret may grow; 0: as the policy says
	WarnBefore  time.Duration // how long before Expires it is expiring; 0: as the policy says
}

// CreateKey issues a key. The key string is returned this once and kept
// nowhere.
func (s *Store) CreateKey(ctx context.Context, in NewKey) (KeyView, token.Key, error) {
	var view KeyView
	var secret token.Key
	k := draft(in)
	if err := checkKey(k); err != nil {
		return view, secret, err
	}
	err := s.change(ctx, func(t tx) (journal.Record, error) {
		owner, err := getUser(t, in.User)
		if err != nil {
			return journal.Record{}, err
		}
		if secret, err = s.issue(t, &k); err != nil {
			return journal.Record{}, err
		}
		if err := s.checkNewKey(k, owner); err != nil {
			return journal.Record{}, err
		}
		view = KeyView{Key: k, Owner: owner}
		return record(journal.EventKeyCreate, keyObject(view), diffKey(nil, k)), t.addKey(k)
	})
	if err != nil {
		return KeyView{}, token.Key{}, err
	}
	view.Key = view.Key.clone()
	return view, secret, nil
}

// CheckNewKey reports what stands against a key before it is created, as
// CreateKey would: field errors, policy, a taken name. It changes nothing.
func (s *Store) CheckNewKey(ctx context.Context, in NewKey) error {
	k := draft(in)
	k.Created = s.Now()
	if err := checkKey(k); err != nil {
		return err
	}
	return s.kv.View(ctx, func(r kv.Reader) error {
		owner, err := getUser(r, in.User)
		if err != nil {
			return err
		}
		return errors.Join(s.checkNewKey(k, owner), checkNameFree(r, k))
	})
}

// draft turns a request into a key without identity.
func draft(in NewKey) Key {
	return Key{
		User: in.User, Name: in.Name, Description: in.Description, Scopes: in.Scopes,
		NotBefore: in.NotBefore.UTC().Truncate(time.Second), Expires: in.Expires.UTC().Truncate(time.Second),
		Rules: in.Rules, RotateEvery: in.RotateEvery, WarnBefore: in.WarnBefore,
	}.clone()
}

// issue gives a key its identity and its first secret.
func (s *Store) issue(t tx, k *Key) (token.Key, error) {
	id, err := newID(t.now, s.rand)
	if err != nil {
		return token.Key{}, err
	}
	kept, secret, err := s.mint(t.now)
	if err != nil {
		return token.Key{}, err
	}
	k.ID, k.Created, k.Updated, k.Version = KeyID(id), t.now, t.now, 1
	k.Secrets = []Secret{kept}
	return secret, nil
}

// mint makes a new current secret: what is kept of it, and the key string.
func (s *Store) mint(now time.Time) (Secret, token.Key, error) {
	secret, err := token.Mint(s.meta.Prefix, s.rand)
	if err != nil {
		return Secret{}, token.Key{}, err
	}
	pepper := s.ring.pepper()
	return Secret{
		ID: secret.ID(), Pepper: pepper.ID(), Digest: pepper.Digest(secret.Reveal()),
		State: Current, Created: now,
	}, secret, nil
}

// checkNewKey checks a key against its owner and the policy.
func (s *Store) checkNewKey(k Key, owner User) error {
	if !k.Expires.IsZero() && !k.Expires.After(k.Created) {
		return pastExpiry(k.Expires)
	}
	return errors.Join(checkOwnerAllows(k.Scopes, owner), s.checkPolicy(nil, k, owner))
}

func pastExpiry(t time.Time) error {
	return &FieldError{"expires", t.Format(time.RFC3339), "is in the past; use a later date, or never"}
}

// checkKey checks the fields of a key that need no look at the store.
func checkKey(k Key) error {
	_, scopeErr := ParseScopes(scopeStrings(k.Scopes))
	errs := []error{
		CheckKeyName(k.Name), CheckDescription(k.Description),
		scopeErr, checkCount("scopes", len(k.Scopes)), k.Rules.Validate(), CheckInterval(k.RotateEvery), CheckWarning(k.WarnBefore),
	}
	if !k.Expires.IsZero() && !k.NotBefore.Before(k.Expires) {
		errs = append(errs, &FieldError{
			"not before", k.NotBefore.Format(time.RFC3339),
			"must lie before the expiry, " + k.Expires.Format(time.RFC3339),
		})
	}
	return errors.Join(errs...)
}

func checkCount(field string, n int) error {
	if n > MaxScopes {
		return &FieldError{field, fmt.Sprint(n), fmt.Sprintf("are too many; at most %d are allowed", MaxScopes)}
	}
	return nil
}

// checkOwnerAllows refuses scopes that the owner does not have: the key would
// be refused without anybody knowing why.
func checkOwnerAllows(scopes []Scope, owner User) error {
	allowed := owner.Allowed()
	var errs []error
	for _, sc := range scopes {
		if len(Effective([]Scope{sc}, allowed)) == 0 {
			errs = append(errs, &FieldError{
				"scope", string(sc),
				fmt.Sprintf("is outside the permissions of %s (%s); choose another, or add it to the user's permissions", owner.Name, scopeList(allowed)),
			})
		}
	}
	return errors.Join(errs...)
}

// checkNameFree refuses a name that another key of the user has. A revoked key
// gives its name up when somebody wants it; until then the name refers to it.
func checkNameFree(r kv.Reader, k Key) error {
	holder, err := r.Get(keyNameRow(k.User, k.Name))
	if err != nil || holder == nil || KeyID(holder) == k.ID {
		return err
	}
	other, err := getKey(r, KeyID(holder))
	if err != nil {
		return err
	}
	if other.Revoked.IsZero() {
		return &FieldError{"name", k.Name, "is taken by another key of this user (" + string(other.ID) + ")"}
	}
	return nil
}

// addKey writes a new key and its indexes.
func (t tx) addKey(k Key) error {
	if err := checkNameFree(t, k); err != nil {
		return err
	}
	return errors.Join(
		t.addSecret(k.ID, k.Secrets[0].ID),
		t.Put(keyNameRow(k.User, k.Name), []byte(k.ID)),
		t.putKey(k),
	)
}

// addSecret makes the id of a new secret lead to its key, for ever.
func (t tx) addSecret(key KeyID, id token.ID) error {
	taken, err := t.Get(secretRow(id))
	if err != nil {
		return err
	}
	if taken != nil {
		return fmt.Errorf("the secret id %s exists already; try again", id)
	}
	return t.Put(secretRow(id), []byte(key))
}

func (t tx) putKey(k Key) error {
	b, err := encodeKey(k)
	if err != nil {
		return err
	}
	return t.Put(keyRow(k.ID), b)
}

func keyObject(v KeyView) journal.Object {
	return journal.Object{Kind: "key", ID: string(v.ID), Name: v.Ref()}
}
