package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// Grace tells how long the old secrets of a session work.
func Grace(s session.Session) string {
	switch {
	case s.Rotation.Now:
		return "The old secrets are refused at once."
	case s.Rotation.After > 0:
		return "Each old secret works for " + text.Ago(s.Rotation.After) + " after the first use of the new one."
	case s.Grace > 0:
		return "Each old secret works for " + text.Ago(s.Grace) + "."
	}
	return "Each old secret works until " + s.Rotation.Until.Format(time.DateTime) + "."
}

// HandOver tells where the new key strings of a session go that is to begin: to
// files in a folder, as it is to be shown, or as shown says, one by one.
func HandOver(s session.Session, keys []keystore.KeyView, folder, shown string) []confirm.Line {
	in := ", in a .pak file in " + folder + "."
	sealed := confirm.Line{Text: "The files open with the passphrase."}
	if !s.Sealed {
		sealed = confirm.Line{Text: "The files are not encrypted: whoever gets at one has the key.", Tone: theme.Warn}
	}
	switch s.Way {
	case session.ToCommand:
		return []confirm.Line{{Text: "Each gets a new secret, on the standard input of: " + s.Command}}
	case session.ToClipboard:
		return []confirm.Line{{Text: "Each gets a new secret, which is " + shown}}
	case session.ToFile:
		return []confirm.Line{{Text: "Each gets a new secret" + in}, sealed}
	}
	lines := []confirm.Line{{Text: "Each gets a new secret" + in}, {Text: "Only the owner of a key can open its file, not even you."}}
	missing := session.WithoutRecipient(keys)
	if len(missing) == 0 {
		return lines
	}
	var names []string
	for _, k := range missing {
		names = append(names, k.Ref())
	}
	what := map[bool]string{true: "have a file with the passphrase", false: "have a file that is not encrypted"}[s.Sealed]
	if s.Else == "" {
		what = "are left out"
	}
	return append(lines, confirm.Line{Tone: theme.Warn, Text: fmt.Sprintf("%d of them %s, for want of a recipient: %s.",
		len(missing), what, text.Truncate(strings.Join(names, ", "), 120))})
}
