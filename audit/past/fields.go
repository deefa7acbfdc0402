package past

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// setter reads the "after" of a change into a field.
type setter func(json.RawMessage) error

// applyAll applies changes to the fields of something. A field that is not known
// decides on nothing that a world is asked for.
func applyAll(diff []journal.Change, fields map[string]setter) error {
	for _, c := range diff {
		set, known := fields[c.Field]
		raw, ok := c.After.(json.RawMessage)
		switch {
		case !known:
			continue
		case !ok:
			return fmt.Errorf("change of %q was not decoded", c.Field)
		}
		if err := set(raw); err != nil {
			return fmt.Errorf("change of %q to %.60q: %w", c.Field, raw, err)
		}
	}
	return nil
}

func userFields(u *keystore.User) map[string]setter {
	return map[string]setter{
		"name":        into(&u.Name),
		"kind":        into(&u.Kind),
		"admin":       into(&u.Admin),
		"disabled":    into(&u.Disabled),
		"permissions": into(&u.Permissions),
		"contact":     into(&u.Contact),
	}
}

func keyFields(k *keystore.Key) map[string]setter {
	return map[string]setter{
		"name":          into(&k.Name),
		"description":   into(&k.Description),
		"scopes":        into(&k.Scopes),
		"not_before":    intoTime(&k.NotBefore),
		"expires":       intoTime(&k.Expires),
		"allow":         intoEntries(&k.Rules.Allow),
		"deny":          intoEntries(&k.Rules.Deny),
		"disabled":      intoTime(&k.DisabledAt),
		"revoked":       intoTime(&k.Revoked),
		"revoke_reason": into(&k.RevokeReason),
		"secrets":       intoSecrets(&k.Secrets),
		"rotate_every":  intoSpan(&k.RotateEvery),
		"warn_before":   intoSpan(&k.WarnBefore),
	}
}

// into reads a value as encoding/json does; null and an empty list are the zero
// value.
func into[T any](field *T) setter {
	return func(raw json.RawMessage) error {
		var v T
		if s := string(raw); s != "null" && s != "[]" {
			if err := json.Unmarshal(raw, &v); err != nil {
				return err
			}
		}
		*field = v
		return nil
	}
}

func intoTime(field *time.Time) setter {
	return func(raw json.RawMessage) error {
		var t time.Time
		err := into(&t)(raw)
		*field = t.UTC()
		if t.IsZero() {
			*field = time.Time{}
		}
		return err
	}
}

// intoSpan reads a length of time such as "60 days"; null is none.
func intoSpan(field *time.Duration) setter {
	return func(raw json.RawMessage) error {
		var s string
		err := into(&s)(raw)
		if *field = 0; err == nil && s != "" {
			*field, err = expiry.ParseSpan(s)
		}
		return err
	}
}

// texts reads a list of texts, each by fn.
func texts[T any](field *[]T, fn func(string) (T, error)) setter {
	return func(raw json.RawMessage) error {
		var list []string
		if err := into(&list)(raw); err != nil {
			return err
		}
		var out []T
		for _, s := range list {
			v, err := fn(s)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		*field = out
		return nil
	}
}

func intoEntries(field *[]iprule.Entry) setter {
	return texts(field, func(s string) (e iprule.Entry, err error) { return e, e.UnmarshalText([]byte(s)) })
}

// intoSecrets reads "id state" and what may stand behind it.
func intoSecrets(field *[]keystore.Secret) setter {
	return texts(field, func(s string) (keystore.Secret, error) {
		words := strings.Fields(s)
		if len(words) < 2 {
			return keystore.Secret{}, fmt.Errorf("want an id and a state, found %.60q", s)
		}
		id, err := token.ParseID(words[0])
		return keystore.Secret{ID: id, State: keystore.SecretState(words[1])}, err
	})
}
