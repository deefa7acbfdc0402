package tui_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/iprule"
	"github.com/pakdeck/pakdeck/keystore/token"
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

// hostile is text that would do harm to a terminal, or to columns: escape
// sequences, C1 controls, text direction, characters without width, very wide
// ones, marks without end, and none of them fit.
var hostile = []string{
	"a\x1b[2Jb", "a\x1b]0;title\x07b", "a\u009b31mb", "a\u202eb", "a\u200bb\u200d\ufeff", strings.Repeat("支払い", 30),
	"e" + strings.Repeat("\u0301", 20), "a\nb\r\tc", "\xff\xfe", strings.Repeat("x", 500),
}

// spoiled is a picture of a store whose every text is hostile. The domain
// refuses such text; another version of it, or another program, may not have.
func spoiled(bad string) *board.Board {
	u := keystore.User{
		ID: "u1", Name: bad, Kind: keystore.Kind(bad), Contact: bad, Recipient: bad, Version: 1,
		Permissions: []keystore.Scope{keystore.Scope("x:" + bad), "a:*"},
	}
	entry := iprule.Entry{Prefix: netip.MustParsePrefix("10.4.7.0/26"), Note: bad}
	k := keystore.Key{
		ID: "k1", User: u.ID, Name: bad, Description: bad, Version: 1, Scopes: u.Permissions, Created: decktest.Now.Add(-time.Hour),
		Expires: decktest.Now.Add(time.Hour), Rules: iprule.Rules{Allow: []iprule.Entry{entry}, Deny: []iprule.Entry{entry}},
		Secrets: []keystore.Secret{{State: keystore.Current, Created: decktest.Now.Add(-time.Hour)}},
	}
	v := keystore.KeyView{Key: k, Owner: u}
	v.Uses.Last = keystore.Sighting{Time: decktest.Now, Caller: keystore.Caller{IP: netip.MustParseAddr("10.4.7.9"), Agent: bad, Route: bad}}
	b := &board.Board{Now: decktest.Now, Users: []keystore.User{u}, Keys: []keystore.KeyView{v}, Policy: keystore.DefaultPolicy()}
	b.Arrange()
	return b
}

// styled are the sequences that the theme itself puts around text.
var styled = regexp.MustCompile("\x1b\\[[0-9;]*m")

func harmless(t *testing.T, what string, lines []string, w int) {
	t.Helper()
	for i, line := range lines {
		plain := styled.ReplaceAllString(line, "")
		if _, found := text.Unsafe(plain); found || text.Width(plain) > w {
			t.Errorf("%s, line %d, %d cells: %q", what, i, text.Width(plain), plain)
		}
	}
}

func TestHostileTextInEveryForm(t *testing.T) {
	secret, err := token.Mint("pak", rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	st, sizes := decktest.Empty(t), [][2]int{{60, 10}, {100, 24}}
	for i, bad := range hostile {
		if testing.Short() && i%4 != 0 {
			continue
		}
		env := screen.NewEnv(context.Background(), st.Store)
		env.Theme, env.Board, env.Home = theme.New(theme.Dark, theme.Unicode()), spoiled(bad), "/home/"+bad
		env.Getenv = func(string) string { return bad }
		forms := map[string]screen.Screen{
			"edit":    edit.New(env, screen.Go{Key: "k1"}),
			"extend":  edit.New(env, screen.Go{Key: "k1", Filter: "expires"}),
			"network": network.New(env, screen.Go{Key: "k1"}),
			"clone":   wizard.New(env, screen.Go{Key: "k1", Clone: true}),
			"wizard":  wizard.New(env, screen.Go{User: "u1"}),
			"user":    user.New(env, screen.Go{User: "u1"}),
			"created": created.New(env, screen.Issued{Key: env.Board.Keys[0], Secret: secret}),
		}
		for name, s := range forms {
			for _, size := range sizes[i%2:][:1] {
				what := fmt.Sprintf("%s %d at %dx%d", name, i, size[0], size[1])
				s, _ = s.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				for _, press := range []tea.KeyPressMsg{{Code: tea.KeyDown}, {Code: 's', Text: "s"}, {Code: tea.KeyPgDown}} {
					s, _ = s.Update(press)
					harmless(t, what, strings.Split(s.View().Content, "\n"), size[0])
				}
				for range 6 { // every field has the focus once
					s, _ = s.Act(s.Scope() + ".next")
					harmless(t, what, strings.Split(s.View().Content, "\n"), size[0])
				}
				asked(t, what, s)
			}
		}
	}
}

// asked performs what a screen asks about, and looks at the question.
func asked(t *testing.T, what string, s screen.Screen) {
	t.Helper()
	for _, action := range []string{s.Scope() + ".accept", "network.save", "created.leave"} {
		_, cmd := s.Act(action)
		if cmd == nil || !strings.HasPrefix(action, s.Scope()) {
			continue
		}
		if ask, ok := cmd().(screen.Ask); ok {
			harmless(t, what+" asking", strings.Split(ask.Dialog.View(), "\n"), 76)
		}
	}
}
