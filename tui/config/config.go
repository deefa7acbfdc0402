// Package config reads what the operator chose for the dashboard: the file
// config.toml, which is written by hand, and view.toml, in which the dashboard
// remembers how its lists were left.
//
// [Parse] refuses what it does not know, because a setting with a typo in it
// would silently not hold. Nothing in either file is a secret, and neither
// changes what may be done to a store.
//
//	theme = "dark"             # auto, light, dark, mono, contrast, colour-blind
//	ascii = true               # draw with nothing but ASCII
//	mouse = "local"            # off; local: on, but not over SSH; on
//
//	[idle]
//	lock = "15m"               # hide the screen; "never"
//	exit = "8h"                # leave the dashboard; "never"
//	unlock = ["su", "-c", "true", "mira"]  # must succeed before the screen is shown again
//
//	[keys]                     # by action; pakdeck actions lists them
//	"key.revoke" = ["ctrl+x"]
//	"key.clone" = []           # no key
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Config is the choices of the operator.
type Config struct {
	Theme theme.Palette
	ASCII bool
	Mouse Mouse
	Idle  Idle
	Keys  map[string][]string // by action; an empty list unbinds
}

// Mouse says when the dashboard takes the mouse from the terminal.
type Mouse string

// The choices for the mouse. The zero value is Off.
const (
	MouseOff   Mouse = "off"
	MouseLocal Mouse = "local" // not over SSH, where selecting text matters most
	MouseOn    Mouse = "on"
)

// At reports whether the mouse is taken, over SSH or not.
func (m Mouse) At(ssh bool) bool { return m == MouseOn || m == MouseLocal && !ssh }

// Idle says what happens while nobody types. Zero is never.
type Idle struct {
	Lock time.Duration // the screen is hidden
	Exit time.Duration // the dashboard ends
	// Unlock is a command that must succeed before a hidden screen is shown
	// again; none: any operator of the terminal may.
	Unlock []string
}

// Default returns what holds without a file.
func Default() Config {
	return Config{Idle: Idle{Lock: 15 * time.Minute, Exit: 8 * time.Hour}}
}

// shortest is how long nobody must type before anything happens: less would
// hide what is being read.
const shortest = 10 * time.Second

// file is config.toml as it is written.
type file struct {
	Theme string `toml:"theme"`
	ASCII bool   `toml:"ascii"`
	Mouse Mouse  `toml:"mouse"`
	Idle  struct {
		Lock   string   `toml:"lock"`
		Exit   string   `toml:"exit"`
		Unlock []string `toml:"unlock"`
	} `toml:"idle"`
	Keys map[string][]string `toml:"keys"`
}

// settings are all names that a file may use, for the error that names them.
var settings = []string{"theme", "ascii", "mouse", "idle.lock", "idle.exit", "idle.unlock", "keys"}

// Read reads a file. One that does not exist is the default.
func Read(path string) (Config, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Default(), nil
	}
	if err != nil {
		return Default(), err
	}
	c, err := Parse(b)
	if err != nil {
		return Default(), fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// Parse understands the text of a file.
func Parse(b []byte) (Config, error) {
	var f file
	meta, err := toml.Decode(string(b), &f)
	if err != nil {
		return Default(), plain(err)
	}
	for _, key := range meta.Undecoded() {
		return Default(), fmt.Errorf("there is no setting %s; there are %s", text.Quote(key.String()), strings.Join(settings, ", "))
	}
	return f.config()
}

// plain is an error of the library in one line.
func plain(err error) error {
	if e, ok := errors.AsType[toml.ParseError](err); ok {
		return fmt.Errorf("line %d: %s", e.Position.Line, text.Safe(e.Message))
	}
	return errors.New(text.Safe(err.Error()))
}

func (f file) config() (Config, error) {
	c := Default()
	c.ASCII, c.Keys, c.Idle.Unlock = f.ASCII, f.Keys, f.Idle.Unlock
	var err error
	if f.Theme != "" {
		if c.Theme, err = theme.ParsePalette(f.Theme); err != nil {
			return Default(), err
		}
	}
	c.Mouse = f.Mouse
	if f.Mouse == "" {
		c.Mouse = MouseOff
	}
	if all := []Mouse{MouseOff, MouseLocal, MouseOn}; !slices.Contains(all, c.Mouse) {
		return Default(), fmt.Errorf("mouse %s: use off, local or on", text.Quote(string(c.Mouse)))
	}
	for _, t := range []struct {
		name, typed string
		into        *time.Duration
	}{{"idle.lock", f.Idle.Lock, &c.Idle.Lock}, {"idle.exit", f.Idle.Exit, &c.Idle.Exit}} {
		if err := patience(t.name, t.typed, t.into); err != nil {
			return Default(), err
		}
	}
	if len(c.Idle.Unlock) > 0 && c.Idle.Unlock[0] == "" {
		return Default(), errors.New(`idle.unlock: the name of the command is empty; write ["command", "argument"]`)
	}
	return c, nil
}

// patience reads how long nobody types.
func patience(name, typed string, into *time.Duration) error {
	switch typed {
	case "":
		return nil
	case "never":
		*into = 0
		return nil
	}
	d, err := time.ParseDuration(typed)
	if err != nil || d < shortest {
		return fmt.Errorf(`%s %s: write a time of at least %v such as "15m" or "8h", or "never"`, name, text.Quote(typed), shortest)
	}
	*into = d
	return nil
}
