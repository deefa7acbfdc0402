// Package incident finds the keys that a text gives away: whole key strings, cut
// off ones by their public id, and those of other stores, which nothing can be
// done about here. It never returns, keeps or prints a key string. Revoke then
// ends the keys.
package incident

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Find is one secret that a text gives away.
type Find struct {
	Secret token.ID
	Prefix string // first word of the key string
	Line   int    // of the first place, from 1
	Times  int
	// Complete: the whole key string is there, with a right checksum.
	Complete bool
	// Key is whose secret it is; its ID is "" if this store does not know it.
	Key keystore.KeyView
	// State is what the secret can still do: a retired one is harmless.
	State keystore.SecretState
}

// Known reports whether the secret is one of this store.
func (f Find) Known() bool { return f.Key.ID != "" }

// Live reports whether the secret may still be accepted.
func (f Find) Live() bool {
	return f.Known() && f.Key.Revoked.IsZero() && f.State != keystore.Retired
}

// String tells of a find without the key string.
func (f Find) String() string {
	whole, times := "cut off", "once"
	if f.Complete {
		whole = "whole"
	}
	if f.Times != 1 {
		times = fmt.Sprintf("%d times", f.Times)
	}
	head := fmt.Sprintf("%s_%s… (%s, %s)", f.Prefix, f.Secret, whole, times)
	switch {
	case !f.Known():
		return head + " is of another store"
	case !f.Key.Revoked.IsZero():
		return head + " is of " + f.Key.Ref() + ", which is revoked"
	case f.State == keystore.Retired:
		return head + " is an old secret of " + f.Key.Ref() + " and refused already"
	}
	return head + " is the " + string(f.State) + " secret of " + f.Key.Ref()
}

// anyKey matches whole key strings of whatever store.
var anyKey = regexp.MustCompile(`[a-z0-9]{2,12}_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}`)

// lineEnds makes all line ends one: terminals paste them as carriage returns.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Scan returns the secrets in a text, in the order in which they appear.
func Scan(ctx context.Context, st *keystore.Store, text string) ([]Find, error) {
	text = lineEnds.Replace(text)
	var finds []Find
	at := map[string]int{}
	note := func(prefix string, id token.ID, start int, complete bool) {
		key := prefix + "_" + id.String()
		i, known := at[key]
		if !known {
			i, at[key] = len(finds), len(finds)
			finds = append(finds, Find{Secret: id, Prefix: prefix, Line: 1 + strings.Count(text[:start], "\n")})
		}
		finds[i].Times++
		finds[i].Complete = finds[i].Complete || complete
	}
	for _, m := range token.FindAll(st.Prefix(), text) {
		note(st.Prefix(), m.ID, m.Start, m.Complete)
	}
	for _, m := range anyKey.FindAllStringIndex(text, -1) {
		if prefix, id, ok := foreign(text[m[0]:m[1]]); ok && prefix != st.Prefix() {
			note(prefix, id, m[0], true)
		}
	}
	for i := range finds {
		if err := finds[i].lookUp(ctx, st); err != nil {
			return nil, err
		}
	}
	return finds, nil
}

// foreign returns the prefix and the id of what may be a key string. Letters
// before it may belong to the text, as the n of an escaped line end does; the
// checksum tells.
func foreign(s string) (prefix string, id token.ID, ok bool) {
	word, _, _ := strings.Cut(s, "_")
	for i := range len(word) - 1 {
		if id, err := token.Check(word[i:], s[i:]); err == nil {
			return word[i:], id, true
		}
	}
	return "", token.ID{}, false
}

// lookUp finds whose secret it is.
func (f *Find) lookUp(ctx context.Context, st *keystore.Store) error {
	if f.Prefix != st.Prefix() {
		return nil
	}
	k, err := st.Key(ctx, f.Secret.String())
	switch {
	case errors.Is(err, keystore.ErrNotFound), errors.Is(err, keystore.ErrAmbiguous):
		return nil
	case err != nil:
		return err
	}
	for _, s := range k.Secrets {
		if s.ID == f.Secret {
			f.Key, f.State = k, s.StateAt(st.Now())
			return nil
		}
	}
	if k.Name != f.Secret.String() { // else it was found by its name, not by a secret
		f.Key, f.State = k, keystore.Retired
	}
	return nil
}

// Keys returns the keys of secrets that may still be accepted, each once.
func Keys(finds []Find) []keystore.KeyView {
	var out []keystore.KeyView
	seen := map[keystore.KeyID]bool{}
	for _, f := range finds {
		if f.Live() && !seen[f.Key.ID] {
			seen[f.Key.ID] = true
			out = append(out, f.Key)
		}
	}
	return out
}
