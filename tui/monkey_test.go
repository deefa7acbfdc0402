package tui_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/created"
	"github.com/pakdeck/pakdeck/tui/screen/edit"
	"github.com/pakdeck/pakdeck/tui/screen/network"
	"github.com/pakdeck/pakdeck/tui/screen/user"
	"github.com/pakdeck/pakdeck/tui/screen/wizard"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// presses are keys that do something somewhere in the forms.
var presses = []tea.KeyPressMsg{
	{Code: tea.KeyUp},
	{Code: tea.KeyDown},
	{Code: tea.KeyLeft},
	{Code: tea.KeyRight},
	{Code: tea.KeyPgUp},
	{Code: tea.KeyPgDown},
	{Code: tea.KeyHome},
	{Code: tea.KeyEnd},
	{Code: tea.KeyBackspace},
	{Code: tea.KeyDelete},
	{Code: tea.KeySpace, Text: " "},
	{Code: 'u', Mod: tea.ModCtrl},
	{Code: 'w', Mod: tea.ModCtrl},
	{Code: 'a', Text: "a"},
	{Code: '9', Text: "9"},
	{Code: '0', Text: "0"},
	{Code: 'd', Text: "d"},
	{Code: 'm', Text: "m"},
	{Code: 'f', Text: "f"},
	{Code: '{', Text: "{"},
	{Code: '}', Text: "}"},
	{Code: ':', Text: ":"},
	{Code: '/', Text: "/"},
	{Code: '.', Text: "."},
	{Code: '-', Text: "-"},
	{Code: '支', Text: "支"},
	{Code: 'n', Text: "n"},
	{Code: 't', Text: "t"},
}

// pastes are what may be in a clipboard.
var pastes = []string{"", "10.0.0.0/8 # vpn\n10.1.0.0/16\nnonsense", "90d", "2027-02-31", "deploy:read chat:*", "\x1b[31m", strings.Repeat("x", 5000), "age1x"}

// TestAMonkeyCannotBreakAForm: whatever is pressed, pasted, clicked or resized,
// in whatever order, a form draws exactly its area and never panics.
func TestAMonkeyCannotBreakAForm(t *testing.T) {
	secret, err := token.Mint("pak", rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	st := decktest.Sample(t)
	b, _, err := board.Load(t.Context(), st.Store, nil)
	if err != nil {
		t.Fatal(err)
	}
	key := st.Key("build-bot/ci-deploy-staging")
	for name, open := range map[string]func(*screen.Env) screen.Screen{
		"wizard":  func(e *screen.Env) screen.Screen { return wizard.New(e, screen.Go{User: key.User}) },
		"clone":   func(e *screen.Env) screen.Screen { return wizard.New(e, screen.Go{Key: key.ID, Clone: true}) },
		"edit":    func(e *screen.Env) screen.Screen { return edit.New(e, screen.Go{Key: key.ID}) },
		"extend":  func(e *screen.Env) screen.Screen { return edit.New(e, screen.Go{Key: key.ID, Filter: "expires"}) },
		"network": func(e *screen.Env) screen.Screen { return network.New(e, screen.Go{Key: key.ID}) },
		"user":    func(e *screen.Env) screen.Screen { return user.New(e, screen.Go{User: key.User}) },
		"created": func(e *screen.Env) screen.Screen { return created.New(e, screen.Issued{Key: key, Secret: secret}) },
	} {
		t.Run(name, func(t *testing.T) {
			env := screen.NewEnv(context.Background(), st.Store)
			env.Board, env.Theme, env.Home = b, theme.New(theme.Dark, theme.Unicode()), "/home/mira"
			monkey(t, open(env), rand.New(rand.NewPCG(1, 1)), env)
		})
	}
}

// monkey does 100 things to a screen, 25 with -short. What its commands would do is left undone.
func monkey(t *testing.T, s screen.Screen, r *rand.Rand, env *screen.Env) {
	t.Helper()
	var actions []string
	for _, a := range tui.Actions() {
		if a.In(s.Scope()) && len(a.Scopes) > 0 {
			actions = append(actions, a.ID)
		}
	}
	w, h := 80, 18
	s, _ = s.Update(tea.WindowSizeMsg{Width: w, Height: h})
	var done []string
	tries := 100
	if testing.Short() {
		tries = 25
	}
	for range tries {
		what := ""
		switch n := r.IntN(20); {
		case n < 11:
			k := presses[r.IntN(len(presses))]
			what = k.String()
			s, _ = s.Update(k)
		case n < 15:
			what = actions[r.IntN(len(actions))]
			s, _ = s.Act(what)
		case n < 16:
			what = "paste"
			s, _ = s.Update(tea.PasteMsg{Content: pastes[r.IntN(len(pastes))]})
		case n < 17:
			what = "click"
			s, _ = s.Update(tea.MouseClickMsg{X: r.IntN(w + 1), Y: r.IntN(h + 1)})
		case n < 18:
			what = "board"
			s, _ = s.Update(board.Msg{Board: env.Board, Changed: r.IntN(2) == 0})
		case n < 19:
			what = "close"
			if c, ok := s.(screen.Closer); ok {
				s, _ = c.Close()
			}
		default:
			w, h = r.IntN(150), 1+r.IntN(45)
			what = fmt.Sprintf("%dx%d", w, h)
			s, _ = s.Update(tea.WindowSizeMsg{Width: w, Height: h})
		}
		done = append(done, what)
		v := s.View()
		lines := strings.Split(v.Content, "\n")
		if len(lines) != h {
			t.Fatalf("%d lines for %dx%d after %q", len(lines), w, h, done)
		}
		for _, line := range lines {
			if n := text.Width(line); n != w {
				t.Fatalf("a line of %d cells for %dx%d after %q:\n%q", n, w, h, done, line)
			}
		}
		if c := v.Cursor; c != nil && w > 20 && h > 3 && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
			t.Fatalf("the cursor is at %d,%d of %dx%d after %q", c.X, c.Y, w, h, done)
		}
	}
}
