package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// chosen returns the choices with which a command line opens the dashboard.
func chosen(t *testing.T, file, line string) (config.Config, error) {
	t.Helper()
	b := newBench(t).filled()
	ours, theirs, err := pty.Open()
	if err != nil {
		t.Skipf("there are no terminals here: %v", err)
	}
	defer ours.Close()
	defer theirs.Close()
	a := b.app(theirs, theirs, io.Discard)
	a.config = filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(a.config, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var c config.Config
	err = io.EOF
	a.dashboard = func(_ context.Context, a *app, _ *keystore.Store, _ string) error {
		c, err = a.choices()
		return nil
	}
	a.run(t.Context(), strings.Fields(line))
	return c, err
}

func TestFlagsGoBeforeTheConfiguration(t *testing.T) {
	for _, tt := range []struct {
		file, line string
		theme      theme.Palette
		ascii      bool
	}{
		{"", "", theme.Auto, false},
		{"theme = 'dark'", "", theme.Dark, false},
		{"theme = 'dark'", "--theme mono --ascii", theme.Mono, true},
		{"theme = 'dark'", "--theme auto users", theme.Auto, false},
		{"ascii = true", "demo --theme contrast", theme.Contrast, true},
	} {
		if tt.line == "demo --theme contrast" {
			tt.line += " --store " + filepath.Join(t.TempDir(), "demo.db")
		}
		c, err := chosen(t, tt.file, tt.line)
		if err != nil || c.Theme != tt.theme || c.ASCII != tt.ascii {
			t.Errorf("%q with %q: theme %v, ascii %v, %v", tt.line, tt.file, c.Theme, c.ASCII, err)
		}
	}
}

func TestAConfigurationThatCannotBeMeantIsToldWithItsPath(t *testing.T) {
	_, err := chosen(t, "theme = 'drak'", "")
	if err == nil || !strings.Contains(err.Error(), "config.toml: unknown theme \"drak\"") {
		t.Errorf("error %v", err)
	}
}
