package wizard_test

import (
	"fmt"
	"testing"

	"github.com/pakdeck/pakdeck/tui/decktest"
)

func TestTheLinterJudgesWhileTyping(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("mira", "enter")
		d.Want("error  PAK301  owned by the admin mira", "error  PAK201  any address may use it (step 4)")
		d.Press("shift+tab", "ctrl+u")
		d.Type("build-bot")
		d.Without("PAK301")
		d.Press("tab")
		d.Type("key")
		d.Want("PAK601") // a name that says nothing
		d.Press("ctrl+u")
		d.Type("ci-deploy-eu")
		d.Without("PAK601")
		d.Press("enter")
		d.Want("PAK305") // no scopes yet
		d.Press("space")
		d.Without("PAK305")
		d.Press("enter", "ctrl+u")
		d.Type("nev")
		d.Without("PAK101", "must expire") // it is only half typed
		d.Type("er")
		d.Want("PAK101")
		d.Press("ctrl+u")
		d.Type("30d")
		d.Without("PAK101")
		d.Press("enter")
		d.Paste("10.4.7.0/26")
		d.Press("enter")
		d.Settle()
		d.Want("Is this the key you want?")
		d.Without("Lint warn")
	})
}

func TestTheThresholdsOfThePolicyFileHold(t *testing.T) {
	runOn(t, policy(t, "[lint]\nmax_lifetime = \"20d\"\n"), 100, 30, func(d *decktest.Deck) {
		identity(d, "ci-deploy-eu")
		d.Press("space", "enter", "ctrl+u")
		d.Type("30d")
		d.Want("PAK102")
		d.Press("ctrl+u")
		d.Type("7d")
		d.Without("PAK102")
	})
}

func TestASecretInADescriptionIsToldAndHidden(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("build-bot", "tab")
		d.Paste("pak_4kTMd9zqW8aB_" + fmt.Sprintf("%048d", 7) + "x")
		d.Want("error  PAK605")
	})
}
