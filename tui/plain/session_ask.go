package plain

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/expiry"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/text"
)

// Ways to hand a key over, besides those of package session.
const (
	shownHere  = "shown" // the way to the clipboard, for a terminal without one
	plainFile  = "plain"
	withPhrase = "passphrase"
	leftOut    = "left out"
)

// wayWords are the ways as they are chosen from.
func wayWords(w session.Way) option {
	switch w {
	case session.ToOwner:
		return option{name: string(w), help: "a .pak file that only the key's owner can open"}
	case session.ToFile:
		return option{name: string(w), help: "a .pak file for each key"}
	case session.ToCommand:
		return option{name: string(w), help: "the standard input of a command, for each key"}
	}
	return option{name: shownHere, help: "written out here, one after the other, each once"}
}

// wayOf is the way that was chosen.
func wayOf(name string) session.Way {
	if name == shownHere {
		return session.ToClipboard
	}
	return session.Way(name)
}

// askHand asks how the key strings of a session are handed over, and whether each
// is waited for.
func (t *talk) askHand(keys []keystore.KeyView) (s session.Session, phrase string, err error) {
	toOwner := wayWords(session.ToOwner)
	missing := session.WithoutRecipient(keys)
	if len(missing) == len(keys) {
		toOwner.off = "no owner has a recipient; edituser adds one"
	}
	name, err := t.choose("How are they handed over", "", toOwner, wayWords(session.ToFile), wayWords(session.ToCommand), wayWords(session.ToClipboard))
	if err != nil {
		return s, "", err
	}
	s.Way = wayOf(name)
	switch s.Way {
	case session.ToCommand:
		s.Command, err = t.askCommand()
	case session.ToOwner, session.ToFile:
		if s.Dir, err = t.askFolder(); err != nil {
			return s, "", err
		}
		if s.Way == session.ToFile || len(missing) > 0 {
			phrase, err = t.askSeal(&s, missing)
		}
	}
	if err != nil || s.Way == session.ToClipboard {
		return s, phrase, err
	}
	wait, err := t.yesOrNo("Wait for the first use of each new secret before the next key", s.Way == session.ToCommand)
	s.Wait = wait
	return s, phrase, err
}

// yesOrNo asks for either.
func (t *talk) yesOrNo(what string, standard bool) (yes bool, err error) {
	word := map[bool]string{true: "yes", false: "no"}[standard]
	_, err = t.ask(what+", yes or no", word, func(s string) error {
		if yes = strings.EqualFold(s, "yes"); !yes && !strings.EqualFold(s, "no") {
			return fmt.Errorf("%s is neither; answer yes or no", quoted(s))
		}
		return nil
	})
	return yes, err
}

func (t *talk) askCommand() (string, error) {
	return t.ask("Command, a line of sh", "", func(s string) error {
		if s == "" {
			return fmt.Errorf("say which command gets the key strings")
		}
		return nil
	}, "Each key string is on its standard input, a line. It knows $PAK_NAME, $PAK_OWNER, $PAK_ID, $PAK_SECRET_ID and $PAK_EXPIRES.",
		"Such as: vault kv put keys/$PAK_OWNER/$PAK_NAME value=-", "It is kept with the session, so it should hold no password.")
}

// askFolder asks for a folder that is there.
func (t *talk) askFolder() (dir string, err error) {
	_, err = t.ask("Folder for the files", cmp.Or(t.home, "."), func(s string) error {
		if dir, err = filepath.Abs(t.path(s)); err != nil {
			return err
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("%s is no folder; make it first, or name another", quoted(s))
		}
		return nil
	}, "Each key has a file of its own there, which only you can read.")
	return dir, err
}

// path is what was typed as a path, with the home folder for ~.
func (t *talk) path(typed string) string {
	if rest, ok := strings.CutPrefix(typed, "~/"); ok && t.home != "" {
		return filepath.Join(t.home, rest)
	}
	return typed
}

// askSeal asks how files are encrypted that are for no owner's recipient, and
// for the passphrase.
func (t *talk) askSeal(s *session.Session, missing []keystore.KeyView) (phrase string, err error) {
	bare := option{name: plainFile, help: "not encrypted, readable for whoever gets at the file"}
	if err := t.st.CheckFile(false); err != nil {
		bare.off = err.Error()
	}
	options := []option{{name: withPhrase, help: "one for all of them"}, bare}
	what := "How are the files encrypted"
	if s.Way == session.ToOwner {
		what = text.Plural(len(missing), "key") + " has an owner without a recipient. What becomes of it"
		if len(missing) > 1 {
			what = text.Plural(len(missing), "key") + " have owners without a recipient. What becomes of them"
		}
		options = append(options, option{name: leftOut, help: "as before"})
	}
	seal, err := t.choose(what, withPhrase, options...)
	if err != nil || seal == leftOut {
		return "", err
	}
	s.Else = session.ToFile
	if seal == plainFile {
		return "", nil
	}
	s.Sealed = true
	return t.askPhrase()
}

// askGraces asks how long the old secret of each key works.
func (t *talk) askGraces(s *session.Session) error {
	_, err := t.ask("How long each old secret works: 24h, a date, after 2h for 2h after the first use of the new one, or now to refuse it at once", "24h", func(typed string) error {
		s.Grace, s.Rotation = 0, keystore.Rotation{}
		if d, err := expiry.ParseSpan(typed); err == nil {
			s.Grace = d
			return nil
		}
		r, err := t.grace(typed)
		s.Rotation = r
		return err
	})
	return err
}
