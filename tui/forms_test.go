package tui_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// steps presses keys, types what begins with a quote, and waits.
func steps(d *decktest.Deck, all string) {
	for s := range strings.FieldsSeq(all) {
		typed, text := strings.CutPrefix(s, "'")
		switch {
		case text:
			d.Type(typed)
		case s == "wait":
			d.Settle()
		default:
			d.Press(s)
		}
	}
	d.Settle()
}

// formScenes are the screens with something to fill in, and their dialogs, by
// what leads to them from the list of keys.
var formScenes = []struct{ name, start, keys string }{
	{"identity", "", "n 'build-bot tab 'ci-eu"},
	{"scopes", "", "n 'build-bot tab 'ci-eu enter down space"},
	{"expiry", "", "n 'build-bot tab 'ci-eu enter enter"},
	{"calendar", "", "n 'build-bot tab 'ci-eu enter enter tab pgdown"},
	{"begin", "", "n 'build-bot tab 'ci-eu enter enter shift+tab 'nonsense enter"},
	{"addresses", "", "n 'build-bot tab 'ci-eu enter enter enter n '10.4.7.9/26"},
	{"review", "", "n 'build-bot tab 'ci-eu enter enter enter enter"},
	{"created", "", "n 'build-bot tab 'ci-eu enter enter enter enter wait enter"},
	{"save", "", "n 'build-bot tab 'ci-eu enter enter enter enter wait enter wait s tab down tab down"},
	{"verify", "", "n 'build-bot tab 'ci-eu enter enter enter enter wait enter wait v 'nonsense enter"},
	{"draft", "", "n 'build-bot tab 'ci-eu esc wait n"},
	{"network", "keys/build-bot/ci-deploy-staging", "i d t '198.51.100.9"},
	{"network-save", "keys/build-bot/ci-deploy-staging", "i d ctrl+s"},
	{"edit", "keys/build-bot/ci-deploy-staging", "e '-2 tab tab ctrl+u 'never"},
	{"edit-save", "keys/build-bot/ci-deploy-staging", "e '-2 enter"},
	{"extend", "keys/build-bot/ci-deploy-staging", "E tab pgdown"},
	{"user", "users/build-bot", "e tab tab space"},
	{"user-save", "users/build-bot", "e tab tab space enter"},
	{"user-new", "users", "n enter"},
	{"user-disable", "users/build-bot", "x"},
}

// lintScenes are the screens of what the linter finds and of a review.
var lintScenes = []struct{ name, start, keys string }{
	{"findings", "lint", "j"},
	{"findings-marked", "lint", "space j space"},
	{"findings-owner", "lint", "b b b"},
	{"findings-why", "lint", "j v"},
	{"findings-fix", "lint", "/ 'pak101 enter f"},
	{"findings-waive", "lint", "w enter"},
	{"keys-review", "", "R b wait y X enter"},
	{"keys-review-end", "", "R b wait y E"},
}

func TestFormsInColour(t *testing.T) { inColour(t, formScenes, seen) }

func TestLintInColour(t *testing.T) {
	inColour(t, lintScenes, func(t *testing.T, st *decktest.Store) {
		t.Helper()
		// What depends on the disk of this machine is not judged.
		st.SetPolicy("[lint]\nfree_megabytes = 1\nfree_inodes = 1\n")
	})
}

// inColour draws scenes in colour: what colour says is said in words as well, so
// the plain golden files of the screens show the same; here are the colours.
func inColour(t *testing.T, scenes []struct{ name, start, keys string }, prepare func(*testing.T, *decktest.Store)) {
	t.Helper()
	if testing.Short() {
		t.Skip("with -short the screens are drawn without colours only")
	}
	for _, c := range scenes {
		for _, size := range decktest.Sizes {
			name := fmt.Sprintf("colour/%s-%dx%d", c.name, size.W, size.H)
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					st := decktest.Sample(t)
					prepare(t, st)
					d := decktest.StartInColour(t, st, size.W, size.H, decktest.At(c.start))
					steps(d, c.keys)
					tuitest.Golden(t, name, d.BodyInColour())
				})
			})
		}
	}
}

// seen has a key used as a service would have counted it.
func seen(t *testing.T, st *decktest.Store) {
	t.Helper()
	v := st.Key("build-bot/ci-deploy-staging")
	batch := keystore.UseBatch{Tallies: map[keystore.Tally]keystore.Count{}}
	for ip, n := range map[string]uint64{"198.51.100.7": 41208, "10.4.7.2": 312} {
		at := decktest.Now.Add(-time.Hour)
		who := keystore.Caller{IP: netip.MustParseAddr(ip), Agent: "curl", Route: "GET /"}
		batch.Tallies[keystore.Tally{Secret: v.Current().ID, Hour: keystore.HourOf(at), Outcome: keystore.OK, Caller: who}] = keystore.Count{N: n, First: at, Last: at}
	}
	if err := usage.NewRecorder(st.Store).Record(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// TestAFormHasHelp: where characters are text, the keys that work are listed by one
// that is none.
func TestAFormHasHelp(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("2", "n")
		d.Want("f1 help")
		d.Press("f1")
		d.Want("Keys that work here", "?, f1")
		d.Press("esc")
		d.Press("?")
		d.Want("> ?")
	})
}
