package session

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// OfOwner, in place of a recipient, stands for the one that each key's owner
// has.
const OfOwner = "owner"

// Recipients checks recipients before a session begins.
func Recipients(to []string) error {
	for _, text := range to {
		if text == OfOwner {
			continue
		}
		if _, err := pak.ParseRecipient(text); err != nil {
			return err
		}
	}
	return nil
}

// recipients returns to whom the keys of an owner are encrypted.
func (s Session) recipients(owner keystore.User) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, text := range s.To {
		if text == OfOwner {
			text = owner.Recipient
		}
		if text == "" {
			return nil, &keystore.FieldError{Field: "recipient", Value: "", Text: fmt.Sprintf("%s has none; add one to the user, or name another", owner.Name)}
		}
		r, err := pak.ParseRecipient(text)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", keystore.ErrInvalid, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// fileName returns the name of the .pak file of a key: user-name-id.pak with
// what a shell would take apart replaced, and the end of the id, because two
// keys may read the same then.
func fileName(k keystore.KeyView) string {
	plain := func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '_', r == '@':
			return r
		}
		return '-'
	}
	const most = 60
	name := strings.TrimLeft(strings.Map(plain, k.Owner.Name+"-"+k.Name), ".")
	id := string(k.ID)
	return name[:min(len(name), most)] + "-" + id[max(0, len(id)-6):] + ".pak"
}

// save writes the key string to a new file.
func save(st *keystore.Store, k keystore.KeyView, secret token.Key, path string, to []age.Recipient) error {
	allow := make([]netip.Prefix, len(k.Rules.Allow))
	for i, e := range k.Rules.Allow {
		allow[i] = e.Prefix
	}
	b := pak.Encode(pak.File{
		Key: secret, Name: k.Name, Owner: k.Owner.Name, Issued: k.Current().Created, Expires: k.Expires, Allow: allow, Store: st.Origin(),
	})
	if len(to) > 0 {
		var err error
		if b, err = pak.Encrypt(b, to...); err != nil {
			return err
		}
	}
	return pak.Save(path, b)
}

func handoverDetail(path string, to []age.Recipient) string {
	if len(to) > 0 {
		return filepath.Base(path) + ", encrypted"
	}
	return filepath.Base(path) + ", plain"
}
