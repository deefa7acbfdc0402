package tui_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/demo"
)

func TestAnOldDemonstrationTellsHowItIsMadeAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.db")
	made, err := demo.Create(t.Context(), path, decktest.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	for age, told := range map[time.Duration]bool{time.Hour: false, 21 * 24 * time.Hour: true} {
		synctest.Test(t, func(t *testing.T) {
			st, err := keystore.Open(t.Context(), path, keystore.WithReadOnly(), keystore.WithClock(func() time.Time { return decktest.Now.Add(age) }))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = st.Close() }()
			d := decktest.Start(t, &decktest.Store{Store: st}, 100, 30)
			const words = "this demonstration is 21d old; pakdeck demo --reset makes it anew"
			if d.Contains(words) != told {
				t.Errorf("%v old:\n%s", age, d.Text())
			}
		})
	}
}
