package form

import (
	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/merge"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// WhyNot says why a key cannot be saved, or "". A key without an id is none.
func WhyNot(v keystore.KeyView) string {
	switch {
	case v.ID == "":
		return "there is no such key any more"
	case !v.Revoked.IsZero():
		return v.Ref() + " is revoked and cannot be changed"
	}
	return ""
}

// AskToSave shows what will change and, when that is agreed to, saves. After a
// merge in which nothing had to be chosen the question comes by itself.
func AskToSave(t theme.Theme, what string, lines []confirm.Line, merged merge.Result, save func() tea.Cmd) tea.Cmd {
	return screen.Tell(screen.Ask{
		Dialog: confirm.New(t, confirm.Question{
			Title: "Save the " + what + "?", Lines: lines, Verb: "save",
			Sudden: len(merged.Both) == 0 && len(merged.Taken) > 0,
		}),
		Then: save,
	})
}

// Saved says what was saved, and leaves the form.
func Saved(said string) tea.Cmd {
	return tea.Sequence(
		screen.Tell(screen.Say{Level: screen.OK, Text: said}),
		screen.Tell(screen.Refresh{}),
		screen.Tell(screen.Back{}),
	)
}
