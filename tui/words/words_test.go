package words_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/session"
	"github.com/pakdeck/pakdeck/tui/words"
)

func TestWhoWillNotice(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
	used := func(name string, ago time.Duration) keystore.KeyView {
		k := keystore.KeyView{Owner: keystore.User{Name: "bot"}}
		k.Name = name
		k.Uses.Last.Time = now.Add(-ago)
		return k
	}
	week := 7 * 24 * time.Hour
	for want, keys := range map[string][]keystore.KeyView{
		"None of them was used in the last 7 days.":             {used("a", week), {}},
		"1 of them was used in the last 7 days, bot/a 2h ago.":  {used("a", 2*time.Hour), used("b", week)},
		"2 of them were used in the last 7 days, bot/b 1m ago.": {used("a", 2*time.Hour), used("b", time.Minute)},
	} {
		if said := words.Victims(keys, now); said != want {
			t.Errorf("Victims = %q, want %q", said, want)
		}
	}
}

func TestAKeyIsTypedByItsNameIfAKeyboardHasIt(t *testing.T) {
	for name, want := range map[string]string{"nightly import": "nightly import", "two  blanks": "key-1", "\u202eevil": "key-1", " padded": "key-1"} {
		k := keystore.KeyView{}
		k.ID, k.Name = "key-1", name
		if got := words.Typable(k); got != want {
			t.Errorf("Typable(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestHowLongTheOldSecretsOfASessionWork(t *testing.T) {
	for want, s := range map[string]session.Session{
		"refused at once": {Rotation: keystore.Rotation{Now: true}},
		"for 2h after the first use of the new one": {Rotation: keystore.Rotation{After: 2 * time.Hour}},
		"works for 1d.":             {Grace: 24 * time.Hour},
		"until 2026-12-01 00:00:00": {Rotation: keystore.Rotation{Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}},
	} {
		if said := words.Grace(s); !strings.Contains(said, want) {
			t.Errorf("Grace = %q, which does not say %q", said, want)
		}
	}
}
