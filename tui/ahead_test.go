package tui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/tui/decktest"
)

// esc is the key as a terminal sends it that keeps it apart from a sequence, so
// that it comes as fast as the keys around it.
const esc = "\x1b[27u"

// TestKeysTypedBeforeAViewOpens: each is what a terminal sends at once.
func TestKeysTypedBeforeAViewOpens(t *testing.T) {
	for typed, want := range map[string][]string{
		"rS":                              {"Rotation session", "New secrets for 1 key"},
		"r\x1b[BS":                        {"Rotation session"},
		"nq1?:" + "U-":                    {"New key", "q1?:U-"},
		"ea\tj":                           {"Edit build-bot/ci-deploy-staging", "farm.j"},
		"aj\r":                            {"Journal of build-bot/ci-deploy-staging", "record 34"},
		"2n\x1b[200~mail\n-bot\x1b[201~s": {"New user", "mail -bots"},
		":keys/edge/edge-gateway-eu\rr":   {"Rotate edge/edge-gateway-eu"},
		"r" + esc + "j\r":                 {"Keys > build-bot/metrics-pusher"}, // called off
		"rS" + esc + "j":                  {"[1 Keys]", ">  metrics-pusher"},
		"o" + esc:                         {"this is the first view"}, // nothing to call off
		"x" + esc + "j":                   {">  metrics-pusher"},
	} {
		on(t, func(t *testing.T, d *decktest.Deck) {
			d.Type(typed)
			d.Settle()
			for _, s := range want {
				if !d.Contains(s) {
					t.Errorf("%q does not lead to %q:\n%s", typed, s, d.Text())
				}
			}
		})
	}
}

func TestCtrlCQuitsWhateverIsOnItsWay(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Send(nil)
		d.Type("rj\x03")
		d.Advance(time.Second)
		if !d.Exited() {
			t.Errorf("still there:\n%s", d.Text())
		}
	})
}

// TestNothingUnseenIsAgreedTo: what cannot be taken back was to be seen before the
// key that does it.
func TestNothingUnseenIsAgreedTo(t *testing.T) {
	for typed, want := range map[string]string{
		"xy":                     "Disable build-bot/ci-deploy-staging?",
		"xjy\x1b[200~y\x1b[201~": "Disable build-bot/ci-deploy-staging?",
	} {
		on(t, func(t *testing.T, d *decktest.Deck) {
			before := d.Store.Key("build-bot/ci-deploy-staging")
			d.Type(typed)
			d.Settle()
			d.Want(want)
			if after := d.Store.Key("build-bot/ci-deploy-staging"); after.Version != before.Version {
				t.Errorf("%q changed the key:\n%s", typed, d.Text())
			}
		})
	}
}

func TestAQuestionIsAnsweredOnceItWasDrawn(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("2", "n", "x")
		d.Type("\x03y")
		d.Want("This would be lost")
		d.Type(esc + "\x03" + esc) // to cancel needs no look
		d.Want("New user")
		d.Without("This would be lost")
	})
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Type("xy")
		d.Press("y")
		d.Settle()
		d.Want("disabled build-bot/ci-deploy-staging")
	})
}

func TestKeysTypedBeforeTheFirstPicture(t *testing.T) {
	for typed, want := range map[string]string{
		"2jn":                          "New user",
		"2n" + strings.Repeat("x", 99): "> " + strings.Repeat("x", 62) + "\n",
		"4" + esc + "j":                ">  metrics-pusher",
		"?":                            "Keys that work here",
		"X":                            "revoke: was typed before this was shown; press it again",
	} {
		synctest.Test(t, func(t *testing.T) {
			st := decktest.Sample(t)
			release := hold(t, st)
			d := decktest.Start(t, st, 100, 30)
			d.Type(typed)
			d.Want("Reading the store")
			release()
			d.Settle()
			d.Settle()
			d.Want(want)
		})
	}
}

func TestQuittingBeforeTheFirstPicture(t *testing.T) {
	for typed, quits := range map[string]bool{"q": true, "\x03": true, "j\x03": true, "/q": false} {
		synctest.Test(t, func(t *testing.T) {
			st := decktest.Sample(t)
			release := hold(t, st)
			defer release()
			d := decktest.Start(t, st, 100, 30)
			d.Type(typed)
			d.Advance(time.Second)
			if d.Exited() != quits {
				t.Errorf("%q: exited %v", typed, !quits)
			}
		})
	}
}

func TestKeysTypedWhileAListIsReadAreForIt(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		release := hold(t, d.Store)
		d.Type("4jj")
		d.Press("enter")
		d.Without("record 37")
		release()
		d.Settle()
		d.Settle()
		d.Want("record 37")
	})
	on(t, func(t *testing.T, d *decktest.Deck) {
		release := hold(t, d.Store)
		defer release()
		d.Press("4", "2")
		d.Want("[2 Users]")
		d.Press("3")
		d.Type("jj" + esc + "j") // leaves, with what was typed
		d.Want("[3 Usage]")
	})
}

// TestAVerdictWaitsForWhatItIsAbout: keys that decide are not kept.
func TestAVerdictWaitsForWhatItIsAbout(t *testing.T) {
	for typed, want := range map[string]string{
		"Ry": "keep: the newest review is being read", ":key.session\r\r": "go on: the newest session is being read",
	} {
		on(t, func(t *testing.T, d *decktest.Deck) {
			release := hold(t, d.Store)
			defer release()
			d.Type(typed)
			d.Want(want)
		})
	}
}
