package plain

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/follow"
	"github.com/pakdeck/pakdeck/keystore/handover"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/token"
)

// handOver gives a key string to the operator: to a file or to the terminal.
// Whatever happens: the string exists now, and this is the only chance.
func (t *talk) handOver(v keystore.KeyView, secret token.Key) error {
	if r := follow.Await(t.ctx, t.st); r.Verifiers > 0 {
		t.say("Note: %s.", r)
	}
	path, how, err := t.saveAs(v, secret)
	if path == "" {
		t.say("The key string is on the next line. It is shown once, and stays in the history of this terminal.")
		t.write(secret.Reveal() + "\n")
		if err != nil && !errors.Is(err, errBack) {
			return err
		}
		return t.pasteBack(secret)
	}
	t.say("Saved %s, %s. The key string is not shown.", path, how)
	if err := t.st.NoteHandover(t.ctx, v.ID, keystore.Saved, handover.Detail(path, how)); err != nil {
		return fmt.Errorf("the file is there, but the journal does not say so: %w", err)
	}
	return t.pasteBack(secret)
}

// saveAs saves a key string to a file, if one is named, and says what the file
// is: "json, encrypted".
func (t *talk) saveAs(v keystore.KeyView, secret token.Key) (path, how string, err error) {
	for {
		path, err := t.askPath(v.Name)
		if err != nil || path == "" {
			return "", "", err
		}
		if root, ok := pak.InGitWorkTree(path); ok {
			t.say("Note: %s lies in the Git work tree %s: see that it is not committed.", path, root)
		}
		how, err := t.saveTo(path, v, secret)
		switch {
		case err == nil:
			return path, how, nil
		case !errors.Is(err, errBack): // which goes back to the name of the file
			t.fail(fmt.Errorf("saving: %w", err))
		}
	}
}

// saveTo asks how a file is to be, and writes it.
func (t *talk) saveTo(path string, v keystore.KeyView, secret token.Key) (how string, err error) {
	as, err := t.askForm()
	if err != nil {
		return "", err
	}
	to, err := t.askProtection(v.Owner)
	if err != nil {
		return "", err
	}
	return as.Kind(len(to) > 0), as.Save(path, handover.Of(t.st, v, secret), to...)
}

// askPath asks for the path of a file that is not there yet, or for none.
func (t *talk) askPath(name string) (path string, err error) {
	return t.askFile("Save it to a new file that only you can read? A path such as "+filepath.Join(t.home, pak.FileName(name))+", or empty to show it here", "",
		"A file that is there already is not touched. What is shown here stays in the history of this terminal.")
}

// askFile asks for the path of a file that is not there yet. The standard may be
// none.
func (t *talk) askFile(what, standard string, help ...string) (path string, err error) {
	_, err = t.ask(what, standard, func(s string) error {
		path = t.path(s)
		if _, err := os.Lstat(path); s != "" && err == nil {
			return fmt.Errorf("%.200q exists already; name a file that does not", path)
		}
		return nil
	}, help...)
	return path, err
}

func (t *talk) askForm() (as handover.Form, err error) {
	names := handover.Names()
	_, err = t.ask("Form: "+strings.Join(names, ", "), names[0], func(s string) (err error) {
		as, err = handover.Named(s)
		return err
	})
	return as, err
}

// Answers to how a file is protected; any other is a public key.
const (
	protectNone   = "none"
	protectPhrase = "passphrase"
	protectOwner  = "owner"
)

// askProtection asks to whom a file is encrypted; to nobody is nil.
func (t *talk) askProtection(owner keystore.User) (to []age.Recipient, err error) {
	what, standard := "Encrypt it: none, passphrase, or a public key that begins with age1 or ssh-", protectNone
	if owner.Recipient != "" {
		what, standard = "Encrypt it: owner for the key of "+owner.Name+", none, passphrase, or a public key", protectOwner
	}
	sealed := false
	_, err = t.ask(what, standard, func(s string) error {
		to, sealed = nil, s == protectPhrase
		if s == protectNone || sealed {
			return t.st.CheckFile(sealed)
		}
		if s == protectOwner && owner.Recipient != "" {
			s = owner.Recipient
		}
		one, err := pak.ParseRecipient(s)
		to = []age.Recipient{one}
		return err
	})
	if err != nil || !sealed {
		return to, err
	}
	phrase, err := t.askPhrase()
	if err != nil {
		return nil, err
	}
	one, err := pak.Passphrase(phrase)
	return []age.Recipient{one}, err
}

// askPhrase asks for a new passphrase until it was typed twice alike.
func (t *talk) askPhrase() (string, error) {
	for {
		first, err := t.askHidden("Passphrase", "It is not shown while it is typed, where the terminal allows that. It is asked for twice.")
		if err == nil && first == "" { // which ctrl+d is, too
			t.say("No passphrase was typed.")
			err = errBack
		}
		if err != nil {
			return "", err
		}
		again, err := t.askHidden("The same again")
		if err != nil {
			return "", err
		}
		if first != again {
			t.fail(errors.New("the two passphrases differ"))
			continue
		}
		if _, err := pak.Passphrase(first); err != nil {
			t.fail(err)
			continue
		}
		return first, nil
	}
}

// pasteBack compares what the operator pastes with the key string, and keeps
// nothing of it.
func (t *talk) pasteBack(secret token.Key) error {
	prefix, _, _ := strings.Cut(secret.String(), "_")
	for {
		pasted, err := t.askHidden("Paste the key string back to check it, or empty to go on")
		if err != nil || pasted == "" {
			if errors.Is(err, errBack) {
				err = nil // the key is there
			}
			return err
		}
		k, err := token.Parse(prefix, pasted)
		switch {
		case err != nil:
			t.fail(fmt.Errorf("no match: %w", err))
		case !k.Equal(secret):
			t.fail(errors.New("no match: that is a key string, but another one"))
		default:
			t.say("Match: what you pasted is this key string.")
			return nil
		}
	}
}
