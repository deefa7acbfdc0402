package note_test

import (
	"os"
	"testing"
	"testing/synctest"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// start shows one of the screens on a store with a policy.
func start(t *testing.T, place, policy string, w, h int) *decktest.Deck {
	t.Helper()
	st := decktest.Sample(t)
	if policy != "" {
		if err := os.WriteFile(st.PolicyPath(), []byte(policy), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return decktest.Start(t, st, w, h, func(o *tui.Options) { o.Start = place })
}

const strict = "[key]\nmax_lifetime = \"366d\"\nrequire_description = true\n"

func TestScreens(t *testing.T) {
	decktest.Golden(t, "lint", func(t *testing.T, w, h int) *decktest.Deck { return start(t, "lint", strict, w, h) })
}

func TestLintTellsWhatThePolicyForbids(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "lint", strict, 140, 45)
		d.Want("15 findings in 15 keys", "max_lifetime", "require_description")
		d.Without("partner-initech") // revoked
		d.Press("G", "enter")
		d.Want("Lint > Keys >", "Against the policy")
	})
}

func TestAPolicyThatCannotBeReadIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "lint", "[key]\nnonsense = 1\n", 140, 45)
		d.Want("The policy cannot be used", `unknown setting`, "Nothing was judged.", "policy unreadable")
	})
}

func TestNothingToFind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "lint", "", 100, 30)
		d.Want("No key breaks the policy.")
		d.Press("enter")
		d.Want("there is no key under the cursor")
	})
}
