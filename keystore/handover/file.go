package handover

import (
	"net/netip"
	"path/filepath"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Of returns what is written down of a key, with its key string.
func Of(st *keystore.Store, k keystore.KeyView, key token.Key) pak.File {
	allow := make([]netip.Prefix, len(k.Rules.Allow))
	for i, e := range k.Rules.Allow {
		allow[i] = e.Prefix
	}
	return pak.File{
		Key: key, Name: k.Name, Owner: k.Owner.Name, Issued: k.Current().Created, Expires: k.Expires,
		Allow: allow, Store: st.Origin(),
	}
}

// Save writes a key down in a new file of mode 0600, which only the recipients
// can read, if there are any.
func (f Form) Save(path string, file pak.File, to ...age.Recipient) error {
	b, err := f.Encode(file)
	if err != nil {
		return err
	}
	if len(to) > 0 {
		if b, err = pak.Encrypt(b, to...); err != nil {
			return err
		}
	}
	return pak.Save(path, b)
}

// Kind says what a file of the form is: "plain", "curl, encrypted".
func (f Form) Kind(encrypted bool) string {
	how := "plain"
	if encrypted {
		how = "encrypted"
	}
	if f.Name != Forms()[0].Name {
		how = f.Name + ", " + how
	}
	return how
}

// Detail is what the journal is told of a saved file: "ci.pak, encrypted".
func Detail(path, kind string) string { return filepath.Base(path) + ", " + kind }
