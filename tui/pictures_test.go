package tui_test

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/pakdeck/pakdeck/audit/usage"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// The pictures of the README are made from the program: `make pictures` writes
// them, and the tests fail when the screens have moved on.
func TestPictures(t *testing.T) {
	for name, keys := range map[string][]string{
		"keys":     {"j", "j", "j"},
		"wizard":   {"n", "build-bot", "tab", "partner-initech", "enter", "enter"},
		"rotate":   {"/", "partner-acme", "enter", "r"},
		"findings": {"5", "j"},
		"journal":  {"4", "j"},
		"help":     {"?"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				picture(t, name, keys)
			})
		})
	}
}

// picture presses keys (a word is typed) and compares the screen with
// testdata/pictures/NAME.svg.
func picture(t *testing.T, name string, keys []string) {
	t.Helper()
	st := decktest.Sample(t)
	if name == "rotate" {
		underway(t, st)
	}
	model, err := tui.New(t.Context(), tui.Options{
		Store: st.Store, Version: "1.0", Home: filepath.Dir(st.Path()), Operator: "ops@bastion-1",
		Local: time.FixedZone("CET", 3600), Palette: theme.Dark,
	})
	if err != nil {
		t.Fatal(err)
	}
	s := tuitest.Start(t, model, 100, 30, tuitest.Colors(colorprofile.ANSI256))
	s.Advance(time.Second)
	for _, k := range keys {
		if len(k) > 5 {
			s.Type(k)
		} else {
			s.Press(k)
		}
		s.Advance(time.Second)
	}
	var got bytes.Buffer
	if err := s.SVG(&got, "pakdeck"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "pictures", name+".svg")
	if tuitest.Updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(want, got.Bytes()) {
		t.Errorf("%s is not what the program shows now (%v): run make pictures and look at it\n%s", path, err, s.Text())
	}
}

// underway has a key rotated yesterday, with callers that have moved to the new
// secret and one that has not.
func underway(t *testing.T, st *decktest.Store) {
	t.Helper()
	old := st.Key("partners/partner-acme")
	st.Clock.Set(decktest.Now.Add(-26 * time.Hour))
	next, _, err := st.RotateKey(t.Context(), old.ID, old.Version, keystore.Rotation{Until: decktest.Now.Add(22 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	st.Clock.Set(decktest.Now)
	batch := keystore.UseBatch{Tallies: map[keystore.Tally]keystore.Count{}}
	use := func(secret token.ID, ago int, ip, agent string, n uint64) {
		at := decktest.Now.Add(-time.Duration(ago) * time.Hour)
		who := keystore.Caller{IP: netip.MustParseAddr(ip), Agent: agent, Route: "POST /v1/orders"}
		batch.Tallies[keystore.Tally{Secret: secret, Hour: keystore.HourOf(at), Outcome: keystore.OK, Caller: who}] = keystore.Count{N: n, First: at, Last: at}
	}
	for ago := range 48 {
		if ago > 20 {
			use(old.Current().ID, ago, "192.0.2.66", "acme-sync", uint64(40+ago%7))
		} else {
			use(next.Current().ID, ago, "192.0.2.66", "acme-sync", uint64(40+ago%7))
		}
		if ago%6 == 2 {
			use(old.Current().ID, ago, "192.0.2.71", "curl", 3)
		}
	}
	if err := usage.NewRecorder(st.Store).Record(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}
