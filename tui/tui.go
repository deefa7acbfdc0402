// Package tui is the dashboard: the program that owns the terminal and shows
// the screens of tui/screen.
//
// It is for people who look after API keys, mostly over SSH: every screen is
// usable at 60x16 and without colours, nothing is drawn while nothing
// changes, the background is never painted, and the mouse stays the
// terminal's own unless it is asked for. The store is read by ticks and held
// by nobody; that somebody else holds it is said in one line while the screen
// stays as it is.
//
// It refuses to leave a screen whose work would be lost without asking, and
// it shows nothing that could move the cursor or deceive the reader, whoever
// wrote it. It promises to give the terminal back as it was, after a signal
// and after a defect too, and never puts a key string into the window's title,
// an error or a message.
package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/config"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// Options say what the dashboard shows and where. Store is required.
type Options struct {
	Store   *keystore.Store
	Version string

	In  io.Reader // the terminal; nil is the standard input
	Out io.Writer // nil is the standard output
	Env []string  // the operator's environment, as os.Environ returns it
	// Home is the operator's home folder. Paths in it are shown with a "~",
	// and .pak files are offered to be saved there.
	Home string
	// Operator is who is shown in the frame: "mira@bastion-1".
	Operator string
	// Local is the operator's time zone; nil is UTC.
	Local *time.Location

	// Start is the place to begin at: "", "keys", "keys/KEY", "users",
	// "users/NAME", "usage", "journal", "journal/FILTER" or "lint".
	Start   string
	Palette theme.Palette // theme.Auto asks the terminal for its background
	ASCII   bool          // draw with nothing but ASCII
	Mouse   bool          // take the mouse from the terminal at the start
	Idle    config.Idle   // what happens while nobody types
	// View is how lists are shown at the start; SaveView keeps how they are
	// shown from then on, and may be nil.
	View     config.View
	SaveView func(config.View) error
	// Keys are the operator's changes to the keys, by action; an empty list
	// unbinds. See [Actions].
	Keys map[string][]string

	// OpenDemo opens a demonstration store, to which the dashboard then
	// changes. It is nil if there is none. The caller closes it.
	OpenDemo func(context.Context) (*keystore.Store, error)
}

// frames a second are enough for eyes and halve what an idle program costs.
const framesPerSecond = 30

// graceToQuit is how long a program whose context has ended may take to answer.
const graceToQuit = time.Second

// Run shows the dashboard until the operator quits or ctx ends. The caller
// makes ctx end on SIGINT, SIGTERM and SIGHUP; Run then gives the terminal
// back and returns the error of ctx, or an error that matches [ErrIdle] if it
// ended because nobody typed. What is wrong with the options is
// reported before anything is drawn.
func Run(ctx context.Context, o Options) error {
	model, err := New(ctx, o)
	if err != nil {
		return err
	}
	return run(ctx, model, o)
}

// run shows a model until it ends, and gives the terminal back.
func run(ctx context.Context, model Model, o Options) error {
	// Bubble Tea reads these from the process itself: the first would log
	// every frame and every clipboard payload to a file, the second would
	// write panics to the working directory.
	for _, name := range leaky {
		if err := os.Unsetenv(name); err != nil {
			return err
		}
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	// The program is asked to quit when ctx ends, so that it stops reading from
	// the terminal before it gives it back; only one that does not answer is
	// killed.
	alive, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	program := tea.NewProgram(guarded{model, end}, programOptions(alive, o)...)
	defer context.AfterFunc(ctx, func() {
		time.AfterFunc(graceToQuit, kill)
		program.Quit()
	})()
	last, err := program.Run()
	if g, ok := last.(guarded); ok && g.idle.left && err == nil {
		return fmt.Errorf("%w for %v", ErrIdle, o.Idle.Exit)
	}
	if cause := context.Cause(ctx); cause != nil {
		if d, ok := errors.AsType[*defect](cause); ok {
			fmt.Fprintf(os.Stderr, "%s\n", d.stack)
		}
		return cause
	}
	if err != nil {
		return fmt.Errorf("dashboard: %w", err)
	}
	return nil
}

// leaky are variables that make Bubble Tea write what it draws to files.
var leaky = []string{"TEA_TRACE", "TEA_DEBUG"}

func programOptions(ctx context.Context, o Options) []tea.ProgramOption {
	env := slices.DeleteFunc(slices.Clone(o.Env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(leaky, name)
	})
	options := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithEnvironment(env), tea.WithFPS(framesPerSecond),
		tea.WithoutSignalHandler(), // signals end ctx
		tea.WithFilter(syncFilter(uv.Environ(env).Getenv)),
	}
	if o.In != nil {
		options = append(options, tea.WithInput(o.In))
	}
	if o.Out != nil {
		options = append(options, tea.WithOutput(o.Out))
	}
	// Any value counts (no-color.org); the library wants a boolean.
	if uv.Environ(env).Getenv("NO_COLOR") != "" {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	return options
}
