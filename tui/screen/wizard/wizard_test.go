package wizard_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// run starts a wizard on the sample store.
func run(t *testing.T, w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	runOn(t, func(*decktest.Store) {}, w, h, f)
}

func runOn(t *testing.T, prepare func(*decktest.Store), w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		prepare(st)
		d := decktest.Start(t, st, w, h)
		d.Press("n")
		f(d)
	})
}

// identity fills in the first step and goes on.
func identity(d *decktest.Deck, name string) {
	d.Type("build", "enter", "enter")
	d.Type(name, "enter")
}

// count returns how many keys there are.
func count(t *testing.T, d *decktest.Deck) int {
	t.Helper()
	all, err := d.Store.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestEveryStepAtEverySize(t *testing.T) {
	for _, size := range decktest.Tried() {
		run(t, size.W, size.H, func(d *decktest.Deck) {
			d.GoldenBody("1-owner")
			d.Type("build", "enter", "enter")
			d.Type("ci-deploy-eu", "tab")
			d.Type("Deploys to the EU.")
			d.GoldenBody("1-identity")
			d.Press("enter", "down", "space", "down", "space")
			d.GoldenBody("2-scopes")
			d.Press("enter")
			d.GoldenBody("3-expiry")
			d.Press("enter")
			d.Paste("10.4.7.0/26 # build farm\n198.51.100.0/24 # office\n")
			d.Press("t")
			d.Type("10.4.7.9")
			d.GoldenBody("4-network")
			d.Press("enter", "enter")
			d.Settle()
			d.GoldenBody("5-review")
		})
	}
}

func TestFromStartToPopupWithTheKeyboard(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		before := count(t, d)
		identity(d, "ci-deploy-eu")
		d.Type("deploy:w")
		d.Press("enter", "enter") // ticks it, goes on
		for range 3 {
			d.Press("backspace")
		}
		d.Type("30d", "enter", "n")
		d.Type("10.4.7.9/26")
		d.Want("host bits set")
		d.Press("tab")
		d.Type("build farm", "enter", "esc", "enter")
		d.Settle()
		d.Want("nothing stands against it", "10.4.7.0/26 (build farm)", "deploy:write", "in 30 days")
		if n := count(t, d); n != before {
			t.Fatalf("%d keys before the review was confirmed, %d at the start", n, before)
		}
		d.Press("enter")
		d.Settle()
		d.Want("Key created", "build-bot/ci-deploy-eu")
		v := d.Store.Key("build-bot/ci-deploy-eu")
		if len(v.Scopes) != 1 || v.Scopes[0] != "deploy:write" || v.Rules.Allow[0].String() != "10.4.7.0/26 # build farm" ||
			!v.Expires.Equal(time.Date(2026, 12, 23, 9, 0, 0, 0, time.UTC)) {
			t.Errorf("the key is %+v", v.Key)
		}
	})
}

func TestGoingBackKeepsTheValues(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		identity(d, "ci-deploy-eu")
		d.Press("space", "enter", "down", "enter")
		d.Paste("10.4.7.0/26")
		d.Press("enter")
		d.Settle()
		d.Press("esc")
		d.Want("10.4.7.0/26", "ALLOW (1)")
		d.Press("esc")
		d.Want("> 6m", "in 181 days")
		d.Press("esc")
		d.Want("[x] deploy:*")
		d.Press("esc")
		d.Want("ci-deploy-eu", "build-bot")
	})
}

func TestAnUntouchedWizardIsLeftWithoutAQuestion(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Press("esc")
		d.Without("lost", "Who will own")
	})
}

func TestErrorsComeAfterLeavingAField(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		d.Type("nobody")
		d.Without("there is no user")
		d.Press("tab")
		d.Want(`there is no user "nobody"`)
		d.Press("shift+tab", "backspace")
		d.Without("there is no user")
		d.Press("enter")
		d.Want(`there is no user "nobod"`, "name: must not be empty")
	})
}

func TestHostileInputIsRefusedAndQuoted(t *testing.T) {
	long := strings.Repeat("a", 129)
	for _, c := range []struct{ name, input, want string }{
		{"empty", "", "must not be empty"},
		{"too long", long, "has 129 characters; at most 128"},
		{"a taken name", "terraform-apply", `build-bot has a key "terraform-apply" already`},
		{"a blank at the end", "ci ", `"ci " begins or ends with a blank`},
		{"a control character", "ab\x01cd", `paste refused: it holds \x01`},
		{"a text direction", "ab\u202ecd", `paste refused: it holds \u202e`},
		{"a zero width space", "ab\u200bcd", `paste refused: it holds \u200b`},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, 100, 30, func(d *decktest.Deck) {
				before := count(t, d)
				d.Type("build", "enter", "tab")
				d.Paste(c.input)
				if !strings.Contains(c.want, "paste refused") {
					d.Press("enter")
				}
				d.Want(c.want, "Who will own")
				if count(t, d) != before {
					t.Error("something was written")
				}
			})
		})
	}
}

func TestAWideNameIsTakenAsItIs(t *testing.T) {
	run(t, 80, 24, func(d *decktest.Deck) {
		identity(d, "")
		d.Paste("支払い-eu")
		d.Press("enter")
		d.Want("filter >")
		d.Press("esc")
		d.Want("支払い-eu")
	})
}

func TestWrongDatesAreQuoted(t *testing.T) {
	for input, want := range map[string]string{
		"02/03/2027": `"02/03/2027"`, "2020-01-01": `"2020-01-01"`, "90": `"90"`, "yesterday": `"yesterday"`, "": "90d",
	} {
		t.Run(input, func(t *testing.T) {
			run(t, 100, 30, func(d *decktest.Deck) {
				identity(d, "ci-deploy-eu")
				d.Press("enter", "ctrl+u")
				d.Type(input, "enter")
				d.Want(want, ">3 Expiry")
			})
		})
	}
}

func TestABeginAfterTheEndIsRefused(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		identity(d, "ci-deploy-eu")
		d.Press("enter", "shift+tab", "shift+tab", "shift+tab")
		d.Type("2027-06-01", "enter")
		d.Want(`"2027-06-01" is not before`, ">3 Expiry")
		d.Press("ctrl+u")
		d.Type("never", "enter")
		d.Want(`"never" would never begin`, ">3 Expiry")
	})
}

func TestHowOftenTheKeyIsRotatedAndHowEarlyItWarnsAreChosen(t *testing.T) {
	run(t, 140, 45, func(d *decktest.Deck) {
		identity(d, "ci-deploy-eu")
		d.Press("enter", "shift+tab")
		d.Want("in its last 14d")
		d.Type("30d")
		d.Want("expiring in its last 30d", "from 2027-01-22 on")
		d.Press("shift+tab")
		d.Want("as the policy says")
		d.Type("90m", "enter")
		d.Want(`"90m"`, ">3 Expiry")
		d.Press("ctrl+u")
		d.Type("60d")
		d.Want("due to be rotated every", "Ends      90d")
		d.Press("enter", "enter")
		d.Settle()
		d.Want("due to be rotated every 60d", "expiring in its last 30d")
		d.Press("enter")
		d.Settle()
		if v := d.Store.Key("build-bot/ci-deploy-eu"); v.RotateEvery != 60*24*time.Hour || v.WarnBefore != 30*24*time.Hour {
			t.Errorf("every %v, %v before", v.RotateEvery, v.WarnBefore)
		}
	})
}

func TestAScopeOutsideThePermissionsIsRefused(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		identity(d, "ci-deploy-eu")
		d.Type("billing:read", "enter", "enter")
		d.Want("billing:read is outside the permissions of build-bot")
	})
	run(t, 100, 30, func(d *decktest.Deck) {
		identity(d, "ci-deploy-eu")
		d.Type("Nonsense", "enter")
		d.Want(`scope "Nonsense" is no scope; write resource:action`)
	})
}

func TestPastedScopes(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		identity(d, "ci-deploy-eu")
		d.Paste("deploy:write, artifact:read\nBAD")
		d.Want(`ticked 2 scopes, left out "BAD"`, "May do        artifact:read, deploy:write")
	})
}

func TestPastedAddresses(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		identity(d, "ci-deploy-eu")
		d.Press("enter", "enter")
		d.Paste("10.0.0.1/8 # vpn\n192.0.2.300\n0.0.0.0/0, 198.51.100.0/24")
		d.Want("10.0.0.0/8", "vpn", "198.51.100.0/24", "added 2 prefixes, 2 left out", "ALLOW (2)")
		d.Press("t")
		d.Type("11.1.1.1")
		d.Want("DENIED: not in the allow list", "you 198.51.100.7 would be allowed")
	})
}

// policy writes the policy file of a store.
func policy(t *testing.T, text string) func(*decktest.Store) {
	return func(st *decktest.Store) {
		t.Helper()
		st.SetPolicy(text)
	}
}

func TestThePolicyIsHeldAgainstTheDraft(t *testing.T) {
	text := "[key]\nmax_lifetime = \"45d\"\nname_pattern = '^[a-z-]+$'\nrequire_allow = true\nrequire_scope = true\n"
	runOn(t, policy(t, text), 100, 30, func(d *decktest.Deck) {
		before := count(t, d)
		identity(d, "CI_1")
		d.Want("policy: the name", "CI_1", "Who will own")
		d.Press("ctrl+u")
		d.Type("ci-eu", "enter")
		d.Want("policy: at least one scope is required")
		d.Press("enter")
		d.Want("policy: at least one scope is required", "What may this key do?")
		d.Press("space", "enter")
		d.Want("> 30d", "(-) 90 days  not allowed") // the longest preset that is allowed
		d.Press("ctrl+u")
		d.Type("90d")
		d.Want("not allowed: policy:", "Not then  Sun 2027-02-21: policy: no later than 2027-01-07")
		d.Press("enter")
		d.Want("policy: 2027-02-21T09:00:00Z is", "more than 45 days after it", ">3 Expiry")
		d.Press("ctrl+u")
		d.Type("30d", "enter", "enter")
		d.Want("an allow list is required", "PROBLEMS")
		if count(t, d) != before {
			t.Error("something was written")
		}
	})
}

func TestABrokenPolicyIsTold(t *testing.T) {
	runOn(t, policy(t, "[key\n"), 100, 30, func(d *decktest.Deck) {
		d.Want("nothing can be saved: ")
		identity(d, "ci-eu")
		d.Press("enter", "enter", "enter")
		d.Settle()
		d.Without("nothing stands against it")
	})
}

func TestANameTakenMeanwhileLeadsBackToIt(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		identity(d, "ci-eu")
		d.Press("enter", "enter", "enter")
		d.Settle()
		d.Want("nothing stands against it")
		other := d.Store.Open()
		if _, _, err := other.CreateKey(t.Context(), keystore.NewKey{User: d.Store.User("build-bot").ID, Name: "ci-eu"}); err != nil {
			t.Fatal(err)
		}
		d.Press("enter")
		d.Settle()
		d.Want("Who will own", "ci-eu", "already")
	})
}

func TestTheReviewIgnoresAKeyHeldDown(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		before := count(t, d)
		identity(d, "ci-eu")
		d.Press("enter", "enter")
		d.Type("\r\r\r")
		d.Settle()
		d.Want("Is this the key you want?")
		if count(t, d) != before {
			t.Error("the key was issued")
		}
	})
}

func TestACloneBeginsWithTheValuesOfTheKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := decktest.Start(t, st, 100, 30, decktest.At("keys/build-bot/ci-deploy-staging"))
		d.Press("c")
		d.Want("build-bot", "ci-deploy-staging-copy", "Deploys to staging from the build farm.")
		d.Press("enter")
		d.Want("[x] deploy:write", "[x] artifact:read")
		d.Press("enter")
		d.Want("2026-11-25")
		d.Press("enter")
		d.Want("ALLOW (2)", "DENY (1)", "scanner, INC-482")
		d.Without("before, now")
	})
}

func TestANewUserComesBackAsTheOwner(t *testing.T) {
	run(t, 100, 30, func(d *decktest.Deck) {
		for range 7 {
			d.Press("down")
		}
		d.Press("enter")
		d.Want("New user", "A user owns keys")
		d.Type("fresh-bot", "enter")
		d.Settle()
		d.Want("Who will own the key", "fresh-bot")
		d.Type("first-key", "enter")
		d.Want("nothing: fresh-bot has no permissions")
	})
}

func TestNarrow(t *testing.T) {
	run(t, 60, 16, func(d *decktest.Deck) {
		identity(d, "ci-eu")
		d.Want("May do")
		d.Press("enter")
		d.Want("90 days")
		d.Press("enter", "t")
		d.Type("192.0.2.1")
		d.Want("ALLOWED: no allow list, any address")
		d.Press("enter", "enter")
		d.Settle()
		d.Want("Owner", "ci-eu", "more lines")
	})
}
