package user_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/tui/decktest"
	"github.com/pakdeck/pakdeck/tui/tuitest"
)

// add opens the form of a new user.
func add(t *testing.T, w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	open(t, "users", "n", w, h, f)
}

// edit opens the form of build-bot.
func edit(t *testing.T, w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	open(t, "users/build-bot", "e", w, h, f)
}

func open(t *testing.T, start, key string, w, h int, f func(d *decktest.Deck)) {
	t.Helper()
	decktest.Run(t, start, w, h, func(t *testing.T, d *decktest.Deck) {
		d.Press(key)
		f(d)
	})
}

func TestAtEverySize(t *testing.T) {
	for _, size := range decktest.TriedFromSmallest() {
		add(t, size.W, size.H, func(d *decktest.Deck) {
			d.GoldenBody("new")
		})
		edit(t, size.W, size.H, func(d *decktest.Deck) {
			d.Press("tab", "tab", "space")
			d.GoldenBody("edit")
			d.Press("enter")
			d.GoldenBody("preview")
		})
	}
}

func TestAUserIsAdded(t *testing.T) {
	add(t, 100, 30, func(d *decktest.Deck) {
		d.Type("mail-bot", "tab", "down", "tab", "tab")
		d.Type("ops@corp", "tab")
		d.Paste("mail:send mail:read")
		d.Press("tab")
		d.Type("age1nonsense", "enter")
		d.Want(`"age1nonsense"`)
		d.Press("ctrl+u")
		d.Paste("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
		d.Press("enter")
		d.Settle()
		d.Want("added mail-bot")
		u := d.Store.User("mail-bot")
		if u.Kind != keystore.Person || u.Admin || u.Contact != "ops@corp" || !strings.HasPrefix(u.Recipient, "age1ql3") || fmt.Sprint(u.Permissions) != "[mail:read mail:send]" {
			t.Errorf("added %+v", u)
		}
	})
}

func TestAnAdminIsWarnedOf(t *testing.T) {
	add(t, 100, 30, func(d *decktest.Deck) {
		d.Press("tab", "tab", "space")
		d.Want("[x] may do everything", "every key of it without scopes may do everything")
	})
}

func TestAChangeIsShownAndSavedWhenAgreedTo(t *testing.T) {
	edit(t, 100, 30, func(d *decktest.Deck) {
		d.Press("tab", "tab", "tab", "ctrl+u")
		d.Type("build@corp", "tab")
		d.Type("deploy:*", "enter", "enter")
		d.Want("contact: platform@corp -> build@corp", "permissions: artifact:*, deploy:*, metrics:write -> artifact:*,", "may do changes at once")
		if d.Store.User("build-bot").Contact != "platform@corp" {
			t.Error("something was written before it was agreed to")
		}
		d.Press("y")
		d.Settle()
		d.Want("changed build-bot")
		if u := d.Store.User("build-bot"); u.Contact != "build@corp" || len(u.Permissions) != 2 {
			t.Errorf("saved %+v", u)
		}
	})
}

func TestWhatOthersSaveIsShownAsSoonAsItIsKnown(t *testing.T) {
	edit(t, 100, 30, func(d *decktest.Deck) {
		u, contact := d.Store.User("build-bot"), "theirs@corp"
		if _, err := d.Store.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Contact: &contact}); err != nil {
			t.Fatal(err)
		}
		d.Advance(3 * time.Second)
		d.Want("theirs@corp")
		d.Without("somebody else")
	})
}

func TestALostRaceIsSettledFieldByField(t *testing.T) {
	for _, size := range decktest.Tried() {
		edit(t, size.W, size.H, func(d *decktest.Deck) {
			d.Type("-mine")
			u, name, contact := d.Store.User("build-bot"), "theirs", "theirs@corp"
			if _, err := d.Store.EditUser(t.Context(), u.ID, u.Version, keystore.UserEdit{Name: &name, Contact: &contact}); err != nil {
				t.Fatal(err)
			}
			d.Advance(3 * time.Second)
			d.Want("somebody else saved it")
			d.Press("enter", "y")
			d.Settle()
			tuitest.Golden(t, fmt.Sprintf("conflict-%dx%d", size.W, size.H), d.Body())
			d.Press("y")
			d.Settle()
			d.Want("name: theirs -> build-bot-mine", "contact: platform@corp -> theirs@corp")
			d.Press("y")
			d.Settle()
			if u := d.Store.User("build-bot-mine"); u.Contact != contact {
				t.Errorf("their contact is %q", u.Contact)
			}
		})
	}
}

func TestWrongNamesAreQuotedAndNotSaved(t *testing.T) {
	for input, want := range map[string]string{
		"": "must not be empty", "a b": `"a b"`, "Build-Bot": `there is a user "Build-Bot" already`, "-x": `"-x"`,
		"名前": "use letters, digits", strings.Repeat("a", 65): "at most 64 are allowed",
	} {
		add(t, 100, 30, func(d *decktest.Deck) {
			d.Paste(input)
			d.Press("enter")
			d.Settle()
			d.Want(want, "New user")
			users, err := d.Store.Users(t.Context())
			if err != nil || len(users) != 6 {
				t.Errorf("%d users, %v", len(users), err)
			}
		})
	}
}

func TestLeavingWithChangesAsks(t *testing.T) {
	add(t, 100, 30, func(d *decktest.Deck) {
		d.Type("x", "esc")
		d.Want("This would be lost: the new user")
	})
	edit(t, 100, 30, func(d *decktest.Deck) {
		d.Press("esc")
		d.Without("lost", "Contact")
	})
}
