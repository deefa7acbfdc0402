package board_test

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/storetest"
	"github.com/pakdeck/pakdeck/keystore/token"
	"github.com/pakdeck/pakdeck/tui/board"
)

var epoch = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

// fixture is a store with a clock that the test moves.
type fixture struct {
	*keystore.Store
	t   testing.TB
	now time.Time
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{t: t, now: epoch}
	f.Store = storetest.New(t, keystore.WithClock(func() time.Time { return f.now }))
	return f
}

func (f *fixture) user(name string) keystore.User {
	f.t.Helper()
	u, err := f.AddUser(f.t.Context(), keystore.NewUser{Name: name})
	if err != nil {
		f.t.Fatal(err)
	}
	return u
}

func (f *fixture) key(u keystore.User, name string) keystore.KeyView {
	f.t.Helper()
	f.now = f.now.Add(time.Millisecond) // ids sort by age
	v, _, err := f.CreateKey(f.t.Context(), keystore.NewKey{User: u.ID, Name: name})
	if err != nil {
		f.t.Fatal(err)
	}
	return v
}

func (f *fixture) used(v keystore.KeyView, at time.Time) {
	f.t.Helper()
	s := keystore.Sighting{Time: at, Caller: keystore.Caller{IP: netip.MustParseAddr("198.51.100.7")}}
	b := keystore.UseBatch{Uses: map[token.ID]keystore.Uses{v.Current().ID: {First: s, Last: s, OK: 1}}}
	if err := f.RecordUses(f.t.Context(), b); err != nil {
		f.t.Fatal(err)
	}
}

// load takes a picture a minute later, when uses are due to be read again.
func (f *fixture) load(old *board.Board) (*board.Board, bool) {
	f.t.Helper()
	f.now = f.now.Add(time.Minute)
	b, changed, err := board.Load(f.t.Context(), f.Store, old)
	if err != nil {
		f.t.Fatal(err)
	}
	return b, changed
}

func names(b *board.Board) string {
	var out []string
	for _, v := range b.Keys {
		out = append(out, v.Ref())
	}
	return strings.Join(out, " ")
}

func TestTheFirstPictureHoldsEverything(t *testing.T) {
	f := newFixture(t)
	bot, mira := f.user("build-bot"), f.user("Anna")
	first, second := f.key(bot, "ci"), f.key(mira, "laptop")
	f.used(first, epoch)
	b, changed := f.load(nil)
	if !changed || names(b) != "build-bot/ci Anna/laptop" {
		t.Errorf("changed %v, keys %s; want both keys, oldest first", changed, names(b))
	}
	if b.Users[0].Name != "Anna" || b.Users[1].Name != "build-bot" {
		t.Errorf("users %v; want them by name, whatever the case", b.Users)
	}
	if v, ok := b.Key(first.ID); !ok || v.Uses.OK != 1 || v.Owner.Name != "build-bot" {
		t.Errorf("the first key is %+v, %v", v, ok)
	}
	if got := b.KeysOf(mira.ID); len(got) != 1 || got[0].ID != second.ID {
		t.Errorf("keys of Anna: %v", got)
	}
	if u, ok := b.User(bot.ID); !ok || u.Name != "build-bot" {
		t.Errorf("user %+v, %v", u, ok)
	}
	if b.Head.Size != 5 || !b.Now.Equal(f.Now()) {
		t.Errorf("head %d at %v", b.Head.Size, b.Now)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	b, _ := newFixture(t).load(nil)
	if _, ok := b.Key("0000000000000000"); ok {
		t.Error("found a key in an empty store")
	}
	if _, ok := b.User("0000000000000000"); ok {
		t.Error("found a user in an empty store")
	}
}

func TestNothingHappenedIsNoChange(t *testing.T) {
	f := newFixture(t)
	f.key(f.user("bot"), "ci")
	old, _ := f.load(nil)
	b, changed := f.load(old)
	if changed {
		t.Error("reported a change")
	}
	if !b.Now.Equal(f.Now()) || b == old {
		t.Error("the time did not move on in a new picture")
	}
	if &b.Keys[0] != &old.Keys[0] {
		t.Error("the keys were copied for nothing")
	}
}

func TestAPictureNeverChanges(t *testing.T) {
	f := newFixture(t)
	bot := f.user("bot")
	ci := f.key(bot, "ci")
	old, _ := f.load(nil)
	if _, err := f.DisableKey(t.Context(), ci.ID, ci.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := f.DisableUser(t.Context(), bot.ID, bot.Version); err != nil {
		t.Fatal(err)
	}
	f.key(bot, "late")
	f.used(ci, epoch)
	b, changed := f.load(old)
	if !changed || names(b) != "bot/ci bot/late" {
		t.Errorf("changed %v, keys %s", changed, names(b))
	}
	for _, v := range b.Keys {
		if !v.Owner.Disabled {
			t.Errorf("%s does not know that its owner is disabled", v.Ref())
		}
	}
	if v, _ := b.Key(ci.ID); v.DisabledAt.IsZero() || v.Uses.OK != 1 {
		t.Errorf("ci was disabled at %v and has %d uses", v.DisabledAt, v.Uses.OK)
	}
	if v := old.Keys[0]; len(old.Keys) != 1 || !v.DisabledAt.IsZero() || v.Owner.Disabled || v.Uses.OK != 0 {
		t.Errorf("the old picture was changed: %s, %v, %v, %d uses", names(old), v.DisabledAt, v.Owner.Disabled, v.Uses.OK)
	}
}

// TestFollowingEqualsReadingAnew makes the same changes known step by step
// and all at once.
func TestFollowingEqualsReadingAnew(t *testing.T) {
	f := newFixture(t)
	bot := f.user("bot")
	var b *board.Board
	for i := range 8 {
		v := f.key(bot, fmt.Sprintf("k%d", i))
		b, _ = f.load(b)
		if i%2 == 0 {
			f.used(v, epoch.Add(time.Duration(i)*time.Second))
		}
		if i%3 == 0 {
			name := fmt.Sprintf("renamed%d", i)
			if _, err := f.EditKey(t.Context(), v.ID, v.Version, keystore.KeyEdit{Name: &name}); err != nil {
				t.Fatal(err)
			}
		}
		b, _ = f.load(b)
	}
	anew, _ := f.load(nil)
	if names(b) != names(anew) {
		t.Errorf("followed %s, read %s", names(b), names(anew))
	}
	same := slices.EqualFunc(b.Keys, anew.Keys, func(x, y keystore.KeyView) bool {
		return x.Version == y.Version && x.Uses.OK == y.Uses.OK && x.Uses.Last == y.Uses.Last
	})
	if !same || b.Head.Root != anew.Head.Root {
		t.Errorf("followed to %s, which is not %s", b.Head.Short(), anew.Head.Short())
	}
}

func TestABrokenPolicyKeepsTheRulesThatWereUnderstood(t *testing.T) {
	f := newFixture(t)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(f.PolicyPath(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[key]\nnonsense = 1\n")
	b, _ := f.load(nil)
	if b.PolicyErr == nil || b.Policy.WarnBefore != keystore.DefaultPolicy().WarnBefore {
		t.Errorf("policy %+v, %v; want the default and the error", b.Policy, b.PolicyErr)
	}
	write("[key]\nwarn_before = \"3d\"\n")
	b, _ = f.load(b)
	if b.PolicyErr != nil || b.Policy.WarnBefore != 72*time.Hour {
		t.Errorf("policy %+v, %v; want what the file says", b.Policy, b.PolicyErr)
	}
	write("[key\n")
	b, _ = f.load(b)
	if b.PolicyErr == nil || b.Policy.WarnBefore != 72*time.Hour {
		t.Errorf("policy %+v, %v; want the last good one and the error", b.Policy, b.PolicyErr)
	}
}

func TestAStoreThatWasRestoredIsReadAnew(t *testing.T) {
	f := newFixture(t)
	bot := f.user("bot")
	f.key(bot, "ci")
	backup, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	f.key(bot, "lost")
	b, _ := f.load(nil)
	if err := os.WriteFile(f.Path(), backup, 0o600); err != nil {
		t.Fatal(err)
	}
	f.key(bot, "after")
	lost := b.Places
	if b, _ = f.load(b); names(b) != "bot/ci bot/after" || b.Places == lost {
		t.Errorf("keys %s; want those of the restored store, in places of their own", names(b))
	}
	before := b.Places
	f.key(bot, "more")
	if b, _ = f.load(b); len(b.Keys) != 3 || b.Places != before {
		t.Errorf("a new key at the end moved the others: %s", names(b))
	}
}

func TestAMissingStoreIsAnErrorAndNoPicture(t *testing.T) {
	f := newFixture(t)
	old, _ := f.load(nil)
	if err := os.Remove(f.Path()); err != nil {
		t.Fatal(err)
	}
	if b, changed, err := board.Load(t.Context(), f.Store, old); !errors.Is(err, os.ErrNotExist) || b != nil || changed {
		t.Errorf("Load = %v, %v, %v", b, changed, err)
	}
}

func TestKeysAreFoundByTheBeginningOfTheirIDs(t *testing.T) {
	b := board.Board{}
	for _, id := range []keystore.KeyID{"06f3a", "06f3b", "06f4a", "1"} {
		b.Keys = append(b.Keys, keystore.KeyView{Key: keystore.Key{ID: id}})
	}
	for prefix, want := range map[string][2]int{"": {0, 4}, "06f3": {0, 2}, "06f4a": {2, 3}, "07": {3, 3}, "2": {4, 4}} {
		if first, end := b.WithPrefix(prefix); first != want[0] || end != want[1] {
			t.Errorf("%q: %d to %d, want %v", prefix, first, end, want)
		}
	}
}

func BenchmarkLoadUnchanged(b *testing.B) {
	f := newFixture(b)
	bot := f.user("bot")
	for i := range 10 {
		f.key(bot, fmt.Sprintf("k%d", i))
	}
	old, _ := f.load(nil)
	for b.Loop() {
		if _, _, err := board.Load(b.Context(), f.Store, old); err != nil {
			b.Fatal(err)
		}
	}
}
