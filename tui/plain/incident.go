package plain

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/incident"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/words"
)

// endOfText ends a text that is pasted; a log has no such line.
const endOfText = ".."

// incident deals with keys in wrong hands: those that are named, or those that a
// text gives away.
func (t *talk) incident(which string) error {
	keys, reason, err := t.inDanger(which)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		t.say("No key of this store is in danger.")
		return nil
	}
	t.say("%s in danger.", text.Plural(len(keys), "key"))
	t.number(keys, t.st.Now(), 0)
	t.say("%s", words.Victims(keys, t.st.Now()))
	do, err := t.choose("What to do", "", option{name: "revoke", help: "end all of them, at once and for ever"},
		option{name: "rotate", help: "new secrets, one by one; the old ones are refused at once"})
	switch {
	case err != nil:
		return err
	case do == "rotate":
		return t.beginSession(keys, &keystore.Rotation{Now: true})
	}
	if err := t.typeCount("They stop working at once and for ever.", len(keys)); err != nil {
		return err
	}
	done, known, err := incident.Revoke(t.ctx, t.st, keys, reason, func(int) {})
	t.say("Revoked %d of %s.", done, text.Plural(len(keys), "key"))
	if known.Verifiers > 0 {
		t.say("Note: %s.", known)
	}
	return err
}

// inDanger returns the keys that an incident is about, as far as they are still
// good, and why.
func (t *talk) inDanger(which string) ([]keystore.KeyView, string, error) {
	if which != "" {
		keys, err := t.several(which)
		live := keys[:0]
		for _, k := range keys {
			if k.Revoked.IsZero() {
				live = append(live, k)
			}
		}
		return live, incident.InHands, err
	}
	content, err := t.askText()
	if err != nil {
		return nil, "", err
	}
	finds, err := incident.Scan(t.ctx, t.st, content)
	if err != nil {
		return nil, "", err
	}
	t.say("The text gives away %s.", text.Plural(len(finds), "secret"))
	t.list(len(finds), func(i int) string {
		f := finds[i]
		return fmt.Sprintf("line %d: %s%s", f.Line, f, when(f.Key.Owner.Contact != "", ", contact "+f.Key.Owner.Contact))
	})
	return incident.Keys(finds), incident.ByText, nil
}

// askText asks for a text: the name of a file, or what is pasted.
func (t *talk) askText() (content string, err error) {
	path, err := t.ask("The name of a file with what gives them away, or Enter to paste it", "", func(s string) (err error) {
		if s != "" {
			content, err = incident.ReadFile(t.path(s))
		}
		return err
	}, "A log, a mail, a diff. Whole key strings are found in it, and cut off ones by their public id. The text is not kept.",
		"A file is the better way for long lines: a terminal takes no more than 4095 characters of one.")
	if err != nil || path != "" {
		return content, err
	}
	t.say("Paste it now. A line of two dots, or ctrl+d, ends it.")
	return t.paste()
}

// paste reads lines until one of two dots, or the end of the input.
func (t *talk) paste() (string, error) {
	var b strings.Builder
	for begins := true; b.Len() <= incident.MaxText; {
		part, err := t.in.ReadSlice('\n')
		if begins && strings.TrimRight(string(part), "\r\n") == endOfText {
			return b.String(), nil
		}
		b.Write(part)
		switch begins = err == nil; {
		case errors.Is(err, io.EOF):
			return b.String(), nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			t.over = err
			return "", errEnd
		}
	}
	return "", fmt.Errorf("the text has more than 256 MiB; search it in parts")
}
