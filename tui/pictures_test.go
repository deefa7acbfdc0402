package tui_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// The pictures of the README are made from the program: `make pictures` writes
// them, and the tests fail when the screens have moved on.
func TestPictures(t *testing.T) {
	for name, keys := range map[string][]string{
		"keys":    {"j", "j", "j"},
		"wizard":  {"n", "build-bot", "tab", "partner-initech", "enter", "enter"},
		"journal": {"4", "j"},
		"help":    {"?"},
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
