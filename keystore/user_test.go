package keystore_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/pakdeck/pakdeck/keystore"
)

func TestUserNames(t *testing.T) {
	for _, name := range []string{"a", "build-bot", "platform@corp", "Mira.K", "x_1+2", strings.Repeat("n", 64)} {
		if err := keystore.CheckUserName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, input := range map[string]string{
		"empty": "", "blank": " ", "slash": "a/b", "dash first": "-a", "too long": strings.Repeat("n", 65),
		"escape": "a\x1b[31m", "newline": "a\nb", "direction": "a\u202eb", "zero width": "a\u200bb", "CJK": "支払い",
		"invalid UTF-8": "a\xff", "trailing blank": "a ",
	} {
		err := keystore.CheckUserName(input)
		if !errors.Is(err, keystore.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
			continue
		}
		if strings.ContainsAny(err.Error(), "\x1b\n\u202e\u200b") || !utf8.ValidString(err.Error()) {
			t.Errorf("%s: the error holds the raw text: %q", name, err)
		}
	}
}

func TestAUserCanBeFoundByIDAndName(t *testing.T) {
	f := newFixture(t)
	u := f.user("Build-Bot")
	for _, ref := range []string{string(u.ID), "Build-Bot", "build-bot"} {
		got, err := f.User(t.Context(), ref)
		if err != nil || got.ID != u.ID {
			t.Errorf("User(%q) = %v, %v", ref, got.Name, err)
		}
	}
}

func TestAnUnknownUserNamesTheNearOnes(t *testing.T) {
	f := newFixture(t)
	f.user("build-bot")
	f.user("billing")
	_, err := f.User(t.Context(), "buildbot")
	var missing *keystore.NotFoundError
	if !errors.As(err, &missing) || len(missing.Near) != 1 || missing.Near[0] != "build-bot" {
		t.Errorf("error = %v, want one near name", err)
	}
}

func TestARenamedUserFreesTheOldName(t *testing.T) {
	f := newFixture(t)
	u := f.user("old")
	name := "new"
	u, err := f.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Name: &name})
	must(t, err)
	if _, err := f.User(t.Context(), "old"); !errors.Is(err, keystore.ErrNotFound) {
		t.Errorf("the old name: %v, want ErrNotFound", err)
	}
	if other := f.user("old"); other.ID == u.ID {
		t.Error("the new user has the id of the renamed one")
	}
	upper := "NEW"
	if _, err := f.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Name: &upper}); err != nil {
		t.Errorf("changing only the case: %v", err)
	}
}

func TestAnEditedUserIsCheckedLikeANewOne(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	f.user("other")
	kind := keystore.Kind("robot")
	taken := "other"
	many := make([]keystore.Scope, 101)
	for i := range many {
		many[i] = "a:b"
	}
	for name, edit := range map[string]keystore.UserEdit{
		"kind": {Kind: &kind}, "taken name": {Name: &taken}, "permissions": {Permissions: &many},
	} {
		if _, err := f.EditUser(t.Context(), u.ID, u.Version, edit); !errors.Is(err, keystore.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	if got, err := f.User(t.Context(), "bot"); err != nil || got.Version != 1 {
		t.Errorf("the user is now %+v (%v)", got, err)
	}
}

func TestAUserIsHandedOverWithItsContact(t *testing.T) {
	f := newFixture(t)
	u := f.user("bot")
	edit := func(contact string) {
		t.Helper()
		f.clock.Add(time.Hour)
		var err error
		if u, err = f.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Contact: &contact}); err != nil {
			t.Fatal(err)
		}
	}
	edit("")
	if edit("mira"); !u.HandedOver.IsZero() {
		t.Errorf("none, then one: %v", u.HandedOver)
	}
	edit("platform team")
	at := f.Now()
	if edit(""); !u.HandedOver.Equal(at) {
		t.Errorf("another contact, then none: %v, want %v", u.HandedOver, at)
	}
	if again, err := f.User(t.Context(), "bot"); err != nil || !again.HandedOver.Equal(at) {
		t.Errorf("read back: %v, %v", again.HandedOver, err)
	}
}
