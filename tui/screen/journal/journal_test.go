package journal_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/keystore/kv"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// start shows the journal of a store.
func start(t *testing.T, st *decktest.Store, w, h int) *decktest.Deck {
	t.Helper()
	return decktest.Start(t, st, w, h, decktest.At("journal"))
}

func on(t *testing.T, test func(t *testing.T, d *decktest.Deck)) {
	t.Helper()
	decktest.Run(t, "journal", 100, 30, test)
}

// note writes records that are about nothing, n of them.
func note(t *testing.T, st *decktest.Store, n int) {
	t.Helper()
	uses := make([]keystore.Use, n)
	for i := range uses {
		uses[i] = keystore.Use{
			Sighting: keystore.Sighting{Time: st.Now(), Caller: keystore.Caller{IP: netip.MustParseAddr("192.0.2.1"), Route: fmt.Sprintf("GET /%d", i)}},
			Outcome:  keystore.Unknown, Fingerprint: "0123456789abcdef",
		}
	}
	if err := st.RecordUses(t.Context(), keystore.UseBatch{Notable: uses}); err != nil {
		t.Fatal(err)
	}
}

func TestScreens(t *testing.T) {
	for name, keys := range map[string][]string{
		"list":     nil,
		"record":   {"j", "enter"},
		"local":    {"T"},
		"verified": {"v"},
		"filter":   {"/", "e", "v"},
		"still":    {"f"},
		"export":   {"E"},
		"proof":    {"j", "enter", "G", "P"},
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, decktest.Sample(t), w, h)
			d.Press(keys...)
			return d
		})
	}
}

func TestTheListFollowsAtTheTop(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Want("40 records   following")
		note(t, d.Store.Open(), 3)
		d.Settle()
		d.Want("43 records   following", "GET /2")
		if !strings.HasPrefix(d.Line(4), ">") || !strings.Contains(d.Line(4), "GET /2") {
			t.Errorf("the cursor is not on the newest record:\n%s", d.Text())
		}
	})
}

func TestElsewhereTheListStandsStill(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("j", "j")
		before := d.Lines()[3:24]
		note(t, d.Store.Open(), 3)
		d.Settle()
		d.Want("3 new, g shows them")
		if after := d.Lines()[3:24]; strings.Join(before, "\n") != strings.Join(after, "\n") {
			t.Errorf("the list moved:\n%s", d.Text())
		}
		d.Press("g")
		d.Want("GET /2", "following")
	})
}

func TestPagesAreReadAsTheCursorComesNear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		note(t, st, 900)
		d := start(t, st, 100, 30)
		d.Want("200 records down to 740, more below")
		d.Press("G")
		d.Want("400 records down to 540, more below")
		for range 5 {
			d.Press("G")
		}
		d.Want("940 records", "store.init")
		d.Without("more below")
	})
}

func TestAFilterSearchesTheWholeJournal(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("event:key.revoke", "enter")
		d.Want("1 record of 40", "partners/partner-in", "filter: event:key.revoke")
		d.Press("esc")
		d.Want("40 records   following")
	})
}

func TestAFilterThatMatchesNothingSaysSo(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("operator:nobody", "enter")
		d.Want("No record matches the filter.", "0 records of 40")
		d.Press("enter")
		d.Want("there is no record under the cursor")
	})
}

func TestOpenedWithAFilterThatIsNoneItShowsNoRecords(t *testing.T) {
	for start, left := range map[string]string{"journal/evnt:key.revoke": "this is the first view", "keys": "[1 Keys]"} {
		t.Run(start, func(t *testing.T) {
			decktest.Run(t, start, 100, 30, func(t *testing.T, d *decktest.Deck) {
				if start == "keys" {
					d.Send(screen.Go{Place: screen.Journal, Filter: "evnt:key.revoke"})
				}
				d.Settle()
				d.Want("No record is shown", `"evnt:key.revoke"`)
				d.Without("key.create", "following")
				d.Press("/", "ctrl+u")
				d.Type("event:key.revoke", "enter")
				d.Settle()
				d.Want("1 record of 40", "filter: event:key.revoke")
				d.Press("esc") // there is no such filter to go back to
				d.Want(left)
			})
		})
	}
}

func TestAFilterThatIsNoneIsToldUnderTheLine(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("colour:red")
		d.Want(`"colour:red"`)
		d.Press("enter")
		d.Want("/ colour:red")
	})
}

func TestTheFilterCompletes(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("!event:key.rev", "tab")
		d.Want("/ !event:key.revoke")
	})
}

func TestARecordIsShownWhole(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		v := d.Store.Key("edge/edge-gateway-eu")
		text := "gateway"
		v, err := d.Store.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &text})
		if err != nil {
			t.Fatal(err)
		}
		text = "gateway of the EU"
		if _, err = d.Store.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &text}); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		var before journal.Hash
		if err := d.Store.Journal(t.Context(), 40, func(_ int64, raw []byte) error {
			before = journal.LeafHash(raw)
			return kv.Stop
		}); err != nil {
			t.Fatal(err)
		}
		d.Press("enter")
		d.Want("record 41", "2026-11-23 14:32:00.000 UTC", "key.edit (301)", "mira, uid 1000, via tui",
			"- gateway", "+ gateway of the EU", "after        "+before.String())
		d.Press("esc", "j", "enter")
		d.Want("record 40", "leaf         "+before.String())
	})
}

func TestVerifyingShowsTheResultInTheFrame(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		head, err := d.Store.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		d.Press("v")
		d.Want("journal: intact up to 40", "verified "+head.Short())
		note(t, d.Store, 1)
		d.Settle()
		d.Without("verified 4") // the newest record was not
	})
}

// TestAChangedRecordIsFound changes a byte of the store's file.
func TestAChangedRecordIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		b, err := os.ReadFile(st.Path())
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), "contract ended"); n == 0 {
			t.Fatal("the store does not hold the reason")
		}
		forged := strings.ReplaceAll(string(b), `"reason":"contract ended"`, `"reason":"contract begun"`)
		if err := os.WriteFile(st.Path(), []byte(forged), 0o600); err != nil {
			t.Fatal(err)
		}
		d := start(t, st, 100, 30)
		d.Press("v")
		d.Want("JOURNAL BROKEN at", "record", "was changed")
	})
}

func TestAJournalThatWasPutBackIsReadAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		old, err := os.ReadFile(st.Path())
		if err != nil {
			t.Fatal(err)
		}
		note(t, st, 5)
		d := start(t, st, 100, 30)
		d.Want("45 records")
		if err := os.WriteFile(st.Path(), old, 0o600); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Want("40 records   following")
		d.Press("v")
		d.Want("rolled back")
	})
}

func TestARecordLeadsToItsKeyOrUser(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("o")
		d.Want("Journal > Keys > edge/edge-gateway-us")
		d.Press("esc", "esc")
		d.Want("following")
		d.Press("/")
		d.Type("event:user.create", "enter", "o")
		d.Want("Journal > Users", ">  contractor")
		d.Press("esc", "/")
		for range len("event:user.create ") {
			d.Press("backspace")
		}
		d.Type("event:store.init", "enter", "o")
		d.Want("about no key and no user")
	})
}

func TestHostileTextIsHarmless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		err := st.RecordUses(t.Context(), keystore.UseBatch{Notable: []keystore.Use{{
			Sighting: keystore.Sighting{Time: st.Now(), Caller: keystore.Caller{
				Agent: "evil\x1b]0;owned\a\x1b[2J\u202e", Route: "GET /\x9b31m\r\n",
			}},
			Outcome: keystore.Malformed, Reason: "\x1b[8mhidden",
		}}})
		if err != nil {
			t.Fatal(err)
		}
		d := start(t, st, 140, 45)
		d.Press("enter")
		d.Golden("hostile-140x45")
		for _, raw := range []string{"\x1b]0;owned", "\x1b[8m", "\u202e", "\x9b31m"} {
			if strings.Contains(string(d.TakeBytes()), raw) {
				t.Errorf("%q reached the terminal", raw)
			}
		}
	})
}

func TestAReadingThatWasMissedIsDoneAgain(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("event:use")
		// Another view opens before the page has come.
		d.Type("\r2")
		d.Want("[2 Users]")
		d.Press("4")
		d.Advance(time.Second)
		d.Want("16 records of 40")
	})
}

func TestColouredScreens(t *testing.T) {
	for name, keys := range map[string][]string{"list": nil, "record": {"j", "j", "enter"}} {
		for _, size := range decktest.Tried() {
			full := fmt.Sprintf("coloured-%s-%dx%d", name, size.W, size.H)
			t.Run(full, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					st := decktest.Sample(t)
					m, err := tui.New(t.Context(), tui.Options{
						Store: st.Store, Version: "1.0", Home: filepath.Dir(st.Path()), Operator: "ops@bastion-1",
						Palette: theme.Dark, Start: "journal",
					})
					if err != nil {
						t.Fatal(err)
					}
					s := tuitest.Start(t, m, size.W, size.H, tuitest.Colors(colorprofile.ANSI256))
					s.Advance(time.Second)
					s.Press(keys...)
					s.Advance(time.Second)
					tuitest.Golden(t, full, s.ANSI())
				})
			})
		}
	}
}

func TestFollowingIsSwitchedOffAndOn(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Want("following")
		d.Press("f")
		d.Want("0 new, f follows")
		note(t, d.Store.Open(), 3)
		d.Settle()
		d.Want("40 records   3 new, f follows")
		d.Without("GET /2")
		d.Press("f")
		d.Want("43 records   following", "GET /2")
		d.Press("j", "j", "f")
		if !strings.HasPrefix(d.Line(4), ">") {
			t.Errorf("f does not go to the newest record:\n%s", d.Text())
		}
		d.Want("following")
	})
}

func TestWhatTheFilterSelectsIsExported(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("/")
		d.Type("event:key.revoke", "enter", "E")
		d.Want("export to", "~/pakdeck-journal-20261123-143200.ndjson", "a new file, readable by you alone")
		d.Press("enter")
		d.Settle()
		d.Want("exported 1 record to ~/pakdeck-journal-20261123-143200.ndjson")
		path := filepath.Join(filepath.Dir(d.Store.Path()), "pakdeck-journal-20261123-143200.ndjson")
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v, %v", info, err)
		}
		text, err := os.ReadFile(path)
		if err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), "contract ended") {
			t.Errorf("%q, %v", text, err)
		}
		d.Press("E", "enter")
		d.Settle()
		d.Want("file exists")
		d.Press("E", "esc")
		d.Want("filter: event:key.revoke")
		d.Press("E")
		d.Type("\x15", "enter")
		d.Want("is no file; write a path such as")
	})
}

func TestTheProofOfARecordIsSaved(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("j", "enter")
		d.Want("holds", "steps from the leaf to the signed root", "40:cc2bf8ea")
		d.Press("P")
		d.Want("proof to", "~/record-38.tlog-proof")
		d.Press("enter")
		d.Settle()
		d.Want("saved the proof of record 38 to ~/record-38.tlog-proof")
		text, err := os.ReadFile(filepath.Join(filepath.Dir(d.Store.Path()), "record-38.tlog-proof"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := journal.OpenProof(text, d.Store.Verifier())
		if err != nil || p.Index != 38 {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestAnotherTabMayBeLookedAtMeanwhile(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Type("v2")
		d.Settle()
		d.Want("[2 Users]", "verified 40:cc2bf8ea")
		d.Press("4")
		d.Settle()
		d.Want("40 records")
		d.Press("v")
		d.Settle()
		d.Want("verified to 40 at 14:32:00")
	})
}

func TestTheListHasTheFocusAfterAQuestionOverARecord(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		before := d.Reversed()
		d.Press("enter", "P", "esc", "esc")
		if got := d.Reversed(); len(before) == 0 || !slices.Equal(got, before) {
			t.Errorf("reversed are %q, not %q", got, before)
		}
	})
}
