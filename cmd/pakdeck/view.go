package main

import (
	"context"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
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

// keyJSON is a key in JSON, never with its secret.
type keyJSON struct {
	ID              keystore.KeyID              `json:"id"`
	User            string                      `json:"user"`
	Name            string                      `json:"name"`
	Description     string                      `json:"description"`
	State           keystore.State              `json:"state"`
	Scopes          []keystore.Scope            `json:"scopes"`
	EffectiveScopes []keystore.Scope            `json:"effective_scopes"`
	Created         instant                     `json:"created"`
	Updated         instant                     `json:"updated"`
	NotBefore       instant                     `json:"not_before"`
	Expires         instant                     `json:"expires"`
	Allow           []iprule.Entry              `json:"allow"`
	Deny            []iprule.Entry              `json:"deny"`
	Disabled        instant                     `json:"disabled"`
	OwnerDisabled   bool                        `json:"owner_disabled"`
	Revoked         instant                     `json:"revoked"`
	RevokeReason    string                      `json:"revoke_reason"`
	Secrets         []secretJSON                `json:"secrets"`
	Uses            uint64                      `json:"uses"`
	LastUsed        *sightingJSON               `json:"last_used"`
	Compromised     bool                        `json:"compromised"`
	RotateBy        instant                     `json:"rotate_by"`
	WarnBefore      string                      `json:"warn_before"`
	Denied          map[keystore.Outcome]uint64 `json:"denied"`
	LastDenied      *sightingJSON               `json:"last_denied"`
	Version         uint64                      `json:"version"`
}

// secretJSON is what may be known of a secret.
type secretJSON struct {
	ID        string               `json:"id"`
	State     keystore.SecretState `json:"state"`
	Created   instant              `json:"created"`
	FirstUsed instant              `json:"first_used"`
	Retires   instant              `json:"retires"`
	Grace     string               `json:"grace,omitempty"` // counts from the first use of the current one
	LastUsed  instant              `json:"last_used"`
	Refused   uint64               `json:"refused"`
	Tried     *sightingJSON        `json:"last_refused"`
}

// sightingJSON is a use: when, from where, with what.
type sightingJSON struct {
	Time    instant          `json:"time"`
	IP      string           `json:"ip"`
	Agent   string           `json:"agent"`
	Route   string           `json:"route"`
	Outcome keystore.Outcome `json:"outcome,omitempty"` // of a refused one
}

func sightingOf(s keystore.Sighting, outcome keystore.Outcome) *sightingJSON {
	if s.Time.IsZero() {
		return nil
	}
	j := &sightingJSON{Time: instant(s.Time), Agent: s.Agent, Route: s.Route, Outcome: outcome}
	if s.IP.IsValid() {
		j.IP = s.IP.String()
	}
	return j
}

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

func (v viewer) key(k keystore.KeyView) (keyJSON, error) {
	secrets, err := v.secrets(k)
	denied := k.Uses.Denied
	if denied == nil {
		denied = map[keystore.Outcome]uint64{}
	}
	return keyJSON{
		ID: k.ID, User: k.Owner.Name, Name: k.Name, Description: k.Description, State: v.state(k),
		Scopes: list(k.Scopes), EffectiveScopes: list(k.EffectiveScopes()),
		Created: instant(k.Created), Updated: instant(k.Updated),
		NotBefore: instant(k.NotBefore), Expires: instant(k.Expires),
		Allow: list(k.Rules.Allow), Deny: list(k.Rules.Deny),
		Disabled: instant(k.DisabledAt), OwnerDisabled: k.Owner.Disabled,
		Revoked: instant(k.Revoked), RevokeReason: k.RevokeReason, Compromised: k.Compromised,
		RotateBy: instant(k.RotateBy(v.policy)), WarnBefore: intervalText(k.WarnBefore),
		Secrets: secrets, Uses: k.Uses.OK, LastUsed: sightingOf(k.Uses.Last, ""),
		Denied: denied, LastDenied: sightingOf(k.Uses.LastDenied, k.Uses.LastReason),
		Version: k.Version,
	}, err
}

func (v viewer) secrets(k keystore.KeyView) ([]secretJSON, error) {
	out := make([]secretJSON, len(k.Secrets))
	for i, s := range k.Secrets {
		uses := k.Uses
		if len(k.Secrets) > 1 {
			var err error
			if uses, err = v.uses(keystore.Key{Secrets: []keystore.Secret{s}}); err != nil {
				return nil, err
			}
		}
		out[i] = secretJSON{
			ID: s.ID.String(), State: s.StateAt(v.now), Created: instant(s.Created),
			FirstUsed: instant(uses.First.Time), LastUsed: instant(uses.Last.Time), Retires: instant(s.Retires),
			Refused: uses.DeniedTotal(), Tried: sightingOf(uses.LastDenied, uses.LastReason),
		}
		if s.Grace > 0 && s.State == keystore.Retiring {
			out[i].Grace = spanText(s.Grace)
		}
	}
	return out, nil
}

// lastAddress returns where a key was last used from, or "-".
func lastAddress(u keystore.Uses) string {
	if u.Last.Time.IsZero() || !u.Last.IP.IsValid() {
		return "-"
	}
	return u.Last.IP.String()
}
