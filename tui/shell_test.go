package tui_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/keys"
	"github.com/pakdeck/pakdeck/tui/screen/users"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// shellScenes are the lists and what the root puts over them, by what leads to
// them from the list of keys.
var shellScenes = []struct{ name, keys string }{
	{"keys", "j j"},
	{"keys-marks", "space j V j j V"},
	{"keys-whole", "enter"},
	{"keys-filter", "/ 'partner"},
	{"keys-nothing", "/ 'nonsense"},
	{"keys-columns", "C down space"},
	{"keys-disable", "x"},
	{"keys-disabled", "x y"},
	{"keys-revoke", "X 'leaked enter"},
	{"keys-revoke-two", "space space X 'leaked enter"},
	{"users", "2"},
	{"users-off", "2 j x"},
	{"users-keys", "2 enter"},
	{"palette-lists", ": 'list."},
	{"palette-fuzzy", ": 'rvk"},
	{"palette-keys", ": 'keys/build"},
	{"palette-wrong", ": 'nonsense enter"},
	{"locked", ": 'lock enter"},
	{"help-users", "2 ?"},
	{"messages-one", "T M"},
	{"quit-asks", "n 'build-bot tab 'ci ctrl+c"},
}

// TestShellInColour is about what is between the frame's lines, on a dark
// terminal of 256 colours; TestShell is about whole screens without any colour.
func TestShellInColour(t *testing.T) {
	if testing.Short() {
		t.Skip("with -short the screens are drawn without colours only")
	}
	shell(t, "colour/shell", decktest.StartInColour, (*decktest.Deck).BodyInColour)
}

func TestShell(t *testing.T) { shell(t, "shell", decktest.Start, (*decktest.Deck).Text) }

func shell(t *testing.T, folder string, start func(*testing.T, *decktest.Store, int, int, ...func(*tui.Options)) *decktest.Deck, look func(*decktest.Deck) string) {
	for _, c := range shellScenes {
		for _, size := range decktest.Tried() {
			name := fmt.Sprintf("%s/%s-%dx%d", folder, c.name, size.W, size.H)
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := start(t, decktest.Sample(t), size.W, size.H)
					steps(d, c.keys)
					tuitest.Golden(t, name, look(d))
				})
			})
		}
	}
}

// TestHostileTextInEveryList: the lists, the pane beside them and the questions
// over them, of a store whose every text is hostile.
func TestHostileTextInEveryList(t *testing.T) {
	st := decktest.Empty(t)
	for i, bad := range hostile {
		if testing.Short() && i%4 != 0 {
			continue
		}
		env := screen.NewEnv(context.Background(), st.Store)
		env.Theme, env.Board = theme.New(theme.Dark, theme.Unicode()), spoiled(bad)
		for name, s := range map[string]screen.Screen{
			"keys": keys.New(env, screen.Go{}), "key": keys.New(env, screen.Go{Key: "k1"}),
			"filtered": keys.New(env, screen.Go{Filter: "user:" + bad}), "users": users.New(env, screen.Go{}),
		} {
			for _, size := range [][2]int{{60, 10}, {80, 18}, {100, 24}, {140, 39}} {
				what := fmt.Sprintf("%s %d at %dx%d", name, i, size[0], size[1])
				s, _ = s.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				lines := strings.Split(s.View().Content, "\n")
				harmless(t, what, lines, size[0])
				aligned(t, what, lines)
				for _, action := range []string{"key.disable", "key.revoke", "user.disable"} {
					next, cmd := s.Act(action)
					harmless(t, what+" "+action, strings.Split(next.View().Content, "\n"), size[0])
					if cmd == nil {
						continue
					}
					if ask, ok := cmd().(screen.Ask); ok {
						harmless(t, what+" asking", strings.Split(ask.Dialog.View(), "\n"), 76)
					}
				}
			}
		}
	}
}

// aligned checks that the bar between list and pane is straight.
func aligned(t *testing.T, what string, lines []string) {
	t.Helper()
	column := -1
	for i, line := range lines {
		before, _, found := strings.Cut(styled.ReplaceAllString(line, ""), "│")
		switch at := text.Width(before); {
		case !found:
		case column >= 0 && at != column:
			t.Errorf("%s: the bar of line %d is in column %d, not %d: %q", what, i, at, column, line)
		default:
			column = at
		}
	}
}
