package session

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/handover"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// Way is how a new key string gets to those who will use it.
type Way string

// The ways.
const (
	ToOwner     Way = "owner"     // a .pak file that the key's owner alone can open
	ToFile      Way = "file"      // a .pak file: to recipients, with a passphrase, or plain
	ToCommand   Way = "command"   // the standard input of a command
	ToClipboard Way = "clipboard" // of the operator: what calls [Session.Make] sends it
)

// Hand says how the key strings of a session are handed over.
type Hand struct {
	Way Way // "" is ToFile
	// Else is the way for keys whose owner has no recipient, when Way is ToOwner;
	// "" leaves them out. It is not kept: each step has its own way.
	Else Way
	// Dir is the folder the .pak files go to, To whom those of ToFile are encrypted
	// to, as text: recipients, or "owner" for the one that each key's owner has.
	Dir    string
	To     []string
	Sealed bool // without To, the files of ToFile are encrypted with a passphrase
	// Command is a line of sh; it is kept with the session, so it should hold no
	// password.
	Command string
}

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

// wayOf returns how a key of an owner is handed over; "" if it is left out.
func (h Hand) wayOf(owner keystore.User) Way {
	if h.Way == ToOwner && owner.Recipient == "" {
		return h.Else
	}
	return cmp.Or(h.Way, ToFile)
}

func noRecipient(owner keystore.User) error {
	return &keystore.FieldError{Field: "recipient", Value: "", Text: fmt.Sprintf("%s has none; add one to the user, or name another", owner.Name)}
}

// recipients returns to whom the file of a step is encrypted; nil: it is plain.
func (h Hand) recipients(x Step, owner keystore.User, passphrase string) ([]age.Recipient, error) {
	to := h.To
	switch {
	case x.Way == ToOwner:
		to = []string{OfOwner}
	case len(to) == 0 && h.Sealed && passphrase == "":
		return nil, &keystore.FieldError{Field: "passphrase", Text: "the files of this session are encrypted with one; give it again"}
	case len(to) == 0 && h.Sealed:
		r, err := pak.Passphrase(passphrase)
		return []age.Recipient{r}, err
	}
	var out []age.Recipient
	for _, text := range to {
		if text == OfOwner {
			text = owner.Recipient
		}
		if text == "" {
			return nil, noRecipient(owner)
		}
		r, err := pak.ParseRecipient(text)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", keystore.ErrInvalid, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// ready checks before a key is touched that its key string can be handed over,
// and names the file that it will go to.
func (s Session) ready(st *keystore.Store, x *Step, k keystore.KeyView, passphrase string) error {
	x.File = ""
	switch x.Way {
	case ToClipboard:
		return nil
	case ToCommand:
		if strings.TrimSpace(s.Command) == "" {
			return &keystore.FieldError{Field: "command", Text: "there is none; hand this key over in another way"}
		}
		return nil
	}
	to, err := s.recipients(*x, k.Owner, passphrase)
	if err != nil {
		return err
	}
	if err := st.CheckFile(len(to) > 0); err != nil {
		return err
	}
	if info, err := os.Stat(s.Dir); err != nil || !info.IsDir() {
		return &keystore.FieldError{Field: "folder", Text: "it does not exist; make it, then go on"}
	}
	x.File = filepath.Join(s.Dir, fileName(k))
	if _, err := os.Lstat(x.File); err == nil {
		return &keystore.FieldError{Field: "file", Value: x.File, Text: "exists already; move it away"}
	}
	return nil
}

// deliver hands a key string over, and returns how and where to for the journal.
func (s Session) deliver(ctx context.Context, st *keystore.Store, x Step, k keystore.KeyView, secret token.Key, passphrase string) (keystore.Handover, string, error) {
	if x.Way == ToCommand {
		return keystore.Given, "a command, exit code 0", give(ctx, s.Command, k, secret)
	}
	to, err := s.recipients(x, k.Owner, passphrase)
	if err == nil {
		err = handover.Forms()[0].Save(x.File, handover.Of(st, k, secret), to...)
	}
	how := ", plain"
	if len(to) > 0 {
		how = ", encrypted"
	}
	return keystore.Saved, filepath.Base(x.File) + how, err
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
