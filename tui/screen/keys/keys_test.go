package keys_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/text"
)

// on runs a test on the sample store at 100x30.
func on(t *testing.T, test func(t *testing.T, d *decktest.Deck)) {
	t.Helper()
	decktest.Run(t, "", 100, 30, test)
}

// listed returns the names in the list, from the top.
func listed(d *decktest.Deck) []string {
	var out []string
	for _, line := range d.Lines()[4:] {
		words := strings.Fields(line[min(2, len(line)):]) // behind cursor and mark
		if len(words) < 4 || strings.HasPrefix(line, " │") {
			break
		}
		out = append(out, words[0])
	}
	return out
}

// under returns the name under the cursor.
func under(d *decktest.Deck) string {
	for _, line := range d.Lines() {
		if strings.HasPrefix(line, ">") {
			return strings.Fields(line[2:])[0]
		}
	}
	return ""
}

func TestScreens(t *testing.T) {
	for name, keys := range map[string][]string{
		"list":      nil,
		"whole":     {"enter"},
		"whole-end": {"enter", "G"},
		"revoked":   {"h", "G"},
		"marks":     {"space", "j", "space"},
		"disable":   {"x"},
		"disable-2": {"space", "space", "x"},
		"reason":    {"X"},
		"owner":     {"o", "o", "o", "o", "O"},
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := decktest.Start(t, decktest.Sample(t), w, h)
			d.Press(keys...)
			return d
		})
	}
	decktest.Golden(t, "revoke", func(t *testing.T, w, h int) *decktest.Deck {
		d := decktest.Start(t, decktest.Sample(t), w, h)
		d.Press("X")
		d.Type("leaked in a build log", "enter")
		return d
	})
	for name, typed := range map[string]string{"filter": "partner !state:expired", "filter-wrong": "prod state:act"} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := decktest.Start(t, decktest.Sample(t), w, h)
			d.Press("/")
			d.Type(typed)
			return d
		})
	}
}

func TestTheFilterNarrowsWhileItIsTyped(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("edge")
		d.Want("3 of 15 shown")
		d.Type("-gateway")
		d.Want("2 of 15 shown")
		d.Press("enter")
		if got := strings.Join(listed(d), " "); got != "edge-gateway-eu edge-gateway-us" {
			t.Errorf("listed %s", got)
		}
		d.Want("filter: edge-gateway")
		d.Press("esc")
		d.Want("14 of 15 shown")
	})
}

func TestAFilterThatIsNoneIsToldUnderTheLine(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("edge stat:active")
		d.Want(`"stat:active"`, "3 of 15 shown") // the first word holds
		d.Press("enter")
		d.Want("/ edge stat:active")
		d.Press("esc")
		d.Want("14 of 15 shown")
		d.Without("stat:active")
	})
}

func TestOpenedWithAFilterThatIsNoneTheListShowsNoKeys(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press(":")
		d.Type("keys stat:active", "enter")
		d.Want("No key is shown", `filter term "stat:active": there is no such field`)
		d.Without("edge-gateway", "14 of 15", "revoked hidden")
		d.Press("/")
		d.Want("/ stat:active", `"stat:active"`)
		d.Press("ctrl+u")
		d.Type("edge")
		d.Want("3 of 15 shown")
		d.Press("esc") // there is no filter to go back to
		d.Want("No key is shown")
		d.Press("/", "ctrl+u", "enter")
		d.Want("14 of 15 shown")
		d.Press("esc")
		d.Want("[1 Keys]")
		d.Without("stat:active")
	})
}

func TestTheFilterCompletesFieldsAndValues(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("!us", "tab")
		d.Type("bui", "tab", "enter")
		d.Want("filter: !user:build-bot")
	})
}

func TestAskingForRevokedKeysShowsThem(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Without("partner-initech")
		d.Want("1 revoked hidden")
		d.Press("/")
		d.Type("state:revoked")
		d.Want("partner-initech")
		d.Press("esc", "h")
		d.Want("partner-initech")
		d.Without("revoked hidden")
	})
}

func TestTheOrderGoesRoundAndTurns(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		for _, step := range []struct{ key, first, status string }{
			{"O", "contractor-2025", "sort: expires"},
			{"o", "edge-gateway-us", "sort: seen"},
			{"O", "billing-export", "sort: seen"},
			{"o", "backup-agent", "sort: lint"},
			{"o", "backup-agent", "sort: name"},
			{"o", "billing-export", "sort: owner"},
			{"o", "billing-export", "sort: state"},
			{"o", "billing-export", "sort: created"},
			{"o", "billing-export", "sort: address"},
			{"o", "billing-export", "sort: key"},
			{"o", "ci-deploy-staging", "sort: expires"},
		} {
			d.Press(step.key)
			if got := listed(d)[0]; got != step.first || !d.Contains(step.status) {
				t.Errorf("after %s the first is %s, want %s with %q", step.key, got, step.first, step.status)
			}
			if got := under(d); got != "ci-deploy-staging" {
				t.Fatalf("the cursor went to %s", got)
			}
		}
	})
}

func TestTheCursorStaysWithItsKeyWhenOthersChangeTheStore(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("j", "j", "space", "k")
		other := d.Store.Open()
		if _, _, err := other.CreateKey(t.Context(), keystore.NewKey{
			User: other.User("edge").ID, Name: "brand-new", Expires: decktest.Now.Add(time.Hour),
		}); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Want("brand-new", "15 of 16 shown", "15 keys")
		if got := under(d); got != "backup-agent" {
			t.Errorf("the cursor is on %s", got)
		}
		if listed(d)[0] != "brand-new" || !strings.HasPrefix(d.Line(7), ">x backup-agent") {
			t.Errorf("screen:\n%s", d.Text())
		}
	})
}

func TestTimeAloneMakesAKeyExpire(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Store.Clock.Add(2*24*time.Hour + 5*time.Hour)
		d.Settle()
		d.Want("2 expiring", "expired 1 h ago")
		if got := listed(d)[0]; got != "metrics-pusher" {
			t.Errorf("the first is %s; the expired key must go down", got)
		}
	})
}

func TestThePaneFollowsOnceTheCursorRests(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		title := func() string { return strings.TrimSpace(d.Line(3)[strings.Index(d.Line(3), "│")+len("│"):]) }
		d.Press("j")
		if got := title(); got != "metrics-pusher" {
			t.Errorf("the pane shows %q", got)
		}
		d.Type("jj")
		if got := title(); got != "edge-gateway-eu" {
			t.Errorf("after two more the pane shows %q", got)
		}
	})
}

func TestWaysToOtherPlaces(t *testing.T) {
	for key, want := range map[string]string{
		"n": "New key", "c": "ci-deploy-staging-copy", "e": "Keys > Edit", "i": "Keys > Network",
		"a": "Keys > Journal of build-bot/ci-d", "u": "Keys > Users",
	} {
		on(t, func(t *testing.T, d *decktest.Deck) {
			d.Press(key)
			d.Want(want)
			d.Press("esc")
			d.Want("14 of 15 shown")
		})
	}
}

func TestCopyingTellsWhatWasDone(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.TakeBytes()
		d.Press("y")
		d.Want("key id " + string(d.Store.Key("build-bot/ci-deploy-staging").ID) + ": sent to your terminal")
		if !strings.Contains(string(d.TakeBytes()), "\x1b]52;c;") {
			t.Error("no OSC 52 was sent")
		}
	})
}

func TestHostileNamesKeepTheColumnsAligned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		edge := st.User("edge")
		names := []string{"שלום-rtl", "e\u0301e\u0301e\u0301 marks", "❤\ufe0f heart", "🇩🇪 flag", "👍🏽 thumb", "支払い支払い支払い支払い支払い", "\u3164filler", "\u0301naked mark"}
		for _, name := range names {
			if _, _, err := st.CreateKey(t.Context(), keystore.NewKey{User: edge.ID, Name: name, Expires: decktest.Now.Add(time.Hour)}); err != nil {
				t.Fatalf("%q: %v", name, err)
			}
		}
		d := decktest.Start(t, st, 100, 30)
		want, _ := d.Find("STATE")
		for y := 4; y < 4+len(names); y++ {
			if x := text.Width(d.Line(y)[:strings.Index(d.Line(y), "expiring")]); x != want {
				t.Errorf("the state begins in column %d, not %d: %q", x, want, d.Line(y))
			}
		}
		d.Golden("hostile-100x30")
	})
}

func TestADeepLinkOpensTheKey(t *testing.T) {
	decktest.Run(t, "keys/partners/partner-initech", 100, 30, func(t *testing.T, d *decktest.Deck) {
		d.Want("Keys > partners/partner-initech", "contract ended")
		d.Press("esc")
		if got := under(d); got != "partner-initech" {
			t.Errorf("the cursor is on %q:\n%s", got, d.Text())
		}
	})
}

func TestTheMouseSelectsIfAskedTo(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Click(10, 8)
		if got := under(d); got != "ci-deploy-staging" {
			t.Fatalf("a click selected %s though the mouse is off", got)
		}
		d.Press(":")
		d.Type("mouse", "enter")
		d.Click(10, 8)
		if got := under(d); got != "edge-gateway-us" {
			t.Errorf("a click selected %s", got)
		}
	})
}

func TestThePaneShowsUsesOfLate(t *testing.T) {
	const acme = "3 126 accepted"
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Without("14 days") // nothing was counted of this key
		d.Press("/")
		d.Type("partner-acme", "enter")
		d.Settle()
		d.Want("14 days", acme)
		d.Press("enter")
		d.Settle()
		d.Press("G")
		d.Want(acme)
	})
	decktest.Run(t, "", 80, 24, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("partner-acme")
		d.Settle()
		d.Without("14 days") // there is no pane, so nothing is read
	})
}
