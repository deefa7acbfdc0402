package lint

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
)

// Deed is what a [Change] does.
type Deed string

// The deeds.
const (
	EditKey    Deed = "edit"
	DisableKey Deed = "disable"
	EnableKey  Deed = "enable"
	RevokeKey  Deed = "revoke"
	RestoreKey Deed = "restore" // take a revocation back
	RetireOld  Deed = "retire"  // the old secret of a rotation
	DropWaiver Deed = "unwaive" // take a waiver back
	KeepWaiver Deed = "waive"   // give a waiver again that was taken back
	CloseFile  Deed = "chmod"   // take the rights of others away, or give them back
)

// Change puts a finding right. It is a use case of the keystore with all that
// it needs, and does nothing until [Change.Apply].
type Change struct {
	Do Deed
	// Key is the key as it was judged; its version guards the change.
	Key    *keystore.KeyView
	Edit   keystore.KeyEdit // EditKey
	Reason string           // RevokeKey
	Waiver *Waiver          // DropWaiver, KeepWaiver
	File   File             // CloseFile
	Mode   fs.FileMode      // CloseFile: the permissions it shall have

	prefix string // first word of key strings, so that a preview shows none
}

// Apply makes the change and leaves one record in the journal. It returns the
// key as it is afterwards, if it is about one. What was changed since it was
// judged is a [keystore.ConflictError].
func (c *Change) Apply(ctx context.Context, st *keystore.Store) (k keystore.KeyView, err error) {
	switch c.Do {
	case EditKey:
		return st.EditKey(ctx, c.Key.ID, c.Key.Version, c.Edit)
	case DisableKey:
		return st.DisableKey(ctx, c.Key.ID, c.Key.Version)
	case EnableKey:
		return st.EnableKey(ctx, c.Key.ID, c.Key.Version)
	case RestoreKey:
		return st.RestoreKey(ctx, c.Key.ID, c.Key.Version)
	case RevokeKey:
		return st.RevokeKey(ctx, c.Key.ID, c.Key.Version, c.Reason)
	case RetireOld:
		return st.RetireSecret(ctx, c.Key.ID, c.Key.Version)
	case DropWaiver:
		_, err = Unwaive(ctx, st, c.Waiver.Rule, c.Waiver.Object.ID)
	case KeepWaiver:
		err = rewaive(ctx, st, *c.Waiver)
	case CloseFile:
		err = c.closeFile(ctx, st)
	default:
		err = fmt.Errorf("there is no deed %q", c.Do)
	}
	return k, err
}

// closeFile changes who may read or write a file and says so in the journal.
func (c *Change) closeFile(ctx context.Context, st *keystore.Store) error {
	if st.ReadOnly() {
		return keystore.ErrReadOnly
	}
	if err := chmod(c.File.Path, c.Mode); err != nil {
		return fmt.Errorf("changing the rights: %w", err)
	}
	return keystore.Annex(annex).Change(ctx, st, func(kv.Writer, time.Time) ([]journal.Record, error) {
		return []journal.Record{{
			Code: journal.EventLintChmod.Code, Event: journal.EventLintChmod.Name, Outcome: string(keystore.OK),
			Object: journal.Object{Kind: KindStore, ID: st.Origin()}, Reason: c.File.Path,
			Diff: []journal.Change{{Field: "mode", Before: octal(c.File.Mode), After: octal(c.Mode)}},
		}}, nil
	})
}

// chmod follows no link at the end of a path: who may change the folder could
// have put one there since it was looked at.
func chmod(path string, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(mode), f.Close())
}

func octal(m fs.FileMode) string { return fmt.Sprintf("%04o", m.Perm()) }

// on makes the change in a snapshot, as Apply would in the store.
func (c *Change) on(s *Snapshot) {
	switch c.Do {
	case DropWaiver:
		s.Waivers = without(s.Waivers, func(w Waiver) bool {
			return w.Rule == c.Waiver.Rule && w.Object.ID == c.Waiver.Object.ID
		})
	case KeepWaiver:
		s.Waivers = append(slices.Clip(s.Waivers), *c.Waiver)
	case CloseFile:
		s.Store.Files = changed(s.Store.Files, func(f *File) bool { return f.Path == c.File.Path }, func(f *File) {
			f.Mode = f.Mode.Type() | c.Mode
		})
	default:
		s.Keys = changed(s.Keys, func(k *keystore.KeyView) bool { return k.ID == c.Key.ID }, func(k *keystore.KeyView) {
			*k = c.After(s.Now)
			k.Version++
		})
	}
}

// After returns the key as the change leaves it, but for its version.
func (c *Change) After(now time.Time) keystore.KeyView {
	k := *c.Key
	switch c.Do {
	case EditKey:
		replace(&k.Name, c.Edit.Name)
		replace(&k.Description, c.Edit.Description)
		replace(&k.Scopes, c.Edit.Scopes)
		replace(&k.NotBefore, c.Edit.NotBefore)
		replace(&k.Expires, c.Edit.Expires)
		replace(&k.Rules, c.Edit.Rules)
	case DisableKey:
		k.DisabledAt = now
	case EnableKey:
		k.DisabledAt = time.Time{}
	case RestoreKey:
		k.Revoked, k.RevokeReason = time.Time{}, ""
	case RevokeKey:
		k.Revoked, k.RevokeReason = now, c.Reason
	case RetireOld:
		k.Secrets = changed(k.Secrets, func(s *keystore.Secret) bool { return s.StateAt(now) == keystore.Retiring },
			func(s *keystore.Secret) { s.State, s.Retires = keystore.Retired, now })
	}
	return k
}

func replace[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// changed returns a copy of a list in which the first one that is meant is
// different. Others may hold the list.
func changed[T any](list []T, meant func(*T) bool, change func(*T)) []T {
	for i := range list {
		if meant(&list[i]) {
			out := append([]T(nil), list...)
			change(&out[i])
			return out
		}
	}
	return list
}

func without[T any](list []T, gone func(T) bool) (out []T) {
	for _, x := range list {
		if !gone(x) {
			out = append(out, x)
		}
	}
	return out
}
