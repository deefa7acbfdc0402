package wizard_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/audit/lint"
	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/wizard"
	"github.com/pakdeck/pakdeck/tui/theme"
)

// crowded is a picture of a store with 100,000 keys of 400 users.
func crowded() *board.Board {
	b := &board.Board{Now: decktest.Now, Policy: keystore.DefaultPolicy()}
	for i := range 400 {
		b.Users = append(b.Users, keystore.User{ID: keystore.UserID(fmt.Sprintf("u%03d", i)), Name: fmt.Sprintf("user-%03d", i), Permissions: []keystore.Scope{"a:*"}})
	}
	for i := range 100_000 {
		u := b.Users[i%400]
		b.Keys = append(b.Keys, keystore.KeyView{Owner: u, Key: keystore.Key{
			ID: keystore.KeyID(fmt.Sprintf("k%06d", i)), User: u.ID, Name: fmt.Sprintf("job-%06d", i),
			Created: b.Now.Add(-time.Hour), Expires: b.Now.Add(time.Duration(i) * time.Minute),
			Secrets: []keystore.Secret{{State: keystore.Current, Created: b.Now}},
		}})
	}
	b.Arrange()
	return b
}

// BenchmarkTyping is a key press in the form of a new key, with its drawing.
func BenchmarkTyping(b *testing.B) {
	env := screen.NewEnv(context.Background(), decktest.Empty(b).Store)
	env.Board, env.Theme = crowded(), theme.New(theme.Dark, theme.Unicode())
	config, err := lint.ReadConfig(env.Store.PolicyPath())
	if err != nil {
		b.Fatal(err)
	}
	for _, step := range []struct {
		name    string
		accepts int
	}{{"name", 0}, {"scopes", 1}, {"expiry", 2}, {"calendar", 2}} {
		b.Run(step.name, func(b *testing.B) {
			s := wizard.New(env, screen.Go{User: "u007"})
			s, _ = s.Update(tea.WindowSizeMsg{Width: 100, Height: 24})
			s = wizard.WithThresholds(s, config)
			s, _ = s.Act("wizard.next")
			for _, r := range "job-x" {
				s, _ = s.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
			for range step.accepts {
				s, _ = s.Act("wizard.accept")
			}
			if step.name == "calendar" {
				s, _ = s.Act("wizard.next")
			}
			keys := []tea.KeyPressMsg{{Code: 'x', Text: "x"}, {Code: tea.KeyBackspace}}
			if step.name == "calendar" {
				keys = []tea.KeyPressMsg{{Code: tea.KeyRight}, {Code: tea.KeyLeft}}
			}
			if !strings.Contains(s.View().Content, "PAK201") {
				b.Fatal(s.View().Content)
			}
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				s, _ = s.Update(keys[i%2])
				_ = s.View()
			}
		})
	}
}
