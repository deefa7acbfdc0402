package main

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/audit/records"
	"github.com/pakdeck/pakdeck/keystore"
)

// userJSON is a user in JSON.
type userJSON struct {
	ID          keystore.UserID  `json:"id"`
	Name        string           `json:"name"`
	Kind        keystore.Kind    `json:"kind"`
	Admin       bool             `json:"admin"`
	Disabled    bool             `json:"disabled"`
	Permissions []keystore.Scope `json:"permissions"`
	Contact     string           `json:"contact"`
	Recipient   string           `json:"recipient"`
	Keys        int              `json:"keys"`
	Created     instant          `json:"created"`
	Updated     instant          `json:"updated"`
	Version     uint64           `json:"version"`
}

func userOf(u keystore.User, keys int) userJSON {
	return userJSON{
		ID: u.ID, Name: u.Name, Kind: u.Kind, Admin: u.Admin, Disabled: u.Disabled,
		Permissions: list(u.Permissions), Contact: u.Contact, Recipient: u.Recipient, Keys: keys,
		Created: instant(u.Created), Updated: instant(u.Updated), Version: u.Version,
	}
}

// The records of keys are those of an export.
type (
	keyJSON      = records.Key
	secretJSON   = records.Secret
	sightingJSON = records.Sighting
)

// list makes an empty list an empty JSON array instead of null.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// viewer turns keys into what is printed of them.
type viewer struct {
	now    time.Time
	warn   time.Duration
	policy keystore.Policy
	// uses returns the uses of one secret of a key that has several.
	uses func(keystore.Key) (keystore.Uses, error)
}

// viewer returns a viewer for the present and the policy of the store.
func (a *app) viewer(ctx context.Context, st *keystore.Store) viewer {
	v := viewer{now: st.Now(), policy: keystore.DefaultPolicy()}
	if p, err := st.Policy(); err != nil {
		a.warn(err.Error())
	} else {
		v.policy = p
	}
	v.warn = v.policy.WarnBefore
	v.uses = func(k keystore.Key) (keystore.Uses, error) { return st.Uses(ctx, k) }
	return v
}

func (v viewer) state(k keystore.KeyView) keystore.State { return k.StateAt(v.now, v.warn) }

// records returns what turns keys into records.
func (v viewer) records() records.Viewer {
	return records.Viewer{Now: v.now, Warn: v.warn, Policy: v.policy, Uses: v.uses}
}

func (v viewer) key(k keystore.KeyView) (keyJSON, error) { return v.records().Key(k) }

// lastAddress returns where a key was last used from, or "-".
func lastAddress(u keystore.Uses) string {
	if u.Last.Time.IsZero() || !u.Last.IP.IsValid() {
		return "-"
	}
	return u.Last.IP.String()
}
