package session_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/pak"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/decktest"
)

// start goes from the list to the session of the first n keys.
func start(t *testing.T, st *decktest.Store, w, h, n int) *decktest.Deck {
	t.Helper()
	d := decktest.Start(t, st, w, h)
	for range n {
		d.Press("space")
	}
	d.Press("r", "S")
	d.Settle()
	return d
}

// folder makes the folder for the files, and types it.
func folder(t *testing.T, d *decktest.Deck) string {
	t.Helper()
	dir := filepath.Join(filepath.Dir(d.Store.Path()), "out")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	d.Press("tab")
	d.Type("/out")
	return dir
}

// settle lets every step come to its end.
func settle(d *decktest.Deck) {
	for range 5 {
		d.Settle()
	}
}

func TestTenKeysAreHandedOverToFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 100, 30, 10)
		d.Want("New secrets for 10 keys")
		dir := folder(t, d)
		d.Press("enter")
		d.Want("Rotate 10 keys?", "The files are not encrypted", "Each old secret works for 1d.")
		d.Type("10", "enter")
		settle(d)
		d.Want("10 of 10 keys done, 0 in use", "handed over")
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 10 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, f := range files {
			b, err := pak.Load(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			file, err := pak.Decode(b)
			if err != nil {
				t.Fatal(err)
			}
			v := st.Key(file.Key.ID().String())
			if v.Current().ID != file.Key.ID() || v.StateAt(st.Clock.Now(), 0) != keystore.StateRotating {
				t.Errorf("%s: %s", v.Ref(), v.StateAt(st.Clock.Now(), 0))
			}
			d.Without(file.Key.Reveal()[20:40])
		}
	})
}

func TestContactIsSeenAsItHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 100, 30, 2)
		folder(t, d)
		d.Press("enter")
		d.Type("2", "enter")
		settle(d)
		all, err := session.List(t.Context(), st.Store)
		if err != nil || len(all) != 1 {
			t.Fatalf("%d sessions, %v", len(all), err)
		}
		s := keystore.Sighting{Time: st.Clock.Now(), Caller: keystore.Caller{IP: netip.MustParseAddr("192.0.2.1")}}
		err = st.RecordUses(t.Context(), keystore.UseBatch{Uses: map[token.ID]keystore.Uses{all[0].Steps[1].New: {First: s, Last: s, OK: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		st.Clock.Add(2 * time.Second)
		settle(d)
		d.Want("2 of 2 keys done, 1 in use", "in use")
	})
}

func TestWhatFailsIsToldAndCanBeSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		d := start(t, st, 140, 45, 2)
		d.Press("tab")
		d.Type("/nowhere", "enter")
		d.Type("2", "enter")
		settle(d)
		d.Want("0 of 2 keys done", "failed", "it does not exist", "enter goes on")
		d.Press("x")
		settle(d)
		d.Want("skipped", "1 of 2 keys done")
		d.Press("r")
		d.Settle()
		d.Want("one secret, made")
	})
}

func TestASessionIsGoneOnWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		s, err := session.Start(t.Context(), st.Store, session.Session{Grace: time.Hour, Hand: session.Hand{Dir: t.TempDir()}},
			[]keystore.KeyView{st.Key("edge/edge-gateway-eu"), st.Key("edge/edge-gateway-us")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Do(t.Context(), st.Store, 0, ""); err != nil {
			t.Fatal(err)
		}
		d := decktest.Start(t, st, 100, 30)
		d.Press(":")
		d.Type("key.session", "enter")
		d.Settle()
		d.Want("Session "+s.ID, "1 of 2 keys done", "enter goes on", "waiting")
		d.Press("enter")
		settle(d)
		d.Want("2 of 2 keys done")
		d.Press("enter")
		d.Want("there is nothing left to do")
	})
}

func TestABadFolderIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, decktest.Sample(t), 100, 30, 1)
		d.Press("tab")
		for range strings.Count(filepath.Dir(d.Store.Path()), "") {
			d.Press("backspace")
		}
		d.Type("out", "enter")
		d.Want("give the whole path of the folder")
	})
}

func TestThereWasNoSession(t *testing.T) {
	decktest.Run(t, "", 100, 30, func(t *testing.T, d *decktest.Deck) {
		d.Press(":")
		d.Type("key.session", "enter")
		d.Settle()
		d.Want("there was no session yet")
		d.Press("enter", "x", "r")
		d.Want("there is no key under the cursor")
	})
}

func TestScreens(t *testing.T) {
	for _, name := range []string{"ask", "confirm"} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, decktest.Sample(t), w, h, 3)
			d.Press("tab")
			for range strings.Count(filepath.Dir(d.Store.Path()), "") {
				d.Press("backspace")
			}
			d.Type("/srv/handover")
			if name == "confirm" {
				d.Press("enter")
			}
			return d
		})
	}
}

// A session that goes on: a file for the owner, one by the command that waits for
// its first use, one whose turn comes, and one that is left out.
func TestARunningSession(t *testing.T) {
	for _, name := range []string{"waiting", "clipboard", "over"} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			st := decktest.Sample(t)
			receives(t, st, "build-bot", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
			d := start(t, st, w, h, 4)
			d.Press("tab")
			d.Type("/handover")
			if err := os.Mkdir(filepath.Join(filepath.Dir(st.Path()), "handover"), 0o700); err != nil {
				t.Fatal(err)
			}
			d.Press("tab", "down", "tab", "space")
			agree(d, "4")
			use(t, d, first)
			st.Clock.Add(5 * time.Minute)
			settle(d)
			if name == "waiting" {
				return d
			}
			d.Press("G", "h", "h", "n") // the last one by clipboard
			settle(d)
			if name == "over" {
				d.Press("n", "n")
				settle(d)
			}
			return d
		})
	}
}
