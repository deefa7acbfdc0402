package tui_test

import (
	"testing"
	"testing/synctest"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// command types a command.
func command(d *decktest.Deck, line string) {
	d.Press(":")
	d.Type(line, "enter")
}

func TestCommands(t *testing.T) {
	for line, want := range map[string]string{
		"users":                "[2 Users]",
		"jou":                  "[4 Journal]",
		"keys user:edge":       "Keys > Keys of edge",
		"journal outcome:ok":   "filter: outcome:ok",
		"users person":         "2 of 6 shown",
		"key.disable":          "Disable build-bot/ci-deploy-staging?",
		"disable":              "Disable build-bot/ci-deploy-staging?",
		"revo":                 "15 of 15 shown", // list.revoked is marked in the palette
		"rvk":                  "15 of 15 shown",
		"keys/legacy-s":        ">  legacy-sync",
		"users/edge":           "edge@corp",
		"key.revoke":           "why revoke",
		"nonsense":             `there is no command "nonsense" here; tab lists them`,
		"user.edit":            `there is no command "user.edit" here`,
		"lint all":             `"lint" takes nothing behind it`,
		"undo":                 "there is nothing to undo",
		"help":                 "Keys that work here",
		"messages":             "nothing was said yet",
		"list.sort owner":      "sort: owner",
		"sort lint":            "sort: lint",
		"list.sort nonsense":   `there is no order "nonsense"; there are expires, seen`,
		"keys user:edge state": "Keys user:edge state",
		"  ":                   "14 of 15 shown",
	} {
		on(t, func(t *testing.T, d *decktest.Deck) {
			command(d, line)
			d.Want(want)
		})
	}
}

func TestTheCommandLineCompletes(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press(":")
		d.Want("> keys", "pakdeck key list")
		d.Type("u", "tab", "tab")
		d.Want("> usage")
		d.Press("enter")
		d.Want("[3 Usage]")
	})
}

func TestTheCommandLineHasAHistoryAndEscLeavesIt(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		command(d, "users")
		d.Press(":", "up")
		d.Want(": users")
		d.Press("esc")
		d.Without(": users")
		d.Want("[2 Users]")
	})
}

func TestPastedTextGoesIntoTheCommandLine(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press(":")
		d.Paste("lint\n")
		d.Want(": lint")
		d.Press("enter")
		d.Want("[5 Lint]")
	})
}

func TestAReadOnlyStoreHasNoCommandsThatWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decktest.Start(t, decktest.Sample(t, keystore.WithReadOnly()), 100, 30)
		command(d, "key.disable")
		d.Want(`there is no command "key.disable" here`)
	})
}
