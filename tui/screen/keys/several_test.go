package keys_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/board"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/keys"
	"github.com/pakdeck/pakdeck/tui/text"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/confirm"
)

// someKeys is a picture of keys in all states, used at any time or never.
func someKeys(r *rand.Rand, n int) *board.Board {
	b := &board.Board{Now: decktest.Now, Policy: keystore.DefaultPolicy(), Users: []keystore.User{{ID: "u0", Name: "bot"}, {ID: "u1", Name: "gone", Disabled: true}}}
	maybe := func(at time.Time) time.Time {
		if r.IntN(4) > 0 {
			return time.Time{}
		}
		return at
	}
	for i := range n {
		owner := b.Users[r.IntN(2)]
		v := keystore.KeyView{Owner: owner, Key: keystore.Key{
			ID: keystore.KeyID(fmt.Sprintf("%016d", i)), User: owner.ID, Name: fmt.Sprintf("key-%03d", i),
			Secrets: []keystore.Secret{{ID: token.ID([]byte(fmt.Sprintf("%012d", i))), State: keystore.Current}},
			Revoked: maybe(b.Now), DisabledAt: maybe(b.Now), Expires: maybe(b.Now.Add(time.Duration(r.IntN(99)-50) * time.Hour)),
		}}
		// Some were used exactly a day ago, or a millisecond less.
		if at := []time.Duration{0, 24 * time.Hour, 24*time.Hour - time.Millisecond, time.Duration(r.IntN(1e6)) * time.Second}[r.IntN(4)]; at > 0 {
			v.Uses.Last.Time = b.Now.Add(-at)
		}
		b.Keys = append(b.Keys, v)
	}
	b.Arrange()
	return b
}

// asked is the question that comes of a command.
func asked(t *testing.T, cmd tea.Cmd) confirm.Question {
	t.Helper()
	msg := cmd()
	if all, ok := msg.(tea.BatchMsg); ok {
		msg = all[0]()
	}
	ask, ok := msg.(screen.Ask)
	if !ok {
		t.Fatalf("%T instead of a question", msg)
	}
	return ask.Dialog.Question()
}

// recount says of keys what a question about them has to, the slow way.
func recount(now time.Time, list []keystore.KeyView) (refs, used string) {
	var names []string
	n, newest := 0, keystore.KeyView{}
	for _, v := range list {
		names = append(names, v.Ref())
		if now.Sub(v.Uses.Last.Time) < 24*time.Hour {
			n++
		}
		if v.Uses.Last.Time.After(newest.Uses.Last.Time) {
			newest = v
		}
	}
	if more := len(names) - 6; more > 0 {
		names = append(names[:6], fmt.Sprintf("%d more", more))
	}
	verb := map[bool]string{true: "was", false: "were"}[n == 1]
	used = fmt.Sprintf("%d of them %s used in the last 24 hours, the last %s ago: %s.", n, verb, text.Ago(now.Sub(newest.Uses.Last.Time)), newest.Ref())
	if n == 0 {
		used = "None of them was used in the last 24 hours."
	}
	return strings.Join(names, ", "), used
}

// typing are the presses of keys with these characters.
func typing(s screen.Screen, keys string) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	for _, r := range keys {
		s, cmd = s.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return s, cmd
}

// markedOnes is a list of b with some keys marked, and those.
func markedOnes(t *testing.T, r *rand.Rand, b *board.Board) (s screen.Screen, marked []keystore.KeyView) {
	t.Helper()
	env := screen.NewEnv(t.Context(), nil)
	env.Board, env.Theme = b, theme.New(theme.Mono, theme.Unicode())
	s = keys.New(env, screen.Go{})
	s, _ = s.Act("list.revoked")
	s, _ = s.Update(screen.Sort{Order: "name"}) // that of the board
	s, _ = typing(s, "g")
	for _, v := range b.Keys {
		step := "j"
		if r.IntN(2) == 0 {
			step, marked = " ", append(marked, v)
		}
		s, _ = typing(s, step)
	}
	return s, marked
}

// TestWhatIsAskedAboutMarkedKeysIsRight compares it with a recount: revoked keys
// are left out, and, where it is about that, those that are switched off.
func TestWhatIsAskedAboutMarkedKeysIsRight(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := someKeys(r, 30)
		s, marked := markedOnes(t, r, b)
		lasting := slices.DeleteFunc(slices.Clone(marked), func(v keystore.KeyView) bool { return !v.Revoked.IsZero() })
		on := slices.DeleteFunc(slices.Clone(lasting), func(v keystore.KeyView) bool { return !v.DisabledAt.IsZero() })
		if len(on) < 2 {
			continue
		}
		check := func(q confirm.Question, list []keystore.KeyView, verb string) {
			t.Helper()
			refs, used := recount(b.Now, list)
			if title := fmt.Sprintf("%s %d keys?", verb, len(list)); q.Title != title || q.Count != len(list) || q.Lines[0].Text != refs || q.Lines[1].Text != used {
				t.Errorf("seed %d: asks %+v; want %q, %q and %q", seed, q, title, refs, used)
			}
		}
		_, cmd := s.Act("key.disable")
		check(asked(t, cmd), on, "Disable")
		s, _ = s.Act("key.revoke")
		s, _ = typing(s, "over")
		_, cmd = s.Act("key.open")
		check(asked(t, cmd), lasting, "Revoke")
	}
}
