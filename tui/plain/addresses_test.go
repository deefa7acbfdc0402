package plain_test

import (
	"strings"
	"testing"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

func TestRulesAreTriedOnTheCallersThatWereSeen(t *testing.T) {
	st := decktest.Sample(t)
	use(t, st, st.Key(rotated).Current().ID, keystore.OK)
	said := converse(t, st, "network "+rotated, "10.4.7.0/25 10.4.7.128/25", "-", "merge", "198.51.100.7", "fit", "again", "203.0.113.0/24", "203.0.113.64/26", "?", "", "yes")
	want(t, said, "Dry run: would have refused ", "198.51.100.7, 3 uses: ", "Allow: 10.4.7.0/24", "198.51.100.7: denied", "seen until 2026-11-23",
		"merge: entries that belong together become one", "Changed "+rotated)
	k := st.Key(rotated)
	if len(k.Rules.Allow) != 1 || len(k.Rules.Deny) != 1 {
		t.Errorf("the rules are %+v", k.Rules)
	}
}

func TestRulesThatCannotBeSavedAreNot(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "network legacy/legacy-sync", "10.4.7.9", "10.4.7.0/24", "", "fit", "back")
	want(t, said, "it can never match", "nobody was seen whom the list could be fitted to", "Nothing was changed.")
	if k := st.Key("legacy/legacy-sync"); !k.Rules.IsZero() {
		t.Errorf("the rules are %+v", k.Rules)
	}
}

func TestAnAddressIsTested(t *testing.T) {
	st := decktest.Sample(t)
	want(t, converse(t, st, "test build-bot/ci-deploy-staging", "10.4.7.9", "nonsense", "8.8.8.8", ""), "10.4.7.9: allowed by a2", `"nonsense" is no address`, "8.8.8.8: denied: ")
}

func TestAnEditTellsWhomItWouldHaveRefused(t *testing.T) {
	st := decktest.Sample(t)
	said := converse(t, st, "edit "+rotated, "", "", "", "", "12h", "", "", "no", "edit "+rotated, "", "", "", "-", "", "", "", "network "+rotated, "", "", "")
	want(t, said, "Had it been so: ", "refuses everybody from 2026-11-24T02:32:00Z on", "Expires: ", "Nothing was changed.")
	if n := strings.Count(said, "These are the changes"); n != 1 {
		t.Errorf("%d changes were asked for:\n%s", n, said)
	}
}
