package findings_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// start shows the findings of the sample store. What depends on the disk of
// this machine is not judged.
func start(t *testing.T, w, h int, change ...func(*tui.Options)) *decktest.Deck {
	t.Helper()
	st := decktest.Sample(t)
	write(t, st, "[lint]\nfree_megabytes = 1\nfree_inodes = 1\n")
	change = append(change, decktest.At("lint"))
	d := decktest.Start(t, st, w, h, change...)
	d.Settle()
	return d
}

func write(t *testing.T, st *decktest.Store, policy string) {
	t.Helper()
	st.SetPolicy(policy)
}

func on(t *testing.T, test func(t *testing.T, d *decktest.Deck)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, start(t, 140, 45)) })
}

// find filters the list down to words.
func find(d *decktest.Deck, words string) {
	d.Press("/", "ctrl+u")
	d.Type(words, "enter")
}

func TestScreens(t *testing.T) {
	for name, keys := range map[string][]string{
		"list":   nil,
		"rule":   {"b"},
		"owner":  {"b", "b", "b"},
		"why":    {"j", "v"},
		"fix":    {"/", "1", "0", "1", "enter", "f"},
		"reason": {"w"},
	} {
		decktest.Golden(t, name, func(t *testing.T, w, h int) *decktest.Deck {
			d := start(t, w, h)
			d.Press(keys...)
			d.Settle()
			return d
		})
	}
}

func TestColoursSayNothingThatWordsDoNot(t *testing.T) {
	said := map[theme.Palette]string{}
	for _, p := range []theme.Palette{theme.Mono, theme.Dark} {
		synctest.Test(t, func(t *testing.T) {
			said[p] = start(t, 100, 30, func(o *tui.Options) { o.Palette = p }).Text()
		})
	}
	if said[theme.Mono] != said[theme.Dark] {
		t.Errorf("in colour\n%s\nin mono\n%s", said[theme.Dark], said[theme.Mono])
	}
}

func TestTheScreenShowsWhatTheLinterFinds(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		s, err := lint.Take(t.Context(), d.Store.Store, lint.Options{})
		if err != nil {
			t.Fatal(err)
		}
		found := lint.Run(s)
		c := lint.Count(found)
		if c.Total() < 25 {
			t.Fatalf("only %d findings", c.Total())
		}
		d.Press("b", "b", "b")
		d.Want(strconv.Itoa(c.Total()) + " findings: " + strconv.Itoa(c.Error) + " errors")
		for _, f := range found[:12] {
			find(d, f.Rule+" "+f.Text)
			d.Want(f.Rule + " ")
		}
	})
}

func TestTheCursorSkipsHeadings(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		for range 12 {
			if strings.Contains(d.Line(cursorLine(d)), "findings") {
				t.Fatalf("on a heading: %s", d.Line(cursorLine(d)))
			}
			d.Press("j")
		}
		for range 14 {
			d.Press("k")
			if strings.Contains(d.Line(cursorLine(d)), "findings") {
				t.Fatalf("on a heading: %s", d.Line(cursorLine(d)))
			}
		}
	})
}

// cursorLine returns the line with the '>' of the list.
func cursorLine(d *decktest.Deck) int {
	for i, line := range strings.Split(d.Text(), "\n") {
		if strings.HasPrefix(line, ">") {
			return i
		}
	}
	return 0
}

func TestAFixIsShownMadeAndTakenBack(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		find(d, "pak101")
		d.Want("never expires", "+ expires 20")
		d.Press("f")
		d.Want("Fix PAK101 of legacy/legacy-sync?", "- expires never", "+ expires 2026-12-07T14:32:00Z")
		if !d.Store.Key("legacy/legacy-sync").Expires.IsZero() {
			t.Fatal("changed before it was agreed to")
		}
		d.Press("y")
		d.Want("fixed PAK101 of legacy/legacy-sync", "U undo (", "No finding matches")
		if d.Store.Key("legacy/legacy-sync").Expires.IsZero() {
			t.Fatal("not changed")
		}
		d.Press("U")
		d.Want("taken back: fixed PAK101")
		if !d.Store.Key("legacy/legacy-sync").Expires.IsZero() {
			t.Error("not taken back")
		}
	})
}

func TestSeveralFixesWantTheirNumber(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		find(d, "pak501")
		d.Press("f")
		d.Want("there is something to decide first: issue a new secret")
		find(d, "pak106")
		find(d, "warning")
		d.Press("*")
		d.Want("25 marked")
		d.Press("f")
		d.Want("type how many: 5", "- expires never", "and 1 more: disable 1")
		d.Press("enter")
		d.Want("25 marked")
		d.Press("esc")
		d.Without("marked")
		find(d, "edge pak201")
		d.Press("f")
		d.Want("something to decide first: list the addresses")
	})
}

func TestWhatCannotBeTakenBackIsSaidBefore(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		v := d.Store.Key("legacy/legacy-sync")
		if _, _, err := d.Store.Open().RotateKey(t.Context(), v.ID, v.Version, keystore.Rotation{Until: decktest.Now.Add(30 * 24 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Settle()
		find(d, "pak502")
		d.Want("cannot be taken back: the old secret stays")
		d.Press("f")
		d.Want("Fix PAK502 of legacy/legacy-sync?", "This cannot be taken back: the old secret stays refused")
		d.Press("y")
		d.Want("fixed PAK502")
		d.Without("U undo (")
		find(d, "legacy-sync")
		d.Press("f")
		d.Want("Fix PAK")
		d.Without("cannot be taken back")
	})
}

func TestRightsThatWereTakenAreGivenBack(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		if err := os.Chmod(d.Store.CheckpointPath(), 0o644); err != nil {
			t.Fatal(err)
		}
		d.Store.Clock.Add(2 * time.Minute)
		d.Settle()
		d.Settle()
		find(d, "pak705 checkpoints")
		d.Press("f", "y")
		d.Want("fixed PAK705", "U undo (")
		if info, err := os.Stat(d.Store.CheckpointPath()); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v, %v", info.Mode(), err)
		}
		d.Press("U")
		d.Want("taken back: fixed PAK705")
		if info, err := os.Stat(d.Store.CheckpointPath()); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	})
}

func TestWhatNeedsNoQuestionIsFixedAtOnce(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		u := d.Store.User("contractor")
		if _, err := d.Store.Open().DisableUser(t.Context(), u.ID, u.Version); err != nil {
			t.Fatal(err)
		}
		v := d.Store.Key("contractor/contractor-2025")
		if _, err := d.Store.Open().EnableKey(t.Context(), v.ID, v.Version); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		d.Settle()
		d.Press("F")
		d.Want("Fix", "contractor/contractor-2025: disable the key as well", "It was used")
		d.Press("y")
		d.Want("fixed")
		if d.Store.Key("contractor/contractor-2025").DisabledAt.IsZero() {
			t.Error("the key is not disabled")
		}
	})
}

func TestWaivingWantsAReasonAndAnEnd(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		find(d, "pak101")
		d.Press("w", "enter")
		d.Want("must not be empty")
		d.Type("sealed device, OPS-114", "enter")
		d.Want("until when?", "90d")
		for range 3 {
			d.Press("backspace")
		}
		d.Type("never", "enter")
		d.Want("a waiver must end")
		for range 5 {
			d.Press("backspace")
		}
		d.Type("30d", "enter")
		d.Want("waived PAK101 of legacy/legacy-sync until 2026-12-23", "1 waived", "No finding matches")
		list, err := lint.Waivers(t.Context(), d.Store.Store)
		if err != nil || len(list) != 1 || list[0].Author != "mira" || list[0].Reason != "sealed device, OPS-114" {
			t.Fatalf("%+v, %v", list, err)
		}
		d.Press("h")
		d.Want("waived   PAK101", "Waived", "sealed device, OPS-114", "by mira until 2026-12-23")
		d.Press("w")
		d.Want("PAK101 of legacy/legacy-sync counts again")
		if list, _ := lint.Waivers(t.Context(), d.Store.Store); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

func TestAQuestionIsCalledOff(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("w")
		d.Type("because", "esc")
		d.Without("why accept")
		d.Press("esc")
		if list, _ := lint.Waivers(t.Context(), d.Store.Store); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

func TestSomebodyElseWasQuicker(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		find(d, "pak101")
		d.Press("f")
		v, text := d.Store.Key("legacy/legacy-sync"), "described meanwhile"
		if _, err := d.Store.Open().EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Description: &text}); err != nil {
			t.Fatal(err)
		}
		d.Press("y")
		d.Want("was changed by somebody else meanwhile")
		if !d.Store.Key("legacy/legacy-sync").Expires.IsZero() {
			t.Error("changed nevertheless")
		}
	})
}

func TestWaysToOtherPlaces(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		find(d, "pak101")
		d.Press("enter")
		d.Want("Lint > Keys")
		d.Press("esc", "esc")
		find(d, "pak501")
		d.Press("r")
		d.Want("Lint > Rotate")
		d.Press("esc", "esc", "*", "r") // all of them, each key once
		d.Want("Lint > Rotate", "1 of 12")
		d.Press("esc", "*")
		find(d, "pak307")
		d.Press("enter")
		d.Want("Lint > Users")
	})
}

func TestTheBaselineIsRemembered(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("B")
		d.Want("remembered")
		if b, err := lint.Remembered(t.Context(), d.Store.Store); err != nil || b == nil || len(b.Findings) < 25 {
			t.Errorf("%v, %v", b, err)
		}
	})
}

func TestWhatIsNewAndWhatIsFixedIsTold(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("b", "b", "b", "b")
		d.Want("by severity")
		d.Press("B")
		d.Settle()
		d.Want("since 2026-11-23: 0 new, 46 unchanged, 0 fixed")
		d.Without("SINCE")
		d.Store.Clock.Add(24 * time.Hour)
		edit := func(ref string, end time.Time) {
			t.Helper()
			v := d.Store.Key(ref)
			if _, err := d.Store.Open().EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Expires: &end}); err != nil {
				t.Fatal(err)
			}
		}
		edit("build-bot/terraform-apply", time.Time{})
		edit("legacy/legacy-sync", decktest.Now.Add(200*24*time.Hour))
		d.Settle()
		d.Settle()
		find(d, "pak101")
		d.Want("SINCE  RULE", "new    PAK101   build-bot/terraform-apply", "since 2026-11-23: ", "fixed: ", "PAK101 legacy/legacy-sync")
		d.Press("b", "b", "b", "b")
		d.Want("by news", "NEW", "PAK101   build-bot/terraform-apply", " fixed since 2026-11-23", "PAK101 legacy/legacy-sync")
		d.Press("B")
		d.Settle()
		d.Want("0 new", "UNCHANGED", "score ")
		d.Press("b")
		d.Want("by severity")
	})
}

func TestAPolicyThatCannotBeReadIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t)
		write(t, st, "[lint]\nnonsense = 1\n")
		d := decktest.Start(t, st, 140, 45, decktest.At("lint"))
		d.Settle()
		d.Want("cannot judge", "Nothing can be judged", "unknown", "lint.nonsense")
	})
}

func TestAReadOnlyStoreIsOnlyLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := decktest.Sample(t, keystore.WithReadOnly())
		d := decktest.Start(t, st, 140, 45, decktest.At("lint"))
		d.Settle()
		d.Press("f", "w", "F", "B")
		d.Without("Fix PAK", "why accept", "remembered")
		d.Want("PAK101")
	})
}

func TestAnActionIsForTheRangeOfFindingsThatLooksMarked(t *testing.T) {
	on(t, func(t *testing.T, d *decktest.Deck) {
		d.Press("V", "j")
		d.Want("range of 2")
		d.Press("w")
		d.Want("why accept 2 findings?")
	})
}
