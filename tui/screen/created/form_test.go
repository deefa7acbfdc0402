package created_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// file returns what was saved under a name in the operator's home.
func (p *popup) file(name string) string {
	p.t.Helper()
	b, err := os.ReadFile(filepath.Join(filepath.Dir(p.Store.Path()), name))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

func TestTheKeyIsSavedInEveryForm(t *testing.T) {
	for i, c := range []struct{ name, holds string }{
		{"ci-eu.pak", "PAK_NAME=ci-eu\n"},
		{"ci-eu.env", "PAK_API_KEY="},
		{"ci-eu.json", `"name": "ci-eu"`},
		{"ci-eu.yaml", "kind: Secret\n"},
		{"ci-eu.cred", ""},
		{"ci-eu.curl", "Authorization: Bearer "},
	} {
		listening(t, 80, 24, func(p *popup) {
			p.Press("s", "tab")
			for range i {
				p.Press("down")
			}
			p.Want("~/" + c.name)
			p.Press("enter")
			p.Settle()
			p.Want("saved ~/" + c.name)
			if got := p.file(c.name); !strings.Contains(got, c.holds) || !strings.Contains(got, p.key) {
				t.Errorf("%s does not hold %q and the key", c.name, c.holds)
			}
			if !strings.Contains(p.events(), "key.save "+c.name) {
				t.Errorf("the journal has %s", p.events())
			}
		})
	}
}

func TestAPathOfOnesOwnStaysWhenTheFormChanges(t *testing.T) {
	listening(t, 80, 24, func(p *popup) {
		p.Press("s", "ctrl+u")
		p.Type("~/mine", "tab", "down", "down", "enter")
		p.Settle()
		p.Want("saved ~/mine (json, plain)")
	})
}

func TestAFileForItsOwnerIsOfferedFirst(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		u, to := st.User("build-bot"), id.Recipient().String()
		if _, err := st.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Recipient: &to}); err != nil {
			t.Fatal(err)
		}
		d := decktest.Start(t, st, 80, 24)
		p := &popup{Deck: d, t: t, issued: issue(t, st)}
		p.key = p.issued.Secret.Reveal()
		d.Send(p.issued)
		d.Settle()
		p.Press("s")
		p.Want("only build-bot can open it")
		p.Press("enter")
		p.Settle()
		p.Want("saved ~/ci-eu.pak (encrypted)")
		b, err := pak.Decrypt([]byte(p.file("ci-eu.pak")), id)
		if err != nil {
			t.Fatal(err)
		}
		p.decodes(b)
	})
}
